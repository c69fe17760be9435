"""Segments: "I narrow my customers step by step, see on every rung how many are left, and choose the rung I write to." """

import streamlit as st

from crm.accounts.acting import Right
from crm.ui import components, reveal, session
from crm.ui.customers import view
from crm.ui.figures import day
from crm.ui.segments import members, memory, shelf, state, target, why
from crm.ui.segments import view as segments_view
from crm.ui.session import require_role
from crm.ui.words import _

require_role(Right.SEGMENTS)

as_of = session.as_of()
promise = _("Narrow your customers step by step and choose the rung you write to. Counted as of {day}.", day=day(as_of))
components.heading(_("Segments"), promise)

# Nothing yet: the way to the first file
if not view.anybody(as_of):
    components.empty(
        _("There are no customers yet. Drop in the order files that your shop platform lets you export."), _("Import orders"), "orders.py"
    )
    st.stop()

# The ladder of before the reload
memory.recall()

# The shelf: open, name, save, copy, delete
shelf.bar()

# An empty ladder: three to begin with
if not state.draft().rungs:
    segments_view.start()

# Names in full, for those who may
reveal.offer(state.draft().segment_id or "")

# The rungs, each with its numbers
with components.guard():
    rungs = segments_view.rungs()

    # About so many people: the rung that fits
    target.aim(rungs)

    # Who stands on a rung, as a table and as a file
    members.members(rungs)

# Why somebody is in or out
why.section()

# Nothing typed is lost
memory.remember()
