"""The ladder: how many customers, how much spend and who can be reached on every rung, and on every part of a split one."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from crm.customers import other_currencies
from crm.customers.bins import UNKNOWN
from crm.customers.other_currencies import Missing
from crm.database import Store
from crm.database.scratch import again
from crm.segments import climbing, compiler, scope, splits
from crm.segments.climbing import CHANNELS, Climb
from crm.segments.definition import BETWEEN, Definition, Rung
from crm.segments.scope import Scope


@dataclass(frozen=True)
class RungCount:
    """One rung, or one part of a split rung: customers on it, dropped since the rung before (the first: since everybody), spend.

    `orders`: the purchases that are in `spend`. `reachable`: people per channel after suppressions, dead numbers and the cap;
    `capped`: those whom only the cap keeps out. `other_currencies`: purchases whose money is not in `spend`. `parts`: of a split rung.
    """

    name: str
    customers: int
    dropped: int
    spend: Decimal
    reachable: dict[str, int]
    orders: int = 0
    capped: int = 0
    off: bool = False
    parts: tuple["RungCount", ...] = ()
    other_currencies: Missing = field(default_factory=list)

    @property
    def average_order(self) -> Decimal | None:
        """Spend ÷ purchases, to the cent; None without any."""
        return (self.spend / self.orders).quantize(Decimal("0.01")) if self.orders else None

    def as_json(self) -> dict[str, object]:
        """The keys of `crm segment count`; `off`, `parts` and `other_currencies` only where there are any."""
        values = asdict(self) | {"average_order_value": self.average_order, "parts": [part.as_json() for part in self.parts]}
        return {name: value for name, value in values.items() if name not in ("off", "parts", "other_currencies") or value}


def count(store: Store, definition: Definition, as_of: date) -> list[RungCount]:
    """One RungCount per rung, as of the end of a shop day. A rung that is switched off has the numbers of the one before."""
    return climb(store, definition, scope.at(store, as_of))[1:]


def climb(store: Store, definition: Definition, within: Scope) -> list[RungCount]:
    """Everybody first (with an empty name), then one RungCount per rung."""
    return again(lambda: _climbed(store, definition, within))


def _climbed(store: Store, definition: Definition, within: Scope) -> list[RungCount]:
    on = [rung for rung in definition.rungs if not rung.off]
    climbed = climbing.climb(store, [rung.where for rung in on], within)
    steps = [_counted("", climbed.steps[0], climbed.steps[0])]
    at = 0
    for rung in definition.rungs:
        at += not rung.off
        step = _counted(rung.name, climbed.steps[at], climbed.steps[max(at - 1, 0)])
        step = replace(step, off=True, dropped=0) if rung.off else step
        steps.append(replace(step, parts=_parts(store, climbed, at, rung, within)) if rung.split and not rung.off else step)
    return _named(store, definition, within, steps) if other_currencies.exist(store) else steps


def choices(counted: list[RungCount]) -> dict[str, int]:
    """Every rung and part from which people can be taken, by its name, with how many it has. `counted`: as `count` gives them."""
    return {
        name: one.customers
        for step in counted
        if not step.off
        for name, one in ((step.name, step), *((f"{step.name}{BETWEEN}{part.name}", part) for part in step.parts))
    }


def _counted(name: str, here: climbing.Sums, before: climbing.Sums) -> RungCount:
    reach = dict(zip(CHANNELS, here.reach, strict=True))
    return RungCount(name, here.customers, before.customers - here.customers, here.spend, reach, here.orders, here.capped)


def _parts(store: Store, climbed: Climb, depth: int, rung: Rung, within: Scope) -> tuple[RungCount, ...]:
    """The siblings of a split rung, in their order, those without anybody too (but “unknown”)."""
    if rung.split is None:
        return ()
    some = splits.siblings(rung.split)
    sums = climbing.parts(store, climbed, depth, [node for _, node in some], within)
    whole = climbed.steps[depth]
    parts = [_counted(key, part, whole) for (key, _), part in zip(some, sums, strict=True)]
    return tuple(part for part in parts if part.customers or part.name != f"{rung.split.by} {UNKNOWN}")


def _named(store: Store, definition: Definition, within: Scope, steps: list[RungCount]) -> list[RungCount]:
    """Each rung with the purchases of its people that are in no sum."""
    tests = [None if rung.off else compiler.predicate(rung.where, within) for rung in definition.rungs]
    above: Sequence[Any] = [[test for test in tests[:place] if test is not None] for place in range(len(steps))]
    people = [within.facts.filter(some) if some else within.facts for some in above]
    missing = [other_currencies.listed(store, within.orders, who) for who in people]
    return [replace(step, other_currencies=left) for step, left in zip(steps, missing, strict=True)]


def members(store: Store, definition: Definition, as_of: date, rung: str | None = None) -> Any:
    """The customers of a rung (default: the last) as an Ibis table with the columns of customer_facts."""
    return chosen(definition, scope.at(store, as_of), rung)


def chosen(definition: Definition, within: Scope, rung: str | None = None) -> Any:
    """Like `members`, in a scope that is already there."""
    return within.facts.filter(compiler.predicate(definition.upto(rung), within))
