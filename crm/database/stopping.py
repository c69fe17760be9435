"""Stopping what nobody waits for any more: the queries of one piece of work end at once, and the next one is not begun."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

AGAIN, MOST = 0.05, 600
"""Seconds until it is said again, and how often."""


class StoppedError(Exception):
    """The work was stopped; nobody asked for its answer any more."""


class Stop:
    """The means to stop one piece of work, whichever thread it is done in."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cursors: list[Any] = []
        self._said = False

    def say(self) -> None:
        """End its queries; those it would begin raise StoppedError."""
        self._said = True
        if self._interrupt():
            threading.Thread(target=self._until_ended, name="stopping", daemon=True).start()

    def _interrupt(self) -> bool:
        """Interrupt what is running; whether anything was."""
        with self._lock:
            for cursor in self._cursors:
                cursor.interrupt()
            return bool(self._cursors)

    def _until_ended(self) -> None:
        """A query that is only just about to begin does not hear the first time."""
        for _ in range(MOST):
            time.sleep(AGAIN)
            if not self._interrupt():
                return

    @contextmanager
    def around(self) -> Iterator[None]:
        """What this thread asks the database for in here belongs to the work."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)

    @contextmanager
    def using(self, cursor: Any) -> Iterator[None]:
        """A cursor of the work, for the length of its use."""
        with self._lock:
            if self._said:
                raise StoppedError
            self._cursors.append(cursor)
        try:
            yield
        except Exception as error:
            if self._said:
                raise StoppedError from error
            raise
        finally:
            with self._lock:
                self._cursors.remove(cursor)


_current: ContextVar[Stop | None] = ContextVar("stop", default=None)


@contextmanager
def using(cursor: Any) -> Iterator[None]:
    """A cursor that ends when the work it is used in is stopped; outside of such work nothing."""
    stop = _current.get()
    if stop is None:
        yield
    else:
        with stop.using(cursor):
            yield
