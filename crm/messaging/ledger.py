"""The states a message goes through. Append-only; the only writer of `message_states`.

pending → sending → accepted → delivered / failed      (events)
                 → rejected                            a refusal that names its reason
                 → unknown → accepted | undecided      24 hours of silence: a person decides
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from crm.database import Store, Transaction

STATES = ("pending", "sending", "accepted", "delivered", "failed", "rejected", "unknown", "undecided")
ON_THE_WAY = ("accepted", "delivered", "unknown", "undecided", "sending")
"""States that count as "was written to"."""
BARRED = "suppressed since the launch"
"""The detail of a message that was rejected because its reader opted out in the meantime: it is never tried again."""


@dataclass(frozen=True, slots=True)
class State:
    """The state a message is in, since when (UTC), by which attempt, and why."""

    message_id: str
    state: str
    happened_at: datetime
    attempt_id: str | None
    detail: str | None


one_at_a_time = threading.Lock()
"""Held by whoever looks at states and then writes new ones: the sender, the events, a person's decision."""


def note(
    change: Transaction,
    campaign_id: str,
    message_ids: Sequence[str],
    state: str,
    now: "datetime | pd.Series",
    attempt_id: str | None = None,
    detail: str = "",
) -> int:
    """Append one state for each message, at one moment (UTC) or each at its own (a Series); how many."""
    if not message_ids:
        return 0
    moments = list(now) if isinstance(now, pd.Series) else [now] * len(message_ids)
    frame = pd.DataFrame({"message_id": list(message_ids), "happened_at": moments})
    frame = frame.assign(campaign_id=campaign_id, state=state, attempt_id=attempt_id, detail=detail)
    return change.insert("message_states", frame.astype({"attempt_id": "string"}))


def states(reader: Store | Transaction, campaign_id: str) -> list[State]:
    """The latest state of each message of a campaign."""
    return reader.rows_as(
        State,
        "SELECT message_id, arg_max(state, seq) AS state, arg_max(happened_at, seq) AS happened_at, "
        "arg_max(attempt_id, seq) AS attempt_id, arg_max(detail, seq) AS detail "
        "FROM message_states WHERE campaign_id = ? GROUP BY message_id",
        [campaign_id],
    )


def of(reader: Store | Transaction, message_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """{message_id: (campaign_id, state)} of those that exist."""
    rows = reader.rows(
        "SELECT message_id, any_value(campaign_id) AS campaign_id, arg_max(state, seq) AS state FROM message_states "
        "WHERE message_id IN (SELECT unnest(?::TEXT[])) GROUP BY message_id",
        [list(message_ids)],
    )
    return {row["message_id"]: (row["campaign_id"], row["state"]) for row in rows}


def move(store: Store, campaign_id: str, ids: Sequence[str], before: str, after: str, now: datetime, detail: str) -> list[str]:
    """Those of these messages that are still in the state `before` go to `after`; which."""
    with one_at_a_time, store.transaction() as change:
        current = of(change, ids)
        moved = [one for one in ids if current[one][1] == before]
        note(change, campaign_id, moved, after, now, detail=detail)
    return moved


def counts(reader: Store | Transaction, campaign_id: str) -> dict[str, int]:
    """How many messages of a campaign are in each state; every state is named."""
    latest = "SELECT arg_max(state, seq) AS state FROM message_states WHERE campaign_id = ? GROUP BY message_id"
    rows = reader.rows(f"SELECT state, count(*) AS n FROM ({latest}) GROUP BY state", [campaign_id])  # noqa: S608 (the line above)
    return dict.fromkeys(STATES, 0) | {row["state"]: row["n"] for row in rows}


def campaigns_with(reader: Store | Transaction, state: str) -> list[str]:
    """The campaigns that have messages in this state."""
    rows = reader.rows("SELECT DISTINCT campaign_id FROM messages WHERE state = ? ORDER BY campaign_id", [state])
    return [row["campaign_id"] for row in rows]


def forget(change: Transaction, campaign_ids: Sequence[str]) -> None:
    """Drop the states of these campaigns (demo data)."""
    change.execute("DELETE FROM message_states WHERE campaign_id IN (SELECT unnest(?::TEXT[]))", [list(campaign_ids)])
