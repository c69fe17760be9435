"""The table behind an export: typed cells by role, one row per order or line, before anything is written as text."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.unknown.shop import WORDS, WORLD, Line, Order, Shop
from tests.unknown.traits import Traits


@dataclass(frozen=True)
class Row:
    """One row: an order, or one of its lines, or what was given back of it (`back`, above zero)."""

    order: Order
    line: Line | None = None
    first: bool = True
    back: Decimal | None = None
    at: datetime | None = None


@dataclass
class Column:
    """One column. `role` is a key of the dictionary, `kind` says how a cell is written: text, money, decimal, int, moment, day or time."""

    role: str
    kind: str
    cells: list[Any]
    used: bool = True


@dataclass
class Sheet:
    """Columns in the order of the file; `rows` belongs to their cells."""

    traits: Traits
    shop: Shop
    rows: list[Row]
    columns: list[Column] = field(default_factory=list)


Getter = Callable[[Row], Any]


def rows_of(chance: Random, shop: Shop, traits: Traits) -> list[Row]:
    """The rows of the file, in the order of time, refund rows and cancelled lines after what they give back."""
    items = []
    for order in shop.orders:
        if traits.grain == "order":
            items.append(Row(order))
        else:
            items += [Row(order, line, place == 0) for place, line in enumerate(order.lines)]
        items += _given_back(chance, order, traits)
    return items


def _given_back(chance: Random, order: Order, traits: Traits) -> list[Row]:
    if order.state not in ("refunded", "partial"):
        return []
    at = order.created + timedelta(days=chance.randint(1, 9), minutes=chance.randrange(300))
    if traits.refunds == "rows":
        parts = [order.refunded]
        if order.refunded > 4 and chance.random() < 0.3:
            parts = [(order.refunded / 3).quantize(Decimal("0.01"))]
            parts.append(order.refunded - parts[0])
        return [Row(order, None, False, part, at + timedelta(days=place)) for place, part in enumerate(parts)]
    if traits.refunds == "cancel_rows":
        lines = order.lines if order.state == "refunded" else order.lines[:1]
        return [Row(order, line, False, line.total, at) for line in lines]
    return []


def settle(chance: Random, shop: Shop, traits: Traits, weights: dict[str, int]) -> None:
    """Give every order its state, and what follows: payment, refund."""
    for order in shop.orders:
        order.state = chance.choices(list(weights), list(weights.values()))[0]
        if order.state == "partial" and (order.total < 3 or (traits.refunds == "cancel_rows" and len(order.lines) < 2)):
            order.state = "paid"
        if order.total <= 0:
            order.state = "paid"
        if order.state in ("unpaid", "cancelled"):
            order.paid = order.shipped = None
        if order.state == "refunded":
            order.refunded = order.total
        if order.state == "partial" and not traits.partly:
            part = (order.total * chance.choice((25, 40, 50)) / 100).quantize(Decimal("0.01" if shop.prices != "whole" else "1"))
            order.refunded = order.lines[0].total if traits.refunds == "cancel_rows" else part
        if traits.currency == "two" and chance.random() < 0.25:
            order.currency = "USD" if shop.currency != "USD" else "EUR"


def getters(chance: Random, sheet: Sheet) -> dict[str, tuple[str, str, Getter]]:
    """Role → (kind, level, cell of a row) for everything an order file may tell. Level: order or line."""
    traits = sheet.traits
    sign = -1 if chance.random() < 0.1 else 1
    other = {order.id: Decimal(chance.choice(("0.83", "1.12", "0.91"))) for order in sheet.shop.orders}
    money: dict[str, Getter] = {
        "total": lambda row: row.order.total if row.back is None else -row.back,
        "subtotal": lambda row: row.order.subtotal,
        "shipping": lambda row: row.order.shipping,
        "tax": lambda row: row.order.tax,
        "discount": lambda row: sign * row.order.discount,
        "refund": lambda row: row.order.refunded,
        "net_total": lambda row: row.order.total - row.order.tax,
        "gross_total": lambda row: row.order.total,
        "before_discount": lambda row: row.order.total + row.order.discount,
        "order_amount": lambda row: row.order.total,
        "paid_amount": lambda row: row.order.total if row.order.paid else Decimal(0),
        "due_amount": lambda row: Decimal(0) if row.order.paid else row.order.total,
        "other_total": lambda row: (row.order.total * other[row.order.id]).quantize(Decimal("0.01")),
    }
    text: dict[str, Getter] = {
        "order_id": lambda row: f"C{row.order.id}" if row.back is not None and row.line else row.order.id,
        "currency": lambda row: row.order.currency,
    }
    values: dict[str, tuple[str, str, Getter]] = {name: ("money", "order", get) for name, get in money.items()}
    values |= {name: ("text", "order", get) for name, get in text.items()}
    for name in ("created", "date_only", "time_only"):
        kind = {"created": "moment", "date_only": "day", "time_only": "time"}[name]
        values[name] = (kind, "order", lambda row: row.at or row.order.created)
    values["paid_at"] = ("moment", "order", lambda row: row.order.paid)
    values["shipped_at"] = ("moment", "order", lambda row: row.order.shipped)
    return values | _lines(traits) | _statuses(chance, sheet) | _persons(chance, sheet) | _places(chance, sheet)


def _lines(traits: Traits) -> dict[str, tuple[str, str, Getter]]:
    def minus(row: Row) -> int:
        return -1 if row.back is not None else 1

    def whole(row: Row) -> list[Line]:
        return [row.line] if row.line else row.order.lines

    level = "order" if traits.grain == "order" else "line"
    return {
        "title": ("text", level, lambda row: ", ".join(line.title for line in whole(row))),
        "sku": ("text", level, lambda row: whole(row)[0].sku),
        "qty": ("int", level, lambda row: minus(row) * sum(line.quantity for line in whole(row))),
        "price": ("money", level, lambda row: whole(row)[0].price),
        "line_total": ("money", level, lambda row: minus(row) * whole(row)[0].total),
    }


def _statuses(chance: Random, sheet: Sheet) -> dict[str, tuple[str, str, Getter]]:
    """Words of one vocabulary, at most two for one state; codes where nobody could know."""
    tables = {name: WORDS["statuses"][name][sheet.shop.language] for name in ("order", "payment")}
    codes = {"paid": "30", "unpaid": "10", "cancelled": "40", "refunded": "50", "partial": "55"}

    def word(table: str) -> Getter:
        chosen = {state: chance.sample(words, min(2, len(words))) for state, words in tables[table].items()}

        def get(row: Row) -> str:
            state = row.order.state
            if sheet.traits.refunds in ("rows", "cancel_rows") and state in ("refunded", "partial"):
                state = "paid" if row.back is None else state
            if sheet.traits.status == "codes":
                return codes[state]
            words = chosen[state]
            return str(words[len(row.order.id + row.order.lines[0].sku + row.order.lines[0].title) % len(words)])

        return get

    return {"status": ("text", "order", word("order")), "payment_status": ("text", "order", word("payment"))}


def _persons(chance: Random, sheet: Sheet) -> dict[str, tuple[str, str, Getter]]:
    """Who bought. A guest has no account but an e-mail; a walk-in is nobody, by the file's own word for it."""
    traits, nobody = sheet.traits, chance.choice(WORDS["guests"][sheet.shop.language])
    loud = chance.random() < 0.06
    guests = {order.buyer for order in sheet.shop.orders if order.buyer and traits.guests and chance.random() < 0.4}
    only = {"name": traits.identity == "name", "email": traits.identity == "email", "phone": traits.identity == "phone"}

    def of(name: str) -> Getter:
        def get(row: Row) -> str:
            buyer = row.order.buyer
            if buyer is None:
                return str(nobody) if name == "account" or (only[name] and name == "name") else ""
            if name == "account" and buyer in guests:
                return str(nobody)
            if name == "phone" and traits.identity == "masked":
                return f"{buyer.phone[:3]}****{buyer.phone[-4:]}"
            text = str(getattr(buyer, name))
            return text.upper() if loud and name == "email" and len(row.order.id) % 2 else text

        return get

    return {name: ("text", "order", of(name)) for name in ("account", "email", "phone", "name")}


def _places(chance: Random, sheet: Sheet) -> dict[str, tuple[str, str, Getter]]:
    codes, language = chance.random() < 0.5, sheet.traits.words
    missing = {order.id for order in sheet.shop.orders if chance.random() < sheet.traits.blanks}

    def country(row: Row) -> str:
        code = row.order.place[0]
        names = WORLD["countries"][code]
        return code if codes else str(names.get(language) or names.get("en"))

    gets: dict[str, Getter] = {"country": country, "region": lambda row: row.order.place[1], "city": lambda row: row.order.place[2]}
    return {name: ("text", "order", lambda row, get=get: "" if row.order.id in missing else get(row)) for name, get in gets.items()}
