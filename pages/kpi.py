"""How is the shop doing? Six numbers, each beside the period before and last year, and what the last message earned."""

import streamlit as st

from crm.accounts.acting import Right
from crm.ui import components, whats_new
from crm.ui.kpi import course, earned, months, view, why
from crm.ui.result import computed
from crm.ui.session import require_role
from crm.ui.settings import backups
from crm.ui.words import _

require_role(Right.OVERVIEW)

# What an update brought; no backup for days
with components.guard():
    whats_new.box()
    backups.overdue()

# Title and period
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(_("Overview"), anchor=False, width="content")
    days = view.choose_period()

# Which days, how fresh
view.freshness(days)

# Why they changed in a sentence, and six numbers
metrics = computed.metrics(days)
if not metrics:
    view.nothing_yet()
    st.stop()
explained = why.explained(days, metrics)
why.sentence(days, explained)
view.cards(metrics, days)
view.left_out(days)

# What is out of the ordinary, and why sales changed
with components.guard():
    why.warnings(days)
    why.waterfall(days, explained)

# The last campaign, and those of its month
earned.last_result()

# Sales by day with the big days, and by month
course.show(days)
months.show()
