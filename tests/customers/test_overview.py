"""The boss's six numbers: hand-counted periods, comparisons, courses. What the data do not cover: test_coverage.py."""

from datetime import date

import pytest

from crm.customers import kpi, metrics, months, overview
from crm.customers.months import Month
from crm.customers.overview import Metric, Period
from crm.database import Store
from tests.customers.given import fill, order

TODAY = date(2026, 3, 31)


def numbers(store: Store, days: int | str = 30, as_of: date = TODAY) -> dict[str, Metric]:
    return {metric.kind.name: metric for metric in overview.compute(store, as_of, days)}


@pytest.fixture
def shop(store: Store) -> Store:
    """March: a twice (old, from January), b once (new), c refunded; one without a buyer. February: a. March last year: z. Before: y."""
    rows = [
        ("a", "2026-01-15", 10, 0),
        ("a", "2026-03-05", 100, 0),
        ("a", "2026-03-31", 50, 20),
        ("b", "2026-03-10", 70, 0),
        ("c", "2026-03-11", 40, 40),
        (None, "2026-03-12", 30, 0),
        ("a", "2026-02-20", 200, 0),
        ("z", "2025-03-20", 500, 0),
        ("y", "2024-12-31", 1, 1),
    ]
    fill(store, [order(number, who, day, paid, back) for number, (who, day, paid, back) in enumerate(rows)])
    return store


def test_thirty_days_counted_by_hand(shop: Store) -> None:
    result = numbers(shop)
    values = {name: metric.value for name, metric in result.items()}
    assert values == {
        "spend": 230,
        "orders": 4,
        "customers": 2,
        "repeat_buyer_rate": 0.5,
        "old_customer_share": 0.5,
        "average_order_value": 57.5,
    }
    assert (result["spend"].before, result["spend"].last_year) == (200, 500)
    assert result["spend"].change == pytest.approx(0.15)
    assert result["spend"].yearly == pytest.approx(-0.54)
    assert result["repeat_buyer_rate"].change == pytest.approx(0.5)


def test_courses_end_today_and_add_up(shop: Store) -> None:
    series = numbers(shop)["spend"].series
    assert len(series) == 30
    assert series[-1] == 30
    assert sum(value or 0 for value in series) == 230


def test_rates_are_drawn_over_whole_periods(shop: Store) -> None:
    assert numbers(shop)["old_customer_share"].series[-1] == 0.5
    assert numbers(shop)["repeat_buyer_rate"].series[-1] == 0.5


def test_the_period_ends_with_the_data_not_with_the_calendar(shop: Store) -> None:
    assert numbers(shop, as_of=date(2026, 5, 1))["spend"].value == 230
    assert numbers(shop, as_of=date(2026, 3, 30))["spend"].value == 400


def test_the_year_is_compared_with_the_year_before(shop: Store) -> None:
    spend = numbers(shop, "year")["spend"]
    assert (spend.value, spend.before, spend.last_year) == (440, 500, 500)


def test_without_orders_there_are_no_numbers(store: Store) -> None:
    assert overview.compute(store, TODAY) == []
    assert months.compute(store, TODAY) == []


def test_without_identity_people_cannot_be_counted(store: Store) -> None:
    fill(store, [order(1, None, "2026-03-31")])
    result = numbers(store)
    assert result["orders"].value == 1
    assert [result[name].value for name in ("customers", "repeat_buyer_rate", "old_customer_share")] == [None, None, None]


def test_the_same_numbers_as_the_terminal(shop: Store) -> None:
    window = overview.period(30, TODAY)
    outcome = kpi.compute(shop, TODAY, window.start, window.end).numbers
    result = numbers(shop)
    all_of_them = kpi.values(shop, kpi.window(shop, TODAY, window.start, window.end), metrics.ALL)
    for name, metric in result.items():
        assert metric.value == pytest.approx(all_of_them[name])
        assert name == "old_customer_share" or metric.value == pytest.approx(outcome[name])


def test_leap_days_have_a_last_year() -> None:
    assert Period(date(2028, 2, 29), date(2028, 3, 1)).last_year() == Period(date(2027, 2, 28), date(2027, 3, 1))


def test_months_beside_those_a_year_earlier(shop: Store) -> None:
    rows = months.compute(shop, TODAY)
    assert [row.month for row in rows][0::11] == ["2025-04", "2026-03"]
    assert rows[-1] == Month(month="2026-03", spend=230, before=500, whole=True, before_whole=True)


@pytest.mark.parametrize("kind", overview.KINDS, ids=lambda kind: kind.name)
def test_every_number_says_what_it_is(kind: overview.Kind) -> None:
    assert kind.metric in metrics.ALL
    assert kind.unit in ("money", "count", "share")
