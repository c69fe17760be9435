"""What the data cover, and that nothing is compared with, or drawn for, days that they do not cover."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import database
from crm.customers import coverage, months, overview
from crm.customers.coverage import Coverage
from crm.customers.overview import Metric
from crm.database import Store
from tests.customers.given import fill, order
from tests.shares import examples

TODAY = date(2026, 11, 27)


def daily(store: Store, start: str, end: str, *gaps: tuple[str, str], each: int = 2) -> None:
    """So many orders a day, none in the gaps (both ends included)."""
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    silent = [(date.fromisoformat(one), date.fromisoformat(other)) for one, other in gaps]
    days = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    kept = [day for day in days if not any(one <= day <= other for one, other in silent) for _ in range(each)]
    fill(store, [order(number, f"b{number % 40}", day.isoformat(), 10) for number, day in enumerate(kept)])


def numbers(store: Store, days: int | str = 30) -> dict[str, Metric]:
    return {metric.kind.name: metric for metric in overview.compute(store, TODAY, days)}


COVERED = {
    # first and last day of the data, days chosen: is the period before, are the same days last year comparable
    "two years": ("2024-11-01", "2026-11-26", 30, (True, True)),
    "since May last year, thirty days": ("2025-05-27", "2026-11-26", 30, (True, True)),
    "since May last year, this year": ("2025-05-27", "2026-11-26", "year", (False, False)),
    "since New Year last year, this year": ("2025-01-01", "2026-11-26", "year", (True, True)),
    "since the second of January, this year": ("2025-01-02", "2026-11-26", "year", (False, False)),
    "ten weeks, thirty days": ("2026-09-18", "2026-11-26", 30, (True, False)),
    "ten weeks, ninety days": ("2026-09-18", "2026-11-26", 90, (False, False)),
    "ten weeks, a week": ("2026-09-18", "2026-11-26", 7, (True, False)),
    "exactly two weeks, a week": ("2026-11-13", "2026-11-26", 7, (True, False)),
    "a day less than two weeks": ("2026-11-14", "2026-11-26", 7, (False, False)),
    "five days, a week": ("2026-11-22", "2026-11-26", 7, (False, False)),
    "last year's days begin one day late": ("2025-10-29", "2026-11-26", 30, (True, False)),
    "last year's days begin just in time": ("2025-10-28", "2026-11-26", 30, (True, True)),
    "one day": ("2026-11-26", "2026-11-26", 7, (False, False)),
}


@pytest.mark.parametrize("name", COVERED)
def test_only_covered_periods_are_compared(store: Store, name: str) -> None:
    start, end, days, comparable = COVERED[name]
    daily(store, start, end, each=1)
    spend = numbers(store, days)["spend"]
    assert ((spend.before is not None), (spend.last_year is not None)) == comparable
    assert ((spend.change is not None), (spend.yearly is not None)) == comparable
    for reason, result in zip((spend.not_before, spend.not_yearly), comparable, strict=True):
        assert (reason.sentence() if reason else None) == (None if result else f"since {start}; not comparable")
    assert spend.value is not None
    assert spend.value > 0


def test_days_before_the_data_are_not_drawn_as_nothing(store: Store) -> None:
    daily(store, "2026-11-07", "2026-11-26")
    course = numbers(store)["spend"].series
    assert course == [None] * 10 + [20.0] * 20


def test_days_without_sales_in_the_data_are_drawn_as_nothing(store: Store) -> None:
    daily(store, "2026-08-01", "2026-11-26", ("2026-11-10", "2026-11-12"))
    assert [place for place, value in enumerate(numbers(store)["spend"].series) if value == 0] == [13, 14, 15]


@pytest.mark.parametrize(
    ("start", "told", "compared"),
    [
        ("2024-10-28", True, True),
        ("2025-05-01", True, True),
        ("2025-05-02", True, False),
        ("2025-11-01", True, False),
        ("2026-10-27", True, False),
        ("2026-10-28", False, False),
    ],
)
def test_old_customers_need_a_past(store: Store, start: str, told: bool, compared: bool) -> None:
    """Data that begin with the period know nobody from before; two periods with a different past are not compared."""
    daily(store, start, "2026-11-26", each=1)
    share = numbers(store)["old_customer_share"]
    assert (share.value is not None) is told
    assert (share.unknown is None) is told
    assert (share.yearly is not None) is compared


@pytest.mark.parametrize(
    ("gaps", "found"),
    [
        ([("2026-03-01", "2026-03-31")], ["2026-03-01", "2026-03-31"]),
        ([("2026-02-15", "2026-03-14")], ["2026-02-15", "2026-03-14"]),
        ([("2026-02-16", "2026-02-25")], []),
        ([("2026-07-01", "2026-07-24")], []),
        ([("2026-07-01", "2026-07-25")], ["2026-07-01", "2026-07-25"]),
        ([("2025-09-01", "2025-09-30"), ("2026-06-01", "2026-06-30")], ["2025-09-01", "2025-09-30", "2026-06-01", "2026-06-30"]),
    ],
)
def test_a_month_without_orders_in_a_busy_shop_is_a_silence(store: Store, gaps: list[tuple[str, str]], found: list[str]) -> None:
    daily(store, "2025-05-27", "2026-11-26", *gaps)
    covered = coverage.of(store, TODAY)
    assert covered is not None
    assert [day.isoformat() for silence in covered.silences for day in silence] == found


def test_a_shop_with_few_orders_has_quiet_months(store: Store) -> None:
    fill(store, [order(number, "a", f"2026-{month:02}-05") for number, month in enumerate((1, 2, 5, 6, 11))])
    covered = coverage.of(store, TODAY)
    assert covered == Coverage(date(2026, 1, 5), date(2026, 11, 5))


def test_one_stray_order_of_long_ago_is_no_cover(store: Store) -> None:
    """A year mistyped: the days between are a silence, and nothing is compared with them."""
    daily(store, "2026-01-01", "2026-11-26")
    fill(store, [order(9_999, "z", "2019-03-01")])
    spend = numbers(store)["spend"]
    assert spend.not_yearly is not None
    assert spend.not_yearly.sentence() == "no orders 2019-03-02 to 2025-12-31; not comparable"
    assert spend.change is not None


def test_what_touches_a_silence_is_not_compared(store: Store) -> None:
    daily(store, "2025-01-01", "2026-11-26", ("2025-11-01", "2025-11-30"))
    spend = numbers(store)["spend"]
    assert (spend.change is not None, spend.yearly) == (True, None)
    assert spend.not_yearly is not None
    assert spend.not_yearly.sentence() == "no orders 2025-11-01 to 2025-11-30; not comparable"


def test_months_of_a_year_and_a_half(store: Store) -> None:
    """Nothing before the first order; the first and the running month are not whole; a silent month is nothing, not 0."""
    daily(store, "2025-05-27", "2026-11-20", ("2026-03-01", "2026-03-31"))
    rows = {row.month: row for row in months.compute(store, TODAY)}
    assert list(rows)[0::11] == ["2025-12", "2026-11"]
    assert [month for month, row in rows.items() if row.before is None] == ["2025-12", "2026-01", "2026-02", "2026-03", "2026-04"]
    assert (rows["2026-05"].before, rows["2026-05"].before_whole) == (5 * 2 * 10, False)
    assert rows["2026-06"].before_whole
    assert (rows["2026-03"].spend, rows["2026-03"].whole) == (None, False)
    assert (rows["2026-11"].spend, rows["2026-11"].whole) == (20 * 2 * 10, False)
    assert rows["2026-11"].before_whole
    assert [month for month, row in rows.items() if not row.whole] == ["2026-03", "2026-11"]


def test_a_month_with_a_silence_in_it_is_not_whole(store: Store) -> None:
    daily(store, "2025-12-01", "2026-11-20", ("2026-02-15", "2026-03-14"))
    rows = {row.month: row for row in months.compute(store, TODAY)}
    assert [(rows[month].spend, rows[month].whole) for month in ("2026-02", "2026-03")] == [(280, False), (340, False)]


@pytest.mark.parametrize(("end", "whole"), [("2026-10-30", False), ("2026-10-31", True), ("2026-11-01", True)])
def test_a_month_is_whole_when_the_data_reach_its_end(store: Store, end: str, whole: bool) -> None:
    daily(store, "2026-08-01", end, each=1)
    assert {row.month: row.whole for row in months.compute(store, TODAY)}["2026-10"] is whole


@settings(max_examples=examples(8), deadline=None)
@given(st.dates(date(2024, 1, 1), TODAY), st.dates(date(2024, 1, 1), TODAY), st.sampled_from([7, 30, 90, "year"]))
def test_what_is_compared_is_covered(start: date, end: date, days: int | str) -> None:
    """Orders on two days only: a comparison never reaches back behind the first, whatever period is chosen."""
    start, end = min(start, end), max(start, end)
    store = database.memory()
    fill(store, [order(1, "a", start.isoformat()), order(2, "a", end.isoformat())])
    window = overview.period(days, end)
    for metric in overview.compute(store, TODAY, days):
        assert metric.last_year is None or start <= window.last_year().start
        assert metric.before is None or start <= window.start
        assert len(metric.series) == len(overview.points_of(window, metric.kind.over_period))
        for value, point in zip(metric.series, overview.points_of(window, metric.kind.over_period), strict=True):
            assert value is None or point.start >= start
    store.close()
