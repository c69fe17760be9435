"""Where a campaign stands: queued, accepted, delivered, failed and unknown apart, and what people did with it."""

from collections import Counter
from dataclasses import dataclass

from crm.campaigns import roster, saved
from crm.database import Store
from crm.messaging import ledger


@dataclass(frozen=True, slots=True)
class Unsent:
    """Why so many people's messages were rejected, or are unknown."""

    state: str
    detail: str
    people: int


@dataclass(frozen=True, slots=True)
class Status:
    """Where a campaign stands: its two arms, messages by state (queued: pending and sending), who was left out, people per event.

    The fields are the keys of `crm campaign status`, in their order.
    """

    campaign_id: str
    name: str
    state: str
    state_reason: str | None
    recipients: int
    holdout: int
    queued: int
    accepted: int
    delivered: int
    failed: int
    rejected: int
    unknown: int
    undecided: int
    left_out: dict[str, int]
    events: dict[str, int]
    reasons: list[Unsent]


def status(store: Store, campaign_id: str) -> Status:
    """Where a campaign stands. Raises NotFoundError."""
    campaign = saved.get(store, campaign_id)
    result = ledger.counts(store, campaign_id)
    return Status(
        campaign_id=campaign_id,
        name=campaign.name,
        state=campaign.state,
        state_reason=campaign.state_reason or None,
        **roster.arms(store, campaign_id),
        queued=result["pending"] + result["sending"],
        **{name: result[name] for name in ("accepted", "delivered", "failed", "rejected", "unknown", "undecided")},
        left_out=roster.left_out(store, campaign_id),
        events=events(store, campaign_id),
        reasons=reasons(store, campaign_id),
    )


def events(store: Store, campaign_id: str) -> dict[str, int]:
    """People per event; what mail machines opened is not counted as opened."""
    rows = store.rows(
        "SELECT event, count(DISTINCT message_id) AS people FROM message_events WHERE campaign_id = ? AND NOT machine GROUP BY event",
        [campaign_id],
    )
    return dict.fromkeys(("delivered", "opened", "clicked", "bounced", "complained", "unsubscribed"), 0) | {
        row["event"]: row["people"] for row in rows if row["event"] not in ("processed", "deferred")
    }


def reasons(store: Store, campaign_id: str) -> list[Unsent]:
    """Why messages were rejected or are unknown, the commonest first."""
    items = [row for row in ledger.states(store, campaign_id) if row.state in ("rejected", "unknown", "undecided")]
    return [Unsent(*why, people) for why, people in Counter((row.state, row.detail or "") for row in items).most_common()]
