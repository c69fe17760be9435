"""The shelf of kept segments: open, new, save, rename, tag, copy, fix as a list, earlier versions, delete with undo."""

from datetime import datetime

import streamlit as st

from crm import clock
from crm.campaigns import saved as campaigns
from crm.errors import CrmError
from crm.segments import Definition, saved, shelved
from crm.segments.shelved import Listed, Segment
from crm.ui import components, conflicts, figures, session
from crm.ui.segments import catalogue, conflict, dependents, state, tree, versions
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
            _kept()
            conflict.show()
        catalogue.show(not state.draft().rungs, _act)


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
    differs = changed()
    if st.button(_("Save"), icon=":material/save:", type="primary", key=Key.SAVE, disabled=long > 0 or not differs):
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
        draft.name = free(state.name_of(draft.rungs[-1])[:80])
        draft.number = tree.fresh()  # the input shows the new name
    definition = state.definition()
    if definition is not None:
        draft.segment_id = saved.save(session.store(), definition, now, draft.segment_id, draft.version, campaigns.follow)
        draft.version = saved.find(session.store(), draft.segment_id).version
    return str(draft.name)


def keep_upto(step: Step, now: datetime) -> str:
    """Save the ladder down to one rung as a segment of its own; its name."""
    whole, place = state.definition(), state.draft().rungs.index(step)
    if whole is None:
        return ""
    rungs = whole.rungs[: place + 1]
    name = free(rungs[-1].name[:80])
    saved.save(session.store(), Definition(name=name, rungs=rungs), now)
    return name


def free(name: str) -> str:
    """A name that no saved segment has: this one, or with a number."""
    taken = {row.name for row in saved.listed(session.store())}
    return next(one for one in [name, *[f"{name} ({number})" for number in range(2, 1000)]] if one not in taken)


def _kept() -> None:
    """What can be done with a segment that is on the shelf, and what hangs on it."""
    draft, here = state.draft(), state.definition()
    kept = saved.standing(session.store(), draft.segment_id) if draft.segment_id else None
    if kept is None or kept.deleted or here is None:
        return
    with components.guard():
        dependents.before_saving(kept.segment_id, here)
        _tags(kept)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if st.button(_("Copy"), icon=":material/content_copy:", key=Key.COPY):
                _copy(kept.segment_id, draft.name)
            _fix(kept, here)
            versions.button()
            if st.button(_("Delete"), icon=":material/delete:", key=Key.DELETE):
                _ask(kept.segment_id)


def _tags(kept: Segment) -> None:
    typed = st.multiselect(
        _("Tags"),
        sorted({*kept.tags, *shelved.known_tags(session.store())}),
        kept.tags,
        key=Key.TAGS.of(kept.segment_id, hash(kept.tags)),
        placeholder=_("Choose a tag, or type a new one"),
        accept_new_options=True,
        select_all=False,
    )
    if set(typed) != set(kept.tags):
        saved.tag(session.store(), kept.segment_id, typed, clock.now())
        st.rerun()


def _fix(kept: Segment, here: Definition) -> None:
    hint = _("Keep exactly these people as a list that stays as it is, whatever they buy from now on.")
    unsaved = kept.definition != here
    if st.button(_("Fix as a list"), icon=":material/list_alt:", key=Key.FREEZE, help=hint, disabled=unsaved):
        today = session.as_of()
        name = free(_("{name} (fixed {day})", name=kept.name[:70], day=today.isoformat()))
        one = conflicts.once(Key.FREEZE, lambda: saved.freeze(session.store(), kept.segment_id, today, clock.now(), name=name))
        _show(one.segment_id)
        said = _("{n} people are on this list. It stays as it is, whatever they buy from now on.", n=figures.count(one.people))
        components.announce(said, ":material/check:")
        st.rerun()


def _act(what: str, row: Listed) -> None:
    """What was asked for in the list."""
    if what == "open":
        _show(row.segment_id)
        session.state(SegmentsState).deleted = None
        st.rerun()
    elif what == "copy":
        _copy(row.segment_id, row.name)
    else:
        _ask(row.segment_id)


def _copy(segment_id: str, name: str) -> None:
    other = free(_("{name}, copy", name=name[:80]))
    _show(conflicts.once(Key.COPY.of(segment_id), lambda: saved.copy(session.store(), segment_id, other, clock.now())))
    st.rerun()


def _ask(segment_id: str) -> None:
    kept = saved.find(session.store(), segment_id)
    rungs = _("{n} rungs", n=figures.count(len(kept.definition.rungs)))
    lost = [f"**{components.quoted(kept.name)}** · {rungs}", *dependents.lost(segment_id, kept.name)]
    lost.append(_("Campaigns that were sent stay as they are. You find it under “Recently deleted” and can bring it back."))
    seen = state.draft().version if state.draft().segment_id == segment_id else kept.version
    conflicts.ask(_("Delete this segment?"), lost, _("Delete the segment"), Key.DELETE, lambda: _delete(kept, seen))


def _delete(kept: Segment, seen: int | None) -> None:
    page = session.state(SegmentsState)
    gone = saved.delete(session.store(), kept.segment_id, clock.now(), seen)
    page.deleted = (gone, kept.name)
    if state.draft().segment_id == kept.segment_id:
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
