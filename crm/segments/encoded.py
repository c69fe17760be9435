"""Every customer with a number per dimension instead of words, made once per state of the data: a click only compares numbers."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import ibis
from ibis.expr.operations import UnboundTable

from crm.customers import dimensions, place_names
from crm.customers.attribute import Dimension
from crm.customers.bins import Words
from crm.database import Store, tables
from crm.database.compiling import compiled
from crm.database.scratch import Bench
from crm.segments.scope import Scope

SOURCES = ("customer_facts", "customer_categories", "orders", "order_lines", "customers")


@dataclass(frozen=True, eq=False)
class Encoded:
    """`people`: number, orders, spend, a column `code_…` per single dimension. `sets`: of each other dimension number, orders, spend, code:
    a row per customer and bin. `keys`: code → dimension and bin. `abroad`: what regions outside China are called.
    """

    people: Any
    sets: dict[str, Any]
    keys: dict[int, tuple[str, str]]
    abroad: dict[str, Words]

    def hits(self, dimension: str, bins: Sequence[str]) -> Any:
        """Whether each of `people` is in one of these bins of a dimension."""
        codes = [code for code, (name, key) in self.keys.items() if name == dimension and key in bins]
        if dimension in self.sets:
            rows = self.sets[dimension]
            return self.people.number.isin(rows.filter(rows.code.isin(codes)).number)
        return self.people[f"code_{dimension}"].isin(codes)


def single() -> dict[str, Dimension]:
    """The dimensions in which every customer is in one bin."""
    return {name: one for name, one in dimensions.every().items() if not one.bins.several}


def several() -> dict[str, Dimension]:
    """The dimensions in which a customer can be in several bins, or in none."""
    return {name: one for name, one in dimensions.every().items() if one.bins.several}


def of(store: Store, context: Scope) -> Encoded:
    """The encoded customers of a context: day, settings and data as they stand."""
    encoded: Encoded = store.scratch.kept(("coded", *state(store, context)), lambda bench: _made(store, bench, context))
    return encoded


def state(store: Store, context: Scope) -> tuple[Hashable, ...]:
    """The same as long as every customer stays in the same bins."""
    source = "" if context.facts is tables.customer_facts else compiled(context.facts)
    return store.written(_sources(context)), context.as_of, context.shop.model_dump_json(), source


def _sources(context: Scope) -> tuple[str, ...]:
    """The tables that the codes are made of; attributes with rows of their own may read others."""
    rows = [one.attribute.of(context) for one in dimensions.every().values() if one.attribute.rows]
    return (*SOURCES, *sorted({table.name for one in rows for table in one.op().find(UnboundTable)} - set(SOURCES)))


def _made(store: Store, bench: Bench, context: Scope) -> Encoded:
    within = dimensions.counted(context, single().values())
    bins = {f"bin_{name}": one.bins.bin(within) for name, one in single().items()}
    numbers = {"number": ibis.row_number().cast("int32"), "orders": within.facts.purchases.cast("int32")}
    result = bench.put(within.facts.select("customer_id", "spend", **numbers, **bins))
    bought = {name: bench.put(_numbered(one.per_bin(context), result)) for name, one in several().items()}
    columns = [result.select(dimension=ibis.literal(name), bin=f"bin_{name}") for name in single()]
    columns += [rows.select(dimension=ibis.literal(name), bin="bin") for name, rows in bought.items()]
    values = ibis.union(*columns, distinct=True)
    place = ibis.row_number().over(order_by=["dimension", "bin"])
    codes = bench.put(values.mutate(code=place.cast("int32")))
    keys = {int(code): (dimension, key) for dimension, key, code in store.read(codes).itertuples(index=False, name=None)}
    narrow = codes.mutate(code=codes.code.cast("int16")) if len(keys) < 1 << 15 else codes
    people = bench.put(_people(result, narrow))
    sets = {name: bench.put(_set(rows, narrow, name)) for name, rows in bought.items()}
    for done in (result, *bought.values()):
        bench.drop(done)
    return Encoded(people, sets, keys, place_names.named(store.read(place_names.abroad(context)).itertuples(index=False, name=None)))


def _numbered(rows: Any, people: Any) -> Any:
    numbered = rows.join(people.select("customer_id", "number"), "customer_id")
    return numbered.select("number", "spend", "bin", orders=numbered.orders.cast("int32"))


def _people(result: Any, codes: Any) -> Any:
    encoded = reduce(lambda rows, name: rows.join(_codes(codes, name), f"bin_{name}"), single(), result)
    return encoded.select("number", "orders", "spend", *[f"code_{name}" for name in single()])


def _set(rows: Any, codes: Any, name: str) -> Any:
    own = codes.filter(codes.dimension == name).select("bin", "code")
    return rows.join(own, "bin").select("number", "orders", "spend", "code")


def _codes(codes: Any, name: str) -> Any:
    own = codes.filter(codes.dimension == name)
    return own.select(**{f"bin_{name}": own["bin"], f"code_{name}": own.code})
