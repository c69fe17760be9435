"""The sign that says: this is a demo shop, and the one click that makes room for the real one."""

import streamlit as st

from crm import clock, demo, jobs, works
from crm.accounts.acting import Right
from crm.ui import components, session
from crm.ui.words import _


class Key(session.Keys):
    REMOVE = "remove_demo"
    SURE = "remove_demo_sure"


def banner() -> None:
    """Above every page while the shop on screen is invented, or while it is being set up or removed."""
    store = session.store()
    for kind, words in ((works.Demo, _("The demo shop is being set up …")), (works.RemoveDemo, _("The demo shop is being removed …"))):
        for job in jobs.running(store, kind):
            st.info(words)
            components.watch(job.job_id, "banner")
            return
    if demo.present(store):
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(_("**Demo shop.** All people and orders here are invented."), width="stretch")
            if session.may(Right.IMPORTS) and st.button(_("Remove the demo and start with my orders"), key=Key.REMOVE):
                st.dialog(_("Remove the demo shop"))(_confirm)()


def _confirm() -> None:
    st.write(_("The demo's orders, customers and campaigns are removed. What you imported yourself stays."))
    if st.button(_("Remove the demo shop"), type="primary", key=Key.SURE):
        if not jobs.running(session.store(), works.RemoveDemo):
            jobs.ask(session.store(), works.RemoveDemo(), clock.now())
        st.rerun()
