"""Scope: the context of a filter: the day and its tables, plus the saved segments, lists and campaigns a filter may name."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crm.customers import context
from crm.customers.context import Context
from crm.database import Store, tables
from crm.segments import references
from crm.settings import Shop

Node = dict[str, Any]
SOURCES = (*(table.get_name() for table in tables.ALL), "segments", "campaigns", "customer_lists", "customer_list_members")
"""What a condition may look at."""


@dataclass(frozen=True)
class Scope(Context):
    """`saved`: each saved segment's rungs as one NODE, by name and by id. `campaigns`: id, name and channel of each.

    `lists`: the id of each list of customers, by its id and its name. `stamp`: how often SOURCES had been written when it was made.
    """

    saved: Mapping[str, Node] = field(default_factory=dict)
    campaigns: tuple[tuple[str, str, str], ...] = ()
    lists: Mapping[str, str] = field(default_factory=dict)
    stamp: tuple[int, ...] = ()


def at(store: Store, as_of: date, shop: Shop | None = None) -> Scope:
    """The scope of a day (shop day)."""
    stamp = store.written(SOURCES)  # before anything is read: what is written meanwhile belongs to the next scope
    parts = context.parts(store, as_of, shop)
    return Scope(**parts, saved=_saved(store), campaigns=_campaigns(store), lists=_lists(store), stamp=stamp)


def _saved(store: Store) -> dict[str, Node]:
    values: dict[str, Node] = {}
    names = references.names(store)
    for row in store.rows("SELECT segment_id, name, definition FROM segments WHERE deleted_at IS NULL"):
        rungs = references.swapped(json.loads(row["definition"]), names)["rungs"]
        node = {"all": [rung["where"] for rung in rungs if not rung.get("off")]}
        values |= {row["segment_id"]: node, row["name"]: node}
    return values


def _campaigns(store: Store) -> tuple[tuple[str, str, str], ...]:
    rows = store.rows("SELECT campaign_id, name, spec FROM campaigns")
    return tuple((row["campaign_id"], row["name"], str(json.loads(row["spec"] or "{}").get("channel", ""))) for row in rows)


def _lists(store: Store) -> dict[str, str]:
    rows = store.rows("SELECT list_id, name FROM customer_lists ORDER BY made_at")
    return {row["name"]: row["list_id"] for row in rows} | {row["list_id"]: row["list_id"] for row in rows}
