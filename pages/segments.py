"""Segments: "I narrow my customers step by step, see on every rung how many are left, and choose the rung I write to." """

import streamlit as st

from crm.ui import customers_view, ladder_memory, ladder_state, parts, segments_members, segments_shelf, segments_view, session
from crm.ui.numbers import day
from crm.ui.session import require_role
from crm.ui.words import _

require_role()

as_of = session.as_of()
promise = _("Narrow your customers step by step and choose the rung you write to. Counted as of {day}.", day=day(as_of))
parts.heading(_("Segments"), promise)

# Nothing yet: the way to the first file
if not customers_view.anybody(as_of):
    parts.empty(
        _("There are no customers yet. Drop in the order files that your shop platform lets you export."), _("Import orders"), "orders.py"
    )
    st.stop()

# The ladder of before the reload
ladder_memory.recall()

# The shelf: open, name, save, copy, delete
segments_shelf.bar()

# An empty ladder: three to begin with
if not ladder_state.draft()["rungs"]:
    segments_view.start()

# The rungs, each with its numbers
with parts.guard():
    found = segments_view.rungs()

    # Who stands on a rung, as a table and as a file
    segments_members.members(found)

# Nothing typed is lost
ladder_memory.remember()
