"""Customers: "I see who my customers are, click on what interests me, and keep the ones I found as a group." """

import streamlit as st

from crm.accounts.acting import Right
from crm.ui import components, session
from crm.ui.customers import cards, view
from crm.ui.figures import day
from crm.ui.prediction import view as prediction
from crm.ui.session import require_role
from crm.ui.words import _

require_role(Right.CUSTOMERS)

as_of = session.as_of()
components.heading(_("Customers"), _("Who they are and what they spent, as of {day}. Every chart filters all the others.", day=day(as_of)))

# Nothing yet: the way to the first file
if not view.anybody(as_of):
    components.empty(
        _("There are no customers yet. Drop in the order files that your shop platform lets you export."), _("Import orders"), "orders.py"
    )
    st.stop()

# By customers, orders or spend; whom all is compared with
by, names, beside = view.controls()

with components.guard():
    counted = view.counted(names, by, beside, as_of)

    # Who is chosen, in words, and the button that makes a segment of them
    view.summary(counted.result, counted)

    # Where they live: the map, its cities and districts, and the ranking
    with st.grid(2, min_column_width=340):
        cards.region(counted)

    # Everything else, and the hours of the week
    view.others(counted, names)
    cards.week(counted)

    # What is missing, and the count once more
    view.silent(counted, names)
    view.always(counted.result)

# What is to be expected of them, or why nothing can be said
prediction.box(as_of)
