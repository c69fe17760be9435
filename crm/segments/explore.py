"""Exploring by clicks: what is chosen in each chart filters all the others. One query answers for every chart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, reduce
from typing import Any

import ibis

from crm.customers import dimensions, distributions
from crm.customers.dimensions import Dimension
from crm.customers.distributions import Bin
from crm.database import Store, tables
from crm.database.store import compiled, with_given
from crm.segments import compile, words
from crm.segments.scope import Node, Scope

Selection = Mapping[str, Sequence[str]]
"""Dimension name → keys of the chosen bins, in the order they were chosen. A dimension with no keys filters nothing."""
TOTAL = ""


@dataclass(frozen=True)
class Explored:
    """`bins`: per dimension, under the filters of all OTHER dimensions. `customers`, `spend`: under all of them.

    `steps`: the chosen dimensions with their filters in click order, ready to be the rungs of a ladder; `node` all of them together.
    """

    bins: dict[str, list[Bin]]
    customers: int
    spend: Decimal
    steps: tuple[tuple[str, Node], ...]

    @property
    def node(self) -> Node:
        """All chosen filters as one NODE."""
        return {"all": [node for _, node in self.steps]}

    def sentence(self, language: str) -> str:
        """The filter in words (`zh_CN` or `en`); empty when nothing is chosen."""
        return words.joined([node for _, node in self.steps], language)


def explore(store: Store, selection: Selection, context: Scope, names: Sequence[str] | None = None, by: str = "customers") -> Explored:
    """All distributions after a click. `by` (customers or spend) orders the bins that have no order of their own."""
    chosen = [dimensions.get(name) for name in (names or dimensions.DIMENSIONS)]
    steps = tuple((name, dimensions.get(name).bins.node(list(keys), context.shop)) for name, keys in selection.items() if keys)
    counting = _counting(tuple(one.name for one in chosen), tuple(name for name, _ in steps))
    found = store.frame(with_given(counting, _given(chosen, dict(steps), context)))
    rows: dict[str, list[Any]] = {name: [] for name in [TOTAL, *(dimension.name for dimension in chosen)]}
    for name, key, people, spend in found.itertuples(index=False, name=None):
        rows[name].append((key, people, spend))
    people, spend = next(((int(row[1]), Decimal(str(row[2]))) for row in rows[TOTAL]), (0, Decimal(0)))
    bins = {dimension.name: _sorted(dimension, rows[dimension.name], context, by) for dimension in chosen}
    return Explored(bins, people, spend, steps)


def _sorted(dimension: Dimension, rows: list[Any], context: Scope, by: str) -> list[Bin]:
    bins = distributions.arranged(dimension, rows, context)
    if by == "spend" and not dimension.bins.order(context.shop):
        return sorted(bins, key=lambda one: (one.bin == "unknown", -one.spend, one.bin))
    return bins


def _given(chosen: Sequence[Dimension], filters: Mapping[str, Node], context: Scope) -> dict[str, Any]:
    """What a click changes: every customer with their bins and, per filter, whether they pass it; and the categories they bought."""
    hits = {f"hit_{name}": compile.predicate(node, context) for name, node in filters.items()}
    bins = {f"bin_{dimension.name}": dimension.bins.bin(context) for dimension in chosen if not dimension.bins.several}
    base = context.facts.select("customer_id", "spend", **bins, **hits)
    if len(hits) > 1:  # whoever misses two filters is in no chart
        base = base.filter(reduce(lambda one, other: one + other, [base[hit].ifelse(0, 1) for hit in hits]) <= 1)
    return {"explored": base, "explored_categories": context.categories}


@cache
def _counting(names: tuple[str, ...], filtered: tuple[str, ...]) -> str:
    """What no click changes, compiled once. One row per dimension and bin, and one with an empty name for the whole."""
    chosen = [dimensions.get(name) for name in names]
    bins = {f"bin_{one.name}": "string" for one in chosen if not one.bins.several}
    hits = {f"hit_{name}": "boolean" for name in filtered}
    base = ibis.table({"customer_id": "string", "spend": "decimal(18, 2)"} | bins | hits, name="explored")
    parts = [_part(dimension, base, [hit for hit in hits if hit != f"hit_{dimension.name}"]) for dimension in chosen]
    return compiled(ibis.union(_whole(base, list(hits)), *parts))


def _whole(base: Any, hits: list[str]) -> Any:
    rows = _only(base, hits)
    counted = rows.group_by(bin=ibis.literal(TOTAL)).aggregate(customers=rows.count(), spend=rows.spend.sum())
    return _named(TOTAL, counted)


def _part(dimension: Dimension, base: Any, hits: list[str]) -> Any:
    rows = _only(base, hits)
    if dimension.bins.several:
        categories = ibis.table(tables.customer_categories.schema(), name="explored_categories")
        bought = categories.semi_join(rows, "customer_id") if hits else categories
        counted = bought.group_by(bin=bought.category).aggregate(customers=bought.count(), spend=bought.spend.sum())
    else:
        counted = rows.group_by(bin=rows[f"bin_{dimension.name}"]).aggregate(customers=rows.count(), spend=rows.spend.sum())
    return _named(dimension.name, counted)


def _only(base: Any, hits: list[str]) -> Any:
    return base.filter(reduce(lambda a, b: a & b, [base[hit] for hit in hits])) if hits else base


def _named(name: str, counted: Any) -> Any:
    return counted.select(dimension=ibis.literal(name), bin="bin", customers="customers", spend=counted.spend.cast("decimal(38, 2)"))
