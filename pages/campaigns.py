"""Write to a group: see exactly who gets it, send it safely, and follow it to the end."""

import streamlit as st

from crm.accounts.acting import Right
from crm.campaigns import saved
from crm.ui import components, restored, reveal, session
from crm.ui.campaigns import cards, conflict, draft, plan, preview, state, status
from crm.ui.session import require_role
from crm.ui.words import _

require_role(Right.CAMPAIGNS)

PROMISE = _("Write to a group: see exactly who gets it, send it safely, and follow it to the end.")
campaign_id = cards.opened()

# All campaigns
if campaign_id is None:
    components.heading(_("Campaigns"), PROMISE)
    restored.panel()
    conflict.left_over(st.query_params.get(state.ADDRESS), None)
    cards.new_button()
    cards.show()
    st.stop()

# One campaign
campaign = saved.get(session.store(), campaign_id)
with st.container(horizontal=True, horizontal_alignment="distribute"):
    cards.back_button()
    reveal.offer(campaign_id)
    draft.more(campaign)
title = st.container()
restored.panel()

# A draft: whom and what; how it arrives; the last look
if campaign.state == "draft":
    writing, arriving = st.columns(2, gap="medium")
    with writing:
        spec = draft.form(campaign)
    name = spec.name if spec else campaign.name
    if spec:
        with arriving:
            preview.show(campaign_id, spec)
        plan.show(campaign_id, spec)

# A launched one: progress, numbers, what to do
else:
    name = campaign.name
    conflict.left_over(campaign_id, campaign)
    status.show(campaign_id)
    status.letter(campaign_id)

# Its name as it is typed now
with title:
    components.heading(components.quoted(components.short(name)), PROMISE)
