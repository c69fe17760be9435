"""Same person? "These accounts are the same person on two platforms; I join them, and can take it back." """

import streamlit as st

from crm.accounts.acting import Right
from crm.ui import components, joined, reveal, session
from crm.ui.customers import view
from crm.ui.same_people import view as same_people_view
from crm.ui.session import require_role
from crm.ui.words import _

require_role(Right.IMPORTS)

promise = _(
    "Accounts that share a clear phone number or e-mail address. You join them into one customer, and can take it back at any time."
)
components.heading(_("Same person?"), promise)

# Nothing yet: the way to the first file
if not view.anybody(session.as_of()):
    components.empty(
        _("There are no customers yet. Drop in the order files that your shop platform lets you export."), _("Import orders"), "orders.py"
    )
    st.stop()

# Names in full, for those who may
reveal.offer()

# What is running, or how it ended
with components.guard():
    joined.working()

with components.guard():
    suggestions = same_people_view.suggestions()

    # What joining would change, and the surest ones all at once
    same_people_view.summary(suggestions)

    # One by one
    same_people_view.groups(suggestions)

    # Marks that too many carry
    same_people_view.shared(suggestions)

# What was decided, with the way back
with components.guard():
    joined.joined()
    joined.apart()
