"""What lies on the shelf: one kept segment, all of them, found by words and tags; the deleted ones; the versions of one."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.database import Store
from crm.errors import NotFoundError
from crm.segments import filters, references, words
from crm.segments.definition import Definition, parse


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment as it stands, `deleted` or not."""

    segment_id: str
    name: str
    definition: Definition
    version: int
    deleted: bool
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A segment in the list, with the number of its rungs. Moments are UTC.

    `fixed`: it is made of lists only, so its people stay the same. `changed_by`: who saved it last; empty where nobody knows.
    """

    segment_id: str
    name: str
    rungs: int
    tags: tuple[str, ...]
    fixed: bool
    created_at: datetime
    updated_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """A segment that can be brought back. The moment is UTC."""

    segment_id: str
    name: str
    deleted_at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """A segment as it was saved at a moment (UTC) by somebody (empty where nobody wrote it down)."""

    version: int
    definition: Definition
    saved_at: datetime
    actor: str


_LISTED = """
SELECT segment_id, name, definition AS rungs, tags, definition AS fixed, created_at, updated_at, coalesce(actor, '') AS changed_by
FROM segments LEFT JOIN (SELECT segment_id, arg_max(actor, version) AS actor FROM segment_versions GROUP BY segment_id) USING (segment_id)
WHERE deleted_at IS NULL ORDER BY updated_at DESC, name
"""


def listed(store: Store) -> list[Listed]:
    """All kept segments, newest first."""
    return store.rows_as(
        Listed,
        _LISTED,
        rungs=lambda text: len(json.loads(text)["rungs"]),
        tags=lambda text: tuple(json.loads(text)),
        fixed=lambda text: all(_is_fixed(rung["where"]) for rung in json.loads(text)["rungs"] if not rung.get("off")),
    )


def _is_fixed(node: Any) -> bool:
    parts = node.get("all") or node.get("any")
    return all(map(_is_fixed, parts)) if parts else "in_list" in node


def standing(store: Store, segment_id: str) -> Segment | None:
    """How a segment stands now, deleted or not."""
    return next(iter(_read(store, "WHERE segment_id = ?", [segment_id])), None)


def _read(store: Store, where: str, values: Sequence[str]) -> list[Segment]:
    sql = f"SELECT segment_id, name, definition, version, deleted_at IS NOT NULL AS deleted, tags FROM segments {where}"  # noqa: S608 (our own words)
    return store.rows_as(Segment, sql, values, definition=named(store), tags=lambda text: tuple(json.loads(text)))


def named(store: Store) -> Callable[[str], Definition]:
    """How the definition of a row is read: with the segments it looks into by their names of today."""
    names = references.names(store)
    return lambda text: parse(references.swapped(json.loads(text), names))


def find(store: Store, name_or_id: str) -> Segment:
    """A kept segment; NotFoundError naming the nearest."""
    result = _read(store, "WHERE deleted_at IS NULL AND ? IN (segment_id, name) ORDER BY segment_id <> ?", [name_or_id, name_or_id])
    if not result:
        known = filters.nearest(name_or_id, list(references.ids(store))) or ["—"]
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


def search(store: Store, text: str, tags: Collection[str], language: str) -> list[Listed]:
    """The kept segments with all these tags, and with all words of `text` in their name, their tags or what they say in a language."""
    rows = [row for row in listed(store) if set(tags) <= set(row.tags)]
    wanted = text.lower().split()
    if not wanted:
        return rows
    said = _said(store, language)
    return [row for row in rows if all(word in f"{row.name} {' '.join(row.tags)} {said[row.segment_id]}".lower() for word in wanted)]


def _said(store: Store, language: str) -> dict[str, str]:
    """What each segment says: the names of its rungs and their conditions in words."""
    names, values = references.names(store), dict[str, str]()
    for row in store.rows("SELECT segment_id, definition FROM segments WHERE deleted_at IS NULL"):
        rungs = references.swapped(json.loads(row["definition"])["rungs"], names)
        values[row["segment_id"]] = " ".join(f"{rung['name']} {words.describe(rung['where'], language)}" for rung in rungs)
    return values


def known_tags(store: Store) -> list[str]:
    """Every tag of a kept segment, once."""
    return sorted({tag for row in listed(store) for tag in row.tags})


def deleted(store: Store, limit: int = 10) -> list[Deleted]:
    """The segments that were deleted last, newest first."""
    sql = "SELECT segment_id, name, deleted_at FROM segments WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, name LIMIT ?"
    return store.rows_as(Deleted, sql, [limit])


def versions(store: Store, segment_id: str) -> list[Version]:
    """Every state of a segment that was saved, the latest first. The segments it looks into are named as they are called today."""
    sql = "SELECT version, definition, saved_at, actor FROM segment_versions WHERE segment_id = ? ORDER BY version DESC"
    return store.rows_as(Version, sql, [segment_id], definition=named(store))
