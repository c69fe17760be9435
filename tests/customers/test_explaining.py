"""Why sales changed: the steps add up to the cent, each is what it says, and nobody who bought later changes it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm import database
from crm.customers import explaining
from crm.customers.explaining import Part
from crm.customers.totals import Period
from tests.customers.given import fill, order
from tests.shares import examples

TODAY = date(2025, 8, 31)
NOW, BEFORE = Period(date(2025, 6, 1), date(2025, 6, 30)), Period(date(2025, 5, 1), date(2025, 5, 31))


def steps(store: database.Store) -> dict[str, float]:
    return {step.name: float(step.amount) for step in explaining.explain(store, TODAY, NOW, BEFORE).steps}


def test_one_cause_at_a_time(store: database.Store) -> None:
    fill(
        store,
        [
            order(1, "old", "2024-10-05", 10),
            order(2, "old", "2025-05-05", 100),
            order(3, "old", "2025-06-05", 130),  # larger baskets: 30
            order(4, "n1", "2025-05-06", 50),
            order(5, "n2", "2025-06-06", 50),
            order(6, "n3", "2025-06-07", 50),  # one more new customer: 50
            order(7, None, "2025-06-08", 7),
            order(8, "n3", "2025-06-09", 40, 40),  # refunded: in orders and in refunds
        ],
    )
    result = explaining.explain(store, TODAY, NOW, BEFORE)
    assert (result.before, result.after) == (Decimal(150), Decimal(237))
    told = steps(store)
    assert told == {"new": 50, "returning": 0, "frequency": 50, "basket": 20, "unidentified": 7, "refunds": -40}
    assert float(result.before) + sum(told.values()) == float(result.after)


def test_a_sort_that_is_new_is_people(store: database.Store) -> None:
    fill(store, [order(0, "z", "2024-10-05", 10), order(1, "a", "2025-06-05", 10, 3), order(2, "a", "2025-06-06", 10)])
    assert steps(store) == {"new": 20, "returning": 0, "frequency": 0, "basket": 0, "refunds": -3}


PART = st.builds(
    lambda customers, more, gross, kept: Part(customers, customers + more if customers else 0, *_money(customers, gross, kept)),
    st.integers(0, 900),
    st.integers(0, 900),
    st.integers(1, 10**9),
    st.floats(0, 1),
)


def _money(customers: int, cents: int, kept: float) -> tuple[Decimal, Decimal]:
    gross = Decimal(cents if customers else 0) / 100
    return gross, (gross * Decimal(kept)).quantize(Decimal("0.01"))


@given(st.dictionaries(st.tuples(st.booleans(), st.sampled_from(["new", "returning", "unidentified"])), PART, max_size=6))
def test_steps_add_up_to_the_cent(found: dict[Any, Part]) -> None:
    result = explaining.steps(found)
    assert result.before + sum((step.amount for step in result.steps), Decimal(0)) == result.after
    assert all(step.amount == step.amount.quantize(Decimal("0.01")) for step in result.steps)


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", None]), st.dates(date(2025, 4, 1), date(2025, 8, 1)), st.integers(1, 300), st.sampled_from([0, 9, 300])
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=examples(5), deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=(Phase.explicit, Phase.generate))
@given(ROWS)
def test_sums_are_the_shops_sales_and_later_orders_change_nothing(told: list[tuple[Any, ...]]) -> None:
    orders = [order(n, who, day.isoformat(), paid, min(back, paid)) for n, (who, day, paid, back) in enumerate(told)]
    seen = []
    for some in (orders, [one for one in orders if one["day"] <= NOW.end]):
        store = database.memory()
        fill(store, some)
        seen.append(explaining.explain(store, TODAY, NOW, BEFORE))
        store.close()
    assert seen[0] == seen[1]
    assert seen[0].after == sum((one["spend"] for one in orders if NOW.start <= one["day"] <= NOW.end), Decimal(0))


def test_with_too_little_past_nobody_is_called_new(store: database.Store) -> None:
    days = [f"2025-0{month}-{day:02}" for month in (4, 5, 6) for day in (3, 10)]
    fill(store, [order(10 * n + k, f"c{k}", day) for n, day in enumerate(days) for k in range(5)])
    assert steps(store) == {"customers": 0, "frequency": 0, "basket": 0, "refunds": 0}


def test_other_currencies_are_in_no_step(store: database.Store) -> None:
    fill(
        store,
        [
            order(0, "z", "2024-10-05", 10),
            order(1, "a", "2025-06-05", 10),
            order(2, "b", "2025-06-05", 99, rate=None, currency="USD", spend=Decimal(0)),
        ],
    )
    result = explaining.explain(store, TODAY, NOW, BEFORE)
    assert result.after == pytest.approx(Decimal(10))
    assert steps(store)["new"] == 10
