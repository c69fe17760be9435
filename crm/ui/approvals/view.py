"""Approvals on screen: each campaign that waits, as it will be read, how many would get it, and the button that says yes."""

import streamlit as st

from crm import campaigns, clock
from crm.accounts import acting
from crm.campaigns import approvals
from crm.campaigns.saved import Campaign
from crm.ui import components, figures, session
from crm.ui.components import quoted
from crm.ui.words import _
from crm.web import previews


class Key(session.Keys):
    APPROVE = "approvals_approve"


def waiting() -> None:
    """The campaigns that wait, one below the other."""
    items = approvals.waiting(session.store(), clock.now())
    if not items:
        with st.container(border=True):
            st.markdown(_("Nothing waits for your approval."))
        return
    for campaign in items:
        with st.container(border=True), components.guard():
            _one(campaign)


def _one(campaign: Campaign) -> None:
    spec, store = campaign.spec, session.store()
    plan = campaigns.plan(store, campaign.campaign_id, session.as_of())
    st.subheader(quoted(spec.name), anchor=False)
    people, held = figures.count(plan.recipients), figures.count(plan.holdout)
    st.markdown(
        _("Would go to **{n} people** of the segment {segment}; {held} are held out.", n=people, segment=quoted(spec.segment), held=held)
    )
    letter = approvals.letter(store, spec, session.as_of())
    st.text(letter.subject)
    st.iframe(f"/preview/{previews.keep(letter.html)}", width="stretch", height=440, alt=_("The letter"))
    if acting.current().user_id is None:
        st.caption(_("Only somebody who is signed in can approve."))
    elif st.button(_("Approve sending to {n} people", n=people), type="primary", key=Key.APPROVE.of(campaign.campaign_id)):
        approvals.approve(store, campaign.campaign_id, spec, session.as_of(), clock.now())
        st.rerun()
