"""Before something is lost: two tabs on one thing are shown both and choose; what is deleted is named and asked for; two clicks are one."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import streamlit as st

from crm.ui import components, figures, session
from crm.ui.words import _

Row = tuple[str, Any, Any]
"""What it is, how it is there, how it is here."""
Kept = TypeVar("Kept")
TWICE = 2.0
"""Seconds within which the same button again is the second half of a double click."""
_SHOWN = 160


class Key(session.Keys):
    BOX = "conflict"
    MINE = "conflict_mine"
    THEIRS = "conflict_theirs"


@dataclass
class ClicksState:
    """What the visitor has just asked for, so that the second half of a double click is not done again."""

    done: dict[str, tuple[float, Any]] = field(default_factory=dict)  # name → when, and what it came to


def choose(words: str, rows: Sequence[Row], key: str, mine: str, theirs: str) -> str | None:
    """What changed there and what stands here, and which of both is to be kept: `mine`, `theirs` or None so far."""
    with st.container(border=True, key=Key.BOX.of(key)):
        st.warning(words)
        lines = [f"| | {_('There')} | {_('Here')} |", "|:---|:---|:---|"]
        lines += [f"| {name} | {_cell(there)} | {_cell(here)} |" for name, there, here in rows]
        if rows:
            st.markdown("\n".join(lines))
        with st.container(horizontal=True):
            if st.button(mine, key=Key.MINE.of(key), icon=":material/edit:"):
                return "mine"
            if theirs and st.button(theirs, key=Key.THEIRS.of(key), icon=":material/sync:"):
                return "theirs"
    return None


def _cell(value: Any) -> str:
    text = " ".join(str("" if value is None else value).split())
    return components.quoted(components.short(text, _SHOWN)) or figures.NOTHING


def ask(title: str, lost: Sequence[str], button: str, key: str, act: Callable[[], None]) -> None:
    """Name what will be lost and do it only on a second, other button; refusals are sentences."""
    st.dialog(title)(_asked)(lost, button, key, act)


def _asked(lost: Sequence[str], button: str, key: str, act: Callable[[], None]) -> None:
    for sentence in lost:
        st.markdown(sentence)
    if st.button(button, key=f"{key}_sure"):
        with components.guard():
            act()
            st.rerun()


def once(name: str, act: Callable[[], Kept]) -> Kept:
    """Do it, unless this visitor asked for the same a moment ago: then what it came to then."""
    clicks = session.state(ClicksState).done
    if name not in clicks or time.monotonic() - clicks[name][0] > TWICE:
        kept = act()
        clicks[name] = (time.monotonic(), kept)
    came_to: Kept = clicks[name][1]
    return came_to
