"""Import orders: "I drop in what the platform gave me, see what it would change, and can take it back." """

import streamlit as st

from crm.ui import inbox_view, orders_files, orders_list, orders_upload, orders_view, parts, uploads_view
from crm.ui.session import require_role
from crm.ui.words import _

require_role()

parts.heading(
    _("Import orders"),
    _("Drop in the files that Taobao, Tmall, JD, Shopify … let you export. Nothing is written before you have seen what would happen."),
)

# What is running, or what the last run said
ended = None
with parts.guard():
    inbox_view.draw()
    ended = orders_view.working()
    if ended:
        orders_view.result(ended)

# The files
with parts.guard():
    dropped = orders_upload.chosen()
    looked = orders_view.looked(ended, dropped)
    with st.expander(_("How the files are read")) if looked else st.container():
        paths, mappings = orders_files.read(dropped)

# Look first, then import
with parts.guard():
    if paths:
        shop = st.text_input(_("Shop, for files that do not name it"), key="orders_shop", persist_state="session")
        with st.container(horizontal=True):
            if st.button(
                _("Look again") if looked else _("See what would happen"), type="secondary" if looked else "primary", key="orders_look"
            ):
                orders_view.ask(paths, mappings, shop, dry_run=True)
            if not looked and st.button(_("Import without looking"), key="orders_blind"):
                orders_view.ask(paths, mappings, shop, dry_run=False)

# What else can be dropped in
with parts.guard():
    uploads_view.templates()

# Earlier imports
st.subheader(_("Earlier imports"), anchor=False)
with parts.guard():
    orders_list.earlier()

# Who did what
with parts.guard():
    orders_list.trail()
