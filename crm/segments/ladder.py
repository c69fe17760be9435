"""The ladder: how many customers, how much spend and who can be reached on every rung, in one query."""

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import ibis
import pandas as pd

from crm.customers import contacts, other_currencies
from crm.customers.other_currencies import Missing
from crm.database import Store
from crm.segments import compiler, scope
from crm.segments.definition import Definition
from crm.segments.scope import Scope

CHANNELS = ("email", "sms", "call")


@dataclass(frozen=True)
class RungCount:
    """One rung: customers on it, dropped since the rung before (the first: since everybody), spend, reachable people per channel.

    `other_currencies`: purchases of these customers whose money is not in `spend`.
    """

    name: str
    customers: int
    dropped: int
    spend: Decimal
    reachable: dict[str, int]
    other_currencies: Missing = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """The keys of `crm segment count`; `other_currencies` only where there are any."""
        return {name: value for name, value in asdict(self).items() if name != "other_currencies" or value}


def count(store: Store, definition: Definition, as_of: date) -> list[RungCount]:
    """One RungCount per rung, as of the end of a shop day."""
    return climb(store, definition, scope.at(store, as_of))[1:]


def climb(store: Store, definition: Definition, within: Scope) -> list[RungCount]:
    """Everybody first (with an empty name), then one RungCount per rung."""
    rows = store.read(depths(definition, within))
    names = ["", *[rung.name for rung in definition.rungs]]
    steps: list[RungCount] = []
    for place, name in enumerate(names):
        here = rows[rows.depth >= place]
        people = int(here.customers.sum())
        spend = sum((Decimal(str(amount)) for amount in here.spend), Decimal("0.00"))
        reach = {channel: int(here[channel].sum()) for channel in CHANNELS}
        steps.append(RungCount(name, people, steps[-1].customers - people if steps else 0, spend, reach))
    return _named(store, definition, within, steps) if other_currencies.exist(store) else steps


def _named(store: Store, definition: Definition, within: Scope, steps: list[RungCount]) -> list[RungCount]:
    """Each rung with the purchases of its people that are in no sum."""
    tests = [compiler.predicate(rung.where, within) for rung in definition.rungs]
    people = [within.facts.filter(tests[:place]) if place else within.facts for place in range(len(steps))]
    missing = [other_currencies.listed(store, within.orders, who) for who in people]
    return [replace(step, other_currencies=left) for step, left in zip(steps, missing, strict=True)]


def depths(definition: Definition, within: Scope) -> Any:
    """One row per depth (how many rungs a customer passes before the first that stops them): customers, spend, reachable people."""
    tests = [compiler.predicate(rung.where, within) for rung in definition.rungs]
    stopped = [(~test, place) for place, test in enumerate(tests)]
    reach = contacts.reachable(within)
    facts = within.facts.select("spend", depth=ibis.cases(*stopped, else_=len(tests)), **reach)
    sums = {channel: facts[channel].ifelse(1, 0).sum() for channel in CHANNELS}
    return facts.group_by("depth").aggregate(customers=facts.count(), spend=facts.spend.sum(), **sums)


def members(store: Store, definition: Definition, as_of: date, rung: str | None = None) -> Any:
    """The customers of a rung (default: the last) as an Ibis table with the columns of customer_facts."""
    return chosen(definition, scope.at(store, as_of), rung)


def chosen(definition: Definition, within: Scope, rung: str | None = None) -> Any:
    """Like `members`, in a scope that is already there."""
    return within.facts.filter(compiler.predicate(definition.upto(rung), within))


def page(store: Store, definition: Definition, as_of: date, rung: str | None = None, *, limit: int = 50, offset: int = 0) -> pd.DataFrame:
    """One page of a rung's members, highest spend first, ties by customer_id; with `call_before`, the day a virtual number dies."""
    within = scope.at(store, as_of)
    people = chosen(definition, within, rung)
    listed = people.order_by([ibis.desc("spend"), "customer_id"]).limit(limit, offset=offset)
    return store.read(listed.rename(call_before="phone_until"))
