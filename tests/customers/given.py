"""Orders, customers and lines made by hand, put straight into the derived tables."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pandas as pd

from crm import database
from crm.customers import facts
from crm.database import tables

LINE = {"product": "铸铁锅", "sku": None, "category": "锅具", "quantity": 1, "refunded": Decimal(0)}


def order(number: int, who: str | None, day: str, paid: float = 100, refunded: float = 0, **more: Any) -> dict[str, Any]:
    """One order as a row of `orders`; `is_lost=True` makes one that was never paid."""
    lost = more.get("is_lost", False)
    kept = Decimal(str(paid)) - Decimal(str(refunded))
    bought = not lost and kept > 0
    at = datetime.combine(date.fromisoformat(day), time(12))
    row = {
        "order_key": number,
        "record_id": number,
        "platform": "taobao",
        "shop": "s",
        "order_id": f"o{number}",
        "customer_id": who,
        "status": "completed",
        "created_at": at,
        "paid_at": None if lost else at,
        "purchased_at": at,
        "day": at.date(),
        "payable": Decimal(str(paid)),
        "paid": Decimal(0) if lost else Decimal(str(paid)),
        "refunded": Decimal(str(refunded)),
        "spend": kept if bought else Decimal(0),
        "currency": "CNY",
        "rate": Decimal(1),
        "is_purchase": bought,
        "is_paid": not lost,
        "is_lost": lost,
        "items": 1,
        "country": None,
        "province": None,
        "city": None,
        "district": None,
        "source": None,
        "import_id": "i",
    }
    return row | more


def customer(who: str, **more: Any) -> dict[str, Any]:
    """One customer as a row of `customers`, with nothing known but the id."""
    row: dict[str, Any] = dict.fromkeys(tables.customers.columns)
    return row | {"customer_id": who, "platform": "taobao", "shop": "s", "buyer": who, "nickname": who} | more


def line(of: dict[str, Any], number: int = 1, **more: Any) -> dict[str, Any]:
    """One line of an order."""
    own = {"order_key": of["order_key"], "line_id": f"{of['order_key']}-{number}", "customer_id": of["customer_id"], "day": of["day"]}
    row = own | {"is_purchase": of["is_purchase"], "amount": of["spend"]} | LINE | more
    return {"spend": row["amount"] if of["is_purchase"] else Decimal(0)} | row


def record(of: dict[str, Any], person: dict[str, Any]) -> dict[str, Any]:
    """What a file told of an order: who the customer is, the same in each of theirs."""
    shared = {name: of[name] for name in ("order_key", "record_id", "customer_id", "platform", "shop", "order_id", "import_id", "currency")}
    who = {name: person[name] for name in ("buyer", "nickname", "phone_quality", "country", "province", "city", "district")}
    phone = person["phone"] or (person["phone_quality"] and "1380000")
    own = {"receiver": person["name"], "email": person["email"] or person["email_norm"], "phone": phone}
    return (
        shared | who | own | {"import_seq": 1, "status": of["status"], "status_rank": 0, "accepts_marketing": person["accepts_marketing"]}
    )


def fill(
    store: database.Store, orders: Sequence[dict[str, Any]], people: Sequence[dict[str, Any]] = (), lines: Sequence[dict[str, Any]] = ()
) -> None:
    """Put rows into the derived tables and the orders' source records, and rebuild the facts; people who are not given are made."""
    known = {one["customer_id"] for one in people}
    missing = sorted({one["customer_id"] for one in orders if one["customer_id"]} - known)
    persons = {one["customer_id"]: one for one in [*people, *[customer(who) for who in missing]]}
    with store.transaction() as change:
        _insert(change, tables.orders, orders)
        _insert(change, tables.order_records, [record(one, persons[one["customer_id"]]) for one in orders if one["customer_id"]])
        _insert(change, tables.customers, list(persons.values()))
        _insert(change, tables.order_lines, lines)
        facts.rebuild(change)


def _insert(change: database.Transaction, table: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        change.insert(table.get_name(), pd.DataFrame(list(rows), columns=list(table.columns), dtype=object))
