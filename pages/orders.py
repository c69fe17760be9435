"""Import orders: "I drop in what the platform gave me, see what it would change, and can take it back." """

import streamlit as st

from crm.accounts.acting import Right
from crm.ui import components, reveal
from crm.ui.orders import files, history, inbox, other_kinds, upload, view
from crm.ui.orders.state import JOB, Key
from crm.ui.session import require_role
from crm.ui.words import _

require_role(Right.IMPORTS)

components.heading(
    _("Import orders"),
    _("Drop in the files that Taobao, Tmall, JD, Shopify … let you export. Nothing is written before you have seen what would happen."),
)

# Cells in full, for those who may
reveal.offer(st.query_params.get(JOB, ""))

# What is running, or what the last run said
ended = None
with components.guard():
    inbox.draw()
    ended = view.working()
    if ended:
        view.result(ended)

# The files
with components.guard():
    dropped = upload.chosen()
    looked = view.looked(ended, dropped)
    with st.expander(_("How the files are read")) if looked else st.container():
        paths, mappings = files.read(dropped)

# Look first, then import
with components.guard():
    if paths:
        shop = st.text_input(_("Shop, for files that do not name it"), key=Key.SHOP, persist_state="session")
        with st.container(horizontal=True):
            if st.button(
                _("Look again") if looked else _("See what would happen"), type="secondary" if looked else "primary", key=Key.LOOK
            ):
                view.ask(paths, mappings, shop, dry_run=True)
            if not looked and st.button(_("Import without looking"), key=Key.BLIND):
                view.ask(paths, mappings, shop, dry_run=False)

# What else can be dropped in
with components.guard():
    other_kinds.templates()

# Earlier imports
st.subheader(_("Earlier imports"), anchor=False)
with components.guard():
    history.earlier()

# Who did what
with components.guard():
    history.trail()
