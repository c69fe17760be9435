"""Which segments a segment looks into. On file they are named by their ids, so that each may be renamed; readers see the names."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm.database import Store
from crm.database.statements import Reader


@dataclass(frozen=True, slots=True)
class Dependent:
    """A segment that looks into another one."""

    segment_id: str
    name: str


def names(reader: Reader) -> dict[str, str]:
    """The name of each segment by its id; a deleted one keeps its id as a name where another one is called so by now."""
    rows = reader.rows("SELECT segment_id, name, deleted_at IS NULL AS here FROM segments")
    taken = {row["name"] for row in rows if row["here"]}
    return {row["segment_id"]: row["name"] for row in rows if row["here"] or row["name"] not in taken}


def ids(reader: Reader) -> dict[str, str]:
    """The id of each kept segment by its name."""
    rows = reader.rows("SELECT segment_id, name FROM segments WHERE deleted_at IS NULL")
    return {row["name"]: row["segment_id"] for row in rows}


def swapped(value: Any, words: Mapping[str, str]) -> Any:
    """A definition or NODE as JSON, with other words for the segments it looks into where `words` has any."""
    if isinstance(value, list):
        return [swapped(part, words) for part in value]
    if not isinstance(value, dict):
        return value
    changed = {key: swapped(part, words) for key, part in value.items()}
    if isinstance(name := changed.get("in_segment"), str):
        changed["in_segment"] = words.get(name, name)
    return changed


def named_in(node: Any) -> set[str]:
    """The words after every `in_segment` of a NODE, or of any JSON with NODEs in it."""
    if isinstance(node, list):
        return {name for part in node for name in named_in(part)}
    if not isinstance(node, dict):
        return set()
    own = {node["in_segment"]} if isinstance(node.get("in_segment"), str) else set()
    return own | {name for part in node.values() for name in named_in(part)}


def used(definition: Any) -> set[str]:
    """The names of the segments a Definition looks into."""
    return {name for rung in definition.rungs for name in named_in(rung.where)}


def dependents(store: Store, segment_id: str) -> list[Dependent]:
    """The kept segments that look into this one, directly or through others, by name."""
    rows = store.rows("SELECT segment_id, name, definition FROM segments WHERE deleted_at IS NULL ORDER BY name")
    known = ids(store)
    looks = {row["segment_id"]: {known.get(one, one) for one in named_in(json.loads(row["definition"]))} for row in rows}
    reached, before = {segment_id}, set[str]()
    while reached != before:
        before = set(reached)
        reached |= {one for one, into in looks.items() if into & reached}
    return [Dependent(row["segment_id"], row["name"]) for row in rows if row["segment_id"] in reached - {segment_id}]
