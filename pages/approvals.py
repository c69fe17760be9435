"""Approvals: "These campaigns wait for me; I have read what goes out, and to how many, and say yes." """

from crm.accounts.acting import Right
from crm.ui import components
from crm.ui.approvals import view
from crm.ui.session import require_role
from crm.ui.words import _

require_role(Right.APPROVE)

components.heading(_("Approvals"), _("Campaigns that a second person reads before they are sent. A changed word asks again."))

with components.guard():
    view.waiting()
