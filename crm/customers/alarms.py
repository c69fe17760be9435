"""Rates that left their usual band: the run of days now against the runs of as many days before it.

The band is the median of the earlier runs ± 3 robust standard deviations (1.4826 × the median absolute deviation, which one odd month does
not widen), and never narrower than 3 standard errors of a share of so many people: in a small shop a rate moves by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import median
from typing import Any

from crm.customers import coverage, metrics, totals
from crm.customers.coverage import Coverage
from crm.customers.metric import Metric
from crm.customers.totals import Course, Period, Totals
from crm.database import Store
from crm.database.scratch import Bench

LEAST, MOST, WIDTH, ROBUST = 6, 12, 3.0, 1.4826
"""Earlier runs that are needed, and looked at; standard deviations from the middle to the edge; from the MAD to one of them."""
Node = dict[str, Any]


@dataclass(frozen=True)
class Watched:
    """A rate that is watched: part and whole of the totals, and the filter of the people behind it."""

    metric: Metric
    part: Callable[[Totals], int]
    whole: Callable[[Totals], int]
    people: Callable[[Period], list[Node]]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A rate outside its band: `low` … `high` is where it usually is, over `runs` earlier runs; `people`: conditions that find them."""

    metric: Metric
    value: float
    low: float
    high: float
    runs: int
    people: list[Node]

    @property
    def bad(self) -> bool:
        """Whether it moved the wrong way."""
        return (self.value < self.low) == (self.metric.good == "up")


def _bought(now: Period, least: int = 1) -> Node:
    return {"bought": {"from": now.start.isoformat(), "to": now.end.isoformat(), "at_least": least}}


def _days(field: str, now: Period) -> Node:
    return {"field": field, "op": "between", "value": [now.start.isoformat(), now.end.isoformat()]}


def _old(now: Period) -> list[Node]:
    return [_bought(now), {"field": "first_purchase_at", "op": "before", "value": now.start.isoformat()}]


WATCHED = (
    Watched(metrics.REGISTRY["repeat_buyer_rate"], lambda of: of.repeaters, lambda of: of.customers, lambda now: [_bought(now, 2)]),
    Watched(metrics.REGISTRY["old_customer_share"], lambda of: of.returning, lambda of: of.customers, _old),
    Watched(metrics.REGISTRY["pay_rate"], lambda of: of.paid, lambda of: of.placed, lambda now: [_days("last_unpaid_at", now)]),
    Watched(metrics.REGISTRY["refund_rate"], lambda of: of.refunds, lambda of: of.paid, lambda now: [_days("last_refund_at", now)]),
)


def of(store: Store, as_of: date, now: Period) -> list[Alarm]:
    """The watched rates that are outside their band in the run `now`; none where fewer than LEAST whole earlier runs are known."""
    covered = coverage.of(store, as_of)
    if covered is None or covered.missing(now.start, now.end):
        return []
    key = ("alarms", store.written(["orders", "customer_facts"]), as_of, now)
    items: list[Alarm] = store.scratch.kept(key, lambda bench: _of(store, bench, covered, now), most=6)
    return items


def _of(store: Store, bench: Bench, covered: Coverage, now: Period) -> list[Alarm]:
    course = Course(now, MOST + 1, now.days)
    (runs,) = totals.of(store, bench, [course])
    known = list(zip(course.periods, runs, strict=True))
    found = [_alarm(one, covered, now, known) for one in WATCHED]
    return [one for one in found if one is not None]


def _alarm(watched: Watched, covered: Coverage, now: Period, runs: list[tuple[Period, Totals]]) -> Alarm | None:
    short = covered.short_past if watched.metric.past else lambda start: None
    earlier = [run for period, run in runs[1:] if not covered.missing(period.start, period.end) and not short(period.start)]
    rates = [watched.part(run) / watched.whole(run) for run in earlier if watched.whole(run)]
    part, whole = watched.part(runs[0][1]), watched.whole(runs[0][1])
    if len(rates) < LEAST or not whole:
        return None
    edges = band(rates, whole)
    value = part / whole
    if edges[0] <= value <= edges[1]:
        return None
    return Alarm(watched.metric, value, max(edges[0], 0.0), min(edges[1], 1.0), len(rates), watched.people(now))


def band(rates: list[float], whole: int) -> tuple[float, float]:
    """Between which values a rate of `whole` people usually is, given the earlier ones."""
    middle = median(rates)
    spread = ROBUST * median(abs(rate - middle) for rate in rates)
    inner = min(max(middle, 1 / (2 * whole)), 1 - 1 / (2 * whole))  # of a rate that never moved from 0 or 1, one person is no alarm
    half = WIDTH * max(spread, sqrt(inner * (1 - inner) / whole))
    return middle - half, middle + half
