"""Write to a group: see exactly who gets it, send it safely, and follow it to the end."""

import streamlit as st

from crm.campaigns import saved
from crm.ui import (
    campaigns_conflict,
    campaigns_draft,
    campaigns_list,
    campaigns_plan,
    campaigns_preview,
    campaigns_status,
    parts,
    restored_view,
    session,
)
from crm.ui.session import require_role
from crm.ui.words import _

require_role()

PROMISE = _("Write to a group: see exactly who gets it, send it safely, and follow it to the end.")
campaign_id = campaigns_list.opened()

# All campaigns
if campaign_id is None:
    parts.heading(_("Campaigns"), PROMISE)
    restored_view.panel()
    campaigns_conflict.left_over(st.query_params.get(campaigns_list.KEY), None)
    campaigns_list.new_button()
    campaigns_list.show()
    st.stop()

# One campaign
campaign = saved.get(session.store(), campaign_id)
with st.container(horizontal=True, horizontal_alignment="distribute"):
    campaigns_list.back_button()
    campaigns_draft.more(campaign)
title = st.container()
restored_view.panel()

# A draft: whom and what; how it arrives; the last look
if campaign["state"] == "draft":
    writing, arriving = st.columns(2, gap="medium")
    with writing:
        spec = campaigns_draft.form(campaign)
    name = spec.name if spec else campaign["name"]
    if spec:
        with arriving:
            campaigns_preview.show(campaign_id, spec)
        campaigns_plan.show(campaign_id, spec)

# A launched one: progress, numbers, what to do
else:
    name = campaign["name"]
    campaigns_conflict.left_over(campaign_id, campaign)
    campaigns_status.show(campaign_id)
    campaigns_status.letter(campaign_id)

# Its name as it is typed now
with title:
    parts.heading(parts.quoted(parts.short(name)), PROMISE)
