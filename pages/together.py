"""Compare segments: "I see who is in several of my segments at once, how two of them differ, and whether one grows." """

import streamlit as st

from crm.accounts.acting import Right
from crm.segments import saved
from crm.ui import components, session
from crm.ui.figures import day
from crm.ui.session import require_role
from crm.ui.together import beside, overlapping, weekly
from crm.ui.words import _

require_role(Right.SEGMENTS)

promise = _("Who is in several segments at once, how two of them differ, and how one has grown. As of {day}.", day=day(session.as_of()))
components.heading(_("Compare segments"), promise)

names = [row.name for row in saved.listed(session.store())]

# Nothing to compare yet: the way to the ladder
if len(names) < 2:
    components.empty(
        _("Two saved segments are needed to compare them. Build a ladder, save it, and come back with a second one."),
        _("Build a segment"),
        "segments.py",
    )
    st.stop()

# Over each other: the combinations, and segments made of them
chosen = overlapping.choose(names)
with components.guard():
    overlapping.show(chosen)

# Beside each other: where two differ
st.subheader(_("How two of them differ"), anchor=False)
with components.guard():
    beside.show(names, chosen)

# Week by week
st.subheader(_("Size over time"), anchor=False)
with components.guard():
    weekly.show(names, chosen)
