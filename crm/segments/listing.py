"""The members of a rung as a table: chosen columns, sorted by any of them, a page at a time; only the rows of the page are made in full."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import ibis
import pandas as pd

from crm.customers import attributes
from crm.database import Store
from crm.database.scratch import again
from crm.errors import BadInputError
from crm.segments import climbing, compiler, filters, scope
from crm.segments.definition import Definition
from crm.segments.scope import Node, Scope
from crm.segments.words import Pair

OWN: dict[str, Pair] = {
    "nickname": ("昵称", "Nickname"),
    "name": ("姓名", "Name"),
    "email_norm": ("邮箱", "E-mail"),
    "platform": ("平台", "Platform"),
    "shop": ("店铺", "Shop"),
}
"""What can be shown of each member besides the attributes."""
USUAL = tuple(
    "nickname name province city purchases spend last_purchase_at favourite_category email_norm phone_quality call_before".split()
)
NEAR = 2000
"""Up to here the database finds the first rows without putting all in order; further down only ids are sorted."""
FIRST = "spend"
"""What a table is sorted by until something else is chosen: highest first."""


@cache
def columns() -> dict[str, Pair]:
    """Every column by name, with its title in Chinese and English: who they are, and each attribute that has one value."""
    single = {one.name: (one.zh, one.en) for one in attributes.every().values() if one.kind != "set"}
    return OWN | single


def page(
    store: Store,
    definition: Definition,
    as_of: date,
    rung: str | None = None,
    *,
    shown: Sequence[str] = USUAL,
    by: str = FIRST,
    rising: bool = False,
    limit: int = 50,
    offset: int = 0,
) -> pd.DataFrame:
    """One page of the members of a rung: customer_id and the columns `shown`, sorted `by` any column, ties by customer_id.

    Who has no value comes last, however it is sorted. BadInputError for a column or rung that is not there.
    """
    for name in (*shown, by):
        if name not in columns():
            known = ", ".join(filters.nearest(name, list(columns())))
            raise BadInputError("segment.unknown_column", "There is no column “{name}”. Nearest known: {known}.", name=name, known=known)
    within, names = scope.at(store, as_of), list(dict.fromkeys([*shown, by]))

    def rows() -> pd.DataFrame:
        members = _members(store, definition, within, rung)
        return store.read(_page(within, members, names, by, rising, limit, offset))

    return again(rows)[["customer_id", *shown]]


def _page(within: Scope, members: Any, names: list[str], by: str, rising: bool, limit: int, offset: int) -> Any:
    """The rows of one page; of those far down only the ids are sorted."""
    if offset < NEAR and not any(name not in OWN and attributes.every()[name].rows for name in names):
        return _sorted(valued(within, members, names), by, rising).limit(limit, offset=offset)
    picked = _sorted(valued(within, members, [by]), by, rising).limit(limit, offset=offset)
    return _sorted(valued(within, within.facts.semi_join(picked, "customer_id"), names), by, rising)


def _sorted(rows: Any, by: str, rising: bool) -> Any:
    return rows.order_by([(ibis.asc if rising else ibis.desc)(rows[by], nulls_first=False), "customer_id"])


def _members(store: Store, definition: Definition, within: Scope, rung: str | None) -> Any:
    """The members' facts: by the ladder as counted last, where orders or messages have to be looked through; else by its conditions."""
    place, key = definition.places()[definition.checked(rung)]
    above = [step.where for step in definition.rungs[: place + 1] if not step.off]
    kept = None if key or all(map(_plain, above)) else climbing.counted(store, above, within)
    if kept is not None:
        return within.facts.semi_join(kept.filter(kept.depth >= len(above)), "customer_id")
    return within.facts.filter(compiler.predicate(definition.upto(rung), within))


def _plain(node: Node) -> bool:
    """Whether the facts alone answer a condition."""
    if "field" in node:
        return not filters.field_of(node["field"]).rows
    return (
        all(map(_plain, node.get("all") or node.get("any") or []))
        if node.keys() & {"all", "any"}
        else "not" in node and _plain(node["not"])
    )


def valued(within: Scope, facts: Any, names: Sequence[str]) -> Any:
    """customer_id and a column per name, for some rows of the facts."""
    some, known = replace(within, facts=facts), attributes.every()
    plain = {name: facts[name] if name in OWN else known[name].of(some) for name in names if name in OWN or not known[name].rows}
    result = facts.select("customer_id", **plain)
    for name in names:
        if name not in plain:  # counted over everybody: the usual interval of a category, say
            value = known[name].of(within).select("customer_id", **{name: "value"})
            result = result.left_join(value, "customer_id").drop("customer_id_right")
    return result
