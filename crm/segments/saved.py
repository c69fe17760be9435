"""Saved segments: the only writer of the table `segments`. Deleted ones stay in the table and can be brought back."""

import json
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from crm.accounts import acting, audit
from crm.accounts.acting import Right
from crm.database import Store
from crm.errors import BadInputError, ChangedError, NotFoundError, Sentence
from crm.segments import compiler, filters, scope
from crm.segments.definition import Definition, parse

BIGGEST = 1_000_000
CHANGED = Sentence(
    "segment.changed_elsewhere",
    "“{name}” has been changed in another tab or by somebody else since you opened it. Nothing was overwritten.",
)
GONE = Sentence(
    "segment.deleted_elsewhere",
    "“{name}” has been deleted in another tab or by somebody else since you opened it. Nothing was changed.",
)
_one_at_a_time = threading.Lock()
"""Held from looking at names and versions until the row is written."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment as it stands, `deleted` or not."""

    segment_id: str
    name: str
    definition: Definition
    version: int
    deleted: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A segment in the list, with the number of its rungs. Moments are UTC."""

    segment_id: str
    name: str
    rungs: int
    created_at: datetime
    updated_at: datetime


@acting.needs(Right.SEGMENTS)
def save(store: Store, definition: Definition, now: datetime, segment_id: str | None = None, seen: int | None = None) -> str:
    """Keep a segment, a new one or (with `segment_id`) instead of the kept one; its id.

    Names are unique; circles are refused. A deleted one that is saved again is back. Raises ChangedError where the kept one is no longer
    in the version `seen` (None: whatever it is).
    """
    with _one_at_a_time:
        _name_free(store, definition.name, segment_id)
        chosen = segment_id or uuid.uuid4().hex[:12]
        _no_circle(store, definition, chosen, now.date())
        body = json.dumps(definition.model_dump(), ensure_ascii=False)
        with store.transaction() as change:
            if segment_id is None:
                sql = "INSERT INTO segments (segment_id, name, definition, created_at, updated_at) VALUES (?, ?, ?, ?, ?)"
                change.execute(sql, [chosen, definition.name, body, now, now])
            else:
                sql = (
                    "UPDATE segments SET name = ?, definition = ?, updated_at = ?, deleted_at = NULL, version = version + 1 "
                    "WHERE segment_id = ? AND version = coalesce(?, version)"
                )
                _one(change.execute(sql, [definition.name, body, now, chosen, seen]), store, chosen)
            audit.noted(change, now, "screen", "segment.save", f"{chosen}: {definition.name}")
    return chosen


def _one(changed: int, store: Store, segment_id: str) -> None:
    """Raises ChangedError unless exactly the row that was looked at was changed."""
    if changed:
        return
    now = standing(store, segment_id)
    raise ChangedError(*(CHANGED if now and not now.deleted else GONE), name=now.name if now else segment_id)


def standing(store: Store, segment_id: str) -> Segment | None:
    """How a segment stands now, deleted or not."""
    return next(iter(_read(store, "WHERE segment_id = ?", [segment_id])), None)


def _read(store: Store, where: str, values: Sequence[str]) -> list[Segment]:
    sql = f"SELECT segment_id, name, definition, version, deleted_at IS NOT NULL AS deleted FROM segments {where}"  # noqa: S608 (our own words)
    return store.rows_as(Segment, sql, values, definition=lambda text: parse(json.loads(text)))


def _name_free(store: Store, name: str, segment_id: str | None) -> None:
    if not name.strip():
        raise BadInputError("segment.unnamed", "A segment needs a name. It was not saved.")
    row = store.one("SELECT segment_id FROM segments WHERE name = ? AND deleted_at IS NULL", [name])
    if row and row["segment_id"] != segment_id:
        raise BadInputError(
            "segment.name_taken", "There is already a segment called “{name}”. It was not saved; please choose another name.", name=name
        )


def _no_circle(store: Store, definition: Definition, segment_id: str, day: date) -> None:
    within = scope.at(store, day)
    own = {name: node for name, node in within.saved.items() if name != segment_id}
    names = _names(store, segment_id) | {definition.name, segment_id}
    for name in used(definition):
        _follow(name, own, names, (definition.name,))


def _names(store: Store, segment_id: str) -> set[str]:
    return {row["name"] for row in store.rows("SELECT name FROM segments WHERE segment_id = ?", [segment_id])}


def _follow(name: str, saved: dict[str, Any], own: set[str], path: tuple[str, ...]) -> None:
    if name in own or name in path:
        whole = " → ".join((*path, name))
        raise BadInputError(
            "segment.circular", "The segment “{name}” leads back to itself ({path}). Please take that condition out.", name=name, path=whole
        )
    for further in named_in(compiler.saved_node(name, saved)):
        _follow(further, saved, own, (*path, name))


def used(definition: Definition) -> set[str]:
    """The names of the segments a definition looks into."""
    return {name for rung in definition.rungs for name in named_in(rung.where)}


def named_in(node: Any) -> set[str]:
    """The names after every `in_segment` of a NODE."""
    if isinstance(node, list):
        return {name for part in node for name in named_in(part)}
    if not isinstance(node, dict):
        return set()
    if "in_segment" in node:
        return {node["in_segment"]}
    return {name for part in node.values() for name in named_in(part)}


def listed(store: Store) -> list[Listed]:
    """All kept segments, newest first."""
    sql = (
        "SELECT segment_id, name, definition AS rungs, created_at, updated_at FROM segments WHERE deleted_at IS NULL "
        "ORDER BY updated_at DESC, name"
    )
    return store.rows_as(Listed, sql, rungs=lambda text: len(json.loads(text)["rungs"]))


def find(store: Store, name_or_id: str) -> Segment:
    """A kept segment; NotFoundError naming the nearest."""
    result = _read(store, "WHERE deleted_at IS NULL AND ? IN (segment_id, name) ORDER BY segment_id <> ?", [name_or_id, name_or_id])
    if not result:
        known = filters.nearest(name_or_id, [row.name for row in listed(store)]) or ["—"]
        raise NotFoundError(
            "segment.not_found",
            "There is no segment “{name}”. Nearest known: {known}.",
            name=filters.short(name_or_id),
            known=", ".join(known),
        )
    return result[0]


def get(store: Store, name_or_id: str) -> Definition:
    """The definition of a kept segment by name or id."""
    return find(store, name_or_id).definition


@acting.needs(Right.SEGMENTS)
def copy(store: Store, name_or_id: str, name: str, now: datetime) -> str:
    """Keep a copy under another name; its id."""
    return save(store, get(store, name_or_id).model_copy(update={"name": name}), now)


@acting.needs(Right.SEGMENTS)
def delete(store: Store, name_or_id: str, now: datetime, seen: int | None = None) -> str:
    """Take a segment out of the list; its id, for `restore`. Raises ChangedError where it is no longer in the version `seen`."""
    segment_id = find(store, name_or_id).segment_id
    with _one_at_a_time, store.transaction() as change:
        sql = "UPDATE segments SET deleted_at = ?, version = version + 1 WHERE segment_id = ? AND version = coalesce(?, version)"
        _one(change.execute(sql, [now, segment_id, seen]), store, segment_id)
        audit.noted(change, now, "screen", "segment.delete", segment_id)
    return segment_id


@acting.needs(Right.SEGMENTS)
def restore(store: Store, segment_id: str, now: datetime) -> None:
    """Bring a deleted segment back; refused when its name has been given to another one."""
    row = store.one("SELECT name FROM segments WHERE segment_id = ?", [segment_id])
    with _one_at_a_time:
        _name_free(store, row["name"] if row else "", segment_id)
        with store.transaction() as change:
            change.execute("UPDATE segments SET deleted_at = NULL, version = version + 1 WHERE segment_id = ?", [segment_id])
            audit.noted(change, now, "screen", "segment.restore", segment_id)


def load(store: Store, file_or_name: str) -> Definition:
    """A definition from a JSON file (a path ending in .json) or a kept segment's name or id."""
    path = Path(file_or_name)
    if path.suffix.lower() != ".json":
        return get(store, file_or_name)
    return from_file(path)


def from_file(path: Path) -> Definition:
    """A definition from a JSON file; raises NotFoundError or BadInputError with a sentence."""
    if not path.is_file():
        raise NotFoundError("segment_file.missing", "There is no file {path}. Nothing was counted.", path=path)
    if path.stat().st_size > BIGGEST:
        raise BadInputError("segment_file.too_large", "{path} is too large for a segment file. Nothing was counted.", path=path)
    try:
        return parse(json.loads(path.read_text(encoding="utf-8-sig")))
    except (ValueError, RecursionError) as error:
        raise BadInputError(
            "segment_file.not_json", "{path} is not a JSON file ({reason}). Nothing was counted.", path=path, reason=filters.short(error)
        ) from error
