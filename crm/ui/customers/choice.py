"""What is chosen on the distribution page: clicks on the charts, remembered while the visitor looks at other pages."""

from collections.abc import Mapping

import streamlit as st

from crm.ui.customers.drawings import PICKED

Chosen = dict[str, list[str]]
CHARTS = {"province_map": "province"}
"""Charts that are not named after their dimension."""


def key(chart: str) -> str:
    """The widget key of a chart; changes when everything is cleared."""
    return f"explore_{st.session_state.get('explore_round', 0)}_{chart}"


def _clicked(chart: str) -> list[str] | None:
    """The bins toggled in a chart since it came on screen, or None when it was not on screen in the last run."""
    state = st.session_state.get(key(chart))
    if state is None:
        return None
    return [str(point["bin"]) for point in state.selection.get(PICKED, []) if "bin" in point]


def toggled(kept: list[str], *clicks: list[str]) -> list[str]:
    """Every click turns its bin on or off, whichever chart of the dimension it came from; order of choosing is kept."""
    found = list(kept)
    for clicked in clicks:
        found = [bin for bin in found if bin not in clicked] + [bin for bin in clicked if bin not in found]
    return found


def read(names: list[str]) -> Chosen:
    """Dimension → chosen bins, dimensions in the order in which they were first clicked. Call it before the charts are drawn."""
    before: Chosen = st.session_state.setdefault("explore_chosen", {})
    kept: Chosen = st.session_state.setdefault("explore_kept", {})
    now: Mapping[str, list[str]] = {name: _of(name, before, kept) for name in names}
    order = [name for name in before if name in now] + [name for name in names if name not in before]
    chosen = {name: now[name] for name in order if now[name]}
    st.session_state["explore_chosen"] = chosen
    return chosen


def _of(name: str, before: Chosen, kept: Chosen) -> list[str]:
    clicks = [_clicked(chart) for chart in (name, *[chart for chart, dimension in CHARTS.items() if dimension == name])]
    if all(click is None for click in clicks):  # the charts are new on screen: what was chosen before is now the ground
        kept[name] = before.get(name, [])
    return toggled(kept.get(name, []), *[click for click in clicks if click])


def clear() -> None:
    """Choose nothing."""
    st.session_state["explore_round"] = st.session_state.get("explore_round", 0) + 1
    st.session_state["explore_chosen"] = {}
    st.session_state["explore_kept"] = {}
