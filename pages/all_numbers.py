"""All numbers: "I see every rate with its formula, what it was before and a year ago, and how we stand beside our trade." """

import streamlit as st

from crm.accounts.acting import Right
from crm.ui import components
from crm.ui.all_numbers import standing, view
from crm.ui.session import require_role
from crm.ui.words import _

require_role(Right.OVERVIEW)

components.heading(_("All numbers"), _("Every number with its formula, beside the days before and the same days last year."))

# Nothing yet: the way to the first file
if not view.anything():
    components.empty(_("No orders yet. Drop in the order file that your shop exports."), _("Import orders"), "orders.py")
    st.stop()

with components.guard():
    # Which days, and how purchases of one day count
    window, by_month = view.choose()

    # The three repeat rates, which answer different questions
    table = view.computed(window, by_month)
    view.repeat_rates(table)

    # All of them
    view.everything(table)

    # Beside the trade and other shops
    standing.show()
