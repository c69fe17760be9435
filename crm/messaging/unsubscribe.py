"""The link in each message with which a person stops all further ones. The link is the message's own unguessable id."""

from datetime import datetime

from crm.database import Store
from crm.errors import NotFoundError
from crm.messaging import events, handed_over, suppressions

NOBODY = "test"
"""The token in previews and test messages: it opens the page but belongs to no one."""


def url(public_url: str, token: str) -> str:
    """The address a reader clicks, and a mail program posts to."""
    return f"{public_url.rstrip('/')}/u/{token}"


def token(message_id: str) -> str:
    """The token of a message."""
    return message_id


def find(store: Store, given: str) -> dict[str, str] | None:
    """Whose message this token belongs to: campaign_id, message_id, address_norm; None for a test link. Raises NotFoundError.

    Of a message that left after a copy of the database was made, and before it was put back, only `hashed` (the address) is known; and of
    one to somebody whose data was erased.
    """
    if given == NOBODY:
        return None
    row = store.one("SELECT campaign_id, message_id, address_norm FROM recipients WHERE message_id = ?", [given])
    hashed = handed_over.person_of(store, given) if row is None or row["address_norm"] is None else None
    if hashed:
        return {"hashed": hashed}
    if row is None:
        raise NotFoundError("unsubscribe.unknown_link", "This unsubscribe link is not known here. Please answer to the message instead.")
    return row


def open(store: Store, given: str, now: datetime) -> bool:
    """Do it: the address is never written to again. Safe to repeat; True when it was new. Raises NotFoundError."""
    row = find(store, given)
    if row is None:
        return False
    if "hashed" in row:
        with store.transaction() as change:
            return handed_over.hear(change, row["hashed"], now)
    new = suppressions.add(store, [row["address_norm"]], "unsubscribed", row["campaign_id"], now)
    if new:
        events.ingest(store, [{"message_id": row["message_id"], "event": "unsubscribe", "timestamp": events.seconds(now)}], now)
    return bool(new)
