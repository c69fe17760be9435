"""The table inside a text: delimiter, quoting, header row, and the extra empty column some exports add to every row."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TextIO

from crm.errors import BadFileError, NoTableError

DELIMITERS = (",", "\t", ";", "|", "，")
SAMPLE_ROWS = 200
SAMPLE_CHARS = 1 << 20
COLUMNS = 2_000
WORKBOOK = "workbook"
"""The `encoding` of a table that comes from a workbook, which has none."""
ENDLESS = 20  # line ends in one cell: no remark is that long, so a quotation mark was never closed
BLANKS = " \t\u00a0\u3000\ufeff\u200b"
VALUE = re.compile(r"^[\s$￥¥€£=\"'+-]*\d[\d\s.,:/年月日元T+%-]*\"?$")


@dataclass(frozen=True)
class Table:
    """A UTF-8 copy of a file and how to read it.

    `names` are the header's names (stripped) or `1`, `2`, … where there is none; `width` is the number of fields of a data row,
    which may be one more than the names; `header_row` is the number of rows before the data, the header included; `rows` is a sample;
    `strict` is False when some bytes could not be read; `title` is the name the person knows it by. Where `path` is no copy but the
    file itself, `codec` says in what it is written. `since_1904`: its bare numbers of days are counted as old Macs do.
    """

    path: Path
    encoding: str
    delimiter: str
    quote: str
    names: list[str]
    header_row: int
    width: int
    rows: list[list[str]] = field(repr=False)
    strict: bool = True
    title: str = ""
    codec: str | None = None
    since_1904: bool = False

    def opened(self) -> TextIO:
        """The text, to be read from its beginning."""
        return self.path.open(encoding=self.codec or "utf-8", errors="replace" if self.codec else "strict", newline="")


def strip(text: str) -> str:
    """A cell without blanks, byte-order mark, `="…"` and a leading apostrophe."""
    text = text.strip(BLANKS)
    match = re.fullmatch(r'="(.*)"', text, re.DOTALL)
    return (match[1] if match else text).strip(BLANKS).lstrip("'")


def read(path: Path, encoding: str, header: bool | None = None, delimiter: str | None = None, name: str = "") -> Table:
    """Find out how the UTF-8 text at `path` is laid out. Raises BadFileError when it is no table."""
    with path.open(encoding="utf-8", newline="") as file:
        text = file.read(SAMPLE_CHARS)
    chosen = delimiter or sniff(text)
    quote = _quote(text, chosen)
    records = parse(text, chosen, quote, name or path.name)
    _check(records, name or path.name)
    row = _header_row(records) if header is None else (1 if header else 0)
    return replace(_table(path, encoding, chosen, quote, records, row), title=name or path.name)


def _check(records: list[list[str]], name: str) -> None:
    """Raises BadFileError for what looks like a table only until it is read."""
    row = next((row for row, record in enumerate(records, 1) for cell in record if cell.count("\n") > ENDLESS), 0)
    if row:
        raise endless(name, row)
    widest = max((len(record) for record in records), default=0)
    if widest > COLUMNS:
        raise NoTableError(
            "file.too_many_columns", "{file} has {count} columns, more than any order table. Nothing was imported.", file=name, count=widest
        )
    if widest < 2:
        raise NoTableError("file.no_columns", "{file} has no columns that could be read as orders. Nothing was imported.", file=name)


def _table(path: Path, encoding: str, delimiter: str, quote: str, records: list[list[str]], row: int) -> Table:
    data = [record for record in records[row:] if any(cell.strip() for cell in record)]
    usual = Counter(len(record) for record in data).most_common(1)[0][0] if data else 0
    if row:
        names = [strip(cell) for cell in records[row - 1]]
        while names and not names[-1] and usual < len(names):
            names.pop()
    else:
        names = [str(number + 1) for number in range(usual)]
    extra = usual == len(names) + 1 and all(not strip(record[-1]) for record in data if len(record) == usual)
    return Table(path, encoding, delimiter, quote, names, row, len(names) + extra, data[:SAMPLE_ROWS])


def parse(text: str, delimiter: str, quote: str, name: str = "") -> list[list[str]]:
    """Records of a text; a cut last record is left out when the text was only a beginning. With a name, endless cells are refused."""
    lines = list(io.StringIO(text, newline="\n"))
    if len(text) >= SAMPLE_CHARS:
        lines = lines[:-1]
    records: list[list[str]] = []
    try:
        quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
        for record in csv.reader(lines, delimiter=delimiter, quotechar=quote or None, quoting=quoting):
            records.append(record)
            if len(records) > SAMPLE_ROWS:
                break
    except csv.Error as error:
        if name and quote and any(quote in line for line in lines):  # else only a cell longer than a reader of samples cares to hold
            raise endless(name, len(records) + 1) from error
    return records


def endless(name: str, row: int) -> BadFileError:
    """The refusal of a file in which a quotation mark swallows the rows after it."""
    return BadFileError(
        "file.unclosed_quotation",
        "A quotation mark in row {row} of {file} is never closed, so the rows after it cannot be told apart. Nothing was imported. "
        "Please export it again.",
        file=name,
        row=row,
    )


def sniff(text: str) -> str:
    """The delimiter under which most rows have the same number (> 1) of fields; `spaces` when only runs of blanks do."""
    scores = {delimiter: _evenness(parse(text, delimiter, '"')) for delimiter in DELIMITERS}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    if scores[best][0] > 0.5:
        return best
    spaced = [line.split() for line in text.splitlines()[:SAMPLE_ROWS] if line.strip()]
    if _evenness(spaced)[0] > 0.9:
        return "spaces"
    return best if scores[best][1] > 1 else ","


def _evenness(records: list[list[str]]) -> tuple[float, int]:
    counts = Counter(len(record) for record in records if record)
    wide = {width: number for width, number in counts.items() if width > 1}
    if not wide:
        return (0.0, 0)
    width = max(wide, key=lambda key: wide[key])
    return (wide[width] / counts.total(), width)


def _quote(text: str, delimiter: str) -> str:
    """Tab-separated reports quote nothing: there a quotation mark is a letter, unless cells are wrapped in them."""
    if delimiter != "\t":
        return '"'
    return '"' if re.search(r'(^|\t)"[^"\n]*"(\t|\n|$)', text, re.MULTILINE) else ""


def _header_row(records: list[list[str]]) -> int:
    """How many rows stand before the data: titles above the header count, and 0 says that there is no header."""
    width = Counter(len(record) for record in records).most_common(1)[0][0]
    for number, record in enumerate(records[:10]):
        filled = [strip(cell) for cell in record if strip(cell)]
        if len(record) >= width - 1 and len(filled) * 2 > len(record):
            values = sum(bool(VALUE.match(cell)) for cell in filled)
            return number if values * 3 > len(filled) else number + 1
    return 1


def spread(table_text: Path, target: Path, widths: list[list[int]] | None = None) -> None:
    """Rewrite text in fixed or blank-separated columns with tabs; `widths` are [start, end) positions."""
    with table_text.open(encoding="utf-8") as source, target.open("w", encoding="utf-8", newline="\n") as out:
        for line in source:
            cells = [line[start:end].strip() for start, end in widths] if widths else line.split()
            if any(cells):
                out.write("\t".join(cells) + "\n")
