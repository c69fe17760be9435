"""What tables and groups of the patterns page share: a table whose row can be chosen, and the button that makes a segment of people."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from crm.patterns import keeping
from crm.segments.scope import Node
from crm.ui import components, figures, menu, session
from crm.ui.patterns.state import Key
from crm.ui.segments import state
from crm.ui.words import _, language

MOST = 8
"""Rows that are seen at once; the others by scrolling."""


def table(
    rows: Sequence[dict[str, Any]], key: str, percent: Sequence[str] = (), numbers: Sequence[str] = (), pick: bool = True
) -> int | None:
    """Draw rows; the place of the one that is chosen. `percent`, `numbers`: columns of shares (0–1) and of whole numbers."""
    number = st.column_config.NumberColumn
    columns: dict[str, Any] = {name: number(format="%.1f%%") for name in percent}
    columns |= {name: number(format="localized") for name in numbers}
    chosen = st.dataframe(
        _shown(rows, percent),
        hide_index=True,
        width="stretch",
        height="content" if len(rows) <= MOST else 36 * (MOST + 1),
        column_config=columns,
        placeholder="",
        key=f"{key}_{language()}",
        on_select="rerun" if pick else "ignore",
        selection_mode="single-row",
    )
    if not pick:
        return None
    places: list[int] = chosen["selection"]["rows"]
    return places[0] if places and places[0] < len(rows) else None


def _shown(rows: Sequence[dict[str, Any]], percent: Sequence[str]) -> pd.DataFrame:
    """Shares in hundredths: what has one digit after the point in all rows is read at a glance."""
    frame = pd.DataFrame(list(rows))
    frame[list(percent)] = frame[list(percent)].astype("float64") * 100
    return frame


def offer(node: Node, key: str) -> None:
    """The button that makes a segment of these people, for those who may; how many they are is counted as the segment counts."""
    people = keeping.people(session.store(), node, session.as_of())
    if not menu.opens("segments"):
        return
    words = _("Make a segment of these {n} people", n=figures.count(people))
    if st.button(words, icon=":material/filter_alt:", type="primary", disabled=not people, key=Key.MAKE.of(key)):
        with components.guard():
            state.begin([node] if set(node) != {"all"} else node["all"])
            st.switch_page(session.page_path("segments.py"))
