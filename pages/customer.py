"""One customer: "I see who she is, what happened between us, what to ask next, and write it down." """

import streamlit as st

from crm.accounts.acting import Right
from crm.ui import components, reveal, session
from crm.ui.customer import aside, card, finding, person, timeline
from crm.ui.customer.state import CustomerState, Key
from crm.ui.session import require_role
from crm.ui.words import _, language

require_role(Right.CUSTOMERS)

# Nobody yet: whoever was found
customer_id = finding.asked()
if not customer_id:
    components.heading(_("Customer"), _("Everything about one customer: who it is, what happened, what to ask next."))
    reveal.offer()
    with components.guard():
        finding.found()
    st.stop()

# The list she was opened from, and names in full for those who may
finding.along()
reveal.offer(session.state(CustomerState).sign)

with components.guard():
    # Who she is
    her = person.read(customer_id)
    person.heading(her)

    # Her numbers
    person.numbers(her)
    left, right = st.columns([5, 3], gap="medium")

    # What happened, what is known, what was changed
    with left, st.container(border=True):
        views = {"story": _("What happened"), "facts": _("What is known"), "history": _("Changes of the dossier")}
        shown = st.segmented_control(
            _("Shown"),
            list(views),
            default="story",
            required=True,
            format_func=views.get,
            key=Key.SHOWN.of(language()),
            label_visibility="collapsed",
        )
        if shown == "facts":
            person.facts(her)
        elif shown == "history":
            card.history(her)
        else:
            timeline.note(her.customer_id)
            timeline.show(her.customer_id)

    # Her dossier, and why she is where she is
    with right:
        with st.container(border=True):
            card.show(her)
        with st.container(border=True):
            aside.segments(her)
            aside.consents(her)
            aside.accounts(her)
