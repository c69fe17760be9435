"""My account: "This is what I may do, this is where I am signed in; here I change my password." """

from crm.ui import components
from crm.ui.account import view
from crm.ui.session import require_role
from crm.ui.words import _

require_role(None)

components.heading(_("My account"), _("What you may do, where you are signed in, and your password."))

with components.guard():
    view.rights()
    view.devices()
    view.password()
