"""How is the shop doing? Six numbers, each beside the period before and last year, and what the last message earned."""

import streamlit as st

from crm.ui import kpi_months, kpi_view, results_numbers
from crm.ui.session import require_role
from crm.ui.words import _

require_role()

# Title and period
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(_("Overview"), anchor=False, width="content")
    days = kpi_view.choose_period()

# Which days, how fresh
kpi_view.freshness(days)

# Six numbers
metrics = results_numbers.metrics(days)
if not metrics:
    kpi_view.nothing_yet()
    st.stop()
kpi_view.cards(metrics, days)
kpi_view.left_out(days)

# The last campaign
kpi_view.last_result()

# Sales by month
kpi_months.show()
