"""Scope: the context of a filter: the day and its tables, plus the saved segments and campaigns a filter may name."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crm.customers import context
from crm.customers.context import Context
from crm.database import Store
from crm.settings import Shop

Node = dict[str, Any]


@dataclass(frozen=True)
class Scope(Context):
    """`saved`: each saved segment's rungs as one NODE, by name and by id. `campaigns`: id, name and channel of each."""

    saved: Mapping[str, Node] = field(default_factory=dict)
    campaigns: tuple[tuple[str, str, str], ...] = ()


def at(store: Store, as_of: date, shop: Shop | None = None) -> Scope:
    """The scope of a day (shop day)."""
    return Scope(**context.parts(store, as_of, shop), saved=_saved(store), campaigns=_campaigns(store))


def _saved(store: Store) -> dict[str, Node]:
    values: dict[str, Node] = {}
    for row in store.rows("SELECT segment_id, name, definition FROM segments WHERE deleted_at IS NULL"):
        node = {"all": [rung["where"] for rung in json.loads(row["definition"])["rungs"] if not rung.get("off")]}
        values |= {row["segment_id"]: node, row["name"]: node}
    return values


def _campaigns(store: Store) -> tuple[tuple[str, str, str], ...]:
    rows = store.rows("SELECT campaign_id, name, spec FROM campaigns")
    return tuple((row["campaign_id"], row["name"], str(json.loads(row["spec"] or "{}").get("channel", ""))) for row in rows)
