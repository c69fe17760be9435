"""How segments lie over each other: for every combination of two to five of them that occurs, how many people are in exactly those."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import add
from typing import Any

from crm.customers import other_currencies
from crm.customers.other_currencies import Missing, Unconverted
from crm.database import Store
from crm.errors import BadInputError
from crm.segments import climbing, compiler, scope
from crm.segments.definition import Definition
from crm.segments.scope import Scope

LEAST, MOST = 2, 5
"""So few and so many segments are laid over each other."""
KEPT = 8
"""So many answers are kept."""


@dataclass(frozen=True)
class Group:
    """People and what they spent. `other_currencies`: their purchases whose money is not in `spend`."""

    customers: int
    spend: Decimal
    other_currencies: Missing = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """Its keys in `crm segment overlap`; `other_currencies` only where there are any."""
        return {name: value for name, value in asdict(self).items() if name != "other_currencies" or value}


@dataclass(frozen=True)
class Combination:
    """The people who are in all of `inside` and in no other of the segments that were asked for."""

    inside: tuple[str, ...]
    people: Group


@dataclass(frozen=True)
class Overlap:
    """`names` as they were asked for. `combinations`: those that occur, the most people first. `segments`: the whole of each.

    `union`: who is in any; `intersection`: who is in all; `outside`: who is in none.
    """

    names: tuple[str, ...]
    combinations: list[Combination]
    segments: dict[str, Group]
    union: Group
    intersection: Group
    outside: Group

    def exactly(self, inside: Sequence[str]) -> Group:
        """The people of one combination, whatever the order; nobody where it does not occur."""
        return next((one.people for one in self.combinations if set(one.inside) == set(inside)), _sum([]))

    def as_json(self) -> dict[str, object]:
        """The keys of `crm segment overlap`."""
        return {
            "segments": [{"name": name, **group.as_json()} for name, group in self.segments.items()],
            "combinations": [{"in": list(one.inside), **one.people.as_json()} for one in self.combinations],
            "any": self.union.as_json(),
            "all": self.intersection.as_json(),
            "none": self.outside.as_json(),
        }


def compute(store: Store, definitions: Sequence[Definition], as_of: date) -> Overlap:
    """The overlap of two to five segments of different names, as of the end of a shop day. Raises BadInputError for any other number."""
    _check([one.name for one in definitions])
    within = scope.at(store, as_of)
    who = within.facts.mutate(bits=bits([compiler.predicate(one.upto(), within) for one in definitions]))
    counted = store.read(who.group_by("bits").aggregate(customers=who.count(), spend=who.spend.sum()))
    missing = _missing(store, within, who)
    groups = {
        int(key): Group(int(people), Decimal(str(spend)), missing.get(int(key), []))
        for key, people, spend in counted.itertuples(index=False, name=None)
    }
    return _told(tuple(one.name for one in definitions), groups)


def kept(store: Store, definitions: Sequence[Definition], as_of: date) -> Overlap:
    """The same for a screen that is drawn again and again: counted once per state of the data."""
    written = tuple((one.name, json.dumps(one.upto(), sort_keys=True)) for one in definitions)
    key = ("overlap", climbing.state(scope.at(store, as_of)), written)
    known: Overlap = store.scratch.kept(key, lambda _: compute(store, definitions, as_of), most=KEPT)
    return known


def bits(tests: Sequence[Any]) -> Any:
    """In which segments everybody is, as one number: the sum of a bit per segment."""
    return reduce(add, [test.ifelse(1 << place, 0) for place, test in enumerate(tests)]).cast("int32")


def _check(names: Sequence[str]) -> None:
    if not LEAST <= len(names) <= MOST:
        raise BadInputError(
            "overlap.how_many",
            "Between {least} and {most} segments can be laid over each other, not {n}. Nothing was counted.",
            least=LEAST,
            most=MOST,
            n=len(names),
        )
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadInputError("overlap.named_twice", "The segment “{name}” was named twice. Nothing was counted.", name=twice)


def _missing(store: Store, within: Scope, who: Any) -> dict[int, Missing]:
    """By the same number the purchases that are in no sum."""
    if not other_currencies.exist(store):
        return {}
    left = within.orders.filter(within.orders.is_purchase & within.orders.rate.isnull())
    rows = left.select("customer_id", "currency", kept=left.paid - left.refunded).join(who.select("customer_id", "bits"), "customer_id")
    counted = store.read(rows.group_by("bits", "currency").aggregate(orders=rows.count(), amount=rows.kept.sum()))
    values: dict[int, Missing] = {}
    for key, currency, orders, amount in counted.itertuples(index=False, name=None):
        values.setdefault(int(key), []).append(Unconverted(currency, int(orders), float(amount)))
    return {key: _sorted(some) for key, some in values.items()}


def _told(names: tuple[str, ...], groups: dict[int, Group]) -> Overlap:
    def within(test: Callable[[int], bool]) -> Group:
        return _sum([group for key, group in groups.items() if test(key)])

    everything = (1 << len(names)) - 1
    combinations = [
        Combination(tuple(name for place, name in enumerate(names) if key >> place & 1), group) for key, group in groups.items() if key
    ]
    segments = {name: within(lambda key, place=place: bool(key >> place & 1)) for place, name in enumerate(names)}  # type: ignore[misc]
    return Overlap(
        names,
        sorted(combinations, key=lambda one: (-one.people.customers, len(one.inside), sorted(one.inside))),
        segments,
        within(lambda key: key != 0),
        within(lambda key: key == everything),
        within(lambda key: key == 0),
    )


def _sum(groups: Sequence[Group]) -> Group:
    missing = [row for group in groups for row in group.other_currencies]
    each = [[row for row in missing if row.currency == currency] for currency in {row.currency for row in missing}]
    summed = [Unconverted(rows[0].currency, sum(row.orders for row in rows), sum(row.amount for row in rows)) for rows in each]
    return Group(sum(group.customers for group in groups), sum((group.spend for group in groups), Decimal("0.00")), _sorted(summed))


def _sorted(missing: Missing) -> Missing:
    return sorted(missing, key=lambda row: (-row.orders, row.currency))
