"""Columns that stand in real exports and mean something else: numbers that look like money, ids that are not the order's, other dates."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.unknown.sheet import Column, Row, Sheet
from tests.unknown.shop import CENT, WORLD

Made = tuple[str, Callable[[int, Row], Any]]


def some(chance: Random, sheet: Sheet, number: int, surely: list[str]) -> list[Column]:
    """So many columns that no number is made of, and those named."""
    makers = _of_orders(chance, sheet) | _of_text(chance, sheet) | _of_lines(chance, sheet)
    names = [name for name in makers if not _clashes(name, sheet)]
    chosen = dict.fromkeys([*surely, *chance.sample(names, min(number, len(names)))])
    return [column(sheet, name, makers[name]) for name in chosen]


def column(sheet: Sheet, name: str, made: Made) -> Column:
    """The cells of one of them; those of an order are the same on all its rows, and blank behind the first where the file writes so."""
    kind, get = made
    blank = sheet.traits.grain == "lines_first" and name not in LINE
    return Column(name, kind, [None if blank and not row.first else get(place, row) for place, row in enumerate(sheet.rows)], used=False)


LINE = ("size", "colour", "barcode", "category", "unit", "list_price", "row_index")


def _clashes(name: str, sheet: Sheet) -> bool:
    """What would make a fair reader unsure, or what stands there already."""
    traits = sheet.traits
    if name in ("invoice_full", "transaction", "cart_id"):
        return not traits.has_id
    if name in ("fee", "payout", "total_base", "margin", "cost") and (traits.grain == "lines_own" or traits.refunds == "rows"):
        return True
    if name == "invoice_sparse":
        return not traits.has_id
    return name == "phone2" and traits.identity not in ("phone", "account_phone", "email_phone")


def _of_orders(chance: Random, sheet: Sheet) -> dict[str, Made]:
    place_of = {order.id: place for place, order in enumerate(sheet.shop.orders)}
    share = Decimal(chance.choice((55, 60, 70))) / 100
    rate = Decimal(chance.choice(("0.1399", "1.08", "7.1215")))

    def at(row: Row) -> int:
        return place_of[row.order.id]

    def fee(row: Row) -> Decimal:
        return (row.order.total * Decimal("0.029") + Decimal("0.30")).quantize(CENT)

    return {
        "record_no": ("int", lambda _, row: 101 + at(row)),
        "row_index": ("int", lambda place, _: place + 1),
        "invoice_sparse": ("text", lambda _, row: f"in_{at(row):04}" if at(row) % 7 == 3 else ""),
        "invoice_full": ("text", lambda _, row: f"RE-2025-{at(row) + 1:04}"),
        "weight": ("decimal", lambda _, row: Decimal(len(row.order.lines) * 35 + at(row) % 9) / 100),
        "margin": ("money", lambda _, row: (row.order.subtotal * (1 - share)).quantize(CENT)),
        "cost": ("money", lambda _, row: (row.order.subtotal * share).quantize(CENT)),
        "fee": ("money", lambda _, row: fee(row)),
        "payout": ("money", lambda _, row: row.order.total - fee(row)),
        "total_base": ("money", lambda _, row: (row.order.total * rate).quantize(CENT)),
        "exchange_rate": ("decimal4", lambda _, row: rate),
        "vat_rate": ("int", lambda _, row: 19),
        "rating": ("int", lambda _, row: at(row) % 5 + 1 if at(row) % 6 == 0 else None),
        "items_count": ("int", lambda _, row: len(row.order.lines)),
        "points": ("int", lambda _, row: int(row.order.subtotal)),
        "balance": ("money", lambda _, row: Decimal(at(row) * 137 % 9000) / 100),
        "rounding": ("money", lambda _, row: Decimal(0)),
        "age": ("int", lambda _, row: 2026 - row.order.buyer.born.year if row.order.buyer else None),
        "discount_pct": ("int", lambda _, row: 10 if row.order.discount else 0),
        "delivery_date": ("day", lambda _, row: row.order.created + timedelta(days=5)),
        "due_date": ("day", lambda _, row: row.order.created + timedelta(days=14)),
        "print_date": ("moment", lambda _, row: row.order.created + timedelta(days=1, hours=2)),
        "updated_at": ("moment", lambda _, row: row.order.created + timedelta(days=3, minutes=77)),
        "shipped_at": ("moment", lambda _, row: row.order.shipped),
        "birthday": ("birth", lambda _, row: row.order.buyer.born if row.order.buyer else None),
    }


class _Texts:
    """Texts that go with the place of an order in the export, or with its buyer."""

    def __init__(self, sheet: Sheet) -> None:
        self.language = sheet.shop.language
        self.place_of = {order.id: place for place, order in enumerate(sheet.shop.orders)}

    def one_of(self, name: str, sparse: int = 1) -> Made:
        words = WORLD[name] if isinstance(WORLD[name], list) else WORLD[name][self.language]

        def get(_: int, row: Row) -> str:
            place = self.place_of[row.order.id]
            return words[place * 7 % len(words)] if place % sparse == 0 else ""

        return "text", get

    def by_buyer(self, name: str) -> Made:
        words = WORLD[name][self.language]
        return "text", lambda _, row: words[int(row.order.buyer.born.day) % len(words)] if row.order.buyer else words[-1]

    def made_up(self, shape: str, sparse: int = 1) -> Made:
        def get(_: int, row: Row) -> str:
            place = self.place_of[row.order.id]
            return shape.format(place * 7919 % 100000 + 10000, place) if place % sparse == 0 else ""

        return "text", get


def _of_text(chance: Random, sheet: Sheet) -> dict[str, Made]:
    texts, language = _Texts(sheet), sheet.shop.language
    one_of, by_buyer, made_up = texts.one_of, texts.by_buyer, texts.made_up
    return {
        "customer_group": by_buyer("groups"),
        "customer_type": by_buyer("types"),
        "gender": by_buyer("genders"),
        "internal_status": ("text", lambda _, row: WORLD["shipping_states"][language][0 if row.order.shipped else 1]),
        "descriptor": ("text", lambda _, row: "TESTSHOP"),
        "tax_id": made_up("DE3{0:08}", 5),
        "tracking": made_up("1Z{0}X{1:06}"),
        "zip": made_up("{0}"),
        "note": one_of("notes", 4),
        "sales_person": one_of("staff"),
        "branch": one_of("branches"),
        "terminal": made_up("POS-01"),
        "ip": made_up("10.0.{1}.7"),
        "coupon": made_up("SAVE10", 5),
        "locale": ("text", lambda _, row: {"zh": "zh_CN", "en": "en_US", "de": "de_DE", "fr": "fr_FR", "es": "es_ES"}[language]),
        "company": one_of("companies", 6),
        "transaction": made_up("pi_3N{0}x{1:03}"),
        "cart_id": made_up("{0}{1:05}"),
        "street": ("text", lambda _, row: f"{WORLD['streets'][language][len(row.order.id) % 2]} {row.order.lines[0].quantity}"),
        "tags": one_of("tags", 3),
        "phone2": ("text", lambda _, row: row.order.buyer.phone if row.order.buyer else ""),
        "months": ("text", lambda _, row: f"{row.order.created:%b-%y}"),
        "source": one_of("sources"),
        "payment": one_of("payments"),
    }


def _of_lines(chance: Random, sheet: Sheet) -> dict[str, Made]:
    language, sizes = sheet.shop.language, chance.choice((("S", "M", "L", "XL"), ("38", "39", "40", "41")))

    def line(row: Row) -> Any:
        return row.line or row.order.lines[0]

    return {
        "size": ("text", lambda place, _: sizes[place % 4]),
        "colour": ("text", lambda place, _: WORLD["colours"][language][place % 3]),
        "barcode": ("text", lambda _, row: f"40012345{abs(len(line(row).title) * 131 + line(row).quantity) % 100000:05}"),
        "category": ("text", lambda _, row: line(row).category),
        "unit": ("text", lambda *_: {"zh": "件"}.get(language, "pcs")),
        "list_price": ("money", lambda _, row: (line(row).price * Decimal("1.2")).quantize(CENT)),
    }
