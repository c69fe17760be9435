"""No segment leads back to itself through the segments it looks into."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from crm.database import Store
from crm.errors import BadInputError
from crm.segments import compiler, references, scope
from crm.segments.definition import Definition


def refuse(store: Store, definition: Definition, segment_id: str, day: date) -> None:
    """Raises BadInputError where saving this as `segment_id` makes a circle, NotFoundError where it looks into what is not there."""
    others = {name: node for name, node in scope.at(store, day).saved.items() if name != segment_id}
    before = {row["name"] for row in store.rows("SELECT name FROM segments WHERE segment_id = ?", [segment_id])}
    for name in references.used(definition):
        _follow(name, others, before | {definition.name, segment_id}, (definition.name,))


def _follow(name: str, saved: Mapping[str, Any], own: set[str], path: tuple[str, ...]) -> None:
    if name in own or name in path:
        whole = " → ".join((*path, name))
        raise BadInputError(
            "segment.circular", "The segment “{name}” leads back to itself ({path}). Please take that condition out.", name=name, path=whole
        )
    for further in references.named_in(compiler.saved_node(name, saved)):
        _follow(further, saved, own, (*path, name))
