"""Parts of the ladder page: the ladders to begin with, the rungs with their numbers, the way to a campaign."""

from typing import Any

import streamlit as st

from crm import clock
from crm.segments import climbing, ladder, scope, splits, starters, telling, words
from crm.segments.definition import BETWEEN, Definition
from crm.segments.ladder import RungCount
from crm.ui import components, conflicts, currencies, figures, session
from crm.ui.campaigns.state import CampaignsState, Handover
from crm.ui.segments import funnel, groups, memory, shelf, shown, split, state, tree
from crm.ui.segments.state import Key, SegmentsState, Step
from crm.ui.words import _, label, language

EDIT = 104
"""Pixels of the button that is now Edit, now Done: what stands beside it must not move to where it was."""


def start() -> None:
    """The empty ladder: what it is, and ready ones to begin with."""
    st.markdown(
        _(
            "A ladder narrows your customers step by step, and shows on every rung how many are left, what they spent and whom you "
            "can reach. Start with one of these, or with an empty rung."
        )
    )
    memory.unfinished()
    with st.grid(3, min_column_width=280):
        for one in starters.every(session.shop()):
            with st.container(border=True, height="stretch"):
                st.markdown(f"**{label(one)}**")
                st.caption(words.pick(one.purpose, language()))
                st.caption(_("To send: {what}", what=words.pick(one.message, language())))
                if st.button(_("Start with this"), icon=":material/stairs:", key=Key.STARTER.of(one.key)):
                    state.begin(one.nodes, shelf.free(label(one)))
                    st.rerun()


def rungs() -> list[RungCount]:
    """The sentence and the drawing, every rung with its numbers, open ones with their conditions. Everybody first, then the rungs."""
    head = st.container()
    slots = [_rung(place, step) for place, step in enumerate(state.draft().rungs)]
    _removed()
    if st.button(_("Add a rung"), icon=":material/add:", key=Key.ADD):
        state.add_rung()
        st.rerun()
    definition = state.definition()
    if definition is None:
        return []
    with head:
        st.markdown(components.quoted(telling.sentence(definition, language())))
    told = _counted(definition)
    if told.error is not None:
        raise told.error.with_traceback(None)
    counted = told.answer or []
    page, steps = session.state(SegmentsState), state.draft().rungs
    if told.fresh:
        page.shown = {step.id: one for step, one in zip(steps, counted[1:], strict=True)}
    with head:
        _drawn(counted, definition, told.fresh)
    for slot, step in zip(slots, steps, strict=True):
        _fill(slot, step, page.shown.get(step.id), counted[:1], told.fresh)
    if not told.fresh:
        _watch()
    return counted if told.fresh else []


def _counted(definition: Definition) -> Any:
    store, within = session.store(), scope.at(session.store(), session.as_of())
    question = (definition.model_dump_json(), climbing.state(within))
    return session.state(SegmentsState).counting.ask(question, lambda: ladder.climb(store, definition, within), state.PATIENCE)


@st.fragment(run_every=0.5)
def _watch() -> None:
    """Counting takes longer than a moment: the page is drawn anew when the numbers are there."""
    st.caption(_("Counting … the grey numbers are those of before."))
    if session.state(SegmentsState).counting.told().fresh:
        st.rerun()


def _drawn(counted: list[RungCount], definition: Definition, fresh: bool) -> None:
    if not counted or len(counted) != len(definition.rungs) + 1:
        return
    labels = [_("All customers"), *[f"{place}. {components.short(rung.name, 36)}" for place, rung in enumerate(definition.rungs, 1)]]
    parts = {
        place: [splits.label(rung.split, part.name, language()) for part in step.parts]
        for place, (rung, step) in enumerate(zip(definition.rungs, counted[1:], strict=True), 1)
        if rung.split
    }
    funnel.show(counted, labels, parts, not fresh)


def _rung(place: int, step: Step) -> Any:
    is_open = state.draft().open == step.id
    with st.container(border=True, key=Key.RUNG.of(step.id)):
        title = st.empty()
        slot = st.container()
        write = _buttons(place, step, is_open)
        if is_open:
            _editor(step)
        name = f"{place + 1}. {components.quoted(state.name_of(step))}"
        title.markdown(f":gray[{name} · {_('switched off')}]" if step.off else f"**{name}**" + _conditions(step))
    return slot, write


def _conditions(step: Step) -> str:
    where = words.describe(tree.where(step.root), language())
    return "  \n:gray[" + components.quoted(where) + "]" if step.name.strip() else ""


def _buttons(place: int, step: Step, is_open: bool) -> Any:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        edit, icon = (_("Done"), "check") if is_open else (_("Edit"), "edit")
        kind = "primary" if is_open else "secondary"
        if st.button(edit, icon=f":material/{icon}:", key=Key.EDIT.of(step.id), type=kind, width=EDIT):
            state.draft().open = None if is_open else step.id
            st.rerun()
        many = len(state.draft().rungs)
        for icon, by, hint, dead in (
            ("arrow_upward", -1, _("Move up"), place == 0),
            ("arrow_downward", 1, _("Move down"), place == many - 1),
        ):
            if st.button("", icon=f":material/{icon}:", help=hint, key=Key.MOVE.of(icon, step.id), disabled=dead, type="tertiary"):
                state.move(place, by)
                st.rerun()
        _switch(step)
        if st.button("", icon=":material/playlist_add:", help=_("Insert a rung above"), key=Key.INSERT.of(step.id), type="tertiary"):
            state.add_rung(place)
            st.rerun()
        if st.button("", icon=":material/delete:", help=_("Delete this rung"), key=Key.REMOVE.of(step.id), type="tertiary"):
            conflicts.once(Key.REMOVE, lambda: state.remove(place))
            st.rerun()
        return st.container(width="content", horizontal=True)


def _switch(step: Step) -> None:
    hint = _("Switch this rung on") if step.off else _("Switch this rung off; it stays here")
    icon = "toggle_off" if step.off else "toggle_on"
    last = not step.off and sum(not one.off for one in state.draft().rungs) == 1
    if st.button("", icon=f":material/{icon}:", help=hint, key=Key.OFF.of(step.id), type="tertiary", disabled=last):
        step.off = not step.off
        st.rerun()


def _editor(step: Step) -> None:
    step.name = st.text_input(
        _("Name of this rung"),
        step.name,
        90,
        key=Key.RUNG_NAME.of(step.id),
        placeholder=_("Leave empty to name it after its conditions"),
        live=True,
    )
    groups.editor(step.root)
    if not all(tree.complete(condition.node) for condition in tree.conditions(step.root)):
        st.caption(_("A condition without a value does not count yet."))
    split.form(step)


def _removed() -> None:
    if session.state(SegmentsState).removed:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(":gray[" + _("Rung deleted.") + "]", width="content")
            if st.button(_("Undo"), icon=":material/undo:", key=Key.BRING_BACK, type="tertiary"):
                state.bring_back()
                st.rerun()


def _fill(slot: Any, step: Step, counted: RungCount | None, everybody: list[RungCount], fresh: bool) -> None:
    """What stands on a rung: nothing where it is switched off."""
    if step.off:
        return
    with slot[0]:
        shown.show(counted, everybody[0] if everybody else None, fresh)
        if counted is not None and counted.parts:
            chosen = shown.parts(step, counted, fresh)
            if chosen:
                _write(f"{counted.name}{BETWEEN}{chosen}")
        if counted is not None:
            currencies.notice(counted.other_currencies, settings=False)
    with slot[1]:
        _ways(step, counted, fresh)


def _ways(step: Step, counted: RungCount | None, fresh: bool) -> None:
    """Write to the people of a rung, or keep them as a segment of their own."""
    people = counted.customers if counted is not None and _filled(step) else 0
    title = _("Write to these {n} people", n=figures.count(people))
    if st.button(title, icon=":material/send:", key=Key.WRITE.of(step.id), disabled=not people or not fresh) and counted:
        _write(counted.name)
    if st.button(_("Save up to here"), icon=":material/bookmark_add:", key=Key.KEEP_RUNG.of(step.id), type="tertiary", disabled=not people):
        with components.guard():
            name = shelf.keep_upto(step, clock.now())
            components.announce(_("Saved as “{name}”.", name=components.quoted(name)), ":material/check:")
            st.rerun()


def _filled(step: Step) -> bool:
    """Whether every condition down to this rung has its value: without it a rung would offer people who are not meant."""
    steps = state.draft().rungs
    above = [one for one in steps[: steps.index(step) + 1] if not one.off]
    return all(tree.complete(condition.node) for one in above for condition in tree.conditions(one.root))


def _write(rung: str) -> None:
    with components.guard():
        page, named = session.state(CampaignsState), bool(state.draft().name)
        page.waiting = Handover(shelf.keep(clock.now()), rung, named)
        memory.remember()
        st.switch_page(session.page_path("campaigns.py"))
