"""SQL kept in files beside the code that runs it, a statement or a few per file, each saying in its first lines what it makes.

sql = Statements(Path(__file__).parent / "sql")
SQL.run(change, "typed")                      the statements of sql/typed.sql, one after the other
change.rows(sql.text("summary"), [import_id]) the text of a query
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from crm.database.store import Transaction


class Statements:
    """A folder of .sql files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def text(self, name: str, **names: str) -> str:
        """The text of a file. `names` are its own words in capitals (a column, a query) and what stands for them here."""
        text = _read(self.folder / f"{name}.sql")
        for word, meaning in names.items():
            text = text.replace(word, meaning)
        return text

    def run(self, change: Transaction, name: str, values: Sequence[Any] = (), **names: str) -> None:
        """Run the statements of a file one after the other; each is bound to as many of the values as it names."""
        for query, needs in _parsed(self.text(name, **names)):
            change.execute(query, list(values)[:needs])


def quoted(name: str) -> str:
    """A name as an SQL identifier: the only thing that is ever written into a statement."""
    return '"' + name.replace('"', '""') + '"'


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def _parsed(text: str) -> list[tuple[str, int]]:
    """The statements of a text as the database itself parts them, each with the number of values it is bound to ($1 … $n)."""
    bare = re.sub(r"(?m)--.*$", "", text)
    return [(one.query, max(map(int, one.named_parameters), default=0)) for one in duckdb.extract_statements(bare)]
