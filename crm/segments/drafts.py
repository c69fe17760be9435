"""Ladders as they stand on a screen, saved or not: the only writer of `ladder_drafts`. Swept after a month."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crm.accounts import acting
from crm.accounts.acting import Right
from crm.database import Store
from crm.errors import ChangedError

KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A ladder that was begun and not saved, as its screen wrote it, changed last at `updated_at` (UTC)."""

    draft_id: str
    draft: dict[str, Any]
    updated_at: datetime


@acting.needs(Right.SEGMENTS)
def keep(store: Store, draft_id: str, draft: dict[str, Any], is_saved: bool, now: datetime, seen: int | None = None) -> int:
    """Keep what is on screen under its id, in place of what was kept before; the version it has now. `is_saved`: the shelf holds the same.

    Raises ChangedError where another tab kept something under this id since the version `seen` (None: a new draft).
    """
    body = json.dumps(draft, ensure_ascii=False, default=str)
    with store.transaction() as change:
        there = change.rows("SELECT version FROM ladder_drafts WHERE draft_id = ?", [draft_id])
        if there and there[0]["version"] != seen:
            raise ChangedError(
                "segment.draft_changed_elsewhere", "This ladder is being edited in another tab as well. Nothing of either was overwritten."
            )
        change.execute("DELETE FROM ladder_drafts WHERE draft_id <> ? AND updated_at < ?", [draft_id, now - KEPT])
        if there:
            sql = "UPDATE ladder_drafts SET body = ?, is_saved = ?, updated_at = ?, version = version + 1 WHERE draft_id = ?"
            change.execute(sql, [body, is_saved, now, draft_id])
        else:
            sql = "INSERT INTO ladder_drafts (draft_id, body, is_saved, updated_at, version) VALUES (?, ?, ?, ?, ?)"
            change.execute(sql, [draft_id, body, is_saved, now, (seen or 0) + 1])
    return (seen or 0) + 1


def find(store: Store, draft_id: str) -> dict[str, Any] | None:
    """What was on screen under this id, or None."""
    row = store.one("SELECT body FROM ladder_drafts WHERE draft_id = ?", [draft_id])
    values: dict[str, Any] | None = json.loads(row["body"]) if row else None
    return values


def version(store: Store, draft_id: str) -> int | None:
    """Which version is kept under this id, for `keep`."""
    row = store.one("SELECT version FROM ladder_drafts WHERE draft_id = ?", [draft_id])
    return int(row["version"]) if row else None


def unfinished(store: Store, limit: int = 3) -> list[Unfinished]:
    """The drafts that no saved segment holds, newest first."""
    sql = "SELECT draft_id, body AS draft, updated_at FROM ladder_drafts WHERE NOT is_saved ORDER BY updated_at DESC, draft_id LIMIT ?"
    return store.rows_as(Unfinished, sql, [limit], draft=json.loads)
