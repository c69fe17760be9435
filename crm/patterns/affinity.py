"""What is bought after what: of those who bought A, how many bought B on a later day within N days; how much more often than after others.

Counted from everybody's first purchase of A, if it is at least N days old. confidence = people who bought B after it ÷ those who bought A.
Counted from everybody's first purchase of A, if at least N days old. confidence = people who bought B after it ÷ people who bought A.
its buyers' eagerness do not count). support = people ÷ everybody old enough who bought any of these items.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis

from crm.database import Store
from crm.database.scratch import Bench
from crm.errors import BadInputError
from crm.patterns import items
from crm.patterns.keeping import LEAST, kept, rows
from crm.segments.scope import Node, Scope

DAYS, MOST, LONGEST = 60, 25, 3650


@dataclass(frozen=True, slots=True)
class Pair:
    """A, then B. `people`: who did; `of`: who bought A at least `days` days ago. `reach`: bought A within the last `days`, and never B."""

    kind: str
    first: str
    then: str
    days: int
    people: int
    of: int
    support: float
    confidence: float
    lift: float | None
    reach: int

    @property
    def node(self) -> Node:
        """The filter of whom it would reach."""
        lately = items.buyers(self.kind, self.first, within_days=self.days)
        return {"all": [lately, {"not": items.buyers(self.kind, self.then)}]}


def compute(store: Store, as_of: date, kind: str = "category", days: int = DAYS) -> list[Pair]:
    """Pairs of the MOST items with the most buyers that LEAST people bought one after the other; the highest lift first."""
    items.checked(kind)
    if not 1 <= days <= LONGEST:
        raise BadInputError(
            "patterns.days_out_of_range",
            "Days must be between 1 and {longest}, not {days}. Nothing was counted.",
            longest=LONGEST,
            days=days,
        )
    return kept(store, "affinity", as_of, lambda bench, within: _pairs(store, bench, within, kind, days), kind, days)


def _pairs(store: Store, bench: Bench, within: Scope, kind: str, days: int) -> list[Pair]:
    bought = bench.put(items.bought(within, kind, MOST))
    people = bench.put(bought.group_by("customer_id", "item").aggregate(first=bought.day.min(), last=bought.day.max()))
    ripe = people.filter(_age(people["first"], within.as_of) >= days)
    old = {row.item: int(row.n) for row in rows(store, ripe.group_by("item").aggregate(n=ripe.count()))}
    everybody = int(rows(store, ripe.aggregate(n=ripe.customer_id.nunique()))[0].n)
    after = _numbers(rows(store, followed(bought, ripe, days)))
    lately = people.filter(_age(people["last"], within.as_of) <= days)
    fresh = {row.item: int(row.n) for row in rows(store, lately.group_by("item").aggregate(n=lately.count()))}
    owned = _numbers(rows(store, both(lately, people)))
    reach = {pair: fresh.get(pair[0], 0) - owned.get(pair, 0) for pair in after}
    made = _told(old, after)
    found = [Pair(kind, *pair, days, n, old[pair[0]], n / everybody, *made[pair], reach[pair]) for pair, n in after.items() if n >= LEAST]
    return sorted(found, key=lambda one: (one.lift is None, -(one.lift or 0), -one.people, one.first, one.then))


def _age(day: Any, as_of: date) -> Any:
    return ibis.literal(as_of).delta(day, unit="day")


def _numbers(counts: list[Any]) -> dict[tuple[str, str], int]:
    return {(row.item, row.other): int(row.people) for row in counts}


def followed(bought: Any, ripe: Any, days: int) -> Any:
    """item, other, people: bought `other` on a later day, within `days` after their first purchase of `item`."""
    begun = ripe.select("customer_id", "item", start="first")
    later = bought.select("customer_id", "day", other="item")
    after = begun.join(later, ["customer_id", begun.item != later.other, later.day > begun.start])
    after = after.filter(after.day.delta(after.start, unit="day") <= days).select("customer_id", "item", "other").distinct()
    return after.group_by("item", "other").aggregate(people=after.count())


def both(lately: Any, people: Any) -> Any:
    """item, other, people: bought `item` lately, and `other` ever."""
    owned = people.select("customer_id", other="item")
    lately = lately.select("customer_id", "item")
    pairs = lately.join(owned, ["customer_id", lately.item != owned.other])
    return pairs.group_by("item", "other").aggregate(people=pairs.count())


def _told(old: dict[str, int], after: dict[tuple[str, str], int]) -> dict[tuple[str, str], tuple[float, float | None]]:
    """Of each pair its confidence and lift (None: nobody else came to the second one, or could have)."""
    people: defaultdict[str, int] = defaultdict(int)
    for (_first, then), n in after.items():
        people[then] += n
    whole = sum(old.values())
    values = {}
    for (first, then), n in after.items():
        rest = whole - old.get(then, 0) - old[first]
        usual = (people[then] - n) / rest if rest else 0.0
        confidence = n / old[first]
        values[first, then] = (confidence, confidence / usual if usual else None)
    return values
