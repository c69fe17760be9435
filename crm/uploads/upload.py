"""Upload: a kind of file besides order files; Batch: what one such file holds while it is taken in."""

import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from crm.database import Transaction
from crm.imports.results import UPLOAD_REASONS, FileResult, Rejection
from crm.settings import Shop
from crm.uploads.lists import KnownList

BLANK = ("", "null", "-", "——", "--", "nan", "none", "n/a", "无")


@cache
def _columns() -> dict[str, dict[str, str]]:
    return tomllib.loads((Path(__file__).parent / "columns.toml").read_text(encoding="utf-8"))


def titles(kind: str) -> dict[str, tuple[str, ...]]:
    """What the columns of a kind are called (columns.toml): field → titles; the first two, Chinese and English, stand in its template."""
    return {name: tuple(title.strip() for title in result.split(",")) for name, result in _columns()[kind].items()}


@dataclass(frozen=True)
class Row:
    """A row of a file: its number as a spreadsheet counts, its filled cells by field, and all of it as it stands there."""

    number: int
    cells: dict[str, str]
    record: list[str] = field(default_factory=list, repr=False)


@dataclass
class Batch:
    """The rows of one file, and where its result is written down. `seq` is the number of the import, `now` UTC.

    `titles`: field → the column's title. `known`: the known list it is. `unknown`: column and word of answers that nobody knows, counted.
    `actor`: who wrote it by hand; None: it is a file's.
    """

    rows: list[Row]
    result: FileResult
    seq: int
    now: datetime
    shop: Shop
    shop_name: str = ""
    zone: str = "Asia/Shanghai"
    titles: dict[str, str] = field(default_factory=dict)
    known: KnownList | None = None
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    actor: str | None = None

    @property
    def import_id(self) -> str:
        """The import this becomes."""
        return str(self.result.import_id)

    def reject(self, row: Row, name: str | None, code: str) -> None:
        """Leave a row out and say why: a code of UPLOAD_REASONS."""
        value = row.cells.get(name, "")[:200] if name else None
        self.result.rejections.append(Rejection(row.number, self.titles.get(name or ""), value, UPLOAD_REASONS[code], tuple(row.record)))


@dataclass(frozen=True)
class Upload:
    """A kind of file. `columns`: field → header names in Chinese and English, the first two are those of the template.

    `required`: of each group at least one column must be there. `take` writes the rows of a batch and fills in the counts of its result;
    `undo` takes back what an import wrote and says how much. Both leave it to the caller to make the customers anew.
    `example` is one row for the template, `english` what an English template has instead. `freed`: how many
    people could be written to again if an import were taken back.
    """

    name: str
    zh: str
    en: str
    columns: dict[str, tuple[str, ...]]
    required: tuple[tuple[str, ...], ...]
    take: Callable[[Transaction, Batch], None]
    undo: Callable[[Transaction, str], dict[str, int]]
    example: dict[str, str] = field(default_factory=dict)
    english: dict[str, str] = field(default_factory=dict)
    freed: Callable[[Transaction, str], int] | None = None

    def lacks(self, fields: set[str]) -> list[tuple[str, ...]]:
        """The groups of columns of which none is there."""
        return [group for group in self.required if not fields & set(group)]
