"""The ladder on screen is kept in the database under an id in the address: a reload, a closed tab or a step back loses nothing."""

import json
import uuid
from typing import Any

import streamlit as st

from crm import clock
from crm.errors import ChangedError
from crm.segments import drafts
from crm.ui import components, figures, session
from crm.ui.segments import shelf, state
from crm.ui.words import _

KEY = "draft"


def recall() -> None:
    """At the top of the page: the ladder that the address names, unless it is on screen already.

    Coming back from another page (no id in the address) every input gets a new key: an old one may show what it held before.
    """
    wanted = st.query_params.get(KEY)
    if wanted is None and "ladder_id" in st.session_state:
        st.session_state["ladder"] = state.renumbered(state.draft())
    if wanted and wanted != st.session_state.get("ladder_id"):
        _bring(wanted)


def _bring(draft_id: str) -> None:
    found = drafts.find(session.store(), draft_id)
    if found is not None:
        state.put(state.renumbered(found))
        st.session_state["ladder_id"] = draft_id
        st.session_state["ladder_brought"] = True
        st.session_state["ladder_version"] = drafts.version(session.store(), draft_id)
        st.query_params[KEY] = draft_id


def remember() -> None:
    """At the end of the page: keep what has changed."""
    draft = state.draft()
    if not draft["rungs"] and "ladder_id" not in st.session_state:
        return
    draft_id = st.session_state.setdefault("ladder_id", uuid.uuid4().hex[:12])
    is_saved = not draft["rungs"] or not shelf.changed()
    now = json.dumps([draft_id, is_saved, draft], default=str)
    if st.session_state.pop("ladder_brought", False):
        st.session_state["ladder_kept"] = now  # only looked at so far: the tab it came from stays its writer
    if now != st.session_state.get("ladder_kept"):
        draft_id = _keep(draft_id, draft, is_saved)
        st.session_state["ladder_kept"] = json.dumps([draft_id, is_saved, draft], default=str)
    if st.query_params.get(KEY) != draft_id:
        st.query_params[KEY] = draft_id


def _keep(draft_id: str, draft: dict[str, Any], is_saved: bool) -> str:
    """Keep it; the id it has: a new one where another tab kept something under the old one, so that both stay."""
    store, now = session.store(), clock.now()
    try:
        version = drafts.keep(store, draft_id, draft, is_saved, now, st.session_state.get("ladder_version"))
    except ChangedError:
        draft_id = st.session_state["ladder_id"] = uuid.uuid4().hex[:12]
        version = drafts.keep(store, draft_id, draft, is_saved, now)
        st.toast(_("This ladder is open in another tab as well. What you do here is kept apart from it."), icon=":material/tab:")
    st.session_state["ladder_version"] = version
    return draft_id


def unfinished() -> None:
    """On an empty page: ladders that were begun and not saved, each with the way back into it."""
    found = drafts.unfinished(session.store())
    if not found:
        return
    st.caption(_("Begun and not saved:"))
    with st.container(horizontal=True):
        for row in found:
            if st.button(_title(row), icon=":material/history:", key=f"draft_{row['draft_id']}"):
                _bring(row["draft_id"])
                st.rerun()


def _title(row: dict[str, Any]) -> str:
    draft = row["draft"]
    name = draft["name"] or state.name_of(draft["rungs"][-1])
    return f"{components.quoted(name[:40])} · {figures.moment(row['updated_at'], session.shop().timezone)}"
