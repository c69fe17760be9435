"""What did a message really earn? Recipients against people held out, with the interval, the cost and the verdict in words."""

import streamlit as st

from crm.accounts.acting import Right
from crm.ui import components, session
from crm.ui.result import computed, drawings, view
from crm.ui.session import require_role
from crm.ui.words import _

require_role(Right.OVERVIEW)
components.heading(_("Results"), _("What a message earned beyond what people would have bought anyway."))

# Nothing sent yet
launched = computed.launched()
if not launched:
    components.empty(
        _("No campaign has been sent yet. Choose a group of customers, write to them, and come back here."),
        _("Write a campaign"),
        "campaigns.py",
    )
    st.stop()

# Which campaign, how many days
chosen, counted = st.columns([2, 1], vertical_alignment="bottom")
with chosen:
    campaign_id = view.choose_campaign(launched)
with counted:
    days = view.choose_window(session.shop())

with components.guard():
    report = computed.report(campaign_id, days)

    # The answer
    view.answer(report)

    # Money
    view.money(report)

    # Both groups, and the messages
    left, right = st.columns(2, gap="large")
    with left:
        view.arms(report)
    with right:
        view.funnel(report)

    # How it was computed
    view.method(report)

    # All campaigns beside each other
    drawings.overview([computed.report(campaign.campaign_id, days) for campaign in launched[:12]])
