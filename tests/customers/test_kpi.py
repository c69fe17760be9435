"""The shop's numbers against plain Python, on the published data set, and where they cannot be computed."""

import statistics
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import database
from crm.customers import kpi
from crm.errors import BadInputError
from tests.customers.given import fill, order
from tests.shares import examples

END = date(2025, 6, 30)


def test_the_published_data_set(store: database.Store, shared: Path) -> None:
    rows = pd.read_csv(shared / "corpus/datasets/rfm_data_orders.csv")
    result = zip(rows.customer_id, rows.order_date, rows.revenue, strict=True)
    fill(store, [order(n, who, day, float(paid)) for n, (who, day, paid) in enumerate(result)])
    numbers = kpi.compute(store, date(2006, 12, 31)).numbers
    assert (numbers["customers"], numbers["orders"], numbers["spend"]) == (995, 4906, 464158)
    assert numbers["repeat_buyer_rate"] == pytest.approx(0.9578, abs=0.0001)
    assert numbers["median_repurchase_days"] == 101


ORDERS = [
    order(1, "a", "2025-01-01", 100),
    order(2, "a", "2025-01-01", 50),
    order(3, "a", "2025-03-02", 70),
    order(4, "b", "2025-02-01", 30, 10),
    order(5, "c", "2025-02-01", 80, 80),
    order(6, "c", "2025-02-02", 80, is_lost=True),
    order(7, None, "2025-02-03", 40),
]


def test_each_number_by_hand(store: database.Store) -> None:
    fill(store, ORDERS)
    assert kpi.compute(store, END).as_json() == {
        "customers": 2,
        "orders": 5,
        "spend": 280,
        "identified_spend": 240,
        "repeat_buyer_rate": 1 / 2,
        "repeat_order_share": 2 / 4,
        "second_purchase_rate": 1 / 2,
        "spend_per_customer": 120,
        "average_order_value": 56,
        "median_repurchase_days": 30,
        "repeat_spend_share": 120 / 240,
        "pay_rate": 6 / 7,
        "refund_rate": 2 / 6,
        "other_currencies": [],
    }


def test_same_day_purchases_merged(store: database.Store) -> None:
    fill(store, ORDERS)
    merged = kpi.compute(store, END, same_day="merged").numbers
    assert (merged["orders"], merged["spend"], merged["repeat_order_share"], merged["median_repurchase_days"]) == (4, 280, 1 / 3, 60)
    with pytest.raises(BadInputError, match="separate, merged"):
        kpi.compute(store, END, same_day="both")


def test_a_window_knows_what_came_before_it(store: database.Store) -> None:
    fill(store, ORDERS)
    march = kpi.compute(store, END, date(2025, 3, 1), date(2025, 3, 31)).numbers
    assert (march["customers"], march["repeat_buyer_rate"], march["repeat_order_share"], march["median_repurchase_days"]) == (1, 0, 1, 60)
    january = kpi.compute(store, END, end=date(2025, 1, 31)).numbers
    assert kpi.compute(store, date(2025, 1, 31)).numbers == january | {"second_purchase_rate": None}
    with pytest.raises(BadInputError, match="comes after"):
        kpi.compute(store, END, date(2025, 3, 2), date(2025, 3, 1))


def test_without_identity_nothing_per_customer_is_claimed(store: database.Store) -> None:
    fill(store, [order(1, None, "2025-01-01"), order(2, None, "2025-01-02")])
    numbers = kpi.compute(store, END).numbers
    assert (numbers["orders"], numbers["spend"], numbers["average_order_value"], numbers["pay_rate"]) == (2, 200, 100, 1)
    unknown = ("customers", "repeat_buyer_rate", "repeat_order_share", "second_purchase_rate", "spend_per_customer", "repeat_spend_share")
    assert [numbers[name] for name in (*unknown, "median_repurchase_days")] == [None] * 7


def test_an_empty_shop(store: database.Store) -> None:
    numbers = kpi.compute(store, END).numbers
    assert (numbers["customers"], numbers["orders"], numbers["spend"], numbers["average_order_value"]) == (0, 0, 0, None)


DAYS = st.integers(0, 300).map(lambda n: (date(2024, 9, 1) + timedelta(days=n)).isoformat())
TOLD = st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), DAYS, st.integers(1, 500)), min_size=1, max_size=25)


def by_hand(orders: list[dict[str, Any]]) -> dict[str, float | None]:
    """Repeat rates and the repurchase cycle of everything, in plain Python."""
    days: dict[str, list[date]] = defaultdict(list)
    for one in sorted(orders, key=lambda each: (each["purchased_at"], each["order_key"])):
        if one["customer_id"]:
            days[one["customer_id"]].append(one["day"])
    gaps = [(later - earlier).days for own in days.values() for earlier, later in pairwise(own)]
    old = [own for own in days.values() if own[0] <= END - timedelta(days=90)]
    soon = [own for own in old if len(own) > 1 and (own[1] - own[0]).days <= 90]
    return {
        "repeat_buyer_rate": sum(len(own) > 1 for own in days.values()) / len(days) if days else None,
        "repeat_order_share": sum(len(own) - 1 for own in days.values()) / sum(map(len, days.values())) if days else None,
        "median_repurchase_days": statistics.median(gaps) if gaps else None,
        "second_purchase_rate": len(soon) / len(old) if old else None,
    }


@settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TOLD)
def test_rates_against_plain_python(told: list[tuple[str | None, str, int]]) -> None:
    store = database.memory()
    orders = [order(n, who, day, paid) for n, (who, day, paid) in enumerate(told)]
    fill(store, orders)
    numbers, expected = kpi.compute(store, END).numbers, by_hand(orders)
    assert {name: numbers[name] for name in expected} == pytest.approx(expected)
