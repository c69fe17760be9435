"""Parts of the ladder page: the rungs with their numbers, the way to a campaign."""

from typing import Any

import streamlit as st

from crm import clock
from crm.segments import ladder, scope, words
from crm.segments.ladder import RungCount
from crm.ui import components, conflicts, currencies, figures, session
from crm.ui.campaigns.state import CampaignsState, Handover
from crm.ui.segments import conditions, memory, shelf, state
from crm.ui.segments.state import Key, SegmentsState, Step
from crm.ui.words import _, language

EDIT = 104
"""Pixels of the button that is now Edit, now Done: what stands beside it must not move to where it was."""


def start() -> None:
    """The empty ladder: what it is, and three to begin with."""
    with st.container(border=True):
        st.markdown(
            _(
                "A ladder narrows your customers step by step, and shows on every rung how many are left, what they spent and whom you "
                "can reach. Start with one of these, or with an empty rung."
            )
        )
        with st.container(horizontal=True):
            for place, (name, nodes) in enumerate(state.starters()):
                if st.button(name, icon=":material/stairs:", key=Key.STARTER.of(place)):
                    state.begin(nodes)
                    st.rerun()
        memory.unfinished()


def rungs() -> list[RungCount]:
    """Every rung, open ones with their conditions; then the numbers, live. Returns everybody first, then the rungs."""
    head = st.empty()
    slots = [_rung(place, step) for place, step in enumerate(state.draft().rungs)]
    _removed()
    if st.button(_("Add a rung"), icon=":material/add:", key=Key.ADD):
        state.add_rung()
        st.rerun()
    definition = state.definition()
    if definition is None:
        return []
    result = ladder.climb(session.store(), definition, scope.at(session.store(), session.as_of()))
    head.markdown(_("**{n}** customers in all, before the first rung", n=figures.count(result[0].customers)))
    for (slot, write), step in zip(slots, result[1:], strict=True):
        with slot:
            _numbers(step, result[0])
        with write:
            _write(step)
    return result


def _rung(place: int, step: Step) -> Any:
    draft = state.draft()
    is_open = draft.open == step.id
    with st.container(border=True, key=Key.RUNG.of(step.id)):
        title = st.empty()
        slot = st.container()
        write = _buttons(place, step, is_open, len(draft.rungs))
        if is_open:
            _editor(step)
        title.markdown(f"**{place + 1}. {components.quoted(state.name_of(step))}**" + _conditions(step))
    return slot, write


def _conditions(step: Step) -> str:
    return "  \n:gray[" + components.quoted(words.describe(state.where(step), language())) + "]" if step.name.strip() else ""


def _buttons(place: int, step: Step, is_open: bool, many: int) -> Any:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        edit = _("Done") if is_open else _("Edit")
        if st.button(
            edit,
            icon=":material/check:" if is_open else ":material/edit:",
            key=Key.EDIT.of(step.id),
            type="primary" if is_open else "secondary",
            width=EDIT,
        ):
            state.draft().open = None if is_open else step.id
            st.rerun()
        for icon, by, hint, dead in (
            ("arrow_upward", -1, _("Move up"), place == 0),
            ("arrow_downward", 1, _("Move down"), place == many - 1),
        ):
            if st.button("", icon=f":material/{icon}:", help=hint, key=Key.MOVE.of(icon, step.id), disabled=dead, type="tertiary"):
                state.move(place, by)
                st.rerun()
        if st.button("", icon=":material/delete:", help=_("Delete this rung"), key=Key.REMOVE.of(step.id), type="tertiary"):
            conflicts.once(Key.REMOVE, lambda: state.remove(place))
            st.rerun()
        return st.container(width="content")


def _editor(step: Step) -> None:
    step.name = st.text_input(
        _("Name of this rung"),
        step.name,
        90,
        key=Key.RUNG_NAME.of(step.id),
        placeholder=_("Leave empty to name it after its conditions"),
        live=True,
    )
    gone = [condition for condition in step.conditions if conditions.editor(condition)]
    if gone:
        step.conditions = [condition for condition in step.conditions if condition not in gone]
        st.rerun()
    if st.button(_("Add a condition"), icon=":material/add:", key=Key.CONDITION_ADD.of(step.id)):
        step.conditions.append(state.condition({"field": "province", "op": "one_of", "value": []}))
        st.rerun()
    if not all(state.complete(condition.node) for condition in step.conditions):
        st.caption(_("A condition without a value does not count yet."))


def _removed() -> None:
    if session.state(SegmentsState).removed:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(":gray[" + _("Rung deleted.") + "]", width="content")
            if st.button(_("Undo"), icon=":material/undo:", key=Key.BRING_BACK, type="tertiary"):
                state.bring_back()
                st.rerun()


def _numbers(step: RungCount, everybody: RungCount) -> None:
    currency = session.shop().currency
    share = step.customers / everybody.customers if everybody.customers else 0.0
    st.progress(share)
    with st.grid(4, min_column_width=118):
        st.metric(_("People"), figures.count(step.customers), _drop(step), delta_color="off", delta_arrow="off")
        st.metric(_("Spend"), figures.big_money(step.spend, currency))
        for channel, name in (("email", _("By e-mail")), ("sms", _("By SMS, call"))):
            st.metric(name, figures.count(step.reachable[channel]))
    currencies.notice(step.other_currencies, settings=False)


def _drop(step: RungCount) -> str:
    return f"−{figures.count(step.dropped)}" if step.dropped else _("nobody dropped")


def _write(step: RungCount) -> None:
    title = _("Write to these {n} people", n=figures.count(step.customers))
    if not st.button(title, icon=":material/send:", key=Key.WRITE.of(step.name), disabled=not step.customers):
        return
    with components.guard():
        page, named = session.state(CampaignsState), bool(state.draft().name)
        page.waiting = Handover(shelf.keep(clock.now()), step.name, named)
        memory.remember()
        st.switch_page(session.page_path("campaigns.py"))
