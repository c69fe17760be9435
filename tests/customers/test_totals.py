"""Totals of runs of days: whatever the purchases and the runs, the same as counting each run by itself."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from crm import database
from crm.customers import totals
from crm.customers.totals import Course, Period, Totals
from tests.customers.given import fill, order
from tests.shares import examples

LAST = date(2026, 3, 31)
bought = st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.integers(0, 40), st.integers(0, 3)), min_size=1, max_size=25)
courses = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 12), st.integers(1, 5), st.integers(1, 9)), min_size=1, max_size=3)


def course(later: int, width: int, points: int, step: int) -> Course:
    end = LAST - timedelta(days=later)
    return Course(Period(end - timedelta(days=width - 1), end), points, step)


def plainly(rows: list[dict[str, Any]], period: Period) -> Totals:
    """One run by itself."""
    first: dict[str, date] = {}
    for row in sorted((row for row in rows if row["is_purchase"] and row["customer_id"]), key=lambda row: row["day"]):
        first.setdefault(row["customer_id"], row["day"])
    inside = [row for row in rows if row["is_purchase"] and period.start <= row["day"] <= period.end]
    times = Counter(row["customer_id"] for row in inside if row["customer_id"])
    return Totals(
        customers=len(times),
        repeaters=sum(n > 1 for n in times.values()),
        returning=sum(first[who] < period.start for who in times),
        orders=len(inside),
        spend=float(sum(row["spend"] for row in inside)),
        summed=sum(row["rate"] is not None for row in inside),
        placed=len(days := [row for row in rows if period.start <= row["day"] <= period.end]),
        paid=sum(row["is_paid"] for row in days),
        refunds=sum(row["is_paid"] and row["refunded"] > 0 for row in days),
    )


@settings(max_examples=examples(25))
@given(bought, courses)
def test_every_run_is_as_if_it_were_counted_alone(told: list[tuple[str | None, int, int]], shapes: list[tuple[int, int, int, int]]) -> None:
    store = database.memory()
    rows = [
        order(number, who, str(LAST - timedelta(days=ago)), paid, **({} if number % 5 else {"rate": None}))
        for number, (who, ago, paid) in enumerate(told)
    ]
    fill(store, rows)
    runs = [course(*shape) for shape in shapes]
    result = store.scratch.kept("totals", lambda bench: totals.of(store, bench, runs))
    assert result == [[plainly(rows, period) for period in one.periods] for one in runs]
    store.close()
