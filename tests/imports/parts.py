"""Sample files cut into parts, each with the header, in the container and encoding of the whole."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.imports import plainly
from tests.layouts import samples

READ = sorted([*plainly.ORDERS, *plainly.ITEMS])
"""The samples that can be imported."""


@dataclass(frozen=True)
class Row:
    """A row of a sample: what must stay together with it (`key`), its cells, and as text how it stands in the file."""

    key: str
    cells: list[str]
    text: str


def rows(name: str) -> dict[str, list[Row]]:
    """The rows of each sheet, the header first.

    Kept together: what several sheets tell of an order, rows that take their order from the row above, and rows that are the same.
    """
    return {title: _keyed(name, text) for title, text in samples.sheets(name).items()}


def _delimiter(line: str) -> str:
    return next((mark for mark in "\t;" if mark in line and "," not in line), ",")


def _keyed(name: str, text: str) -> list[Row]:
    lines, result = text.splitlines(keepends=True), []
    reader, begun, last = csv.reader(lines, delimiter=_delimiter(text.lstrip().splitlines()[0])), 0, ""
    place: int | None = None
    for cells in reader:
        if not cells:
            continue  # a blank line stays with the row after it
        if not result:
            titles = [cell.strip() for cell in cells]
            named = ("主订单编号", plainly.ORDERS[name].order) if name in plainly.ORDERS else ()
            place = next((titles.index(title) for title in named if title in titles), None)
        text = "".join(lines[begun : reader.line_num])
        own = cells[place] if place is not None and place < len(cells) else ""
        if place is None or own or not last or place >= len(cells):
            last = own if place is not None and plainly.ORDERS[name].sheet else text
        result.append(Row(last, cells, text))
        begun = reader.line_num
    return result


def keys(name: str) -> list[str]:
    """Everything that can go into one part or another."""
    return list(dict.fromkeys(row.key for sheet in rows(name).values() for row in sheet[1:]))


def write(name: str, folder: Path, stem: str, chosen: Iterable[str]) -> Path:
    """The part of a sample that has these keys."""
    wanted = set(chosen)
    kept = {title: [sheet[0], *(row for row in sheet[1:] if row.key in wanted)] for title, sheet in rows(name).items()}
    result = samples.expected(name)
    if result["container"] == "xlsx":
        return samples.workbook(folder / f"{stem}.xlsx", {title: [row.cells for row in sheet] for title, sheet in kept.items()})
    file = folder / f"{stem}.csv"
    file.write_bytes("".join(row.text for row in next(iter(kept.values()))).replace("\n", "\r\n").encode(result["encoding"]))
    return file
