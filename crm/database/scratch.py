"""Scratch: what expensive expressions answered, in memory beside the file, for as long as their sources stand: tables, or answers."""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import duckdb
import ibis
import pandas as pd

from crm.database import stopping
from crm.database.compiling import compiled, with_given

Answer = TypeVar("Answer")
MOST = 2
NAME = "scratch"


class GoneError(Exception):
    """A table of scratch had to make room, or its sources have changed, while it was being read. Asking again makes it anew."""


@contextmanager
def gone() -> Iterator[None]:
    """What is read in here may be a table of scratch: where it is no longer there, GoneError says so."""
    try:
        yield
    except duckdb.CatalogException as error:
        if re.search(r"\bt\d+_\d+\b", str(error)):
            raise GoneError from error
        raise


def again(ask: Callable[[], Answer]) -> Answer:
    """The answer of something that reads what scratch keeps; asked again where a table had to go in the middle of it."""
    for _ in range(3):
        with suppress(GoneError):
            return ask()
    return ask()


class Bench:
    """Where the tables of one entry are made."""

    def __init__(self, cursor: Any, first: int) -> None:
        self.cursor, self._first = cursor, first
        self.made: list[str] = []

    def put(self, expression: Any, given: Mapping[str, str] | None = None, values: Mapping[str, Any] | None = None) -> Any:
        """Run an Ibis expression into a new table; that table, as an unbound Ibis table. `given` and `values` as in `Store.read`."""
        name = f"t{self._first}_{len(self.made)}"
        sql = with_given(compiled(expression), given)
        self.cursor.execute(f'CREATE TABLE {NAME}.main."{name}" AS {sql}', values or {})
        self.made.append(name)
        return ibis.table(expression.schema(), name=name, catalog=NAME, database="main")

    def take(self, frame: pd.DataFrame, schema: Mapping[str, str]) -> Any:
        """A table of a DataFrame, which has the columns of `schema` with these types, as Ibis calls them."""
        self.cursor.register("taken", frame)
        try:
            return self.put(ibis.table(dict(schema), name="taken"))
        finally:
            self.cursor.unregister("taken")

    def close(self) -> None:
        """Nothing more is made."""
        self.cursor.close()

    def drop(self, table: Any) -> None:
        """Let go of a table that was needed on the way only."""
        self.cursor.execute(f'DROP TABLE {NAME}.main."{table.op().name}"')


def _sort(key: Hashable) -> Hashable:
    """What an entry is of: the first part of its key."""
    return key[0] if isinstance(key, tuple) else None


class Scratch:
    """At most MOST entries of one sort (the first part of the key), the longest unused one leaves first.

    Nothing here is durable; nothing here is seen by migrations or backups.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}
        self._kept: OrderedDict[Hashable, tuple[Any, list[str]]] = OrderedDict()
        self._number = 0
        connection.execute(f"ATTACH ':memory:' AS {NAME}")

    def kept(self, key: Hashable, make: Callable[[Bench], Any], most: int = MOST) -> Any:
        """What `make` returned for this key, made at the first call. `make` puts its tables, if any, on the given bench.

        Who asks for what is being made waits for it; who asks for anything else does not. `most`: so many entries of this sort.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                known = self._kept.get(key)
            if known is None:
                try:
                    known = self._made(make)
                except BaseException:
                    with self._lock:
                        self._making.pop(key, None)
                    raise
                self._keep(key, known, most)
        return known[0]

    def alike(self, sort: Hashable) -> list[tuple[Hashable, Any]]:
        """What is kept of one sort, the longest unused first: keys and answers."""
        with self._lock:
            return [(key, made[0]) for key, made in self._kept.items() if _sort(key) == sort]

    def forget(self, sort: Hashable, which: Callable[[Any], bool] = lambda _key: True) -> None:
        """Let go of what is kept of one sort, or of those keys of it that are meant."""
        with self._lock:
            for key in [known for known in self._kept if _sort(known) == sort and which(known)]:
                self._drop(self._kept.pop(key)[1])

    def _keep(self, key: Hashable, made: tuple[Any, list[str]], most: int) -> None:
        with self._lock:
            alike = [known for known in self._kept if _sort(known) == _sort(key)]
            for known in alike[: max(len(alike) - most + 1, 0)]:
                self._drop(self._kept.pop(known)[1])
            self._kept[key] = made
            self._making.pop(key, None)

    def _made(self, make: Callable[[Bench], Any]) -> tuple[Any, list[str]]:
        with self._lock:
            self._number += 1
            bench = Bench(self._connection.cursor(), self._number)
        try:
            with stopping.using(bench.cursor), gone():
                return make(bench), bench.made
        except BaseException:
            self._drop(bench.made)
            raise
        finally:
            bench.close()

    def _drop(self, tables: list[str]) -> None:
        cursor = self._connection.cursor()
        for name in tables:
            cursor.execute(f'DROP TABLE IF EXISTS {NAME}.main."{name}"')
        cursor.close()
