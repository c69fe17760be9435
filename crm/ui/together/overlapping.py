"""Segments over each other: which are chosen, the combinations as a chart, and what can be made of them."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from crm import clock
from crm.segments import Definition, combining, overlap, saved
from crm.segments.overlap import Overlap
from crm.ui import charts, components, conflicts, currencies, figures, session
from crm.ui.segments import state as segments_state
from crm.ui.together import drawings
from crm.ui.together.drawings import COLUMN, HEAD, ROW
from crm.ui.together.state import Key
from crm.ui.words import _, language

FIRST, AT_ONCE = 3, 12
"""So many segments are chosen to begin with; so many combinations are drawn before all are asked for."""
GAP = 12


def choose(names: list[str]) -> list[str]:
    """Two to five saved segments; in the order in which they were chosen."""
    chosen: list[str] = st.multiselect(
        _("Two to five saved segments"),
        names,
        names[:FIRST],
        max_selections=overlap.MOST,
        key=Key.CHOSEN.of(language()),
        placeholder=_("Choose"),
        select_all=False,
        persist_state="session",
    )
    return chosen


def show(names: list[str]) -> None:
    """The chart of these segments and its buttons."""
    if len(names) < overlap.LEAST:
        st.caption(_("Choose at least two segments."))
        return
    store = session.store()
    found = overlap.kept(store, [saved.get(store, name) for name in names], session.as_of())
    with st.container(border=True):
        st.markdown(
            _(
                "**{n}** people are in at least one of them, **{all}** in all, {none} in none.",
                n=figures.count(found.union.customers),
                all=figures.count(found.intersection.customers),
                none=figures.count(found.outside.customers),
            )
        )
        picked = _chart(found)
        currencies.notice(found.union.other_currencies)
        _part(found, picked)
    _whole(found)


def _chart(found: Overlap) -> tuple[str, ...] | None:
    """Draw it; the combination that is picked."""
    shown = found.combinations
    if len(shown) > AT_ONCE and not st.toggle(_("Show all {n} combinations", n=figures.count(len(shown))), key=Key.EVERY):
        shown = shown[:AT_ONCE]
    bits = {name: 1 << place for place, name in enumerate(found.names)}
    parts = {sum(bits[name] for name in one.inside): one for one in shown}
    key = Key.UPSET.of(hash(found.names))
    drawn = session.held(key)
    clicked = {int(point["bits"]) for point in (drawn.selection.get(drawings.PICKED, []) if drawn else []) if "bits" in point}
    picked = next((one for one in parts if one in clicked), None)
    rows = [*_heads(found, len(parts)), *[row for at, (own, one) in enumerate(parts.items()) for row in _row(found, one, own, at, picked)]]
    height = len(found.names) * HEAD + GAP + len(parts) * ROW
    charts.show(drawings.upset(len(found.names)), drawings.rows(rows), height, key, select=drawings.PICKED)
    return parts[picked].inside if picked else None


def _heads(found: Overlap, parts: int) -> list[dict[str, Any]]:
    """The segments: name, size, and a line to the column of dots."""
    rows: list[dict[str, Any]] = []
    top, x = len(found.names) * HEAD + GAP, drawings.left(len(found.names))
    for place, (name, group) in enumerate(found.segments.items()):
        y, column = place * HEAD + HEAD // 2 + 6, _column(place)
        own = {"name": name, "value": group.customers, "shown": figures.count(group.customers)}
        rows.append({"kind": "set", "y": y, **own})
        rows.append({"kind": "lead", "x": column, "x2": x - 4, "y": y, "y2": y})
        rows.append({"kind": "lead", "x": column, "x2": column, "y": y, "y2": top + parts * ROW})
    return rows


def _column(place: int) -> int:
    return place * COLUMN + COLUMN // 2


def _row(found: Overlap, one: overlap.Combination, bits: int, at: int, picked: int | None) -> list[dict[str, Any]]:
    """A combination: its dots, the line that joins them, its bar."""
    y, chosen = len(found.names) * HEAD + GAP + at * ROW + ROW // 2, picked in (None, bits)
    inside = [place for place, name in enumerate(found.names) if name in one.inside]
    shared = {"y": y, "y2": y, "chosen": chosen}
    people = figures.count(one.people.customers)
    told = {
        "bits": bits,
        "name": sentence(found.names, one.inside),
        "value": one.people.customers,
        "shown": people,
        "people": people,
        "spend": figures.money(one.people.spend, session.shop().currency),
    }
    dots = [{"kind": "dot", "x": _column(place), "inside": place in inside, **shared} for place in range(len(found.names))]
    link = {"kind": "link", "x": _column(inside[0]), "x2": _column(inside[-1]), **shared}
    return [*dots, link, {"kind": "part", **shared, **told}]


def sentence(names: Sequence[str], inside: Sequence[str], longest: int = 200) -> str:
    """Who is in exactly some of these segments, in words."""
    outside = [name for name in names if name not in inside]
    most = longest // len(names) - 3
    yes, no = ([components.short(name, max(most, 6)) for name in some] for some in (inside, outside))
    if not no:
        return _("In {inside}", inside=" + ".join(yes))
    return _("In {inside}, not in {outside}", inside=" + ".join(yes), outside=_(", ").join(no))


def _part(found: Overlap, inside: tuple[str, ...] | None) -> None:
    if inside is None:
        st.caption(_("Click a bar: the people of exactly that combination become a segment of their own."))
        return
    outside = [name for name in found.names if name not in inside]
    people = found.exactly(inside).customers
    st.markdown(f"**{components.quoted(sentence(found.names, inside))}**")
    caption = _("Make a segment of these {n} people", n=figures.count(people))
    name = sentence(found.names, inside, 80)
    _offer(caption, Key.PART, lambda: combining.exactly(inside, outside, name, language()), primary=True)


def _whole(found: Overlap) -> None:
    """Union, intersection and what each has alone, as segments."""
    names = found.names
    st.caption(_("Or make a segment of"))
    listed = _(", ").join(components.short(name, 80 // len(names) - 2) for name in names)
    with st.container(horizontal=True):
        union, both = found.union.customers, found.intersection.customers
        caption = _("In any of them ({n})", n=figures.count(union))
        _offer(caption, Key.ANY, lambda: combining.union(names, _("In any of {names}", names=listed), language()), many=union)
        caption = _("In all of them ({n})", n=figures.count(both))
        _offer(caption, Key.ALL, lambda: combining.intersection(names, sentence(names, names, 80), language()), many=both)
        for place, name in enumerate(names):
            others, alone = [one for one in names if one != name], found.exactly([name]).customers
            caption = _("Only {name} ({n})", name=components.quoted(components.short(name, 20)), n=figures.count(alone))
            called = sentence(names, [name], 80)
            make = _difference(name, others, called)
            _offer(caption, Key.WITHOUT.of(place), make, many=alone)


def _difference(name: str, others: list[str], called: str) -> Callable[[], Definition]:
    return lambda: combining.difference(name, others, called, language())


def _offer(caption: str, key: str, make: Callable[[], Definition], many: int = 1, primary: bool = False) -> None:
    """A button that saves a new segment and opens it."""
    if st.button(caption, key=key, icon=":material/filter_alt:", type="primary" if primary else "secondary", disabled=not many):
        with components.guard():
            store = session.store()
            segment_id = conflicts.once(key, lambda: combining.save(store, make(), clock.now()))
            kept = saved.find(store, segment_id)
            segments_state.show(kept.definition, kept.segment_id, kept.version)
            st.switch_page(session.page_path("segments.py"))
