"""Users: "These people may sign in, and this is what each of them may do." """

from crm.accounts.acting import Right
from crm.ui import components
from crm.ui.session import require_role
from crm.ui.users import view
from crm.ui.words import _

require_role(Right.USERS)

components.heading(_("Users"), _("Who may sign in, and what each may do. Writing a campaign and sending it are different rights."))

with components.guard():
    # No users yet: the owner first
    if not view.exist():
        view.owner()
    else:
        # A link that was just made, then everybody, then one more
        view.link()
        view.people()
        view.add()
