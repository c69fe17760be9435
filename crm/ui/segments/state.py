"""What the ladder page remembers, first of all the ladder on screen; the keys of its inputs; and how a ladder is changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from crm.errors import CrmError
from crm.segments import Definition, Rung, filters, words
from crm.ui import session
from crm.ui.words import _, language

LONGEST = 100
"""Characters of a segment's name."""
ADDRESS = "draft"
"""Names the ladder on screen in the page's address."""
Node = dict[str, Any]


class Key(session.Keys):
    NEW = "segment_new"
    OPEN = "segment_open"
    NAME = "segment_name"
    SAVE = "segment_save"
    COPY = "segment_copy"
    DELETE = "segment_delete"
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
    MEMBERS_TABLE = "members_table"


@dataclass
class Condition:
    id: int
    node: Node  # perhaps still without its value


@dataclass
class Step:
    """A rung as it is edited."""

    id: int
    name: str  # empty: as its conditions say
    conditions: list[Condition]


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
    numbers: int = 0  # the last number that was given to a rung, a condition or a draft
    draft: Draft | None = None  # the ladder on screen
    removed: list[tuple[int, Step]] = field(default_factory=list)  # rungs that were removed, with their places
    draft_id: str = ""  # under which the database keeps the ladder; empty as long as there is nothing to keep
    version: int | None = None  # of what the database keeps
    brought: bool = False  # the ladder was just read from there
    kept: str = ""  # the ladder as it was kept last
    deleted: tuple[str, str] | None = None  # id and name of the segment deleted last, as long as it can be taken back


def fresh() -> int:
    """A number for a new rung or condition, unique in this session."""
    page = session.state(SegmentsState)
    page.numbers += 1
    return page.numbers


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
    """A draft as the database keeps it."""
    rungs = [Step(one["id"], one["name"], [Condition(**part) for part in one["conditions"]]) for one in kept["rungs"]]
    return Draft(**kept | {"rungs": rungs})


def renumbered(kept: Draft) -> Draft:
    """A draft from another session, with numbers that are unique in this one."""
    rungs = [Step(fresh(), one.name, [condition(part.node) for part in one.conditions]) for one in kept.rungs]
    open_ = next((new.id for new, old in zip(rungs, kept.rungs, strict=True) if old.id == kept.open), None)
    return replace(kept, number=fresh(), rungs=rungs, open=open_)


def begin(nodes: Sequence[Node]) -> None:
    """A new ladder with a rung per NODE."""
    put(replace(empty(), rungs=[rung("", node) for node in nodes]))


def show(definition: Definition, segment_id: str | None, version: int | None) -> None:
    """Put a kept segment on screen."""
    rungs = [rung("" if _is_own(step) else step.name, step.where) for step in definition.rungs]
    put(replace(empty(), segment_id=segment_id, version=version, name=definition.name, rungs=rungs))


def _is_own(step: Rung) -> bool:
    return step.name in (words.describe(step.where, "zh_CN"), words.describe(step.where, "en"))


def rung(name: str, node: Node) -> Step:
    """A rung of the draft; the parts of an `all` become its conditions."""
    return Step(fresh(), name, [condition(part) for part in node.get("all", [node])])


def condition(node: Node) -> Condition:
    """A condition of a rung, perhaps still without its value."""
    return Condition(fresh(), node)


def add_rung() -> None:
    """One more step, open for editing."""
    added = rung("", {"field": "recency_days", "op": "at_most", "value": 90})
    draft().rungs.append(added)
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


def complete(node: Node) -> bool:
    """Whether a condition has everything it needs."""
    try:
        filters.check(node)
    except CrmError:
        return False
    return True


def where(step: Step) -> Node:
    """The complete conditions of a rung as one NODE."""
    nodes = [part.node for part in step.conditions if complete(part.node)]
    return nodes[0] if len(nodes) == 1 else {"all": nodes}


def name_of(step: Step) -> str:
    """The rung's own name, else its conditions in words."""
    return step.name.strip() or words.describe(where(step), language())


def definition() -> Definition | None:
    """The draft as a Definition (None without rungs); rungs of the same name are numbered."""
    steps = draft().rungs
    if not steps:
        return None
    names: list[str] = []
    for step in steps:
        name = name_of(step)[:90]
        names.append(name if name not in names else f"{name} ({len(names) + 1})")
    return Definition(
        name=draft().name[:LONGEST], rungs=[Rung(name=name, where=where(step)) for name, step in zip(names, steps, strict=True)]
    )


def starters() -> list[tuple[str, list[Node]]]:
    """Ladders to begin with, by what the shop calls sleeping, a repeat customer and a fan."""
    shop = session.shop()
    back: list[Node] = [
        {"field": "recency_days", "op": "between", "value": [shop.active_days + 1, shop.lost_days]},
        {"field": "purchases", "op": "at_least", "value": shop.repeat_purchases},
    ]
    second: list[Node] = [
        {"field": "purchases", "op": "is", "value": 1},
        {"field": "recency_days", "op": "between", "value": [15, 60]},
    ]
    best: list[Node] = [
        {"field": "purchases", "op": "at_least", "value": shop.fan_purchases},
        {"field": "recency_days", "op": "at_most", "value": shop.active_days},
    ]
    lost: list[Node] = [
        {"any": [{"field": name, "op": "at_least", "value": 1} for name in ("lost_payments", "unpaid_orders")]},
        {"field": "purchases", "op": "is", "value": 0},
    ]
    mail = {"field": "has_email", "op": "is", "value": True}
    return [
        (_("Win back sleeping regulars"), [*back, mail]),
        (_("Bring first-time buyers back"), [*second, mail]),
        (_("Thank the fans"), [*best, mail]),
        (_("Win back lost payments"), lost),
        (_("Presales waiting for the balance"), [{"field": "open_presales", "op": "at_least", "value": 1}]),
    ]
