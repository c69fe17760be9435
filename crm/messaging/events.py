"""What the provider reports after a message left: unordered, repeated, late. The only writer of `message_events`."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from crm.database import Store, Transaction
from crm.messaging import handed_over, ledger, suppressions

WORDS = {
    "processed": "processed",
    "deferred": "deferred",
    "delivered": "delivered",
    "open": "opened",
    "click": "clicked",
    "bounce": "bounced",
    "dropped": "dropped",
    "spamreport": "complained",
    "unsubscribe": "unsubscribed",
    "group_unsubscribe": "unsubscribed",
}
"""The provider's word → ours."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
LONGEST_LINK = 2_000
_REACHED = {"processed": "accepted", "deferred": "accepted", "bounced": "failed", "dropped": "failed"}
_RANK = {"accepted": 1, "delivered": 2, "failed": 3}
ADDRESSED = "SELECT message_id, address_norm, campaign_id FROM recipients WHERE message_id IN (SELECT unnest(?::TEXT[]))"
_NEVER_AGAIN = {"bounced": "bounced", "complained": "complained", "unsubscribed": "unsubscribed"}


@dataclass(frozen=True, slots=True)
class Event:
    """What the provider says of a message. `machine`: a mail program did it; `soft`: not for good, the mail may arrive another time."""

    event_key: str
    message_id: str
    event: str
    happened_at: datetime
    url: str | None
    machine: bool
    soft: bool


def seconds(moment: datetime) -> int:
    """A stored (UTC) moment as the provider counts it."""
    return int(moment.replace(tzinfo=UTC).timestamp())


def ingest(store: Store, raw: Sequence[dict[str, Any]], now: datetime) -> dict[str, int]:
    """Take over a report (SendGrid's event objects, ours carry `message_id`): {new, repeated, foreign}.

    An event about a message is proof that it was accepted, whatever we knew before. Hard bounces, complaints and opt-outs suppress
    the address.
    """
    seen = [event for event in (_read(item) for item in raw) if event]
    with ledger.one_at_a_time, store.transaction() as change:
        known = ledger.of(change, [event.message_id for event in seen])
        ours = [event for event in seen if event.message_id in known]
        fresh = _fresh(change, ours)
        if fresh:
            frame = pd.DataFrame([asdict(event) for event in fresh]).drop(columns="soft").astype({"url": "string"})
            campaigns = [known[event.message_id][0] for event in fresh]
            change.insert("message_events", frame.assign(campaign_id=campaigns, received_at=now))
            _advance(change, fresh, known, now)
            _suppress(change, fresh, now)
        _hear(change, [event for event in seen if event.message_id not in known], now)
    return {"new": len(fresh), "repeated": len(ours) - len(fresh), "foreign": len(raw) - len(ours)}


def forget(change: Transaction, campaign_ids: Sequence[str]) -> None:
    """Drop the events of these campaigns (demo data)."""
    change.execute("DELETE FROM message_events WHERE campaign_id IN (SELECT unnest(?::TEXT[]))", [list(campaign_ids)])


def erase(change: Transaction) -> None:
    """Which links the people in `leaving_messages` clicked."""
    change.execute("UPDATE message_events SET url = NULL WHERE message_id IN (SELECT message_id FROM leaving_messages)")


def _read(item: object) -> Event | None:
    """None for whatever is not an event of ours, of any type: one bad event must not cost the good ones beside it."""
    if not isinstance(item, dict) or not isinstance(word := item.get("event"), str) or word not in WORDS:
        return None
    if not isinstance(message_id := item.get("message_id"), str) or not _ID.fullmatch(message_id):
        return None
    try:
        happened = datetime.fromtimestamp(float(item["timestamp"]), UTC).replace(tzinfo=None)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None
    event, url = WORDS[word], str(item["url"])[:LONGEST_LINK].encode("utf-8", "replace").decode() if item.get("url") else None
    key = "|".join([message_id, event, happened.isoformat(), url or ""])
    return Event(
        event_key=hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:32],
        message_id=message_id,
        event=event,
        happened_at=happened,
        url=url,
        machine=item.get("sg_machine_open") in (True, "true", 1),
        soft=item.get("type") == "blocked",
    )


def _fresh(change: Transaction, events: Sequence[Event]) -> list[Event]:
    once = {event.event_key: event for event in events}
    old = change.rows("SELECT event_key FROM message_events WHERE event_key IN (SELECT unnest(?::TEXT[]))", [list(once)])
    return [event for key, event in once.items() if key not in {row["event_key"] for row in old}]


def _advance(change: Transaction, events: Sequence[Event], known: dict[str, tuple[str, str]], now: datetime) -> None:
    reached: dict[str, str] = {}
    for event in events:
        state = _REACHED.get(event.event, "delivered")
        before = reached.get(event.message_id, known[event.message_id][1])
        if _RANK[state] > _RANK.get(before, 0):
            reached[event.message_id] = state
    for campaign_id, state in sorted({(known[message][0], state) for message, state in reached.items()}):
        ids = [message for message, one in reached.items() if one == state and known[message][0] == campaign_id]
        ledger.note(change, campaign_id, ids, state, now, detail="event")


def _hear(change: Transaction, events: Sequence[Event], now: datetime) -> None:
    """Opt-outs and complaints about messages that only the journal knows count all the same."""
    for event in events:
        address = handed_over.person_of(change, event.message_id) if event.event in _NEVER_AGAIN and not event.soft else None
        if address:
            handed_over.hear(change, address, now)


def _suppress(change: Transaction, events: Sequence[Event], now: datetime) -> None:
    for word, reason in _NEVER_AGAIN.items():
        ids = [event.message_id for event in events if event.event == word and not event.soft]
        rows = change.rows(ADDRESSED, [ids]) if ids else []
        for campaign_id in sorted({row["campaign_id"] for row in rows}):
            addresses = [row["address_norm"] for row in rows if row["campaign_id"] == campaign_id and row["address_norm"]]
            suppressions.add_within(change, addresses, reason, campaign_id, now)
        for row in rows:  # of somebody who was erased only the hashed address is known
            if row["address_norm"] is None and (hashed := handed_over.person_of(change, row["message_id"])):
                handed_over.hear(change, hashed, now)
