"""Patterns: "I see which regulars are overdue, when people usually come back, and what brings them back; one click and I have them." """

import streamlit as st

from crm.accounts.acting import Right
from crm.ui import components, session
from crm.ui.customers import view
from crm.ui.figures import day
from crm.ui.patterns import boxes, months, things
from crm.ui.session import require_role
from crm.ui.words import _

require_role(Right.CUSTOMERS)

as_of = session.as_of()
promise = _(
    "When customers come back, after what, and who is late. Identified customers only, refunds taken off, as of {day}.", day=day(as_of)
)
components.heading(_("Patterns"), promise)

# Nothing yet: the way to the first file
if not view.anybody(as_of):
    components.empty(
        _("There are no customers yet. Drop in the order files that your shop platform lets you export."), _("Import orders"), "orders.py"
    )
    st.stop()

# How often and how long ago: click a box; who is late by their own rhythm
with st.grid(2, min_column_width=340):
    with st.container(border=True, height="stretch"), components.guard():
        st.markdown(f"**{_('Last purchase × number of purchases')}**  :gray[{_('click a box to see its people')}]")
        boxes.show_grid(as_of)
    with st.container(border=True, height="stretch"), components.guard():
        st.markdown(f"**{_('Late by their own rhythm')}**")
        boxes.show_clock(as_of)

# The eight classes, and who moved
with st.grid(2, min_column_width=340):
    with st.container(border=True, height="stretch"), components.guard():
        st.markdown(f"**{_('The eight RFM classes')}**")
        boxes.show_classes(as_of)
    with st.container(border=True, height="stretch"), components.guard():
        st.markdown(f"**{_('Who has moved')}**")
        boxes.show_moves(as_of)

# Cohorts
with st.container(border=True), components.guard():
    st.markdown(f"**{_('After the first purchase, month by month')}**")
    months.show(as_of)

# By category or product: when again, what brings back, what goes with what
kind = things.choose_kind()
with st.grid(2, min_column_width=340):
    with st.container(border=True, height="stretch"), components.guard():
        st.markdown(f"**{_('When they buy it again')}**")
        things.show_cycle(as_of, kind)
    with st.container(border=True, height="stretch"), components.guard():
        st.markdown(f"**{_('What brings people back, what ends it')}**")
        things.show_firsts(as_of, kind)
with st.container(border=True), components.guard():
    st.markdown(f"**{_('Bought one, then the other')}**")
    things.show_affinity(as_of, kind)
