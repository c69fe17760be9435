"""Long works as rows: asked for here, done by the worker (`crm.worker`), watched by any screen. The only writer of `jobs` and `audit`."""

import json
import threading
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from crm.database import Store, Transaction

Report = Callable[[str, int, int], None]
"""Called by long works as report(step, done, total). May raise `Cancelled`."""

OPEN = ("queued", "running", "cancelling")
wake = threading.Event()


class Cancelled(Exception):  # noqa: N818 (not an error: a person asked for it)
    """Raised out of a report when a person stopped the job; the work must take everything back."""


def silent(step: str, done: int, total: int) -> None:
    """A report that nobody reads (terminal, tests)."""


def ask(store: Store, kind: str, args: dict[str, Any], now: datetime) -> str:
    """Queue a job; its id."""
    job_id = uuid.uuid4().hex[:12]
    with store.transaction() as change:
        change.execute(
            "INSERT INTO jobs (job_id, kind, args, state, created_at) VALUES (?, ?, ?, 'queued', ?)",
            [job_id, kind, json.dumps(args, ensure_ascii=False), now],
        )
    wake.set()
    return job_id


def get(store: Store, job_id: str) -> dict[str, Any] | None:
    """One job with `args` and `result` decoded, or None."""
    row = store.one("SELECT * FROM jobs WHERE job_id = ?", [job_id])
    return _decoded(row) if row else None


def latest(store: Store, kind: str | None = None, limit: int = 10) -> list[dict[str, Any]]:
    """The newest jobs first, of one kind or all."""
    found = store.rows("SELECT * FROM jobs WHERE kind = coalesce(?, kind) ORDER BY created_at DESC LIMIT ?", [kind, limit])
    return [_decoded(row) for row in found]


def running(store: Store, kind: str | None = None) -> list[dict[str, Any]]:
    """The jobs that wait or run, oldest first."""
    sql = "SELECT * FROM jobs WHERE state IN ('queued', 'running', 'cancelling') AND kind = coalesce(?, kind) ORDER BY created_at"
    return [_decoded(row) for row in store.rows(sql, [kind])]


def cancel(store: Store, job_id: str) -> None:
    """Ask a job to stop: one that waits never starts, one that runs takes everything back at its next report."""
    with store.transaction() as change:
        change.execute("UPDATE jobs SET state = 'cancelled' WHERE job_id = ? AND state = 'queued'", [job_id])
        change.execute("UPDATE jobs SET state = 'cancelling' WHERE job_id = ? AND state = 'running'", [job_id])


def next_waiting(store: Store) -> dict[str, Any] | None:
    """The oldest queued job, or None."""
    row = store.one("SELECT * FROM jobs WHERE state = 'queued' ORDER BY created_at LIMIT 1")
    return _decoded(row) if row else None


def start(store: Store, job_id: str, now: datetime) -> None:
    """Mark as running."""
    _set(store, "UPDATE jobs SET state = 'running', started_at = ? WHERE job_id = ?", [now, job_id])


def progress(store: Store, job_id: str, step: str, done: int, total: int) -> None:
    """Keep how far the job is; raises `Cancelled` when a person asked for it to stop."""
    row = store.one("SELECT state FROM jobs WHERE job_id = ?", [job_id])
    if row and row["state"] == "cancelling":
        raise Cancelled
    _set(store, "UPDATE jobs SET step = ?, done = ?, total = ? WHERE job_id = ?", [step, done, total, job_id])


def finish(store: Store, job_id: str, state: str, now: datetime, result: Any = None, error: str | None = None) -> None:
    """Mark as done, failed, cancelled or interrupted. `error` is a sentence for a person."""
    _set(
        store,
        "UPDATE jobs SET state = ?, finished_at = ?, result = ?, error = ? WHERE job_id = ?",
        [state, now, json.dumps(result, ensure_ascii=False, default=str), error, job_id],
    )


def interrupt_open(store: Store, now: datetime) -> list[dict[str, Any]]:
    """After a start: what was running when the process died is marked interrupted; those jobs. Queued ones stay queued."""
    dead = [_decoded(row) for row in store.rows("SELECT * FROM jobs WHERE state IN ('running', 'cancelling')")]
    for job in dead:
        finish(store, job["job_id"], "interrupted", now, job["result"])
    return dead


def note(store: Store, now: datetime, actor: str, action: str, detail: str) -> None:
    """Append to the audit trail: who did what. No personal data in `detail`."""
    with store.transaction() as change:
        noted(change, now, actor, action, detail)


def noted(change: Transaction, now: datetime, actor: str, action: str, detail: str) -> None:
    """The same inside a transaction: what it tells of and the trail are there together, or neither."""
    change.execute("INSERT INTO audit VALUES (?, ?, ?, ?)", [now, actor, action, detail])


def trail(store: Store, limit: int = 50) -> list[dict[str, Any]]:
    """The audit trail, the newest first: happened_at (UTC), actor, action, detail."""
    return store.rows("SELECT * FROM audit ORDER BY happened_at DESC, rowid DESC LIMIT ?", [limit])


def _set(store: Store, sql: str, values: list[Any]) -> None:
    with store.transaction() as change:
        change.execute(sql, values)


def _decoded(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"args": json.loads(row["args"]), "result": json.loads(row["result"] or "null")}
