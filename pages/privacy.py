"""Data requests: "Somebody wants to know what we keep of her, or wants it erased, and I can do it and prove it." """

from crm.accounts.acting import Right
from crm.ui import components
from crm.ui.privacy import view
from crm.ui.session import require_role
from crm.ui.words import _

require_role(Right.ERASE)

components.heading(
    _("Data requests"), _("Give a person everything that is kept about her, or erase her. Decide how long anything is kept.")
)

# One person
with components.guard():
    view.find()

# Everybody
with components.guard():
    view.rules()
    view.done()
