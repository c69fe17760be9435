"""The repurchase cycle of each category or product: the usual days from buying it to buying it again, who is due, who is late.

Purchases of one day count once; who bought it once has no interval, but counts among those who are due or late. Of the intervals the middle
half is usual (25th to 75th percentile, between neighbours in proportion).
"""

from dataclasses import dataclass
from datetime import date
from math import ceil, floor
from typing import Any

import ibis

from crm.database import Store
from crm.database.scratch import Bench
from crm.patterns import items
from crm.patterns.keeping import LEAST, kept, rows
from crm.segments.scope import Node, Scope

MOST, SOON = 60, 30


@dataclass(frozen=True, slots=True)
class Cycle:
    """One item: its buyers, how many bought it on more days than one (`again`), median and quartiles of the days between (whole days).

    Where fewer than LEAST bought it again, nothing can be computed: all else is None. `early`: bought it less than `low` days ago, `due`:
    between `low` and `high`, `late`: longer ago; together all buyers. `soon`: their median day comes within SOON days.
    """

    kind: str
    item: str
    buyers: int
    again: int
    median: float | None = None
    low: int | None = None
    high: int | None = None
    early: int | None = None
    due: int | None = None
    late: int | None = None
    soon: int | None = None

    @property
    def due_node(self) -> Node:
        """The filter of who is due."""
        recently = items.buyers(self.kind, self.item, within_days=max((self.low or 0) - 1, 0))
        return {"all": [items.buyers(self.kind, self.item, within_days=self.high or 0), {"not": recently}]}

    @property
    def late_node(self) -> Node:
        """The filter of who is late."""
        return {"all": [items.buyers(self.kind, self.item), {"not": items.buyers(self.kind, self.item, within_days=self.high or 0)}]}


def compute(store: Store, as_of: date, kind: str = "category") -> list[Cycle]:
    """The MOST categories or products (`kind`) with the most buyers, the most buyers first."""
    items.checked(kind)
    return kept(store, "cycle", as_of, lambda bench, within: _cycles(store, bench, within, kind), kind)


def _cycles(store: Store, bench: Bench, within: Scope, kind: str) -> list[Cycle]:
    days = bench.put(items.bought(within, kind, MOST))
    people = bench.put(last_days(days))
    usual = bench.put(intervals(days))
    found = [_cycle(kind, row) for row in rows(store, standing(people, usual, within.as_of))]
    return sorted(found, key=lambda one: (-one.buyers, one.item))


def last_days(days: Any) -> Any:
    """customer_id, item, last (day), times (days on which they bought it)."""
    return days.group_by("customer_id", "item").aggregate(last=days.day.max(), times=days.count())


def intervals(days: Any) -> Any:
    """item, low, median, high: quartiles of the days between."""
    order = ibis.window(group_by=["customer_id", "item"], order_by="day")
    stepped = days.mutate(before=days.day.lag().over(order))
    again = stepped.filter(stepped.before.notnull())
    gaps = again.select("item", gap=again.day.delta(again.before, unit="day").cast("float64"))
    return gaps.group_by("item").aggregate(
        low=gaps.gap.quantile(0.25).floor(), median=gaps.gap.median(), high=gaps.gap.quantile(0.75).ceil()
    )


def standing(people: Any, usual: Any, as_of: date) -> Any:
    """item, buyers, again, low, median, high, early, due, late, soon."""
    both = people.left_join(usual, "item")
    both = both.mutate(age=ibis.literal(as_of).delta(both.last, unit="day"))
    coming = (both.age < both.median) & (both.age + SOON >= both.median)
    tests = {"early": both.age < both.low, "due": both.age.between(both.low, both.high), "late": both.age > both.high, "soon": coming}
    counts = {name: test.fill_null(False).ifelse(1, 0).sum() for name, test in tests.items()}
    again = (both.times > 1).ifelse(1, 0).sum()
    return both.group_by("item").aggregate(
        buyers=both.count(), again=again, low=both.low.max(), median=both.median.max(), high=both.high.max(), **counts
    )


def _cycle(kind: str, row: Any) -> Cycle:
    buyers, again = int(row.buyers), int(row.again)
    if again < LEAST:
        return Cycle(kind, row.item, buyers, again)
    counts = {name: int(getattr(row, name)) for name in ("early", "due", "late", "soon")}
    return Cycle(kind, row.item, buyers, again, float(row.median), floor(row.low), ceil(row.high), **counts)
