"""The shelf of kept segments: open, new, save, rename, copy, delete with undo."""

from datetime import datetime

import streamlit as st

from crm import clock
from crm.campaigns import saved as campaigns
from crm.errors import CrmError
from crm.segments import Definition, saved
from crm.ui import components, conflicts, figures, session
from crm.ui.segments import conflict, state, tree
from crm.ui.segments.state import Key, SegmentsState, Step
from crm.ui.words import _


def bar() -> None:
    """Which segment is on screen, its name, and what can be done with it."""
    _undo_bar()
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _open()
            if st.button(_("New ladder"), icon=":material/add:", key=Key.NEW):
                state.put(state.empty())
                session.state(SegmentsState).deleted = None
                st.rerun()
        if state.draft().rungs:
            with st.container(horizontal=True, vertical_alignment="bottom"):
                _name_and_save()
                _more()
            conflict.show()


def _open() -> None:
    kept = {row.segment_id: row.name for row in saved.listed(session.store())}
    now = state.draft().segment_id
    place = list(kept).index(now) if now in kept else None
    chosen = st.selectbox(
        _("Saved segments"),
        list(kept),
        place,
        lambda one: kept.get(one, ""),
        key=Key.OPEN.of(now, hash(tuple(kept.values()))),
        placeholder=_("Open a saved segment") if kept else _("None saved yet"),
        disabled=not kept,
    )
    if chosen and chosen != now:
        _show(chosen)
        session.state(SegmentsState).deleted = None
        st.rerun()


def _show(segment_id: str) -> None:
    match = saved.find(session.store(), segment_id)
    state.show(match.definition, segment_id, match.version)


def _name_and_save() -> None:
    draft = state.draft()
    typed = st.text_input(
        _("Name of the segment"),
        draft.name,
        key=Key.NAME.of(draft.number),
        live=True,
        placeholder=_("Sleeping regulars with e-mail"),
    )
    draft.name = (typed or "").strip()
    long = len(draft.name) - state.LONGEST
    if long > 0:
        st.caption(_(":red[This name is {n} characters too long.]", n=figures.count(long)))
    if st.button(_("Save"), icon=":material/save:", type="primary", key=Key.SAVE, disabled=long > 0 or not changed()):
        with components.guard():
            keep(clock.now())
            components.announce(_("Saved."), ":material/check:")
            st.rerun()


def changed() -> bool:
    """Whether what is on screen differs from what the shelf holds."""
    draft = state.draft()
    if draft.segment_id is None:
        return True
    try:
        return saved.get(session.store(), draft.segment_id) != state.definition()
    except CrmError:
        return True


def keep(now: datetime) -> str:
    """Save what is on screen (under a name made of its last rung where it has none); the segment's name."""
    draft = state.draft()
    if not draft.name:
        draft.name = _free(state.name_of(draft.rungs[-1])[:80])
        draft.number = tree.fresh()  # the input shows the new name
    definition = state.definition()
    if definition is not None:
        draft.segment_id = saved.save(session.store(), definition, now, draft.segment_id, draft.version)
        draft.version = saved.find(session.store(), draft.segment_id).version
    return str(draft.name)


def keep_upto(step: Step, now: datetime) -> str:
    """Save the ladder down to one rung as a segment of its own; its name."""
    whole, place = state.definition(), state.draft().rungs.index(step)
    if whole is None:
        return ""
    rungs = whole.rungs[: place + 1]
    name = _free(rungs[-1].name[:80])
    saved.save(session.store(), Definition(name=name, rungs=rungs), now)
    return name


def _free(name: str) -> str:
    taken = {row.name for row in saved.listed(session.store())}
    return next(one for one in [name, *[f"{name} ({number})" for number in range(2, 1000)]] if one not in taken)


def _more() -> None:
    draft = state.draft()
    segment_id = draft.segment_id
    if segment_id is None:
        return
    if st.button(_("Copy"), icon=":material/content_copy:", key=Key.COPY):
        name = _free(_("{name}, copy", name=draft.name))
        with components.guard():
            _show(conflicts.once(Key.COPY.of(segment_id), lambda: saved.copy(session.store(), segment_id, name, clock.now())))
            st.rerun()
    if st.button(_("Delete"), icon=":material/delete:", key=Key.DELETE):
        with components.guard():
            lost = _lost(saved.get(session.store(), segment_id))
            conflicts.ask(_("Delete this segment?"), lost, _("Delete the segment"), Key.DELETE, lambda: _delete(segment_id))


def _lost(kept: Definition) -> list[str]:
    """What goes, and what names it."""
    drafts = [row.name for row in campaigns.listed(session.store()) if row.state == "draft" and row.segment == kept.name]
    listed = saved.listed(session.store())
    others = [row.name for row in listed if kept.name in saved.used(saved.get(session.store(), row.segment_id))]
    items = [f"**{components.quoted(kept.name)}** · " + _("{n} rungs", n=figures.count(len(kept.rungs)))]
    if drafts:
        items.append(
            _("These campaign drafts lose whom they write to: {names}", names=components.quoted(components.short("、".join(drafts), 200)))
        )
    if others:
        items.append(
            _(
                "These segments look into it and can no longer be counted: {names}",
                names=components.quoted(components.short("、".join(others), 200)),
            )
        )
    return [*items, _("Campaigns that were sent stay as they are. You can take this back as long as this page stays open.")]


def _delete(segment_id: str) -> None:
    page, draft = session.state(SegmentsState), state.draft()
    gone = saved.delete(session.store(), segment_id, clock.now(), draft.version)
    page.deleted = (gone, draft.name)
    state.put(state.empty())


def _undo_bar() -> None:
    page = session.state(SegmentsState)
    if page.deleted is None:
        return
    segment_id, name = page.deleted
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("“{name}” was deleted.", name=components.quoted(name)), width="content")
        if st.button(_("Undo"), icon=":material/undo:", key=Key.UNDO, type="tertiary"):
            with components.guard():
                saved.restore(session.store(), segment_id, clock.now())
                _show(segment_id)
                page.deleted = None
                st.rerun()
