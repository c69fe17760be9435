"""The conditions of a rung as a tree that is edited: groups (all, any, none of) of conditions and groups; from a NODE and back to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crm.errors import CrmError
from crm.segments import filters
from crm.ui import session

Node = dict[str, Any]
MODES = ("all", "any", "none")
DEEPEST = 4
"""Groups inside groups, on screen. A file may have more; they are shown and can be edited, only not nested further."""


@dataclass
class Condition:
    id: int
    node: Node  # perhaps still without its value


@dataclass
class Group:
    """`mode`: who passes it must pass all, any or none of its parts."""

    id: int
    mode: str
    parts: list[Part] = field(default_factory=list)


Part = Condition | Group


@dataclass
class NumbersState:
    numbers: int = 0  # the last number that was given to a rung, a condition or a draft


def fresh() -> int:
    """A number for a new rung or condition, unique in this session."""
    page = session.state(NumbersState)
    page.numbers += 1
    return page.numbers


def root(node: Node) -> Group:
    """A rung's NODE as a group; a single condition stands alone in it."""
    part = _part(node)
    return part if isinstance(part, Group) else Group(fresh(), "all", [part])


def _part(node: Node) -> Part:
    if "not" in node:
        inner = node["not"]
        parts = inner.get("any", [inner])
        return Group(fresh(), "none", [_part(one) for one in parts]) if parts else Condition(fresh(), node)
    mode = next((mode for mode in ("all", "any") if mode in node), None)
    if mode is None or not node[mode]:
        return Condition(fresh(), node)
    return Group(fresh(), mode, [_part(one) for one in node[mode]])


def node_of(part: Part) -> Node | None:
    """The NODE of what is complete in a part; None where nothing is."""
    if isinstance(part, Condition):
        return part.node if complete(part.node) else None
    nodes = [node for node in map(node_of, part.parts) if node is not None]
    if not nodes:
        return None
    if part.mode == "none":
        return {"not": nodes[0] if len(nodes) == 1 else {"any": nodes}}
    return {part.mode: nodes}


def where(group: Group) -> Node:
    """The NODE of a whole rung: nothing complete lets everybody pass."""
    node = node_of(group)
    if node is None:
        return {"all": []}
    return node["all"][0] if len(node.get("all", [])) == 1 else node


def complete(node: Node) -> bool:
    """Whether a condition has everything it needs."""
    try:
        filters.check(node)
    except CrmError:
        return False
    return True


def conditions(group: Group) -> list[Condition]:
    """Every condition of a group, in order."""
    return [one for part in group.parts for one in (conditions(part) if isinstance(part, Group) else [part])]


def parsed(kept: dict[str, Any]) -> Group:
    """A group as the database keeps it, with numbers that are unique in this session."""
    parts: list[Part] = [_part(one["node"]) if "node" in one else parsed(one) for one in kept["parts"]]
    return Group(fresh(), kept["mode"], parts)


def remove(group: Group, part: Part) -> None:
    """Take a part out of a group; groups that are empty then go, too, but for the rung's own."""
    for inner in list(group.parts):
        if inner is part:
            group.parts.remove(inner)
        elif isinstance(inner, Group):
            remove(inner, part)
            if not inner.parts:
                group.parts.remove(inner)


def step(group: Group, part: Part, by: int) -> None:
    """Move a part of a group up (−1) or down (+1): over a condition, into a group beside it at the nearer end."""
    place = group.parts.index(part)
    beside = group.parts[place + by] if 0 <= place + by < len(group.parts) else None
    if beside is None:
        return
    group.parts.pop(place)
    if isinstance(beside, Group):
        beside.parts.insert(len(beside.parts) if by < 0 else 0, part)
    else:
        group.parts.insert(place + by, part)


def lift(group: Group, inner: Group, part: Part) -> None:
    """Move a part of an inner group out of it, to stand right after it."""
    inner.parts.remove(part)
    group.parts.insert(group.parts.index(inner) + 1, part)
    if not inner.parts:
        group.parts.remove(inner)


def wrap(group: Group, part: Part) -> None:
    """Put a part into a group of its own, so that another condition can stand beside it as an alternative."""
    place = group.parts.index(part)
    group.parts[place] = Group(fresh(), "any", [part])


def unwrap(group: Group, inner: Group) -> None:
    """Take a group apart: its parts stand where it stood."""
    place = group.parts.index(inner)
    group.parts[place : place + 1] = inner.parts
