"""The ladder on screen is kept in the database under an id in the address: a reload, a closed tab or a step back loses nothing."""

import json
import uuid
from dataclasses import asdict
from typing import Any

import streamlit as st

from crm import clock
from crm.errors import ChangedError
from crm.segments import drafts
from crm.segments.drafts import Unfinished
from crm.ui import components, figures, session
from crm.ui.segments import shelf, state
from crm.ui.segments.state import ADDRESS, Key, SegmentsState
from crm.ui.words import _


def recall() -> None:
    """At the top of the page: the ladder that the address names, unless it is on screen already.

    Coming back from another page every input gets a new key: an old one may show what it held before.
    """
    page, wanted = session.state(SegmentsState), st.query_params.get(ADDRESS)
    if session.arrived() and wanted is None and page.draft_id:
        page.draft = state.renumbered(state.draft())
    if wanted and wanted != page.draft_id:
        _bring(wanted)


def _bring(draft_id: str) -> None:
    page, kept = session.state(SegmentsState), drafts.find(session.store(), draft_id)
    if kept is not None:
        state.put(state.renumbered(state.parsed(kept)))
        page.draft_id, page.brought, page.version = draft_id, True, drafts.version(session.store(), draft_id)
        st.query_params[ADDRESS] = draft_id


def remember() -> None:
    """At the end of the page: keep what has changed."""
    page, draft = session.state(SegmentsState), state.draft()
    if not draft.rungs and not page.draft_id:
        return
    page.draft_id = page.draft_id or _new_id()
    is_saved, body = not draft.rungs or not shelf.changed(), asdict(draft)
    if page.brought:  # only looked at so far: the tab it came from stays its writer
        page.brought, page.kept = False, _text(page, body, is_saved)
    if page.kept != _text(page, body, is_saved):
        _keep(page, body, is_saved)
    if st.query_params.get(ADDRESS) != page.draft_id:
        st.query_params[ADDRESS] = page.draft_id


def _new_id() -> str:
    return uuid.uuid4().hex[:12]


def _text(page: SegmentsState, body: dict[str, Any], is_saved: bool) -> str:
    return json.dumps([page.draft_id, is_saved, body], default=str)


def _keep(page: SegmentsState, body: dict[str, Any], is_saved: bool) -> None:
    """Keep it, under a new id where another tab kept something under the old one, so that both stay.

    The session is not touched from here on: that may end the run, and the tab would take what it kept itself for another's.
    """
    store, now = session.store(), clock.now()
    try:
        page.version = drafts.keep(store, page.draft_id, body, is_saved, now, page.version)
    except ChangedError:
        page.draft_id = _new_id()
        page.version = drafts.keep(store, page.draft_id, body, is_saved, now)
        st.toast(_("This ladder is open in another tab as well. What you do here is kept apart from it."), icon=":material/tab:")
    page.kept = _text(page, body, is_saved)


def unfinished() -> None:
    """On an empty page: ladders that were begun and not saved, each with the way back into it."""
    result = drafts.unfinished(session.store())
    if not result:
        return
    st.caption(_("Begun and not saved:"))
    with st.container(horizontal=True):
        for row in result:
            if st.button(_title(row), icon=":material/history:", key=Key.UNFINISHED.of(row.draft_id)):
                _bring(row.draft_id)
                st.rerun()


def _title(row: Unfinished) -> str:
    draft = state.parsed(row.draft)
    name = draft.name or state.name_of(draft.rungs[-1])
    return f"{components.quoted(name[:40])} · {figures.moment(row.updated_at, session.shop().timezone)}"
