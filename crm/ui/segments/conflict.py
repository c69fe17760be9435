"""One segment in two tabs: as soon as the shelf holds another version than this tab opened, both are shown and one is chosen."""

import streamlit as st

from crm import clock
from crm.campaigns import saved as campaigns
from crm.segments import Definition, saved, words
from crm.segments.shelved import Segment
from crm.ui import components, conflicts, session
from crm.ui.segments import state
from crm.ui.words import _, language


def show() -> None:
    """What changed there and what stands here. Where both are the same there is nothing to choose."""
    draft, here = state.draft(), state.definition()
    now = saved.standing(session.store(), draft.segment_id) if draft.segment_id else None
    if now is None or here is None or now.version == draft.version:
        return
    if not now.deleted and now.definition == here:
        draft.version = now.version
        return
    if now.deleted:
        template = "“{name}” was deleted in another tab or by somebody else. What you have here is still there and can be saved again."
    else:
        template = "“{name}” was changed in another tab or by somebody else since you opened it. Choose which one stays."
    rows = [] if now.deleted else differences(now.definition, here)
    theirs = _("Let mine go") if now.deleted else _("Take what is there")
    chosen = conflicts.choose(_(template, name=components.quoted(now.name)), rows, str(draft.number), _("Save mine"), theirs)
    with components.guard():
        if chosen == "mine":
            _save(here, now.version)
        elif chosen == "theirs":
            _take(now)


def _save(here: Definition, version: int) -> None:
    draft = state.draft()
    draft.segment_id = saved.save(session.store(), here, clock.now(), draft.segment_id, version, campaigns.follow)
    draft.version = saved.find(session.store(), draft.segment_id).version
    st.rerun()


def _take(now: Segment) -> None:
    if now.deleted:
        state.put(state.empty())
    else:
        state.show(now.definition, state.draft().segment_id, now.version)
    st.rerun()


def differences(there: Definition, here: Definition) -> list[conflicts.Row]:
    """The name and the rungs that differ, in words: what it is, how it is there, how it is here."""
    rows: list[conflicts.Row] = [(_("Name of the segment"), there.name, here.name)] if there.name != here.name else []
    for place in range(max(len(there.rungs), len(here.rungs))):
        theirs, mine = in_words(there, place), in_words(here, place)
        if theirs != mine:
            rows.append((_("Rung {n}", n=place + 1), theirs, mine))
    return rows


def in_words(definition: Definition, place: int) -> str:
    """A rung with its name, where it has one of its own; empty where there is none."""
    if place >= len(definition.rungs):
        return ""
    rung = definition.rungs[place]
    described = words.describe(rung.where, language())
    return described if rung.name in ("", described) else f"{rung.name}: {described}"
