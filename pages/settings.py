"""Settings: "These are our own numbers: what counts as sleeping, how often we may write, what a sale is worth to us." """

import streamlit as st

from crm.ui import currencies_view, parts, settings_conflict, settings_view
from crm.ui.session import require_role
from crm.ui.words import _

require_role()

parts.heading(_("Settings"), _("The shop's own numbers. Every screen and every campaign uses them from the moment you save."))

# The form, in four blocks
with st.form("settings", border=False, enter_to_submit=False):
    shop = settings_view.form()
    saved = st.form_submit_button(_("Save these settings"), type="primary")

# What saving means
if saved:
    with parts.guard():
        settings_view.save(shop)
settings_conflict.show()
settings_view.last_rebuild()

# What other currencies are worth
currencies_view.table()

# What is decided elsewhere
settings_view.elsewhere()

# What leaves the house
settings_view.channel_notice()
