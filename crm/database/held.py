"""The moment of a copy: everything that was committed is in the file itself, which stays as it is until the copy is made."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import duckdb

from crm.errors import BusyError

TRIES, PAUSE = 300, 0.1
"""While a change is open nothing can be folded in: so often it is tried again, after so many seconds."""


class Folding:
    """When the write-ahead log of an open database is folded into its file. `commits` is held around each commit."""

    def __init__(self) -> None:
        self.commits, self._one_at_a_time = threading.RLock(), threading.RLock()

    def fold(self, cursor: Any) -> None:
        """Now, or when the copy that is being made is done."""
        with self._one_at_a_time:
            cursor.execute("CHECKPOINT")

    @contextmanager
    def held(self, cursor: Any) -> Iterator[dict[str, int]]:
        """Fold everything in, then nothing more; the rows of each table at that moment. Raises BusyError when something long is written."""
        with self._one_at_a_time:
            cursor.execute("SET GLOBAL checkpoint_threshold = '1TB'")
            try:
                yield self._folded(cursor)
            finally:
                with suppress(duckdb.Error):  # the database may have been opened anew meanwhile
                    cursor.execute("RESET GLOBAL checkpoint_threshold")

    def _folded(self, cursor: Any) -> dict[str, int]:
        """While nobody commits."""
        for _ in range(TRIES):
            with self.commits:
                try:
                    cursor.execute("CHECKPOINT")
                except duckdb.TransactionException:
                    pass
                else:
                    return _rows(cursor)
            time.sleep(PAUSE)
        raise BusyError("copy.busy", "Something long is being written at this moment, so no copy was made. Please try again in a while.")


def _rows(cursor: Any) -> dict[str, int]:
    names = cursor.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() ORDER BY ALL").fetchall()
    return {name: cursor.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names}  # noqa: S608 (names, never values)
