"""The store: one DuckDB connection per process, a cursor per use, and the transaction through which everything is written."""

import contextlib
import logging
import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from crm.database import disk, migrations, modes, restoring, rewriting, stopping
from crm.database.answers import Answer, Answers
from crm.database.chain import Chain, Note
from crm.database.compiling import compiled, with_given
from crm.database.connecting import connect, opening, refuse_damage
from crm.database.held import Folding
from crm.database.journal import Journal
from crm.database.rows import Read, Row, columns, named, typed
from crm.database.scratch import Scratch, gone
from crm.errors import BusyError

log = logging.getLogger(__name__)
Values = Sequence[Any] | Mapping[str, Any]  # bound by place (`?`, `$1`) or by name (`$zone`)
_open: dict[Path, "Store"] = {}
_open_lock = threading.Lock()
_TARGET = re.compile(r'\b(?:INTO|DELETE\s+FROM|UPDATE|TABLE)\s+"?(\w+)', re.IGNORECASE)


class Transaction:
    """One change, whole or not at all. Temp tables made here are seen only here."""

    def __init__(self, cursor: Any, journal: Journal) -> None:
        self._cursor = cursor
        self.touched: set[str] = set()
        self.journal, self.journal_entries = journal, list[dict[str, Any]]()
        self.notes = list[Note]()

    def to_journal(self, kind: str, **what: Any) -> None:
        """Write this into the journal just before the commit."""
        self.journal_entries.append({"kind": kind, **what})

    def note(self, entry: Note) -> None:
        """Write this into the trail with the commit."""
        self.notes.append(entry)

    def execute(self, sql: str, values: Values = ()) -> int:
        """Run one statement; the number of rows it changed (0 where DuckDB gives none)."""
        self.touched.update(_TARGET.findall(sql))
        row = self._cursor.execute(sql, values).fetchone()
        return int(row[0]) if row and isinstance(row[0], int) else 0

    def rows(self, sql: str, values: Values = ()) -> list[dict[str, Any]]:
        """The answer of a SELECT, seeing this transaction's own changes."""
        return named(self._cursor.execute(sql, values))

    def rows_as(self, kind: type[Row], sql: str, values: Values = (), **read: Read) -> list[Row]:
        """The same as frozen rows of `kind`; `read` says how the value of a column is read (JSON, say)."""
        return typed(kind, self._cursor.execute(sql, values), read)

    def frame(self, sql: str, values: Values = ()) -> pd.DataFrame:
        """The answer of a SELECT as a DataFrame."""
        frame: pd.DataFrame = self._cursor.execute(sql, values).df()
        return frame

    def insert(self, table: str, frame: Any) -> int:
        """Append a DataFrame or an Arrow table or stream of batches, matched by column name; the number of rows."""
        quoted = ", ".join('"' + name.replace('"', '""') + '"' for name in columns(frame))
        self.touched.add(table)
        self._cursor.register("incoming_frame", frame)
        try:
            added = self._cursor.execute(
                f'INSERT INTO "{table}" ({quoted}) SELECT {quoted} FROM incoming_frame'  # noqa: S608 (names, never values)
            ).fetchone()
        finally:
            with contextlib.suppress(
                duckdb.TransactionException
            ):  # after an error nothing more can be run; the error itself is what counts
                self._cursor.unregister("incoming_frame")
        return int(added[0])

    def read(self, expression: Any) -> pd.DataFrame:
        """Run an Ibis expression, seeing this transaction's own changes."""
        return self.frame(compiled(expression))

    def fill(self, table: str, expression: Any) -> int:
        """Append the rows of an Ibis expression to a table, matched by column name, without leaving the database."""
        quoted = ", ".join(f'"{name}"' for name in expression.columns)
        return self.execute(f'INSERT INTO "{table}" ({quoted}) {compiled(expression)}')


class Store:
    """An open database. Safe to use from several threads: every use takes its own cursor."""

    def __init__(self, connection: Any, folder: Path | None) -> None:
        self._connection = connection
        self.folder, self.journal = folder, Journal(folder)
        self.derived_is_stale = migrations.apply(connection, folder)
        self.scratch = Scratch(connection)
        self._written: Counter[str] = Counter()
        self._answers = Answers()
        self._chain = Chain()
        self._alone, self._folding = threading.RLock(), Folding()

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        cursor = self._connection.cursor()
        try:
            with stopping.using(cursor), gone():
                yield cursor
        except BaseException as error:
            cursor.close()
            if disk.is_fatal(error) or disk.is_fatal(error.__cause__):
                self._open_anew()
            refuse_damage(error, self.folder)
            raise
        finally:
            cursor.close()

    def _open_anew(self) -> None:
        """What was committed is in the log and is taken up again. Where that fails, the next use tries it again."""
        if self.folder is not None:
            with _open_lock:
                self._connection.close()
                self._connection = connect(self.folder / "shop.duckdb")
            log.warning("the database was opened anew after an error")
            self.scratch = Scratch(self._connection)
            self._written.update(list(self._written))
            self._answers.begin_anew()
            self._chain.begin_anew()

    def read(self, expression: Any, given: Mapping[str, str] | None = None, values: Values = ()) -> pd.DataFrame:
        """Run an Ibis expression over unbound tables (`crm.database.tables`); its rows as a DataFrame. Tables that are not in the database
        are `given` as queries, by name."""
        return self.frame(with_given(compiled(expression), given), values)

    def frame(self, sql: str, values: Values = ()) -> pd.DataFrame:
        """Run a plain SELECT; its rows as a DataFrame."""
        with self._cursor() as cursor:
            frame: pd.DataFrame = cursor.execute(sql, values).df()
            return frame

    def rows(self, sql: str, values: Values = ()) -> list[dict[str, Any]]:
        """Run a plain SELECT; its rows as dicts."""
        return named(self._asked(sql, values))

    def rows_as(self, kind: type[Row], sql: str, values: Values = (), **read: Read) -> list[Row]:
        """The same as frozen rows of `kind`; `read` says how the value of a column is read (JSON, say)."""
        return typed(kind, self._asked(sql, values), read)

    def _asked(self, sql: str, values: Values) -> Answer:
        def ask() -> Answer:
            with self._cursor() as cursor:
                asked = cursor.execute(sql, values)
                return Answer(asked.description, asked.fetchall())

        return self._answers.of(sql, values, ask)

    def one(self, sql: str, values: Values = ()) -> dict[str, Any] | None:
        """The first row of a plain SELECT, or None."""
        rows = self.rows(sql, values)
        return rows[0] if rows else None

    @contextmanager
    def transaction(self, alone: bool = False) -> Iterator[Transaction]:
        """All or nothing. Those `alone` wait for each other: two imports at once would each add what the other does not see."""
        with self._alone if alone else nullcontext(), self._cursor() as cursor:
            cursor.begin()
            try:
                change = Transaction(cursor, self.journal)
                yield change
                with self._chain.around(change), self.journal.around(change), self._folding.commits:
                    cursor.commit()
                self._written.update(change.touched)
                self._answers.begin_anew()
            except BaseException as error:
                with contextlib.suppress(duckdb.Error):  # there may be nothing left to roll back
                    cursor.rollback()
                if disk.is_full(error):
                    raise disk.refusal(self.folder) from error
                if isinstance(error, duckdb.TransactionException):
                    log.warning("transaction conflict: %s", type(error).__name__)
                    raise BusyError(
                        "database.changed_at_once",
                        "Somebody else is changing the same thing at this moment. Nothing was changed. Please try again.",
                    ) from error
                raise

    def written(self, tables: Sequence[str]) -> tuple[int, ...]:
        """How often each table was changed since the file was opened: equal answers, equal contents."""
        return tuple(self._written[table] for table in tables)

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file."""
        with self._cursor() as cursor:
            self._folding.fold(cursor)

    @contextmanager
    def held(self) -> Iterator[dict[str, int]]:
        """The rows of each table; all that was committed is in the file, which stays so: what is written meanwhile goes to the log."""
        with self._cursor() as cursor, self._folding.held(cursor) as rows:
            yield rows

    def close(self) -> None:
        """Close the file so that another process may open it."""
        with _open_lock:
            for path in [path for path, store in _open.items() if store is self]:
                del _open[path]
        self._connection.close()
        self.journal.close()


def memory() -> Store:
    """An empty database in memory with all migrations, for tests."""
    return Store(duckdb.connect(":memory:"), None)


def open_store(folder: Path) -> Store:
    """The database in `folder` (made where there is none), opened once per process.

    Raises BusyError when another process has it, CrmError when the file is not a database this version can read.
    """
    path = _file(folder)
    with _open_lock:
        if path not in _open:
            path.parent.mkdir(parents=True, exist_ok=True)
            restoring.finish(path.parent)
            is_new = not path.exists()
            connection = rewriting.done(connect(path), path)
            if (mended := modes.mend(path.parent)) and not is_new:
                log.warning("%d files and folders of this shop could be read by other users of this machine; they no longer can", mended)
            restoring.tidy(path.parent)
            with opening(connection, path):
                _open[path] = Store(connection, path.parent)
        return _open[path]


@cache
def _file(folder: Path) -> Path:
    return folder.resolve() / "shop.duckdb"
