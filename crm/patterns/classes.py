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
    found = {tuple(rfm.CLASSES)[int(row.kind)]: row for row in rows(store, counted(within))}
    return [_group(name, found.get(name)) for name in rfm.CLASSES]


def counted(within: Scope) -> Any:
    """kind (the place of the class), people, spend, recency, often (means)."""
    buyers = rfm.placed(rfm.of_facts(within.facts), within)
    recency = ibis.literal(within.as_of).delta(buyers.day, unit="day")
    sums = {"people": buyers.count(), "spend": buyers.spend.sum(), "recency": recency.mean(), "often": buyers.purchases.mean()}
    return buyers.group_by("kind").aggregate(**sums)


def _group(name: str, row: Any) -> Group:
    if row is None:
        return Group(name, 0, Decimal(0), None, None)
    return Group(name, int(row.people), Decimal(str(row.spend)), float(row.recency), float(row.often))


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
