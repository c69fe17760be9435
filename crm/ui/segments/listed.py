"""The condition “is on a list”: choose a list that is kept, or paste one from a spreadsheet and see who was found.

What was pasted stays in this visit only; the shop keeps the customers who were found.
"""

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from crm import clock
from crm.segments import lists, pasted
from crm.segments.lists import Kept
from crm.segments.pasted import LookedUp
from crm.ui import components, conflicts, figures, session
from crm.ui.words import _


class Key(session.Keys):
    CHOSEN = "list_chosen"
    TEXT = "list_text"
    NAME = "list_name"
    LOOK_UP = "list_look_up"
    USE = "list_use"


@dataclass
class Pasting:
    """What was pasted into one condition, and what came of looking it up."""

    text: str = ""
    name: str = ""
    number: int = 0  # of lists made of it: with each the inputs begin anew
    result: LookedUp | None = None
    made: str = ""  # the list just made of it, until the condition has it


@dataclass
class ListedState:
    """By the condition's key; a reload forgets it."""

    pasting: dict[str, Pasting] = field(default_factory=dict)


def form(before: Any, key: str) -> dict[str, str] | None:
    """What stands after `in_list`: {list, name}; None as long as no list is chosen. `before`: how it was; `key`: the condition's."""
    one = session.state(ListedState).pasting.setdefault(key, Pasting())
    kept = {each.list_id: each for each in lists.listed(session.store())}
    was = (before or {}).get("list")
    one.made = "" if one.made == was else one.made  # a run may end before the condition has it
    now = one.made or was
    here = next((each for each in kept.values() if now in (each.list_id, each.name)), None)
    with st.container():
        chosen = _choose(kept, here, key)
        with components.guard():
            _paste(one, key, not kept)
    if chosen is None:
        return before if now and here is None else None  # a list that is not here stays named, and is refused when it is counted
    return {"list": chosen.list_id, "name": chosen.name}


def _choose(kept: dict[str, Kept], here: Kept | None, key: str) -> Kept | None:
    place = list(kept).index(here.list_id) if here else None
    chosen = st.selectbox(
        _("List"),
        list(kept),
        place,
        lambda one: kept[one].name,
        key=Key.CHOSEN.of(key, here.list_id if here else "", len(kept)),
        placeholder=_("Choose a list") if kept else _("No list yet"),
        disabled=not kept,
        label_visibility="collapsed",
    )
    one = kept.get(chosen or "")
    if one:
        st.caption(_told(one))
    return one


def _told(one: Kept) -> str:
    when = figures.moment(one.made_at, session.shop().timezone)
    if one.kind == lists.PASTED:
        return _(
            "{n} people, found among {given} pasted entries on {when}",
            n=figures.count(one.found),
            given=figures.count(one.given),
            when=when,
        )
    name = components.quoted(one.origin["segment"])
    return _("{n} people of the segment “{name}”, as of {day}", n=figures.count(one.found), name=name, day=one.origin["as_of"])


def _paste(one: Pasting, key: str, is_open: bool) -> None:
    with st.expander(_("Paste a list"), expanded=is_open or bool(one.text)):
        looked_at = one.text
        one.text = st.text_area(
            _("One per line, copied from a spreadsheet"),
            one.text,
            height=140,
            key=Key.TEXT.of(key, one.number),
            placeholder=_("Customer ids, order numbers, phone numbers, e-mail addresses, accounts or nicknames"),
        )
        one.result = one.result if one.text == looked_at else None
        if st.button(_("Look up"), icon=":material/search:", key=Key.LOOK_UP.of(key), disabled=not one.text.strip()):
            one.result = pasted.look_up(session.store(), one.text)
        if one.result:
            _outcome(one.result)
            if one.result.found:
                _use(one, one.result, key)


def _use(one: Pasting, result: LookedUp, key: str) -> None:
    today = session.as_of().isoformat()
    one.name = st.text_input(
        _("Name of the list"), one.name or _("Pasted {day}", day=today), lists.LONGEST - 8, key=Key.NAME.of(key, one.number)
    )
    if st.button(_("Use these {n} people", n=figures.count(len(result.found))), key=Key.USE.of(key), type="primary"):
        made = conflicts.once(Key.USE.of(key), lambda: lists.keep(session.store(), one.name, result, clock.now()))
        one.text, one.name, one.result, one.number, one.made = "", "", None, one.number + 1, made.list_id
        st.rerun()


def _outcome(result: LookedUp) -> None:
    """How many entries are whom, and those that are nobody, to look at and to copy."""
    n, given = figures.count(len(result.found)), figures.count(result.given)
    st.markdown(_("**{n} people** found, from {given} different entries.", n=n, given=given))
    if result.repeated:
        st.caption(_("{n} entries stood there more than once and count once.", n=figures.count(result.repeated)))
    for entries, title in (
        (result.not_found, _("{n} entries are not known here", n=figures.count(len(result.not_found)))),
        (result.ambiguous, _("{n} entries belong to more than one customer and were not taken", n=figures.count(len(result.ambiguous)))),
        (result.damaged, _("{n} numbers were damaged by a spreadsheet", n=figures.count(len(result.damaged)))),
    ):
        if entries:
            with st.expander(title):
                st.code("\n".join(entries), language=None, height=min(300, 40 + 22 * len(entries)))
    if result.damaged:
        st.caption(_("Format the column as text in the spreadsheet before copying it again: the digits are lost in what was pasted."))
