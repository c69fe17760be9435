"""What `crm doctor` says of this installation, as a short list on the settings page."""

import streamlit as st

from crm import doctor
from crm.ui import components, session
from crm.ui.words import _


def show() -> None:
    """Everything in order, or each finding with its remedy."""
    report = doctor.lately(session.store(), session.environment())
    with st.container(border=True):
        st.subheader(_("Is everything in order?"), anchor=False)
        for one in report.findings:
            tell = st.error if one.level == "wrong" else st.warning
            values = {name: components.quoted(str(value)) for name, value in one.values.items()}
            tell(f"{_(one.sentence, **values)}\n\n{_(one.remedy, **values)}")
        if not report.findings:
            st.success(_("Everything is in order."))
        st.caption(_("Looked at once a minute. `crm doctor` looks more closely and reads the whole database."))
