"""Products: "62 % of my spend has a category; these 20 products are the rest, biggest first, and I put them in one here." """

import streamlit as st

from crm.accounts.acting import Right
from crm.ui import components
from crm.ui.products import changes, proposals, rules, view
from crm.ui.session import require_role
from crm.ui.words import _

require_role(Right.IMPORTS)

components.heading(
    _("Products"),
    _("Which products have a category, and which still need one, biggest spend first. Every purchase imported so far counts."),
)

changes.look()

# What is being counted anew, what the last change did, and its way back
with components.guard():
    changes.working()

# Nothing yet: the way to the first file, or to the file that names products
if not view.anything():
    st.stop()

with components.guard():
    # How much of the spend has a category
    view.shares()

    # Categories that the titles propose
    proposals.section()

    # Products, ticked and put in a category
    view.table()

    # Words in titles
    rules.section()

    # The categories as they are
    view.categories()

    # Lately put in a category by hand
    changes.earlier()
