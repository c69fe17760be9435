"""Exploring by clicks: what is chosen in each chart filters all the others. One query answers for every chart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache, reduce
from operator import add
from typing import Any

import ibis

from crm.customers import dimensions, distributions, other_currencies, place_names
from crm.customers.attribute import Dimension
from crm.customers.bins import Words
from crm.customers.distributions import Bin
from crm.customers.other_currencies import Missing
from crm.database import Store, tables
from crm.database.compiling import compiled, with_given
from crm.segments import compiler, encoded, words
from crm.segments.encoded import Encoded
from crm.segments.scope import Node, Scope

Selection = Mapping[str, Sequence[str]]
"""Dimension name → keys of the chosen bins, in the order they were chosen. A dimension with no keys filters nothing."""
TOTAL = ""
WHOLE = -1
MOST = 6
"""So many choices of charts are kept as they are while nothing is clicked."""
COUNTED = {"number": "int32", "orders": "int32", "spend": "decimal(18, 2)"}


@dataclass(frozen=True)
class Explored:
    """`bins`: per dimension, under the filters of all OTHER dimensions. `customers`, `orders`, `spend`: under all of them.
    `other_currencies`: their purchases whose money is in no sum.

    `steps`: the chosen dimensions with their filters in click order, ready to be the rungs of a ladder; `node` all of them together.
    """

    bins: dict[str, list[Bin]]
    customers: int
    orders: int
    spend: Decimal
    steps: tuple[tuple[str, Node], ...]
    other_currencies: Missing

    @property
    def node(self) -> Node:
        """All chosen filters as one NODE."""
        return {"all": [node for _, node in self.steps]}

    def sentence(self, language: str) -> str:
        """The filter in words (`zh_CN` or `en`); empty when nothing is chosen."""
        return words.joined([node for _, node in self.steps], language)


def explore(store: Store, selection: Selection, context: Scope, names: Sequence[str] | None = None, by: str = "customers") -> Explored:
    """All distributions after a click. `by` (customers, orders or spend) ranks the bins that have no order of their own."""
    chosen = [dimensions.get(name) for name in (names or dimensions.every())]
    clicked = {dimensions.get(name).name: list(keys) for name, keys in selection.items() if keys}
    if clicked or context.facts is not tables.customer_facts:
        return _explored(store, context, chosen, clicked, by)
    key = ("everybody", *encoded.state(store, context), tuple(one.name for one in chosen), by)
    everybody: Explored = store.scratch.kept(key, lambda _: _explored(store, context, chosen, clicked, by), most=MOST)
    return everybody


def _explored(store: Store, context: Scope, chosen: Sequence[Dimension], clicked: Mapping[str, list[str]], by: str) -> Explored:
    steps = tuple((name, dimensions.get(name).bins.node(keys, context.shop)) for name, keys in clicked.items())
    look = clicked_look(store, context, tuple(one.name for one in chosen), clicked) if clicked else first_look(store, context)
    sums = ((int(row[1]), int(row[2]), Decimal(str(row[3]))) for row in look.rows[TOTAL] if row[1])
    people, orders, spend = next(sums, (0, 0, Decimal(0)))
    bins = {dimension.name: _sorted(dimension, look.rows[dimension.name], context, by, look.abroad) for dimension in chosen}
    return Explored(bins, people, orders, spend, steps, _missing(store, context, steps))


@dataclass(frozen=True)
class Look:
    """What was counted: dimension (TOTAL: everybody who is chosen) → rows of bin, customers, orders, spend. `abroad`: as in Encoded."""

    rows: dict[str, list[Any]]
    abroad: dict[str, Words]


def _look(items: Iterable[tuple[str, Any]], abroad: dict[str, Words]) -> Look:
    rows: dict[str, list[Any]] = {name: [] for name in [TOTAL, *dimensions.every()]}
    for name, row in items:
        rows[name].append(row)
    return Look(rows, abroad)


def first_look(store: Store, context: Scope) -> Look:
    """All dimensions while nothing is clicked, once per state of the data: straight from the facts, which is sooner than coding them."""
    if context.facts is not tables.customer_facts:
        return clicked_look(store, context, tuple(dimensions.every()), {})
    look: Look = store.scratch.kept(("first look", *encoded.state(store, context)), lambda _: _first_look(store, context))
    return look


def _first_look(store: Store, context: Scope) -> Look:
    counted = [
        distributions.counts(one, context.facts, context).mutate(dimension=ibis.literal(one.name)) for one in dimensions.every().values()
    ]
    whole = distributions.total(context.facts).mutate(bin=ibis.literal(TOTAL), dimension=ibis.literal(TOTAL))
    rows = store.read(ibis.union(*[one.select("dimension", "bin", "customers", "orders", "spend") for one in [whole, *counted]]))
    abroad = place_names.named(store.read(place_names.abroad(context)).itertuples(index=False, name=None))
    return _look(((name, row) for name, *row in rows.itertuples(index=False, name=None)), abroad)


def clicked_look(store: Store, context: Scope, names: tuple[str, ...], clicked: Mapping[str, list[str]]) -> Look:
    """Some dimensions under what is clicked in all others, by numbers (`encoded`)."""
    everyone = encoded.of(store, context)
    given = _given(everyone, tuple((name, tuple(keys)) for name, keys in clicked.items()))
    result = store.frame(with_given(_counting(names, tuple(clicked)), given)).itertuples(index=False, name=None)
    rows = ((everyone.keys.get(code, (TOTAL, TOTAL)), sums) for code, *sums in result)
    return _look(((name, (key, *sums)) for (name, key), sums in rows), everyone.abroad)


def _missing(store: Store, context: Scope, steps: tuple[tuple[str, Node], ...]) -> Missing:
    if not other_currencies.exist(store):
        return []
    who = context.facts.filter(compiler.predicate({"all": [node for _, node in steps]}, context)) if steps else context.facts
    return other_currencies.listed(store, context.orders, who)


def _sorted(dimension: Dimension, rows: list[Any], context: Scope, by: str, abroad: Mapping[str, Words]) -> list[Bin]:
    bins = distributions.arranged(dimension, rows, context, abroad)
    if by != "customers" and not dimension.bins.order(context.shop):
        return sorted(bins, key=lambda one: (one.bin == "unknown", -getattr(one, by), one.bin))
    return bins


@lru_cache(maxsize=500)
def _given(everyone: Encoded, clicked: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, str]:
    """What a click changes: which filters every customer misses, as the sum of their bits. Whoever misses two is in no chart.

    Compiling takes most of a click's time, and many people click on the same few bars: the newest queries are kept.
    """
    bits = _bits(tuple(name for name, _ in clicked))
    missed = [everyone.hits(name, keys).ifelse(0, bits[name]) for name, keys in clicked]
    people = everyone.people.mutate(missed=reduce(add, missed, ibis.literal(0)).cast("int32"))
    sets = {f"explored_{name}": compiled(rows) for name, rows in everyone.sets.items()}
    return {"explored": compiled(people.filter(people.missed.isin([0, *bits.values()]))), **sets}


def _bits(names: tuple[str, ...]) -> dict[str, int]:
    return {name: 1 << place for place, name in enumerate(names)}


@cache
def _counting(names: tuple[str, ...], filtered: tuple[str, ...]) -> str:
    """What no click changes, compiled once: customers, orders, spend per code, and of the whole under a code that is no bin's.

    Who passes all filters is in every chart; who misses one only in the chart of that dimension.
    """
    columns = {**COUNTED, "missed": "int32"} | {f"code_{name}": "int32" for name in encoded.single()}
    people, bits = ibis.table(columns, name="explored"), _bits(filtered)
    shown = [name for name in names if name in encoded.single()]
    inside = people.filter(people.missed == 0)
    items = [inside.select("orders", "spend", code=ibis.literal(WHOLE).cast("int32"))]
    if shown:
        items.append(inside.select("orders", "spend", code=ibis.array([inside[f"code_{name}"] for name in shown]).unnest()))
    for name in set(shown) & bits.keys():
        missing = people.filter(people.missed == bits[name])
        items.append(missing.select("orders", "spend", code=missing[f"code_{name}"]))
    items += [_bought(name, people, bits) for name in names if name not in encoded.single()]
    rows = ibis.union(*items)
    return compiled(rows.group_by("code").aggregate(customers=rows.count(), orders=rows.orders.sum(), spend=rows.spend.sum()))


def _bought(name: str, people: Any, bits: Mapping[str, int]) -> Any:
    bought = ibis.table({**COUNTED, "code": "int32"}, name=f"explored_{name}")
    if bits:
        bought = bought.semi_join(people.filter(people.missed.isin([0, bits.get(name, 0)])), "number")
    return bought.select("orders", "spend", "code")
