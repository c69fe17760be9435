"""Who did what: "I see who imported, sent, downloaded and changed what, and that nobody has tampered with it." """

from crm.accounts.acting import Right
from crm.ui import components
from crm.ui.audit import view
from crm.ui.session import require_role
from crm.ui.words import _

require_role(Right.AUDIT)

components.heading(_("Who did what"), _("Imports, campaigns, downloads, rights, sign-ins: what everybody did, the newest first."))

# The trail, and whether it is whole
with components.guard():
    view.entries()
    view.whole()
