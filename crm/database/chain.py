"""The trail of what was done: each entry is chained to the one before by a hash, in the order in which changes were committed."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

BEGINNING = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody did. `happened_at` is UTC; `digest` holds everything before it together."""

    entry_no: int
    happened_at: datetime
    actor: str
    action: str
    detail: str
    previous: str
    digest: str


class Note(NamedTuple):
    """An entry that waits for the commit of its change."""

    happened_at: datetime
    actor: str
    action: str
    detail: str


def digest(previous: str, number: int, note: Note) -> str:
    """SHA-256 over the digest before and all that the entry says."""
    told = json.dumps([number, note.happened_at.isoformat(), note.actor, note.action, note.detail], ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{told}".encode("utf-8", "replace")).hexdigest()


def drop(change: Any, entry_no: int) -> int:
    """Drop the entries up to this number; how many. The newest of all must stay: the next one follows from it."""
    return int(change.execute("DELETE FROM audit WHERE entry_no <= ?", [entry_no]))


class Chain:
    """One per open database: gives each entry its number and digest while its change is committed, one change at a time."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._last: tuple[int, str] | None = None

    @contextmanager
    def around(self, change: Any) -> Iterator[None]:
        """Around a commit: what the change notes is written with it."""
        if not change.notes:
            yield
            return
        with self._lock:
            last = self._last or _last(change)
            for note in change.notes:
                number, previous = last[0] + 1, last[1]
                last = number, digest(previous, number, note)
                change.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)", [*note, number, previous, last[1]])
            yield
            self._last = last

    def begin_anew(self) -> None:
        """The file was opened anew: what was committed last is read again."""
        with self._lock:
            self._last = None


def _last(change: Any) -> tuple[int, str]:
    """Right where no change of this process has noted anything yet: nobody else writes into the file."""
    rows = change.rows("SELECT entry_no, digest FROM audit ORDER BY entry_no DESC LIMIT 1")
    return (int(rows[0]["entry_no"]), str(rows[0]["digest"])) if rows else (0, BEGINNING)
