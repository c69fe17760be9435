"""Invented shops for tests of patterns, and their purchases as pandas sees them: with refunds, closed orders, orders of nobody known."""

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd

from crm import database
from tests.customers.given import customer, fill, line, order

LAST = date(2026, 6, 17)
GOODS = {"锅": "锅具", "刀": "刀具", "茶壶": "茶具", "礼盒": None}


def made(
    seed: int, people: int = 120, orders: int = 700, into: database.Store | None = None
) -> tuple[database.Store, pd.DataFrame, pd.DataFrame]:
    """A shop in memory (or in `into`); its purchases (who, day, at, spend, order_key, order_id, summed) and their lines
    (order_key, who, day, item, category, spend), both of identified buyers only."""
    some = random.Random(seed)
    rows = [_order(some, number, people) for number in range(orders)]
    lines = [one for row in rows for one in _lines(some, row)]
    persons = [customer(f"c{n}", province=some.choice(["广东省", "浙江省", None])) for n in range(people)]
    store = into or database.memory()
    fill(store, rows, persons, lines)
    known = [row for row in rows if row["is_purchase"] and row["customer_id"]]
    bought = pd.DataFrame(
        [
            {
                "who": row["customer_id"],
                "day": row["day"],
                "spend": row["spend"],
                "order_key": row["order_key"],
                "order_id": row["order_id"],
            }
            | {"at": row["purchased_at"], "summed": row["rate"] is not None}
            for row in known
        ]
    )
    sold = pd.DataFrame(
        [
            {
                "order_key": one["order_key"],
                "who": one["customer_id"],
                "day": one["day"],
                "item": one["product"],
                "category": one["category"],
            }
            | {"spend": one["spend"]}
            for one in lines
            if one["is_purchase"] and one["customer_id"]
        ]
    )
    return store, bought, sold


def _order(some: random.Random, number: int, people: int) -> dict[str, Any]:
    who = f"c{int(people * some.random() ** 2)}" if some.random() > 0.1 else None
    day = LAST - timedelta(days=int(500 * some.random()))
    paid = some.choice([50, 99.9, 250, 1200])
    refunded = some.choice([0, 0, 0, 0, 20, paid])
    more: dict[str, Any] = {"is_lost": True} if some.random() < 0.08 else {}
    if some.random() < 0.05:
        more |= {"currency": "USD", "rate": None, "spend": Decimal(0)}
    return order(number, who, str(day), paid, refunded, source=some.choice([None, "douyin"]), **more)


def _lines(some: random.Random, row: dict[str, Any]) -> list[dict[str, Any]]:
    goods = some.sample(list(GOODS), some.choice([0, 1, 1, 2]))
    parts = [Decimal("0.3"), Decimal("0.7")] if len(goods) == 2 else [Decimal(1)]
    worth = [(row["spend"] * part).quantize(Decimal("0.01")) for part in parts]
    return [line(row, n, product=item, category=GOODS[item], amount=worth[n]) for n, item in enumerate(goods)]


def age(day: date, on: date = LAST) -> int:
    """Whole days."""
    return (on - day).days
