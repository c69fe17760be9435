"""Saved segments: the only writer of `segments` and `segment_versions`. Deleted ones stay in the table and can be brought back."""

import json
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from crm.accounts import acting, audit
from crm.accounts.acting import Right
from crm.database import Store, Transaction
from crm.errors import BadInputError, ChangedError, NotFoundError, Sentence
from crm.segments import circles, filters, ladder, lists, references, scope, shelved, words
from crm.segments.definition import Definition, Rung
from crm.segments.shelved import find as find
from crm.segments.shelved import get as get
from crm.segments.shelved import listed as listed
from crm.segments.shelved import standing as standing

CHANGED = Sentence(
    "segment.changed_elsewhere",
    "“{name}” has been changed in another tab or by somebody else since you opened it. Nothing was overwritten.",
)
GONE = Sentence(
    "segment.deleted_elsewhere",
    "“{name}” has been deleted in another tab or by somebody else since you opened it. Nothing was changed.",
)
Follow = Callable[[Transaction, str, str, datetime], None]
"""What is above segments and names one is told inside the change that renames it: the name before, the name from now on."""
LONGEST_TAG = 30
_one_at_a_time = threading.Lock()
"""Held from looking at names and versions until the row is written."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """What came of freezing a segment: the new one, its list, and how many people are on it."""

    segment_id: str
    list_id: str
    name: str
    people: int


@acting.needs(Right.SEGMENTS)
def save(
    store: Store,
    definition: Definition,
    now: datetime,
    segment_id: str | None = None,
    seen: int | None = None,
    follow: Follow | None = None,
) -> str:
    """Keep a segment, a new one or (with `segment_id`) instead of the kept one; its id. Each state that was kept stays as a version.

    Names are unique; circles are refused. A deleted one that is saved again is back. Segments that look into a renamed one go on doing so;
    `follow` is told of the new name. Raises ChangedError where the kept one is no longer in the version `seen` (None: whatever it is).
    """
    with _one_at_a_time:
        _name_free(store, definition.name, segment_id)
        chosen = segment_id or uuid.uuid4().hex[:12]
        circles.refuse(store, definition, chosen, now.date())
        with store.transaction() as change:
            _by_ids(change)
            if segment_id is None:
                _insert(change, chosen, definition, now)
            else:
                _replace(change, store, chosen, definition, now, seen, follow)
    return chosen


def _insert(change: Transaction, segment_id: str, definition: Definition, now: datetime) -> None:
    sql = "INSERT INTO segments (segment_id, name, definition, created_at, updated_at) VALUES (?, ?, ?, ?, ?)"
    change.execute(sql, [segment_id, definition.name, _on_file(change, definition), now, now])
    _saved(change, segment_id, definition.name, now)


def _replace(
    change: Transaction, store: Store, segment_id: str, definition: Definition, now: datetime, seen: int | None, follow: Follow | None
) -> None:
    here = change.rows("SELECT name FROM segments WHERE segment_id = ? AND deleted_at IS NULL", [segment_id])
    sql = (
        "UPDATE segments SET name = ?, definition = ?, updated_at = ?, deleted_at = NULL, version = version + 1 "
        "WHERE segment_id = ? AND version = coalesce(?, version)"
    )
    _one(change.execute(sql, [definition.name, _on_file(change, definition), now, segment_id, seen]), store, segment_id)
    if follow and here and here[0]["name"] != definition.name:
        follow(change, here[0]["name"], definition.name, now)
    _saved(change, segment_id, definition.name, now)


def _saved(change: Transaction, segment_id: str, name: str, now: datetime) -> None:
    _keep_version(change, segment_id, now)
    audit.noted(change, now, "screen", "segment.save", f"{segment_id}: {name}")


def _keep_version(change: Transaction, segment_id: str, now: datetime) -> None:
    change.execute(
        "INSERT INTO segment_versions (segment_id, version, name, definition, saved_at, actor) "
        "SELECT segment_id, version, name, definition, ?, ? FROM segments WHERE segment_id = ?",
        [now, acting.named("screen"), segment_id],
    )


def _on_file(change: Transaction, definition: Definition) -> str:
    return json.dumps(references.swapped(definition.model_dump(), references.ids(change)), ensure_ascii=False)


def _by_ids(change: Transaction) -> None:
    """Before a name changes or goes: definitions of older shops that still name segments by their names name them by their ids."""
    known = references.ids(change)
    for row in change.rows("SELECT segment_id, definition FROM segments WHERE contains(definition, 'in_segment')"):
        told = json.loads(row["definition"])
        if references.named_in(told) & known.keys():
            body = json.dumps(references.swapped(told, known), ensure_ascii=False)
            change.execute("UPDATE segments SET definition = ? WHERE segment_id = ?", [body, row["segment_id"]])
    for row in change.rows("SELECT segment_id, version, definition FROM segment_versions WHERE contains(definition, 'in_segment')"):
        told = json.loads(row["definition"])
        if references.named_in(told) & known.keys():
            body = json.dumps(references.swapped(told, known), ensure_ascii=False)
            sql = "UPDATE segment_versions SET definition = ? WHERE segment_id = ? AND version = ?"
            change.execute(sql, [body, row["segment_id"], row["version"]])


def _one(changed: int, store: Store, segment_id: str) -> None:
    """Raises ChangedError unless exactly the row that was looked at was changed."""
    if changed:
        return
    now = standing(store, segment_id)
    raise ChangedError(*(CHANGED if now and not now.deleted else GONE), name=now.name if now else segment_id)


def _name_free(store: Store, name: str, segment_id: str | None) -> None:
    if not name.strip():
        raise BadInputError("segment.unnamed", "A segment needs a name. It was not saved.")
    row = store.one("SELECT segment_id FROM segments WHERE name = ? AND deleted_at IS NULL", [name])
    if row and row["segment_id"] != segment_id:
        raise BadInputError(
            "segment.name_taken", "There is already a segment called “{name}”. It was not saved; please choose another name.", name=name
        )


@acting.needs(Right.SEGMENTS)
def copy(store: Store, name_or_id: str, name: str, now: datetime) -> str:
    """Keep a copy under another name; its id."""
    return save(store, get(store, name_or_id).model_copy(update={"name": name}), now)


@acting.needs(Right.SEGMENTS)
def delete(store: Store, name_or_id: str, now: datetime, seen: int | None = None) -> str:
    """Take a segment out of the list; its id, for `restore`. Raises ChangedError where it is no longer in the version `seen`."""
    segment_id = find(store, name_or_id).segment_id
    with _one_at_a_time, store.transaction() as change:
        _by_ids(change)
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
            sql = "UPDATE segments SET deleted_at = NULL, version = version + 1 WHERE segment_id = ? AND deleted_at IS NOT NULL"
            if change.execute(sql, [segment_id]):
                _keep_version(change, segment_id, now)
                audit.noted(change, now, "screen", "segment.restore", segment_id)


@acting.needs(Right.SEGMENTS)
def back_to(store: Store, segment_id: str, version: int, now: datetime, seen: int | None = None, follow: Follow | None = None) -> None:
    """Save name and rungs of an earlier version anew: nothing of what was kept since is lost. Raises as `save`, and NotFoundError."""
    sql = "SELECT definition FROM segment_versions WHERE segment_id = ? AND version = ?"
    row = store.one(sql, [segment_id, version])
    if row is None:
        raise NotFoundError("segment.no_such_version", "This segment has no version {version}. Nothing was changed.", version=version)
    save(store, shelved.named(store)(row["definition"]), now, segment_id, seen, follow)


@acting.needs(Right.SEGMENTS)
def tag(store: Store, segment_id: str, tags: Sequence[str], now: datetime) -> None:
    """Sort a segment under these words, in place of those before. What the segment says stays as it is, so this makes no version."""
    cleaned = sorted({" ".join(one.split()) for one in tags} - {""})
    if long := next((one for one in cleaned if len(one) > LONGEST_TAG), None):
        raise BadInputError(
            "segment.tag_too_long",
            "The tag “{tag}” is too long: {most} characters are possible. Nothing was changed.",
            tag=filters.short(long),
            most=LONGEST_TAG,
        )
    with store.transaction() as change:
        change.execute("UPDATE segments SET tags = ? WHERE segment_id = ?", [json.dumps(cleaned, ensure_ascii=False), segment_id])
        audit.noted(change, now, "screen", "segment.tag", segment_id)


@acting.needs(Right.SEGMENTS)
def freeze(store: Store, name_or_id: str, as_of: date, now: datetime, rung: str | None = None, name: str | None = None) -> Frozen:
    """Keep who stands on a rung (default: the last) as of a shop day as a list, and a new segment that is exactly that list.

    It stays as it is whatever the customers do. `name`: of the new segment. Raises BadInputError where nobody is on the rung.
    """
    of = find(store, name_or_id)
    chosen = uuid.uuid4().hex[:12]
    called = name or f"{of.name[:80]} (fixed {as_of.isoformat()})"
    people = ladder.chosen(of.definition, scope.at(store, as_of), rung).select("customer_id")
    with _one_at_a_time:
        _name_free(store, called, None)
        with store.transaction(alone=True) as change:
            kept = lists.freeze(change, called, people, {"segment": of.name, "rung": rung or of.definition.last()}, as_of, now)
            node = {"in_list": {"list": kept.list_id, "name": kept.name}}
            _insert(change, chosen, Definition(name=called, rungs=[Rung(name=words.describe(node, "en")[:100], where=node)]), now)
    return Frozen(chosen, kept.list_id, called, kept.found)
