"""The rows of a table as cells by field, and the rows that have no shape."""

import csv
from collections.abc import Iterator
from typing import Any

from crm.errors import BadInputError
from crm.imports.results import REASONS, Rejection
from crm.layouts import answers, mapping
from crm.layouts.registry import plain
from crm.reading.tables import Table, strip
from crm.uploads import dates
from crm.uploads.lists import KnownList
from crm.uploads.upload import BLANK, Row, Upload

UNREADABLE = "\ufffd"
LONGEST = 2000
STATUSES = ("状态", "status", "statut", "estado")


def places(upload: Upload, names: list[str]) -> dict[str, int]:
    """Field → position of the first column with one of its names; a column is one field only."""
    headers = [plain(name) for name in names]
    taken: dict[str, int] = {}
    for field, titles in upload.columns.items():
        wanted = {plain(title) for title in (*titles, field)}
        place = next((place for place, header in enumerate(headers) if header in wanted and place not in taken.values()), None)
        if place is not None:
            taken[field] = place
    return taken


def recognised(upload: Upload, table: Table, known: KnownList | None = None) -> dict[str, int]:
    """The same of a table, with what a known list says of its columns first, and columns that ask for consent by any words.

    Such a column has to hold answers too (`answers.holds`), a time has to be one.
    """
    placed = {field: place for field, place in known.places(table.names).items() if field in upload.columns} if known else {}
    if known and upload.name == "consents":
        return placed
    ignored = {plain(title) for title in known.ignores} if known else set()
    by_name = {field: place for field, place in places(upload, table.names).items() if not _doubtful(table, field, place)}
    for field, place in (_asking(upload, table) | by_name).items():
        if place not in placed.values() and plain(table.names[place]) not in ignored:
            placed.setdefault(field, place)
    return placed


def _doubtful(table: Table, field: str, place: int) -> bool:
    """A status of any kind is an answer only where its cells are."""
    return field == "granted" and plain(table.names[place]) in STATUSES and not answers.holds(cells(table, place))


def _asking(upload: Upload, table: Table) -> dict[str, int]:
    taken: dict[str, int] = {}
    for place, title in enumerate(table.names):
        field = answers.question(title)
        if field in upload.columns and field not in taken and _holds(field, cells(table, place)):
            taken[field] = place
    return taken


def _holds(field: str, items: list[str]) -> bool:
    if not field.endswith("_at"):
        refused = field.endswith("_refused")
        return answers.holds(items) or (refused and all(dates.moment(cell, "UTC") for cell in items))
    return all(answers.meaning(cell) in ("no", "silent") or _moment(cell) for cell in items)


def _moment(cell: str) -> bool:
    return bool(dates.moment(cell, "UTC")) or cell.isdigit()


def cells(table: Table, place: int) -> list[str]:
    """The filled cells of a column in the table's sample."""
    return [cell for row in table.rows if place < len(row) and (cell := strip(row[place])).lower() not in BLANK]


def named(upload: Upload, columns: dict[str, Any], names: list[str]) -> dict[str, int]:
    """The positions that a map file names by header or by number from 1. Raises BadInputError."""
    unknown = sorted(set(columns) - set(upload.columns))
    if unknown:
        raise BadInputError(
            "mapping.unknown_word", "The mapping cannot be used: {word} is not known to it. Nothing was imported.", word=", ".join(unknown)
        )
    return {field: mapping.position(column, names) for field, column in columns.items()}


def rows(table: Table, columns: dict[str, int]) -> tuple[list[Row], list[Rejection]]:
    """All rows with at least one filled cell of these columns (of none: all); the rows that could not be read."""
    items: list[Row] = []
    refused: list[Rejection] = []
    for number, record in _records(table, refused):
        if not any(cell.strip() for cell in record):
            continue
        if len(record) < len(table.names) or any(strip(cell) for cell in record[len(table.names) :]):
            refused.append(Rejection(number, None, ",".join(record)[:200], REASONS["fields"], tuple(record)))
            continue
        cells = {field: text for field, place in columns.items() if (text := strip(record[place])[:LONGEST]).lower() not in BLANK}
        if any(UNREADABLE in text for text in cells.values()):
            refused.append(Rejection(number, None, ",".join(record)[:200], REASONS["unreadable"], tuple(record)))
        elif cells or not columns:
            items.append(Row(number, cells, record[: len(table.names)]))
    return items, refused


def _records(table: Table, refused: list[Rejection]) -> Iterator[tuple[int, list[str]]]:
    number = 0
    with table.path.open(encoding="utf-8", newline="") as lines:
        quoting: Any = csv.QUOTE_MINIMAL if table.quote else csv.QUOTE_NONE
        try:
            for number, record in enumerate(
                csv.reader(lines, delimiter=table.delimiter, quotechar=table.quote or None, quoting=quoting), 1
            ):
                if number > table.header_row:
                    yield number, record
        except csv.Error:
            refused.append(Rejection(number + 1, None, None, REASONS["unclosed"]))
