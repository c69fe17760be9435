"""Facts: each number against plain Python, the past exactly, the sums kept."""

import statistics
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import database
from crm.customers import categories, facts
from tests.customers.given import fill, line, order
from tests.shares import examples


def row_of(store: database.Store, who: str) -> dict[str, Any]:
    row = store.one("SELECT * FROM customer_facts WHERE customer_id = ?", [who])
    assert row is not None
    return row


def plain(store: database.Store, expression: Any) -> list[dict[str, Any]]:
    """The rows of an expression with None for what is unknown."""
    frame = store.read(expression).astype(object)
    return frame.where(frame.notna(), None).to_dict("records")


def test_one_customer_told_in_full(store: database.Store) -> None:
    orders = [
        order(1, "a", "2025-01-01", 100, source="聚划算"),
        order(2, "a", "2025-01-11", 300, 50),
        order(3, "a", "2025-02-20", 80, 80),
        order(4, "a", "2025-03-02", 60, is_lost=True),
        order(5, "a", "2025-03-12", 40),
    ]
    fill(store, orders, lines=[line(orders[0]), line(orders[1], category="餐具"), line(orders[4])])
    result = row_of(store, "a")
    assert (result["placed_orders"], result["paid_orders"], result["purchases"], result["refunds"], result["lost_payments"]) == (
        5,
        4,
        3,
        2,
        1,
    )
    assert (result["spend"], result["refunded"], result["largest_order"]) == (Decimal(390), Decimal(130), Decimal(250))
    assert (result["first_purchase_day"], result["last_purchase_day"]) == (date(2025, 1, 1), date(2025, 3, 12))
    assert result["interval_days"] == statistics.median([10, 60])
    assert (result["source"], result["favourite_category"]) == ("聚划算", "餐具")


def test_who_never_bought_is_still_a_customer(store: database.Store) -> None:
    fill(store, [order(1, "a", "2025-01-01", is_lost=True), order(2, None, "2025-01-02")])
    result = row_of(store, "a")
    assert (result["purchases"], result["spend"], result["last_purchase_day"], result["interval_days"]) == (0, 0, None, None)
    assert store.one("SELECT count(*) AS n FROM customer_facts") == {"n": 1}


def test_the_favourite_category_is_the_dearest_then_the_most_frequent_then_by_name(store: database.Store) -> None:
    first, second = order(1, "a", "2025-01-01", 75), order(2, "a", "2025-01-05", 25)
    lines = [line(first, 1, category="b", amount=Decimal(50)), line(first, 2, category="a", amount=Decimal(25))]
    fill(store, [first, second], lines=[*lines, line(second, 1, category="a", amount=Decimal(25))])
    assert row_of(store, "a")["favourite_category"] == "a"
    rows = store.rows("SELECT category, purchases, spend FROM customer_categories ORDER BY category")
    assert rows == [{"category": "a", "purchases": 2, "spend": 50}, {"category": "b", "purchases": 1, "spend": 50}]


def test_rebuilding_twice_changes_nothing(store: database.Store) -> None:
    fill(store, [order(1, "a", "2025-01-01"), order(2, "b", "2025-01-02")])
    before = store.rows("SELECT * FROM customer_facts ORDER BY customer_id")
    with store.transaction() as change:
        facts.rebuild(change)
    assert store.rows("SELECT * FROM customer_facts ORDER BY customer_id") == before


DAYS = st.integers(0, 400).map(lambda n: (date(2024, 1, 1) + timedelta(days=n)).isoformat())
ORDERS = st.lists(st.tuples(st.sampled_from("abcd"), DAYS, st.integers(0, 500), st.integers(0, 500), st.booleans()), max_size=25)


@settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ORDERS, DAYS)
def test_the_past_is_what_it_would_have_been_then(told: list[tuple[str, str, int, int, bool]], day: str) -> None:
    orders = [order(n, who, at, max(paid, back), back, is_lost=lost) for n, (who, at, paid, back, lost) in enumerate(told)]
    whole, then = database.memory(), database.memory()
    fill(whole, orders, lines=[line(one) for one in orders])
    early = [one for one in orders if one["day"] <= date.fromisoformat(day)]
    fill(then, early, lines=[line(one) for one in early])
    for table in (facts.table, categories.table):
        past = table(whole, date.fromisoformat(day))
        order_by = list(past.columns[:2])
        assert plain(whole, past.order_by(order_by)) == plain(then, table(then, date(2030, 1, 1)).order_by(order_by))


@settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ORDERS)
def test_facts_add_up_to_the_orders(told: list[tuple[str, str, int, int, bool]]) -> None:
    store = database.memory()
    orders = [order(n, who, at, max(paid, back), back, is_lost=lost) for n, (who, at, paid, back, lost) in enumerate(told)]
    fill(store, orders)
    for one in store.rows("SELECT * FROM customer_facts"):
        own = [each for each in orders if each["customer_id"] == one["customer_id"]]
        bought = sorted(each["day"] for each in own if each["is_purchase"])
        gaps = [(later - earlier).days for earlier, later in pairwise(bought)]
        assert (one["placed_orders"], one["purchases"], one["spend"]) == (len(own), len(bought), sum(each["spend"] for each in own))
        assert one["interval_days"] == (statistics.median(gaps) if gaps else None)
        assert one["last_purchase_day"] == (bought[-1] if bought else None)
