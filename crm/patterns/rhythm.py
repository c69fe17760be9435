"""The personal lapse clock: who is late measured by themselves: days since the last purchase ÷ their own usual days (`overdue_ratio`)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import ibis

from crm.customers.attributes import bought
from crm.database import Store
from crm.patterns.keeping import kept, rows
from crm.segments.scope import Node, Scope

EDGES = (1, 2, 4)


@dataclass(frozen=True, slots=True)
class Hand:
    """A stretch of the ratio, from `low` up to but not `high` (None: open; both None: bought, but nobody's interval is known)."""

    low: int | None
    high: int | None
    people: int
    spend: Decimal
    node: Node


def compute(store: Store, as_of: date) -> list[Hand]:
    """All buyers: in time (below 1), overdue (1–2), long overdue (2–4), 4 and more times, unknown; also those with nobody in them."""
    return kept(store, "clock", as_of, lambda _bench, within: _hands(store, within))


def _hands(store: Store, within: Scope) -> list[Hand]:
    found = {int(row.hand): row for row in rows(store, counted(within))}
    stretches = [*zip((0, *EDGES), (*EDGES, None), strict=True), (None, None)]
    return [_hand(low, high, found.get(place)) for place, (low, high) in enumerate(stretches)]


def counted(within: Scope) -> Any:
    """hand (the place of its stretch), people, spend."""
    buyers = within.facts.filter(within.facts.purchases > 0).select("customer_id", "spend")
    both = buyers.left_join(bought.overdue(within), "customer_id")
    steps = [(both.value < edge, place) for place, edge in enumerate(EDGES)]
    placed = both.select("spend", hand=ibis.cases((both.value.isnull(), len(EDGES) + 1), *steps, else_=len(EDGES)))
    return placed.group_by("hand").aggregate(people=placed.count(), spend=placed.spend.sum())


def _hand(low: int | None, high: int | None, row: Any) -> Hand:
    people, spend = (int(row.people), Decimal(str(row.spend))) if row else (0, Decimal(0))
    return Hand(low, high, people, spend, {"all": _node(low, high)})


def _node(low: int | None, high: int | None) -> list[Node]:
    if low is None:
        return [{"field": "purchases", "op": "at_least", "value": 1}, {"field": "overdue_ratio", "op": "is_unknown"}]
    above = {"field": "overdue_ratio", "op": "at_least", "value": low}
    return [above] if high is None else [above, {"field": "overdue_ratio", "op": "below", "value": high}]
