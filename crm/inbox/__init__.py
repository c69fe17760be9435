"""The inbox: files that a nightly export puts into `data/shop/inbox/` are imported by the running server and filed with a report.

`Inbox` watches the folder, `report` writes what is laid beside each file.
"""

from crm.inbox.report import Say, write
from crm.inbox.watching import Inbox

__all__ = ["Inbox", "Say", "write"]
