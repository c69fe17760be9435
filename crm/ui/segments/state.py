"""What the ladder page remembers, first of all the ladder on screen; the keys of its inputs; and how a ladder is changed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import streamlit as st
from pydantic import ValidationError

from crm.errors import CrmError
from crm.segments import Definition, Rung, splits, words
from crm.segments.aiming import Aim
from crm.segments.counting import Counting
from crm.segments.definition import BETWEEN
from crm.segments.ladder import RungCount
from crm.segments.splits import Split
from crm.ui import session
from crm.ui.segments import tree
from crm.ui.segments.tree import Group, Node, fresh
from crm.ui.words import language

PATIENCE = 0.3
"""Seconds that the page waits for its numbers before it shows those of before."""
LONGEST = 100
"""Characters of a segment's name."""
ADDRESS = "draft"
"""Names the ladder on screen in the page's address."""


class Key(session.Keys):
    NEW = "segment_new"
    OPEN = "segment_open"
    NAME = "segment_name"
    SAVE = "segment_save"
    COPY = "segment_copy"
    DELETE = "segment_delete"
    FREEZE = "segment_freeze"
    TAGS = "segment_tags"
    UNDO = "segment_undo"
    STARTER = "starter"
    UNFINISHED = "draft"
    ADD = "ladder_add"
    BRING_BACK = "ladder_undo"
    RUNG = "rung"
    RUNG_NAME = "rung_name"
    EDIT = "edit"
    MOVE = "move"
    REMOVE = "delete"
    WRITE = "write"
    INSERT = "insert"
    OFF = "off"
    SPLIT_BY = "split_by"
    SPLIT_AT = "split_at"
    KEEP_RUNG = "keep_rung"
    TARGET = "target"
    TARGET_ADD = "target_add"
    FUNNEL = "funnel"
    MODE = "mode"
    GROUP_ADD = "group_add"
    PART = "part"
    CONDITION_ADD = "condition_add"
    CONDITION_GONE = "condition_gone"
    FIELD = "field"
    OP = "op"
    VALUE = "value"
    BOUGHT = "bought"
    RECEIVED = "received"
    IN_SEGMENT = "in_segment"
    MEMBERS_RUNG = "members_rung"
    MEMBERS_PAGE = "members_page"
    MEMBERS_FILE = "members_csv"
    MEMBERS_BY = "members_by"
    MEMBERS_RISING = "members_rising"
    MEMBERS_COLUMNS = "members_columns"
    MEMBERS_TABLE = "members_table"


@dataclass
class Step:
    """A rung as it is edited."""

    id: int
    name: str  # empty: as its conditions say
    root: Group
    off: bool = False
    split: dict[str, Any] | None = None  # as in a segment file


@dataclass
class Draft:
    """A ladder as it is edited; the database keeps it as JSON of this form."""

    number: int  # for the keys of its inputs
    segment_id: str | None = None  # None: not saved
    version: int | None = None  # of the saved one, as looked at
    name: str = ""
    rungs: list[Step] = field(default_factory=list)
    open: int | None = None  # the rung that is being edited


@dataclass
class SegmentsState:
    draft: Draft | None = None  # the ladder on screen
    counting: Counting[list[RungCount]] = field(default_factory=Counting)
    aiming: Counting[Aim] = field(default_factory=Counting)  # what would bring the ladder to the size that is wanted
    shown: dict[int, RungCount] = field(default_factory=dict)  # the last numbers of each rung, while new ones are counted
    removed: list[tuple[int, Step]] = field(default_factory=list)  # rungs that were removed, with their places
    draft_id: str = ""  # under which the database keeps the ladder; empty as long as there is nothing to keep
    version: int | None = None  # of what the database keeps
    brought: bool = False  # the ladder was just read from there
    kept: str = ""  # the ladder as it was kept last
    deleted: tuple[str, str] | None = None  # id and name of the segment deleted last, as long as it can be taken back


def draft() -> Draft:
    """The ladder being edited."""
    page = session.state(SegmentsState)
    if page.draft is None:
        page.draft = empty()
    return page.draft


def empty() -> Draft:
    """A ladder without rungs."""
    return Draft(fresh())


def put(new: Draft) -> None:
    """Bring another ladder on screen; what was deleted from the one before can no longer come back."""
    page = session.state(SegmentsState)
    page.draft, page.removed, page.draft_id, page.version = new, [], "", None
    st.query_params.pop(ADDRESS, None)


def parsed(kept: dict[str, Any]) -> Draft:
    """A draft as the database keeps it, with numbers that are unique in this session; also as it was kept before rungs had groups."""
    rungs, opened = [], None
    for one in kept["rungs"]:
        root = one["root"] if "root" in one else {"mode": "all", "parts": one["conditions"]}
        rungs.append(Step(fresh(), one["name"], tree.parsed(root), one.get("off", False), one.get("split")))
        opened = rungs[-1].id if one["id"] == kept["open"] else opened
    return Draft(**kept | {"number": fresh(), "rungs": rungs, "open": opened})


def renumbered(kept: Draft) -> Draft:
    """The same ladder with new numbers, so that every input gets a new key."""
    return parsed(asdict(kept))


def begin(nodes: Sequence[Node], name: str = "") -> None:
    """A new ladder with a rung per NODE."""
    put(replace(empty(), name=name, rungs=[rung("", node) for node in nodes]))


def show(definition: Definition, segment_id: str | None, version: int | None) -> None:
    """Put a kept segment on screen."""
    rungs = [
        rung("" if _is_own(step) else step.name, step.where, step.off, splits.as_json(step.split) if step.split else None)
        for step in definition.rungs
    ]
    put(replace(empty(), segment_id=segment_id, version=version, name=definition.name, rungs=rungs))


def _is_own(step: Rung) -> bool:
    return step.name in (words.describe(step.where, "zh_CN"), words.describe(step.where, "en"))


def rung(name: str, node: Node, off: bool = False, split: dict[str, Any] | None = None) -> Step:
    """A rung of the draft."""
    return Step(fresh(), name, tree.root(node), off, split)


def add_rung(place: int | None = None) -> None:
    """One more step, at a place or at the end, open for editing."""
    added = rung("", {"field": "recency_days", "op": "at_most", "value": 90})
    rungs = draft().rungs
    rungs.insert(len(rungs) if place is None else place, added)
    draft().open = added.id


def move(place: int, by: int) -> None:
    """Move a rung up (−1) or down (+1)."""
    rungs = draft().rungs
    rungs.insert(place + by, rungs.pop(place))


def remove(place: int) -> None:
    """Take a rung away; `bring_back` undoes it, also of several."""
    session.state(SegmentsState).removed.append((place, draft().rungs.pop(place)))


def bring_back() -> None:
    """Put the rung that was removed last back in its place."""
    place, removed = session.state(SegmentsState).removed.pop()
    draft().rungs.insert(place, removed)


def name_of(step: Step) -> str:
    """The rung's own name, else its conditions in words."""
    return step.name.strip() or words.describe(tree.where(step.root), language())


def definition() -> Definition | None:
    """The draft as a Definition; None without a rung that counts. Rungs of the same name are numbered."""
    steps = draft().rungs
    if all(step.off for step in steps):
        return None
    names: list[str] = []
    for step in steps:
        name = name_of(step)[:90].replace(BETWEEN, "/")  # a part of another rung may be called so
        names.append(name if name not in names else f"{name} ({len(names) + 1})")
    pairs = zip(names, steps, strict=True)
    rungs = [Rung(name=name, where=tree.where(step.root), off=step.off, split=_split(step.split)) for name, step in pairs]
    return Definition(name=draft().name[:LONGEST], rungs=rungs)


def _split(given: dict[str, Any] | None) -> Split | None:
    """A split that can be made already; one that is still being typed makes no parts yet."""
    try:
        return splits.check(Split.model_validate(given)) if given else None
    except (CrmError, ValidationError):
        return None
