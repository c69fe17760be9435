"""Where a campaign stands: queued, accepted, delivered, failed and unknown apart, and what people did with it."""

from typing import Any

from crm.campaigns import roster, saved
from crm.database import Store
from crm.messaging import ledger


def status(store: Store, campaign_id: str) -> dict[str, Any]:
    """campaign_id, name, state, state_reason, both arms, messages by state (queued = pending + sending), left_out, events, reasons."""
    campaign = saved.get(store, campaign_id)
    found = ledger.counts(store, campaign_id)
    return {
        "campaign_id": campaign_id,
        "name": campaign["name"],
        "state": campaign["state"],
        "state_reason": campaign["state_reason"] or None,
        **roster.arms(store, campaign_id),
        "queued": found["pending"] + found["sending"],
        **{name: found[name] for name in ("accepted", "delivered", "failed", "rejected", "unknown", "undecided")},
        "left_out": roster.left_out(store, campaign_id),
        "events": events(store, campaign_id),
        "reasons": reasons(store, campaign_id),
    }


def events(store: Store, campaign_id: str) -> dict[str, int]:
    """People per event; what mail machines opened is not counted as opened."""
    rows = store.rows(
        "SELECT event, count(DISTINCT message_id) AS people FROM message_events WHERE campaign_id = ? AND NOT machine GROUP BY event",
        [campaign_id],
    )
    return dict.fromkeys(("delivered", "opened", "clicked", "bounced", "complained", "unsubscribed"), 0) | {
        row["event"]: row["people"] for row in rows if row["event"] not in ("processed", "deferred")
    }


def reasons(store: Store, campaign_id: str) -> list[dict[str, Any]]:
    """Why messages were rejected or are unknown: state, detail, people; the commonest first."""
    found: dict[tuple[str, str], int] = {}
    for row in ledger.states(store, campaign_id):
        if row["state"] in ("rejected", "unknown", "undecided"):
            found[row["state"], row["detail"] or ""] = found.get((row["state"], row["detail"] or ""), 0) + 1
    ordered = sorted(found.items(), key=lambda item: -item[1])
    return [{"state": state, "detail": detail, "people": people} for (state, detail), people in ordered]
