"""What looks into a segment, named before it is changed, renamed or deleted."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from crm.campaigns import saved as campaigns
from crm.campaigns.saved import Writing
from crm.segments import Definition, references, saved
from crm.segments.references import Dependent
from crm.ui import components, session
from crm.ui.words import _


@dataclass(frozen=True)
class Dependents:
    """Segments that look into one, campaign drafts that write to it or to one of those, and campaigns that are being sent."""

    segments: list[Dependent]
    drafts: list[Writing]
    running: list[Writing]


def of(segment_id: str, name: str) -> Dependents:
    """Of a kept segment."""
    store = session.store()
    segments = references.dependents(store, segment_id)
    meant = {segment_id, name, *(word for one in segments for word in (one.segment_id, one.name))}
    writing = campaigns.writing_to(store, meant)
    return Dependents(segments, [one for one in writing if one.state == "draft"], [one for one in writing if one.state != "draft"])


def named(items: Sequence[Dependent | Writing]) -> str:
    """Their names in one line."""
    return components.quoted(components.short("、".join(f"“{one.name}”" for one in items), 200))


def before_saving(segment_id: str, here: Definition) -> None:
    """Under the button that saves what is on screen: what else changes by it."""
    kept = saved.standing(session.store(), segment_id)
    if kept is None or kept.deleted:
        return
    hanging = of(segment_id, kept.name)
    if kept.definition.rungs == here.rungs:
        if kept.name != here.name and (both := named([*hanging.segments, *hanging.drafts])):
            st.caption(_("These go on using it under its new name: {names}", names=both))
        return
    if hanging.segments:
        st.caption(_("Saving also changes these segments, which look into it: {names}", names=named(hanging.segments)))
    if hanging.drafts:
        st.caption(_("Saving also changes whom these campaign drafts write to: {names}", names=named(hanging.drafts)))
    if hanging.running:
        st.caption(_("These campaigns are being sent and stay as they are: {names}", names=named(hanging.running)))


def lost(segment_id: str, name: str) -> list[str]:
    """What no longer works when it is deleted, in sentences."""
    hanging, items = of(segment_id, name), list[str]()
    if hanging.drafts:
        items.append(_("These campaign drafts lose whom they write to: {names}", names=named(hanging.drafts)))
    if hanging.segments:
        items.append(_("These segments look into it and can no longer be counted: {names}", names=named(hanging.segments)))
    return items
