"""Staging: the raw rows of a file in a temporary table of the import's own connection, one text column per field the file has."""

import csv
from itertools import islice
from typing import Any, Literal

from crm.database import Transaction
from crm.database.statements import quoted
from crm.imports.results import REASONS, Rejection
from crm.layouts import registry
from crm.layouts.registry import Layout
from crm.layouts.vocabulary import READ
from crm.orders.sql import SQL
from crm.reading.tables import ENDLESS, Table, endless, strip

LINE_LIMIT = 2_000_000
BUFFER = 16_000_000
MADE = (
    "staged",
    "rejects",
    "order_cells_all",
    "file_records_aside",
    "file_orders_whole",
    "file_lines_aside",
    "file_refunds",
    "refund_matches",
    "rejected_rows",
    "rejected_scans",
)
"""The temporary tables of one file."""
PRODUCT = ("item_title", "sku_code", "sku_attr", "product_id", "category")
"""Of an order's own row nothing is made of these: products come with the lines."""


def load(change: Transaction, table: Table, layout: Layout) -> list[Rejection]:
    """Fill the temporary table `staged` (row_no and the fields of the layout, all text) from the file; the rows that have no shape."""
    begin(change)
    names = [f"c{number}" for number in range(table.width)]
    words = nulls(layout)
    change.execute(
        _statement(names, layout, len(words)), [str(table.path), table.delimiter, table.quote, table.quote, LINE_LIMIT, BUFFER, "", *words]
    )
    change.execute("ALTER TABLE staged ADD COLUMN row_no BIGINT")  # numbering while reading would use one core only
    change.execute("UPDATE staged SET row_no = rowid - (SELECT min(rowid) FROM staged) + 1")
    misshapen = _misshapen(change)
    _check_quotes(misshapen, table)
    _shift(change, [line for line, _, _ in misshapen])
    above = _above(table)
    change.execute("DELETE FROM staged WHERE row_no <= ?", [above])
    refused = _readmit(change, table, layout, [entry for entry in misshapen if entry[0] > above])
    change.execute("DELETE FROM staged WHERE NOT filled")
    change.execute("ALTER TABLE staged DROP COLUMN filled")
    ready(change, layout)
    return refused


STATES = {"void_raw", "returned_raw", "done_raw", "owed_amount", "refund_status_raw"}
"""Fields of unknown tables that say how far an order is, besides its status."""


def _above(table: Table) -> int:
    """How many records stand before the data as the database counts them: it passes over blank lines."""
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if table.quote else csv.QUOTE_NONE
    with table.opened() as file:
        records = csv.reader(file, delimiter=table.delimiter, quotechar=table.quote or None, quoting=quoting)
        return sum(bool(record) for record in islice(records, table.header_row))


def begin(change: Transaction) -> None:
    """Nothing of another file is left; the macros are there, and nothing is rejected yet."""
    SQL.run(change, "macros")
    clear(change)
    change.execute("CREATE TEMP TABLE rejects (row_no BIGINT, field TEXT, reason TEXT)")


def clear(change: Transaction) -> None:
    """Drop the temporary tables of a file. A dropped table keeps its memory until the transaction ends, a dropped column does not."""
    held = change.rows(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'temp' AND column_index > 1 "
        "AND list_contains($1, table_name)",
        [list(MADE)],
    )
    for row in held:
        change.execute(f"ALTER TABLE {quoted(row['table_name'])} DROP COLUMN {quoted(row['column_name'])}")
    for name in MADE:
        change.execute(f"DROP TABLE IF EXISTS {quoted(name)}")


def nulls(layout: Layout) -> list[str]:
    """The layout's words for nothing, in the ways they are written."""
    return [word for null in layout.nulls for word in dict.fromkeys((null, null.upper(), null.capitalize()))]


def _statement(names: list[str], layout: Layout, nulls: int) -> str:
    """CREATE staged: our own column names c0, c1 … only; everything that comes from the file is bound."""
    marks = [f"${number + 8}" for number in range(nulls)]
    cells = ", ".join(f"{_cell(layout.columns.get(field, []), marks)} AS {quoted(field)}" for field in kept(layout))
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    used = sorted({place for field in kept(layout) for place in layout.columns.get(field, [])})
    filled = " OR ".join(f"c{place} <> ''" for place in used) or "true"
    return (
        f"CREATE TEMP TABLE staged AS SELECT coalesce({filled}, false) AS filled, {cells} "  # noqa: S608
        f"FROM read_csv($1, columns = {{{columns}}}, delim = $2, quote = $3, escape = $4, max_line_size = $5, buffer_size = $6, "
        "header = false, auto_detect = false, nullstr = 'ø', strict_mode = true, null_padding = false, store_rejects = true, "
        "rejects_table = 'rejected_rows', rejects_scan = 'rejected_scans')"
    )


def kept(layout: Layout) -> list[str]:
    """The fields that take up room: those of the layout that are read, and those that cleaning fills in."""
    idle = () if registry.has_lines(layout) or layout.lines_only else PRODUCT
    items = [field for field in layout.columns if field not in idle]
    states = ("status_raw",) if not layout.known and STATES & set(items) else ()
    dated = ("created_at",) if layout.dated_id else ()
    made = (*dated, "order_id", "paid_amount", "line_amount", *states)
    return [field for field in READ if field in items or field in made]


def ready(change: Transaction, layout: Layout) -> None:
    """Make the view `cells`: what is staged, with all READ fields."""
    blank = "".join(f", NULL::TEXT AS {quoted(field)}" for field in READ if field not in kept(layout))
    change.execute(f"CREATE OR REPLACE TEMP VIEW cells AS SELECT *{blank} FROM staged")  # noqa: S608 (names only)


def _cell(places: list[int], nulls: list[str]) -> str:
    if not places:
        return "NULL::TEXT"
    cells = [_one(f"c{place}", nulls) for place in places]
    return cells[0] if len(cells) == 1 else f"coalesce({', '.join(cells)})"


def _one(name: str, nulls: list[str]) -> str:
    """A cell as text, NULL when empty or a null word; the dear cleaning only where its edges ask for it.

    Without IN: a longer list becomes a join, after which the rows no longer stand in the file's order, by which they are numbered.
    """
    null = f"WHEN {' OR '.join(f'{name} = {word}' for word in nulls)} THEN NULL " if nulls else ""
    kept = "lambda text: " + " AND ".join(f"text <> {word}" for word in ["$7", *nulls])
    return f"CASE WHEN {name} = '' THEN NULL {null}WHEN edged({name}) THEN list_filter([bare({name})], {kept})[1] ELSE {name} END"


def _misshapen(change: Transaction) -> list[tuple[int, str, str]]:
    """(record number, text, kind) of every record that the reader could not split, each once."""
    rows = change.rows(
        "SELECT line, any_value(csv_line) AS text, min(error_type::TEXT) AS kind FROM rejected_rows GROUP BY line ORDER BY line"
    )
    return [(row["line"], (row["text"] or "").lstrip("\r\n"), row["kind"]) for row in rows]


def _check_quotes(misshapen: list[tuple[int, str, str]], table: Table) -> None:
    """Raise BadFileError where a quotation mark that is never closed has swallowed rows: some of them the reader would lose unsaid.

    Seen in what it complains of: a record of many lines, or one said to be wrongly quoted that has no quotation mark.
    """
    for line, text, kind in misshapen:
        if text.count("\n") > ENDLESS or (kind == "UNQUOTED VALUE" and '"' not in text):
            raise endless(table.title, line)


def _shift(change: Transaction, lines: list[int]) -> None:
    """Make row_no the number of the record in the file: every misshapen record before a row moves it down by one."""
    if not lines:
        return
    change.execute(
        "CREATE OR REPLACE TEMP TABLE gaps AS SELECT unnest($1::BIGINT[]) AS after_row, unnest($2::BIGINT[]) AS shift",
        [[line - number for number, line in enumerate(lines)], list(range(1, len(lines) + 1))],
    )
    change.execute(
        "UPDATE staged SET row_no = staged.row_no + moved.shift FROM (SELECT row_no, max(shift) AS shift FROM "
        "(SELECT s.row_no, g.shift FROM staged s ASOF JOIN (SELECT after_row, max(shift) AS shift FROM gaps GROUP BY after_row) g "
        "ON s.row_no >= g.after_row) GROUP BY row_no) AS moved WHERE moved.row_no = staged.row_no"
    )


def _readmit(change: Transaction, table: Table, layout: Layout, misshapen: list[tuple[int, str, str]]) -> list[Rejection]:
    """Rows that only lack, or have, the empty extra cell at the end are taken in after all; the others are refused."""
    refused: list[Rejection] = []
    for line, text, kind in misshapen:
        cells = _split(text, table)
        if cells is not None and kind in ("MISSING COLUMNS", "TOO MANY COLUMNS") and _fits(cells, len(table.names)):
            _insert(change, line, cells, layout)
        elif text.strip() and not is_furniture(cells or [text], layout):
            reason = "fields" if "COLUMNS" in kind else "unreadable" if "UNICODE" in kind else "unclosed"
            refused.append(Rejection(line, None, text[:200], REASONS[reason], tuple(cells or [text])))
    return refused


def is_furniture(cells: list[str], layout: Layout) -> bool:
    """Whether a row is none of the export's data but its own: `3 record(s) downloaded`."""
    return any(strip(cell).startswith(layout.furniture) for cell in cells)


def _split(text: str, table: Table) -> list[str] | None:
    try:
        rows = list(
            csv.reader(
                text.splitlines(keepends=True),
                delimiter=table.delimiter,
                quotechar=table.quote or None,
                quoting=csv.QUOTE_MINIMAL if table.quote else csv.QUOTE_NONE,
            )
        )
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _fits(cells: list[str], wanted: int) -> bool:
    return len(cells) >= wanted and not any(strip(cell) for cell in cells[wanted:])


def _insert(change: Transaction, line: int, cells: list[str], layout: Layout) -> None:
    values: list[Any] = [line]
    for field in kept(layout):
        texts = [strip(cells[place]) for place in layout.columns.get(field, []) if place < len(cells)]
        items = [text for text in texts if text and text.lower() not in layout.nulls]
        values.append(items[0] if items else None)
    marks = ", ".join("?" for _ in values[1:])
    columns = ", ".join(quoted(field) for field in kept(layout))
    change.execute(f"INSERT INTO staged (row_no, filled, {columns}) VALUES (?, true, {marks})", values)  # noqa: S608 (names only)
