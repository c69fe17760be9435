"""The eight RFM classes: people and money of each, and how many have moved from which to which between two days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import ibis

from crm.customers import facts, rfm
from crm.database import Store, tables
from crm.errors import BadInputError
from crm.patterns.keeping import kept, rows
from crm.segments.scope import Node, Scope

AGO = 90
"""So many days before, unless somebody says otherwise, is the day to compare with."""
NOBODY = "none"
"""Instead of a class: had not bought by then, or only in other currencies without a rate."""


@dataclass(frozen=True, slots=True)
class Group:
    """A class: people, what they spent, and the mean days since their last and number of purchases (None: nobody is in it)."""

    name: str
    people: int
    spend: Decimal
    recency: float | None
    purchases: float | None

    @property
    def node(self) -> Node:
        """The filter of its people."""
        return {"field": "rfm_class", "op": "is", "value": self.name}


@dataclass(frozen=True, slots=True)
class Moved:
    """So many were in `before` on the first day and are in `after` on the second (NOBODY: in no class)."""

    before: str
    after: str
    people: int


def compute(store: Store, as_of: date) -> list[Group]:
    """The eight classes in their order, those with nobody in them, too."""
    return kept(store, "classes", as_of, lambda _bench, within: _groups(store, within))


def _groups(store: Store, within: Scope) -> list[Group]:
    cells = rows(store, counted(within))
    people = sum(int(cell.people) for cell in cells)
    means = {part: sum(int(getattr(cell, part)) * int(cell.people) for cell in cells) for part in rfm.PARTS}
    found: dict[int, list[Any]] = {}
    for cell in cells:
        r, f, m = (int(getattr(cell, part)) * people <= means[part] for part in rfm.PARTS)  # not above the mean, in whole numbers
        found.setdefault(m * 4 + r * 2 + f, []).append(cell)
    return [_group(name, found.get(place, [])) for place, name in enumerate(rfm.CLASSES)]


def counted(within: Scope) -> Any:
    """r, f, m (scores), people, spend, recency (days), often (purchases): sums. The means of the classes follow from these few cells."""
    buyers = rfm.scored(rfm.of_facts(within.facts), within)
    buyers = buyers.filter(buyers.m.notnull())
    recency = ibis.literal(within.as_of).delta(buyers.day, unit="day")
    sums = {"people": buyers.count(), "spend": buyers.spend.sum(), "recency": recency.sum(), "often": buyers.purchases.sum()}
    return buyers.group_by(*rfm.PARTS).aggregate(**sums)


def _group(name: str, cells: list[Any]) -> Group:
    people, spend = sum(int(cell.people) for cell in cells), sum((Decimal(str(cell.spend)) for cell in cells), Decimal(0))
    if not people:
        return Group(name, 0, spend, None, None)
    recency, often = (sum(int(getattr(cell, part)) for cell in cells) / people for part in ("recency", "often"))
    return Group(name, people, spend, recency, often)


def moves(store: Store, before: date, as_of: date) -> list[Moved]:
    """Whoever is in a class on one of the two shop days, by both; raises BadInputError unless `before` comes first."""
    if before >= as_of:
        raise BadInputError(
            "patterns.days_reversed",
            "The day to compare with, {before}, must come before {day}. Nothing was counted.",
            before=before,
            day=as_of,
        )
    return kept(store, "moves", as_of, lambda _bench, within: _moves(store, within, before), before)


def _moves(store: Store, within: Scope, before: date) -> list[Moved]:
    then, now = (_classes_on(day, within) for day in (before, within.as_of))
    then = then.select(who="customer_id", earlier="value")
    both = now.outer_join(then, now.customer_id == then.who)
    named = both.select(before=both.earlier.fill_null(NOBODY), after=both.value.fill_null(NOBODY))
    counts = rows(store, named.group_by("before", "after").aggregate(people=named.count()))
    place = {name: place for place, name in enumerate([*rfm.CLASSES, NOBODY])}
    found = [Moved(row.before, row.after, int(row.people)) for row in counts]
    return sorted(found, key=lambda one: (place[one.before], place[one.after]))


def _classes_on(day: date, within: Scope) -> Any:
    context = Scope(as_of=day, shop=within.shop)
    return rfm.classes(rfm.of_orders(facts.until(tables.orders, day)), context).select("customer_id", "value")


def changed(moved: Sequence[Moved]) -> list[Moved]:
    """Those who are in another class than before, the most people first."""
    return sorted((one for one in moved if one.before != one.after), key=lambda one: -one.people)
