"""SQL kept in files beside the code that runs it, a statement or a few per file. Its first lines say which relations it reads and makes.

sql = Statements(Path(__file__).parent / "sql")
sql.run(change, "typed", reading)              the statements of sql/typed.sql, one after the other
sql.rows(change, "file_summary", shop, import_id="…")   the answer of a query

A statement names the values it needs (`$zone`): they are fields of the frozen dataclasses it is given, or keywords. They are bound,
except in views and macros, to which the database binds nothing: there they are written as literals.
"""

import re
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pandas as pd

_LITERAL = re.compile(r"^\s*CREATE\s+(OR\s+REPLACE\s+)?(TEMP\s+)?(VIEW|MACRO)\b", re.IGNORECASE)


class Reader(Protocol):
    """What answers queries: a store, or a transaction, which sees its own changes."""

    def rows(self, sql: str, values: Any = ()) -> list[dict[str, Any]]: ...
    def frame(self, sql: str, values: Any = ()) -> pd.DataFrame: ...


class Writer(Reader, Protocol):
    """A transaction."""

    def execute(self, sql: str, values: Any = ()) -> int: ...


class Statements:
    """A folder of .sql files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, change: Writer, name: str, *given: Any, column: str | None = None, **values: Any) -> None:
        """Run the statements of a file one after the other. `column` is the name that stands for COLUMN in it."""
        known = _values(given, values)
        for query, needed in _parsed(self._text(name, column)):
            if _LITERAL.match(query):
                change.execute(re.sub(r"\$(\w+)", lambda match: literal(known[match[1]]), query))
            else:
                change.execute(query, {key: known[key] for key in needed})

    def rows(self, reader: Reader, name: str, *given: Any, **values: Any) -> list[dict[str, Any]]:
        """The rows of the query in a file, as dicts."""
        return reader.rows(*self._query(name, given, values))

    def one(self, reader: Reader, name: str, *given: Any, **values: Any) -> dict[str, Any]:
        """The first row of the query in a file."""
        return self.rows(reader, name, *given, **values)[0]

    def query(self, name: str) -> str:
        """The text of the query in a file, for use within another statement."""
        return _parsed(self._text(name, None))[0][0].rstrip().rstrip(";")

    def _query(self, name: str, given: tuple[Any, ...], values: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        query, needed = _parsed(self._text(name, None))[0]
        known = _values(given, values)
        return query, {key: known[key] for key in needed}

    def _text(self, name: str, column: str | None) -> str:
        text = _read(self.folder / f"{name}.sql")
        return text if column is None else re.sub(r"\bCOLUMN\b", lambda _: quoted(column), text)


def quoted(name: str) -> str:
    """A name as an SQL identifier: the only thing besides literals of our own that is ever written into a statement."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: bool | int | str | None) -> str:
    """A value as an SQL literal."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return "'" + value.replace("'", "''") + "'"


def _values(given: tuple[Any, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    known = {field.name: getattr(one, field.name) for one in given for field in fields(one)}
    return known | dict(values)


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def _parsed(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """The statements of a text as the database itself parts them, each with the names of the values it needs."""
    bare = re.sub(r"(?m)--.*$", "", text)
    return [(one.query, tuple(one.named_parameters)) for one in duckdb.extract_statements(bare)]
