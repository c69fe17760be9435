"""Products: "62 % of my spend has a category; these 20 products are the rest, biggest first, and I put them in one here." """

import streamlit as st

from crm.ui import parts, products_changes, products_rules, products_view
from crm.ui.session import require_role
from crm.ui.words import _

require_role()

parts.heading(
    _("Products"),
    _("Which products have a category, and which still need one, biggest spend first. Every purchase imported so far counts."),
)

products_changes.look()

# What is being counted anew, what the last change did, and its way back
with parts.guard():
    products_changes.working()

# Nothing yet: the way to the first file, or to the file that names products
if not products_view.anything():
    st.stop()

with parts.guard():
    # How much of the spend has a category
    products_view.shares()

    # Products, ticked and put in a category
    products_view.table()

    # Words in titles
    products_rules.section()

    # The categories as they are
    products_view.categories()

    # Lately put in a category by hand
    products_changes.earlier()
