"""Web pages that call themselves .xls, and Excel's XML of 2003: their tables as UTF-8 csv, read as a stream, never held as a tree.

Entities a page declares are never expanded (the reader knows none but HTML's own), and what has no end is refused.
"""

import csv
import re
import uuid
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import IO, Any

from crm.errors import BadFileError, NoTableError
from crm.reading import archives

CHUNK = 1 << 16
UNFINISHED = 1 << 17
ROW, COLUMNS, TABLES, DEPTH = 1_000_000, 5_000, 500, 20
SIZE, WRITTEN = 300_000_000, 600_000_000
ROWS, CELLS, SILENT = ("tr", "row"), ("td", "th", "cell"), ("script", "style")
POWERS = re.compile(r"\s*\d(\.\d+)?[eE]\+\d+\s*")


@dataclass
class _Open:
    """A table that has begun: where it is written, the row and the cell that are open, and cells that reach down into later rows."""

    name: str
    path: Path
    out: IO[str]
    writer: Any
    row: list[str] | None = None
    cell: list[str] | None = None
    attrs: dict[str, str] = field(default_factory=dict)
    down: dict[int, tuple[int, str]] = field(default_factory=dict)
    filled: bool = False
    size: int = 0


def tables(text: Path, folder: Path, name: str) -> list[tuple[str, Path]]:
    """The tables of a page (already in UTF-8), each with its csv; the name is that of the sheet, or the table's number."""
    if text.stat().st_size > SIZE:
        raise BadFileError(
            "file.web_page_too_large",
            "{file} is a web page of more than {most} MB. Nothing was imported. Please save it as .xlsx or .csv.",
            file=name,
            most=SIZE // 1_000_000,
        )
    reader = _Reader(folder, name)
    try:
        with text.open(encoding="utf-8") as page:
            for part in iter(lambda: page.read(CHUNK), ""):
                reader.feed(part)
                if len(reader.rawdata) > UNFINISHED:
                    raise BadFileError(*archives.HUGE, file=name)
        reader.close()
    finally:
        reader.end()
    if not reader.tables:
        raise NoTableError(
            "file.web_page_without_table",
            "{file} is a web page, not a table. Nothing was imported. Please save it as .xlsx or .csv.",
            file=name,
        )
    return reader.tables


class _Reader(HTMLParser):
    """Tags of both languages: table, tr, td, th; Worksheet, Table, Row, Cell."""

    def __init__(self, folder: Path, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self.folder, self.file = folder, file
        self.tables: list[tuple[str, Path]] = []
        self.open: list[_Open] = []
        self.sheet, self.silent, self.written, self.begun = "", False, 0, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = tag.rpartition(":")[2]
        values = {key.rpartition(":")[2]: value or "" for key, value in attrs}
        if name == "worksheet":
            self.sheet = values.get("name", "")
        elif name == "table":
            self._begin()
        elif name in SILENT:
            self.silent = True
        elif self.open and name in ROWS:
            self._finish_row()
            self.open[-1].row = []
        elif self.open and name in CELLS:
            self._finish_cell()
            self._start_cell(values)
        elif self.open and name == "br" and self.open[-1].cell is not None:
            self.open[-1].cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in SILENT:
            self.silent = False
        elif self.open and name == "table":
            self._end_table()
        elif self.open and name in ROWS:
            self._finish_row()
        elif self.open and name in CELLS:
            self._finish_cell()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1].cell is not None and not self.silent:
            self.open[-1].cell.append(data)
            self._count(len(data))

    def unknown_decl(self, data: str) -> None:
        if data.startswith("CDATA["):
            self.handle_data(data[6:])

    def _begin(self) -> None:
        self.begun += 1
        if self.begun > TABLES or len(self.open) >= DEPTH:
            raise BadFileError(*archives.HUGE, file=self.file)
        path = self.folder / f"{uuid.uuid4().hex[:8]}.csv"
        out = path.open("w", encoding="utf-8", newline="")
        name = self.sheet or str(self.begun)
        self.open.append(_Open(name, path, out, csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)))
        self.tables.append((name, path))

    def _start_cell(self, values: dict[str, str]) -> None:
        table = self.open[-1]
        table.row = [] if table.row is None else table.row
        wanted = int(values["index"]) - 1 if values.get("index", "").isdecimal() else 0
        self._fill(table, min(wanted, COLUMNS + 1))
        table.cell, table.attrs = [], values

    def _finish_cell(self) -> None:
        table = self.open[-1]
        if table.cell is None or table.row is None:
            return
        text, table.cell = " ".join("".join(table.cell).split()), None
        if "num" in table.attrs and POWERS.fullmatch(text):
            text = table.attrs["num"]  # Excel's own pages keep the whole number beside the shortened one
        across = 1 + _number(table.attrs, "mergeacross") if "mergeacross" in table.attrs else max(_number(table.attrs, "colspan"), 1)
        down = _number(table.attrs, "mergedown") if "mergedown" in table.attrs else _number(table.attrs, "rowspan") - 1
        for place in range(min(across, COLUMNS)):
            if down > 0:
                table.down[len(table.row)] = (down, text if place == 0 else "")
            table.row.append(text if place == 0 else "")
        self._count(across)
        self._fill(table, 0)

    def _fill(self, table: _Open, wanted: int) -> None:
        """Put in what reaches down from the rows above, and blank cells up to `wanted`."""
        row = table.row if table.row is not None else []
        while len(row) in table.down or len(row) < wanted:
            left, text = table.down.pop(len(row), (0, ""))
            if left > 1:
                table.down[len(row)] = (left - 1, text)
            row.append(text)
            self._count(len(text) + 1)

    def _finish_row(self) -> None:
        self._finish_cell()
        table = self.open[-1]
        if table.row is not None:
            table.writer.writerow(table.row)
            table.filled = table.filled or any(table.row)
        table.row, table.size = None, 0

    def _count(self, size: int) -> None:
        """What goes into the open row: no row, and no page, has more than can be right."""
        table = self.open[-1]
        self.written, table.size = self.written + size, table.size + size
        if self.written > WRITTEN or table.size > ROW or len(table.row or []) > COLUMNS:
            raise BadFileError(*archives.HUGE, file=self.file)

    def end(self) -> None:
        """Close what the page left open; rows that were not finished count too."""
        while self.open:
            self._end_table()

    def _end_table(self) -> None:
        """Tables without a word in them only hold a page in shape."""
        self._finish_row()
        table = self.open.pop()
        table.out.close()
        if not table.filled:
            self.tables.remove((table.name, table.path))


def _number(values: dict[str, str], name: str) -> int:
    return int(values[name]) if values.get(name, "").isdecimal() and len(values[name]) < 7 else 0
