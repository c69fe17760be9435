"""Earlier versions of a segment: who changed what and when, and the way back to one."""

import streamlit as st

from crm import clock
from crm.campaigns import saved as campaigns
from crm.segments import saved, shelved
from crm.segments.shelved import Version
from crm.ui import components, figures, session
from crm.ui.segments import catalogue, conflict, state
from crm.ui.words import _

SHOWN = 20


class Key(session.Keys):
    OPEN = "segment_versions"
    BACK = "segment_back_to"


def button() -> None:
    """Beside the other things that can be done with a kept segment."""
    draft = state.draft()
    if draft.segment_id and st.button(_("Versions"), icon=":material/history:", key=Key.OPEN):
        st.dialog(_("Versions of “{name}”", name=components.quoted(components.short(draft.name))), width="large")(_all)(draft.segment_id)


def _all(segment_id: str) -> None:
    with components.guard():
        kept = shelved.versions(session.store(), segment_id)
        st.caption(_("Going back saves the earlier one anew: nothing that was saved since is lost."))
        for place, one in enumerate(kept[:SHOWN]):
            with st.container(border=True):
                _one(segment_id, one, kept[place + 1] if place + 1 < len(kept) else None, place == 0)
        if len(kept) > SHOWN:
            st.caption(_("{n} earlier ones are not shown.", n=figures.count(len(kept) - SHOWN)))


def _one(segment_id: str, one: Version, before: Version | None, is_latest: bool) -> None:
    title = " · ".join(filter(None, [f"**{figures.moment(one.saved_at, session.shop().timezone)}**", catalogue.by(one.actor)]))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(title, width="content")
        if is_latest:
            st.markdown(":gray[" + _("As it is now") + "]", width="content")
        elif st.button(_("Go back to this one"), icon=":material/undo:", key=Key.BACK.of(one.version), type="tertiary"):
            _back(segment_id, one.version)
    for line in _changes(one, before):
        st.markdown(line)


def _changes(one: Version, before: Version | None) -> list[str]:
    """What differs from the version before, a line each; of the first one all of it."""
    if before is None:
        rungs = [conflict.in_words(one.definition, place) for place in range(len(one.definition.rungs))]
        return [f"{place}. {components.quoted(text)}" for place, text in enumerate(rungs, 1)]
    rows = conflict.differences(before.definition, one.definition)
    if not rows:
        return [_("Saved again or brought back; it says the same as before.")]
    lines = [(name, components.quoted(there) or figures.NOTHING, components.quoted(here) or figures.NOTHING) for name, there, here in rows]
    return [f"{name}: :gray[{there}] → {here}" for name, there, here in lines]


def _back(segment_id: str, version: int) -> None:
    store, draft = session.store(), state.draft()
    saved.back_to(store, segment_id, version, clock.now(), draft.version, campaigns.follow)
    now = saved.find(store, segment_id)
    state.show(now.definition, segment_id, now.version)
    components.announce(_("The earlier version is back."), ":material/undo:")
    st.rerun()
