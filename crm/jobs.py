"""Long works as rows: asked for here, done by the worker (`crm.worker`), watched by any screen. The only writer of `jobs`."""

import json
import re
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar, overload

from crm import works
from crm.accounts import acting
from crm.accounts.acting import Right
from crm.database import Store, Transaction
from crm.works import Args

Report = Callable[[str, int, int], None]
"""Called by long works as report(step, done, total). May raise `Cancelled`."""
OPEN = ("queued", "running", "cancelling")
SAMPLES = re.compile(r"” \([^/]*\)(?= / |$)")
wake = threading.Event()


class Cancelled(Exception):  # noqa: N818 (not an error: a person asked for it)
    """Raised out of a report when a person stopped the job; the work must take everything back."""


A_co = TypeVar("A_co", bound=Args, covariant=True)


@dataclass(frozen=True, slots=True)
class Job(Generic[A_co]):
    """A long work. Moments are UTC; `result` is the work's answer, as JSON gives it back; `error` an English sentence; `actor` asked."""

    job_id: str
    args: A_co
    state: str
    done: int
    total: int
    step: str
    error: str | None
    result: Any
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    actor: str | None

    def why(self, say: Callable[..., str]) -> str:
        """Why it failed, in the words of `say` (an English sentence and its values → a language's)."""
        values = self.result if isinstance(self.result, dict) else {}
        return say(values["template"], **values.get("values", {})) if values.get("template") else str(self.error)


def silent(step: str, done: int, total: int) -> None:
    """A report that nobody reads (terminal, tests)."""


def ask(store: Store, args: Args, now: datetime) -> str:
    """Queue a job; its id. Raises RightError."""
    acting.require(Right(args.right))
    job_id = uuid.uuid4().hex[:12]
    with store.transaction() as change:
        change.execute(
            "INSERT INTO jobs (job_id, kind, args, state, created_at, actor) VALUES (?, ?, ?, 'queued', ?, ?)",
            [job_id, args.kind, works.encoded(args), now, acting.current().name],
        )
    wake.set()
    return job_id


@overload
def get(store: Store, job_id: str) -> Job[Args] | None: ...
@overload
def get(store: Store, job_id: str, kind: type[A_co]) -> Job[A_co] | None: ...
def get(store: Store, job_id: str, kind: type[A_co] | None = None) -> Job[Any] | None:
    """One job (of this kind), or None."""
    return next(iter(_jobs(store, "WHERE job_id = ? AND kind = coalesce(?, kind)", [job_id, kind and kind.kind])), None)


def latest(store: Store, kind: type[A_co] | None = None, limit: int = 10) -> list[Job[A_co]]:
    """The newest jobs first, of one kind or all."""
    return _jobs(store, "WHERE kind = coalesce(?, kind) ORDER BY created_at DESC LIMIT ?", [kind and kind.kind, limit])


def running(store: Store, kind: type[A_co] | None = None) -> list[Job[A_co]]:
    """The jobs that wait or run, oldest first."""
    states = "WHERE state IN ('queued', 'running', 'cancelling') AND kind = coalesce(?, kind) ORDER BY created_at"
    return _jobs(store, states, [kind and kind.kind])


def cancel(store: Store, job_id: str) -> None:
    """Ask a job to stop: one that waits never starts, one that runs takes everything back at its next report. Raises RightError."""
    job: Job[Args] | None = get(store, job_id)
    acting.require(Right(job.args.right if job else Right.SETTINGS))
    with store.transaction() as change:
        change.execute("UPDATE jobs SET state = 'cancelled' WHERE job_id = ? AND state = 'queued'", [job_id])
        change.execute("UPDATE jobs SET state = 'cancelling' WHERE job_id = ? AND state = 'running'", [job_id])


def next_waiting(store: Store) -> Job[Args] | None:
    """The oldest queued job, or None."""
    return next(iter(_jobs(store, "WHERE state = 'queued' ORDER BY created_at LIMIT 1")), None)


def start(store: Store, job_id: str, now: datetime) -> None:
    """Mark as running."""
    _set(store, "UPDATE jobs SET state = 'running', started_at = ? WHERE job_id = ?", [now, job_id])


def progress(store: Store, job_id: str, step: str, done: int, total: int) -> None:
    """Keep how far the job is; raises `Cancelled` when a person asked for it to stop."""
    row = store.one("SELECT state FROM jobs WHERE job_id = ?", [job_id])
    if row and row["state"] == "cancelling":
        raise Cancelled
    _set(store, "UPDATE jobs SET step = ?, done = ?, total = ? WHERE job_id = ?", [step, done, total, job_id])


def finish(store: Store, job_id: str, state: str, now: datetime, result: object = None, error: str | None = None) -> None:
    """Mark as done, failed, cancelled or interrupted. `error` is a sentence for a person."""
    _set(
        store,
        "UPDATE jobs SET state = ?, finished_at = ?, result = ?, error = ? WHERE job_id = ?",
        [state, now, json.dumps(result, ensure_ascii=False, default=str), error, job_id],
    )


def interrupt_open(store: Store, now: datetime) -> list[Job[Args]]:
    """After a start: what was running when the process died is marked interrupted; those jobs. Queued ones stay queued."""
    dead: list[Job[Args]] = _jobs(store, "WHERE state IN ('running', 'cancelling')")
    for job in dead:
        finish(store, job.job_id, "interrupted", now, job.result)
    return dead


def discreet(name: str, value: Any) -> Any:
    """A value of a refusal as it may be kept with a job: without cells of a file, nor the cells by which a column is shown."""
    return "…" if name == "value" else SAMPLES.sub("”", value) if name == "candidates" else value


def erase(change: Transaction) -> None:
    """What works have noted of the people whose words are in `leaving_words`."""
    words = [json.dumps(row["word"], ensure_ascii=False)[1:-1] for row in change.rows("SELECT word FROM leaving_words")]
    rows = change.rows("SELECT job_id, args, result, error FROM jobs")
    for row in rows:
        fields = {name: row[name] for name in ("args", "result", "error")}
        clean = {name: text and _without(text, words) for name, text in fields.items()}
        if clean != fields:
            change.execute("UPDATE jobs SET args = ?, result = ?, error = ? WHERE job_id = ?", [*clean.values(), row["job_id"]])


def _without(text: str, words: Sequence[str]) -> str:
    for word in words:
        text = text.replace(word, "…")
    return text


def _jobs(store: Store, where: str, values: Sequence[object] = ()) -> list[Job[Any]]:
    sql = f"SELECT * EXCLUDE (kind) REPLACE ([kind, args] AS args) FROM jobs {where}"  # noqa: S608 (our own words)
    return store.rows_as(Job, sql, values, args=lambda values: works.decoded(*values), result=lambda text: json.loads(text or "null"))


def _set(store: Store, sql: str, values: list[Any]) -> None:
    with store.transaction() as change:
        change.execute(sql, values)
