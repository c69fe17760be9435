"""Settings: "These are our own numbers: what counts as sleeping, how often we may write, what a sale is worth to us." """

import streamlit as st

from crm.accounts.acting import Right
from crm.ui import components, currencies
from crm.ui.session import require_role
from crm.ui.settings import backups, changes, condition, conflict, view
from crm.ui.settings.state import Key
from crm.ui.words import _

require_role(Right.SETTINGS)

components.heading(_("Settings"), _("The shop's own numbers. Every screen and every campaign uses them from the moment you save."))

# The form, in four blocks
with st.form(Key.FORM, border=False, enter_to_submit=False):
    shop = view.form()
    saved = st.form_submit_button(_("Save these settings"), type="primary")

# What saving means
if saved:
    with components.guard():
        view.save(shop)
conflict.show()
view.last_rebuild()

# What other currencies are worth
currencies.table()

# What is decided elsewhere
view.elsewhere()

# What leaves the house, and whether it arrives
view.channel_notice()
changes.sender()

# What was changed, with the way back
with components.guard():
    changes.history()

# Copies of it all
backups.block()

# Whether this installation is well
condition.show()
