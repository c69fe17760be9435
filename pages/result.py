"""What did a message really earn? Recipients against people held out, with the interval, the cost and the verdict in words."""

import streamlit as st

from crm.ui import parts, results_charts, results_numbers, results_view, session
from crm.ui.session import require_role
from crm.ui.words import _

require_role()
parts.heading(_("Results"), _("What a message earned beyond what people would have bought anyway."))

# Nothing sent yet
launched = results_numbers.launched()
if not launched:
    parts.empty(
        _("No campaign has been sent yet. Choose a group of customers, write to them, and come back here."),
        _("Write a campaign"),
        "campaigns.py",
    )
    st.stop()

# Which campaign, how many days
chosen, counted = st.columns([2, 1], vertical_alignment="bottom")
with chosen:
    campaign_id = results_view.choose_campaign(launched)
with counted:
    days = results_view.choose_window(session.shop())

with parts.guard():
    report = results_numbers.report(campaign_id, days)

    # The answer
    results_view.answer(report)

    # Money
    results_view.money(report)

    # Both groups, and the messages
    left, right = st.columns(2, gap="large")
    with left:
        results_view.arms(report)
    with right:
        results_view.funnel(report)

    # How it was computed
    results_view.method(report)

    # All campaigns beside each other
    results_charts.overview([results_numbers.report(campaign["campaign_id"], days) for campaign in launched[:12]])
