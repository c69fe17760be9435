"""Whether the server can work: what /readyz asks, and which store and worker it asks."""

import logging
import threading
import time
from dataclasses import dataclass

from crm.database import Store, disk
from crm.web.upload_files import RESERVE
from crm.worker import Worker

log = logging.getLogger(__name__)
PATIENCE, KEPT = 5.0, 1.0
"""Seconds after which no answer means not ready, and for which an answer is used again: whoever asks a thousand times costs one look."""


@dataclass(frozen=True)
class Running:
    """What serves at this moment."""

    store: Store
    worker: Worker


class Health:
    """One per process; `running` is there between the start and the end."""

    def __init__(self) -> None:
        self.running: Running | None = None
        self._asked = -KEPT
        self._trouble: str | None = None
        self._lock = threading.Lock()

    def trouble(self) -> str | None:
        """Why the server cannot work now, None when it can; said in the log when it changes. May wait for the database."""
        with self._lock:
            if time.monotonic() - self._asked >= KEPT:
                self.note(self._look())
                self._asked = time.monotonic()
            return self._trouble

    def note(self, trouble: str | None) -> None:
        """Keep what was found."""
        if trouble != self._trouble:
            log.warning("not ready: %s", trouble) if trouble else log.info("ready again")
        self._trouble = trouble

    def _look(self) -> str | None:
        if self.running is None:
            return "the server is starting or stopping"
        store = self.running.store
        try:
            store.frame("SELECT count(*) FROM schema_versions")
            room = disk.free(store.folder) if store.folder else RESERVE
        except Exception as error:
            return f"the database does not answer ({type(error).__name__})"
        return "the disk is full" if room < RESERVE else self.running.worker.trouble()


current = Health()
