"""Ladders as they stand on a screen, saved or not: the only writer of `ladder_drafts`. Swept after a month."""

import json
from datetime import datetime, timedelta
from typing import Any

from crm.database import Store

KEPT = timedelta(days=30)


def keep(store: Store, draft_id: str, draft: dict[str, Any], is_saved: bool, now: datetime) -> None:
    """Keep what is on screen under its id, in place of what was kept before. `is_saved`: the shelf holds the same."""
    body = json.dumps(draft, ensure_ascii=False, default=str)
    with store.transaction() as change:
        change.execute("DELETE FROM ladder_drafts WHERE draft_id = ? OR updated_at < ?", [draft_id, now - KEPT])
        change.execute("INSERT INTO ladder_drafts VALUES (?, ?, ?, ?)", [draft_id, body, is_saved, now])


def find(store: Store, draft_id: str) -> dict[str, Any] | None:
    """What was on screen under this id, or None."""
    row = store.one("SELECT body FROM ladder_drafts WHERE draft_id = ?", [draft_id])
    found: dict[str, Any] | None = json.loads(row["body"]) if row else None
    return found


def unfinished(store: Store, limit: int = 3) -> list[dict[str, Any]]:
    """The drafts that no saved segment holds, newest first: draft_id, draft, updated_at (UTC)."""
    rows = store.rows(
        "SELECT draft_id, body, updated_at FROM ladder_drafts WHERE NOT is_saved ORDER BY updated_at DESC, draft_id LIMIT ?", [limit]
    )
    return [row | {"draft": json.loads(row.pop("body"))} for row in rows]
