"""A target size: which rung comes near it, and what would bring a rung to it: a condition more, or another number in one."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import ibis

from crm.customers import attributes
from crm.database import Store
from crm.segments import compiler, listing
from crm.segments.definition import Definition
from crm.segments.ladder import RungCount
from crm.segments.scope import Node, Scope
from crm.segments.splits import NUMBERS

NEAR = 0.15
"""A rung fits when it is at most this share away from the target."""
RISING = {"at_least": False, "at_most": True}
"""Whose condition can be moved, and whether its number grows with the people it lets through."""


@dataclass(frozen=True)
class Step:
    """What to do at the rung `place` (0: the first): `node` as a rung more after it, or in its place; `people` are left then."""

    place: int
    node: Node
    people: int


@dataclass(frozen=True)
class Aim:
    """The rung that comes nearest (None: the ladder has nobody), how many stand on it, whether it `fits`; how to narrow or widen to it."""

    rung: str | None
    people: int
    fits: bool
    narrow: Step | None = None
    widen: Step | None = None


def aim(store: Store, definition: Definition, within: Scope, counted: Sequence[RungCount], target: int) -> Aim:
    """`counted`: everybody, then every rung of the definition, as `ladder.climb` gives them. `target`: people, at least 1."""
    steps = [(place, step) for place, step in enumerate(counted[1:]) if not step.off and step.customers]
    if not steps:
        return Aim(None, 0, False)
    _place, best = min(steps, key=lambda one: abs(log(one[1].customers / target)))
    if abs(best.customers - target) <= NEAR * target:
        return Aim(best.name, best.customers, True)
    above = max((place for place, step in steps if step.customers > target), default=None)
    narrow = None if above is None else _narrowed(store, definition, within, above, target)
    return Aim(best.name, best.customers, False, narrow, _widened(store, definition, within, steps, above, target))


def _narrowed(store: Store, definition: Definition, within: Scope, place: int, target: int) -> Step | None:
    """The people of a rung with the highest spend."""
    people = within.facts.filter(compiler.predicate(definition.upto(definition.rungs[place].name), within))
    found = _threshold(store, within, people, "spend", "at_least", target)
    return found and Step(place, *found)


def _widened(
    store: Store, definition: Definition, within: Scope, steps: list[tuple[int, RungCount]], above: int | None, target: int
) -> Step | None:
    """The first rung that leaves too few, with another number; None where its condition has none that could be moved."""
    place = next((place for place, step in steps if (above is None or place > above) and step.customers < target), None)
    node = definition.rungs[place].where if place is not None else {}
    if place is None or node.get("op") not in RISING or attributes.every()[node["field"]].kind not in NUMBERS:
        return None
    before = [step.where for step in definition.rungs[:place] if not step.off]
    people = within.facts.filter(compiler.predicate({"all": before}, within))
    found = _threshold(store, within, people, node["field"], node["op"], target)
    return found and Step(place, *found)


def _threshold(store: Store, within: Scope, people: Any, field: str, op: str, target: int) -> tuple[Node, int] | None:
    """The condition on a number that leaves about so many of some people, and how many it leaves; None where fewer have that number."""
    values = listing.valued(within, people, [field])
    known = values.filter(values[field].notnull())
    ordered = known.order_by([ibis.asc(field) if RISING[op] else ibis.desc(field)]).limit(1, offset=target - 1)
    rows = store.read(ordered)
    if rows.empty:
        return None
    number = float(rows[field].iloc[0])
    node: Node = {"field": field, "op": op, "value": int(number) if number.is_integer() else round(number, 2)}
    left = store.read(people.filter(compiler.predicate(node, within)).aggregate(people=ibis._.count()))
    return node, int(left.people.iloc[0])
