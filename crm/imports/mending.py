"""Rejected rows as a file to be mended and imported again: the file's own header and cells, before them the row and the reason."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from crm.accounts import acting, audit
from crm.accounts.acting import Right
from crm.database import Store
from crm.errors import NotFoundError
from crm.layouts.mapping import MARKS
from crm.reading.tables import strip

PAGE = 20_000
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONG = re.compile(r"\d{12,}")
"""Digits that a spreadsheet would round: written as ="…", which the import takes off again."""


@acting.needs(Right.EXPORT)
def write(store: Store, import_id: str, lines: Any, now: datetime, say: Callable[[str], str] = str) -> int:
    """Write the rejected rows of an import to an open text file; how many rows. `say` translates a reason.

    Lines that share an order with a rejected one come along, without a reason: an order is told whole. They are written as they are or
    not at all: masked cells would be imported as names. So whoever takes them away may see them in full. It is in the trail.
    Raises NotFoundError, RightError.
    """
    acting.require(Right.REVEAL)
    kept = store.one("SELECT header FROM imports WHERE import_id = ?", [import_id])
    if kept is None:
        raise NotFoundError("import.not_found", "There is no import {import_id}.", import_id=import_id)
    out, written = csv.writer(lines), 0
    header = json.loads(kept["header"] or "[]")
    out.writerow([*MARKS, *(cell(name) for name in header)])
    for row in _rows(store, import_id):
        cells = json.loads(row["cells"]) if row["cells"] else _alone(row, header)
        out.writerow([row["row"], say(row["reason"]) if row["reason"] else "", *(cell(text) for text in cells)])
        written += 1
    audit.note(store, now, "screen", "export", f"rejected rows of {import_id}: {written} rows, in full")
    return written


def _rows(store: Store, import_id: str) -> Iterator[dict[str, Any]]:
    statement = 'SELECT * FROM import_rejections WHERE import_id = ? ORDER BY "row", reason DESC LIMIT ? OFFSET ?'
    start = 0
    while rows := store.rows(statement, [import_id, PAGE, start]):
        yield from rows
        start += PAGE


def _alone(row: dict[str, Any], header: list[str]) -> list[str]:
    """The one cell that is known of a row, in its place."""
    return [(row["value"] or "") if name == row["column"] else "" for name in header]


def cell(text: str) -> str:
    """A cell that a spreadsheet neither runs as a formula nor rounds, and that the import reads as before."""
    plain = text
    while strip(plain) != plain:
        plain = strip(plain)
    if LONG.fullmatch(plain):
        return f'="{plain}"'
    return "'" + plain if plain.startswith(STARTS) else plain
