"""Shops whose customers buy and leave as the models say; with refunds, other currencies, same-day orders, nameless buyers."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from tests.customers.given import order

BEGIN = date(2024, 1, 1)


def orders(people: int, days: int, seed: int, rate: float = 0.06, leaves: tuple[float, float] = (1.0, 4.0)) -> list[dict[str, Any]]:
    """Orders of `people` who begin in the first half of the days: gamma(0.8) rates about `rate` a day, beta(`leaves`) chances to leave."""
    draw = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for person in range(people):
        day, pace, leaving = float(draw.integers(0, days // 2)), draw.gamma(0.8, rate / 0.8), draw.beta(*leaves)
        worth = 40 / draw.gamma(3, 0.5)
        while day < days:
            rows.append(_order(len(rows), f"c{person}", int(day), draw.gamma(4, worth)))
            if draw.random() < leaving:
                break
            day += draw.exponential(1 / max(pace, 1e-6))
    return rows


def mixed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every third with something special: a second order of the day, another currency without a rate, a refund, nobody's, never paid."""
    more: list[dict[str, Any]] = []
    for place, row in enumerate(rows):
        special = {0: {}, 3: {"currency": "USD", "rate": None, "spend": 0}, 6: {"customer_id": None}}.get(place % 9)
        if special is not None:
            more.append(_order(len(rows) + place, row["customer_id"], (row["day"] - BEGIN).days, 30.0) | special)
    refunded = [
        _order(3 * len(rows) + place, row["customer_id"], (row["day"] - BEGIN).days + 1, 20.0, 20.0) for place, row in enumerate(rows[:50])
    ]
    return [*rows, *more, *refunded]


def _order(number: int, who: str | None, day: int, paid: float, refunded: float = 0.0) -> dict[str, Any]:
    return order(number, who, (BEGIN + timedelta(days=day)).isoformat(), round(max(paid, 1.0), 2), refunded)
