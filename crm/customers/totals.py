"""What was sold in runs of days, and to how many people: one pass over the purchases, however many runs there are and however they overlap.

A person is counted once in a run. So each of their purchases says for which runs of a course it is their newest one (then they are a
customer of these, and an old one where their first purchase ever is older) and for which their second newest (then they came back):
always a stretch of neighbouring runs. The database counts equal stretches; adding them up here gives every run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

import ibis
import numpy as np

from crm.customers import per_day
from crm.database import Store, tables
from crm.database.scratch import Bench

PEOPLE = ("customers", "repeaters", "returning")
Shape = tuple[int, int, int, int]
"""A course without its days: how many days before the last day its newest run ends; how long a run is; how many there are; the step."""


@dataclass(frozen=True)
class Totals:
    """What was counted in some days. People are identified customers; the other sums are over all purchases."""

    customers: int = 0
    repeaters: int = 0
    returning: int = 0
    orders: int = 0
    spend: float = 0.0
    summed: int = 0  # orders whose money is in `spend`: not those in other currencies without a rate
    placed: int = 0
    paid: int = 0
    refunds: int = 0


@dataclass(frozen=True)
class Period:
    """A run of shop days, both ends included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.end - self.start).days + 1

    def back(self, days: int) -> "Period":
        """The same run, earlier."""
        return Period(self.start - timedelta(days=days), self.end - timedelta(days=days))

    def last_year(self) -> "Period":
        """The same days of the year before (29 February counts as the 28th)."""
        return Period(_year_before(self.start), _year_before(self.end))


@dataclass(frozen=True)
class Course:
    """Runs of the same length: the newest one, and others that each end `step` days before the one after."""

    newest: Period
    points: int = 1
    step: int = 1

    @property
    def periods(self) -> list[Period]:
        """All of them, the newest first."""
        return [self.newest.back(place * self.step) for place in range(self.points)]


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def of(store: Store, bench: Bench, courses: Sequence[Course]) -> list[list[Totals]]:
    """The totals of every run of every course, the newest first. The purchases are put on the bench on the way."""
    people, sold = _people(store, bench, courses), per_day.of(store)
    return [
        [
            _totals([sold[day] for day in _days(period) if day in sold], people[number, :, place])
            for place, period in enumerate(course.periods)
        ]
        for number, course in enumerate(courses)
    ]


def _days(period: Period) -> list[date]:
    return [period.start + timedelta(days=place) for place in range(period.days)]


def _totals(sold: Sequence[per_day.Day], people: Any) -> Totals:
    counts = {name: sum(getattr(day, name) for day in sold) for name in ("orders", "summed", "placed", "paid", "refunds")}
    who = dict(zip(PEOPLE, map(int, people), strict=True))
    return Totals(**who, **counts, spend=float(sum(day.spend for day in sold)))


def _people(store: Store, bench: Bench, courses: Sequence[Course]) -> Any:
    """An array: course, which of PEOPLE, place of the run → how many."""
    last = max(course.newest.end for course in courses)
    shapes = [((last - one.newest.end).days, one.newest.days, one.points, one.step) for one in courses]
    result = np.zeros((len(courses), len(PEOPLE), max(one.points for one in courses)), dtype=np.int64)
    bought = bench.put(_bought(courses, last))
    stretches = store.read(_stretches(bought, shapes))
    bench.drop(bought)
    for number, kind, first, until, people in stretches.astype("int64").itertuples(index=False, name=None):
        result[number, kind, first : until + 1] += people
    return result


def _bought(courses: Sequence[Course], last: date) -> Any:
    """Every identified purchase in these days by its age (days before `last`), with the ages of the customer's first one ever, of the next
    newer one, and of the one after that (-1: there is none).
    """
    orders, facts = tables.orders, tables.customer_facts.select("customer_id", "first_purchase_day")
    spans = [orders.day.between(course.periods[-1].start, course.newest.end) for course in courses]
    bought = orders.filter(orders.is_purchase & reduce(or_, spans)).select("customer_id", "day").join(facts, "customer_id")
    aged = bought.select("customer_id", age=_age(bought.day, last), oldest=_age(bought.first_purchase_day, last))
    newer = ibis.window(group_by="customer_id", order_by="age")
    return aged.select("age", "oldest", **{f"newer{n}": aged.age.lag(n).over(newer).fill_null(-1) for n in (1, 2)})


def _age(day: Any, last: date) -> Any:
    return ibis.literal(last).delta(day, unit="day")


def _stretches(bought: Any, shapes: Sequence[Shape]) -> Any:
    """How many purchases have each stretch: course, kind (place in PEOPLE), first and last run of the stretch, n."""
    rows = ibis.union(*[rows for number, shape in enumerate(shapes) for rows in _kinds(bought, number, *shape)])
    rows = rows.filter(rows["first"] <= rows.until)
    return rows.group_by("course", "kind", "first", "until").aggregate(n=rows.count())


def _kinds(bought: Any, number: int, later: int, width: int, points: int, step: int) -> list[Any]:
    def run(age: Any) -> Any:
        """The last run that ends no more than `age` days before the last day."""
        return ((age - later) / step).floor().cast("int64")

    bought = bought.filter(bought.age.between(later, later + (points - 1) * step + width - 1))
    reached = ibis.greatest(run(bought.age - width) + 1, 0)
    newest, second = (ibis.greatest(reached, run(newer) + 1) for newer in (bought.newer1, bought.newer2))
    here, again, old = (run(age) for age in (bought.age, bought.newer1, bought.oldest - width))
    stretches = ((newest, here), (second, again), (newest, ibis.least(here, old)))
    return [
        bought.select(course=ibis.literal(number), kind=ibis.literal(kind), first=first, until=ibis.least(until, points - 1))
        for kind, (first, until) in enumerate(stretches)
    ]
