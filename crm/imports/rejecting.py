"""Rejected rows: each with its reason and what its cells held, gathered in the database; only a bounded list of them in memory."""

import csv
import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from typing import Literal

import pandas as pd

from crm.database import Transaction
from crm.database.statements import quoted
from crm.errors import BadFileError
from crm.imports import erasing
from crm.imports.results import REASONS, FileResult, Rejection
from crm.imports.sql import SQL
from crm.layouts.registry import Layout
from crm.reading.tables import Table

LISTED = 100_000
"""How many a result lists; the rest is counted, and all are in `import_rejections`."""
BATCH = 5_000
COLUMNS = '"row" BIGINT, "column" TEXT, value TEXT, reason TEXT, cells TEXT, staged BOOLEAN, shown BIGINT'


def gather(change: Transaction, table: Table, layout: Layout, misshapen: list[Rejection]) -> tuple[list[Rejection], int]:
    """Fill the table `refusals` from `rejects` and the rows without a shape; the first of them, and how many more there are."""
    fill(change, misshapen)
    if change.rows("SELECT 1 FROM rejects LIMIT 1"):
        _named(change, table, layout)
        SQL.run(change, "rejected")
        if layout.grain == "line" and not layout.lines_only:
            SQL.run(change, "siblings")
        _cells(change, table)
    counted = change.rows("SELECT count(*) AS n FROM refusals WHERE reason <> ''")[0]["n"]
    rows = change.rows("SELECT coalesce(shown, \"row\") AS place, * FROM refusals WHERE reason <> '' ORDER BY place LIMIT $1", [LISTED])
    return [Rejection(row["place"], row["column"], row["value"], row["reason"]) for row in rows], counted - len(rows)


def check(result: FileResult) -> None:
    """Raise BadFileError where nothing at all was taken over: that is no import. The most frequent reason is named first."""
    taken = result.orders or result.lines or result.counts or any(warning.code == "refund_rows" for warning in result.warnings)
    if result.rows and not taken and result.rejected:
        reasons = Counter(entry.reason for entry in result.rejections).most_common(1)
        first = next(entry for entry in result.rejections if entry.reason == reasons[0][0])
        raise BadFileError(
            "file.every_row_rejected",
            "None of the {n} rows of {file} could be taken over. Mostly: {reason} (row {row}: {value}) Nothing was imported. "
            "Please check the file, or say what its columns are on the import page or with --map (docs/import.md).",
            file=result.file,
            n=result.rows,
            reason=reasons[0][0],
            row=first.row,
            value=(first.value or first.column or "—")[:60],
        )


def fill(change: Transaction, refused: list[Rejection]) -> None:
    """Begin the temporary table `refusals` with these rows."""
    change.execute(f"CREATE OR REPLACE TEMP TABLE refusals ({COLUMNS})")
    if refused:
        rows = [entry.as_json() | {"cells": json.dumps(entry.cells, ensure_ascii=False), "staged": False} for entry in refused]
        change.insert("refusals", pd.DataFrame(rows).drop(columns="code").astype({"column": "str", "value": "str"}))


def keep(change: Transaction, import_id: str) -> None:
    """Write all gathered rows down beside the import; of people who were erased without their cells."""
    erasing.keep_erased(change, "rejections")
    change.execute(
        'INSERT INTO import_rejections (import_id, "row", "column", value, reason, cells) '
        'SELECT $1, coalesce(shown, "row"), "column", value, reason, cells FROM refusals ORDER BY 2',
        [import_id],
    )


def _named(change: Transaction, table: Table, layout: Layout) -> None:
    """Our codes as sentences, our fields as the file's own column names."""
    titles = [(field, table.names[places[0]]) for field, places in layout.columns.items() if places]
    for name, columns, rows in (("reasons", ["code", "sentence"], list(REASONS.items())), ("titles", ["field", "title"], titles)):
        change.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(name)} ({columns[0]} TEXT, {columns[1]} TEXT)")
        change.insert(name, pd.DataFrame(rows, columns=columns))


def _cells(change: Transaction, table: Table) -> None:
    """Read the rows that are wanted once more, as they stand in the file; a few thousand at a time."""
    change.execute('CREATE OR REPLACE TEMP TABLE original_cells ("row" BIGINT, place BIGINT, cells TEXT)')
    wanted = set(change.frame('SELECT "row" FROM refusals WHERE staged')["row"].tolist())
    gaps = [row["line"] for row in change.rows("SELECT DISTINCT line FROM rejected_rows ORDER BY line")]
    batch: list[tuple[int, int, str]] = []
    for row, place, cells in _numbered(table, gaps):
        if row in wanted:
            batch.append((row, place, json.dumps(cells[: len(table.names)], ensure_ascii=False)))
            wanted.discard(row)
        if len(batch) >= BATCH or not wanted:
            change.insert("original_cells", pd.DataFrame(batch, columns=["row", "place", "cells"]))
            batch = []
        if not wanted:
            break
    if batch:
        change.insert("original_cells", pd.DataFrame(batch, columns=["row", "place", "cells"]))
    SQL.run(change, "keep_cells")


def _numbered(table: Table, gaps: list[int]) -> Iterator[tuple[int, int, list[str]]]:
    """Every record as (its number in `staged`, its number in the file, its cells); `gaps` are the records that could not be split.

    The database does not count blank lines, this does.
    """
    after, missing, counted = [line - number for number, line in enumerate(gaps)], set(gaps), 0
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if table.quote else csv.QUOTE_NONE
    with table.opened() as file:
        try:
            for place, cells in enumerate(csv.reader(file, delimiter=table.delimiter, quotechar=table.quote or None, quoting=quoting), 1):
                if place in missing:
                    yield place, place, cells
                elif cells:
                    counted += 1
                    yield counted + bisect_right(after, counted), place, cells
        except csv.Error:
            return
