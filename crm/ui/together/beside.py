"""Two segments beside each other: pairs of bars with the index, the strongest differences first, and everything as a table."""

from typing import Any

import pandas as pd
import streamlit as st

from crm.customers import dimensions
from crm.segments import comparing, saved
from crm.segments.comparing import Compared, Comparison, Group
from crm.ui import charts, components, figures, session
from crm.ui.together import drawings
from crm.ui.together.drawings import PAIR
from crm.ui.together.state import Key
from crm.ui.words import _, label, language

MOST, LONGEST = 12, 15
"""So many of the strongest differences are drawn; so many bars of one distribution."""


def show(names: list[str], chosen: list[str]) -> None:
    """Choose A and B, see where they differ."""
    with st.container(horizontal=True):
        first = names.index(chosen[0]) if chosen else 0
        a = st.selectbox("A", names, first, key=Key.A.of(language(), *chosen[:1]))
        rest = [name for name in names if name != a]
        b = st.selectbox("B", ["", *rest], 0, lambda one: one or _("All customers"), key=Key.B.of(language(), a))
    store = session.store()
    found = comparing.compute(store, saved.get(store, a), saved.get(store, b) if b else None, session.as_of())
    if not (found.a and found.b):
        empty = a if not found.a else b
        st.caption(_("Nobody is in “{name}” today: there is nothing to compare.", name=components.quoted(empty)))
        return
    _few(a, found.a)
    if b:
        _few(b, found.b)
    _pairs(found)
    with st.expander(_("All distributions as a table")):
        _table(found, bool(b))


def _few(name: str, people: int) -> None:
    if people < comparing.FEW:
        words = _("Only {n} people are in “{name}”: each of them moves its shares.", n=figures.count(people), name=components.quoted(name))
        st.caption(f":material/info: {words}")


def _pairs(found: Comparison) -> None:
    shown = [one for one, bins in found.bins.items() if any(bin.bin != "unknown" for bin in bins)]
    titles = {"": _("Where they differ most")} | {name: label(dimensions.get(name)) for name in shown}
    which = st.selectbox(_("Shown"), list(titles), 0, lambda one: titles[one], key=Key.SHOWN.of(language()), persist_state="session")
    bins = found.bins[which][:LONGEST] if which else [one for one in found.strongest if one.strength][:MOST]
    if not bins:
        st.caption(_("They do not differ in anything that enough people have in common."))
        return
    rows = [row for place, one in enumerate(bins) for row in _rows(one, place, not which)]
    with st.container(border=True):
        charts.show(drawings.pairs(), drawings.rows(rows), PAIR * len(bins) + 30, Key.PAIRS)
        if which and len(found.bins[which]) > len(bins):
            st.caption(_("the first {shown} of {n}", shown=len(bins), n=figures.count(len(found.bins[which]))))
        if which and dimensions.get(which).bins.several:
            st.caption(_("One customer can be in several of these."))
        st.caption(
            _(
                "Index: the share in the segment compared with that among all customers; 100 is the same, 200 twice as many. "
                "Of fewer than {few} people in all none is given.",
                few=comparing.FEW,
            )
        )


def _rows(one: Compared, place: int, named: bool) -> list[dict[str, Any]]:
    y, title = place * PAIR + 12, _called(one) if named else label_of(one)
    sides = [_side("A", one.a, y + 16, title), _side("B", one.b, y + 29, title)]
    return [{"kind": "name", "y": y, "name": title, "shown": _index(one)}, *sides]


def _side(side: str, group: Group, y: int, title: str) -> dict[str, Any]:
    share, people = figures.percent(group.share), figures.count(group.people)
    return {"kind": "bar", "side": side, "y": y, "value": group.share or 0.0, "share": share, "people": people, "name": title}


def label_of(one: Compared) -> str:
    """A bin in words."""
    return one.label[0 if language() == "zh_CN" else 1]


def _called(one: Compared) -> str:
    return _("{dimension}: {bin}", dimension=label(dimensions.get(one.dimension)), bin=label_of(one))


def _index(one: Compared) -> str:
    if one.few or one.a.index is None or one.b.index is None:
        return _("too few people")
    if one.b.people == one.everybody.people:
        return _("index {a}", a=figures.count(one.a.index))
    return _("index {a} : {b}", a=figures.count(one.a.index), b=figures.count(one.b.index))


def _table(found: Comparison, two: bool) -> None:
    rows = [
        {
            "dimension": label(dimensions.get(one.dimension)),
            "bin": label_of(one),
            "a": one.a.people,
            "share_a": 100 * (one.a.share or 0),
            "share_b": 100 * (one.b.share or 0),
            "share_all": 100 * (one.everybody.share or 0),
            "index_a": one.a.index,
            "index_b": one.b.index,
            "note": _("too few people") if one.few else "",
        }
        for one in found.strongest
    ]
    share, index = {"format": "%.1f%%"}, {"format": "%.0f"}
    columns = {
        "dimension": st.column_config.TextColumn(_("Distribution")),
        "bin": st.column_config.TextColumn(_("Group")),
        "a": st.column_config.NumberColumn(_("People in A")),
        "share_a": st.column_config.NumberColumn(_("Share in A"), **share),
        "share_b": st.column_config.NumberColumn(_("Share in B"), **share),
        "share_all": st.column_config.NumberColumn(_("Share in all"), **share),
        "index_a": st.column_config.NumberColumn(_("Index A"), **index),
        "index_b": st.column_config.NumberColumn(_("Index B"), **index),
        "note": st.column_config.TextColumn(""),
    }
    frame = pd.DataFrame(rows) if two else pd.DataFrame(rows).drop(columns=["share_b", "index_b"])
    st.dataframe(frame, hide_index=True, width="stretch", column_config=columns, placeholder="", key=Key.TABLE.of(language()))
