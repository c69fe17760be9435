"""The ladder on screen: a draft kept in the session, so that it survives a change of page. Plain dicts; no Streamlit widget state."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from crm.errors import CrmError
from crm.segments import Definition, Rung, filters, words
from crm.ui.words import _, language

LONGEST = 100
"""Characters of a segment's name."""
Draft = dict[str, Any]
"""number (for the keys of its inputs), segment_id (None: not saved), version (of the saved one, as looked at), name, open (rung id), rungs.

A rung: id, name ("": as its conditions say), conditions: [{id, node}].
"""


def fresh() -> int:
    """A number for a new rung or condition, unique in this session."""
    st.session_state["ladder_number"] = st.session_state.get("ladder_number", 0) + 1
    return int(st.session_state["ladder_number"])


def draft() -> Draft:
    """The ladder being edited."""
    if "ladder" not in st.session_state:
        st.session_state["ladder"] = empty()
    found: Draft = st.session_state["ladder"]
    return found


def empty() -> Draft:
    """A ladder without rungs."""
    return {"number": fresh(), "segment_id": None, "version": None, "name": "", "rungs": [], "open": None}


def put(new: Draft) -> None:
    """Bring another ladder on screen; what was deleted from the one before can no longer come back."""
    st.session_state["ladder"] = new
    for gone in ("ladder_removed", "ladder_id", "ladder_version"):
        st.session_state.pop(gone, None)
    st.query_params.pop("draft", None)


def renumbered(kept: Draft) -> Draft:
    """A draft from another session, with numbers that are unique in this one."""
    rungs = []
    for step in kept["rungs"]:
        conditions = [condition(part["node"]) for part in step["conditions"]]
        rungs.append({"id": fresh(), "name": step["name"], "conditions": conditions})
    open_ = next((new["id"] for new, old in zip(rungs, kept["rungs"], strict=True) if old["id"] == kept["open"]), None)
    return kept | {"number": fresh(), "rungs": rungs, "open": open_}


def begin(steps: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """A new ladder with a rung per (name, NODE)."""
    put(empty() | {"rungs": [rung("", node) for _name, node in steps]})


def show(definition: Definition, segment_id: str | None, version: int | None) -> None:
    """Put a kept segment on screen."""
    rungs = [rung("" if _is_own(step) else step.name, step.where) for step in definition.rungs]
    put(empty() | {"segment_id": segment_id, "version": version, "name": definition.name, "rungs": rungs})


def _is_own(step: Rung) -> bool:
    return step.name in (words.describe(step.where, "zh_CN"), words.describe(step.where, "en"))


def rung(name: str, node: dict[str, Any]) -> dict[str, Any]:
    """A rung of the draft; the parts of an `all` become its conditions."""
    nodes = node.get("all", [node])
    return {"id": fresh(), "name": name, "conditions": [condition(part) for part in nodes]}


def condition(node: dict[str, Any]) -> dict[str, Any]:
    """A condition of a rung, perhaps still without its value."""
    return {"id": fresh(), "node": node}


def add_rung() -> None:
    """One more step, open for editing."""
    added = rung("", {"field": "recency_days", "op": "at_most", "value": 90})
    draft()["rungs"].append(added)
    draft()["open"] = added["id"]


def move(place: int, by: int) -> None:
    """Move a rung up (−1) or down (+1)."""
    rungs = draft()["rungs"]
    rungs.insert(place + by, rungs.pop(place))


def remove(place: int) -> None:
    """Take a rung away; `bring_back` undoes it, also of several."""
    st.session_state.setdefault("ladder_removed", []).append((place, draft()["rungs"].pop(place)))


def bring_back() -> None:
    """Put the rung that was removed last back in its place."""
    place, removed = st.session_state["ladder_removed"].pop()
    draft()["rungs"].insert(place, removed)


def complete(node: dict[str, Any]) -> bool:
    """Whether a condition has everything it needs."""
    try:
        filters.check(node)
    except CrmError:
        return False
    return True


def where(step: dict[str, Any]) -> dict[str, Any]:
    """The complete conditions of a rung as one NODE."""
    nodes = [part["node"] for part in step["conditions"] if complete(part["node"])]
    return nodes[0] if len(nodes) == 1 else {"all": nodes}


def name_of(step: dict[str, Any]) -> str:
    """The rung's own name, else its conditions in words."""
    return step["name"].strip() or words.describe(where(step), language())


def definition() -> Definition | None:
    """The draft as a Definition (None without rungs); rungs of the same name are numbered."""
    steps = draft()["rungs"]
    if not steps:
        return None
    names: list[str] = []
    for step in steps:
        name = name_of(step)[:90]
        names.append(name if name not in names else f"{name} ({len(names) + 1})")
    return Definition(
        name=draft()["name"][:LONGEST], rungs=[Rung(name=name, where=where(step)) for name, step in zip(names, steps, strict=True)]
    )


def starters() -> list[tuple[str, list[dict[str, Any]]]]:
    """Ladders to begin with."""
    back: list[dict[str, Any]] = [
        {"field": "recency_days", "op": "between", "value": [91, 365]},
        {"field": "purchases", "op": "at_least", "value": 2},
    ]
    second: list[dict[str, Any]] = [
        {"field": "purchases", "op": "is", "value": 1},
        {"field": "recency_days", "op": "between", "value": [15, 60]},
    ]
    best: list[dict[str, Any]] = [
        {"field": "purchases", "op": "at_least", "value": 4},
        {"field": "recency_days", "op": "at_most", "value": 90},
    ]
    lost: list[dict[str, Any]] = [
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
