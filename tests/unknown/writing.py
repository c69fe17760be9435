"""A sheet as cells of text or typed cells, and those as the bytes of a CSV file or a workbook."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from random import Random
from typing import Any
from xml.sax.saxutils import escape

from tests.unknown import styles
from tests.unknown.sheet import Column, Sheet
from tests.unknown.shop import WORDS
from tests.unknown.styles import Style

_SCHEMAS = "http://schemas.openxmlformats.org"
MAIN = f'xmlns="{_SCHEMAS}/spreadsheetml/2006/main"'
_OFFICE = f"{_SCHEMAS}/officeDocument/2006/relationships"
_SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELS = "application/vnd.openxmlformats-package.relationships+xml"


def _links(**targets: str) -> str:
    text = "".join(f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for kind, target in targets.items())
    return f'<Relationships xmlns="{_SCHEMAS}/package/2006/relationships">{text}</Relationships>'


def _types(**kinds: str) -> str:
    text = "".join(f'<Override PartName="/xl/{name}.xml" ContentType="{_SHEETML}.{kind}+xml"/>' for name, kind in kinds.items())
    return f'<Types xmlns="{_SCHEMAS}/package/2006/content-types"><Default Extension="rels" ContentType="{_RELS}"/>{text}</Types>'


FRAME = {
    "[Content_Types].xml": _types(workbook="sheet.main", styles="styles", **{"worksheets/sheet1": "worksheet"}),
    "_rels/.rels": _links(officeDocument="xl/workbook.xml"),
    "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="Export" sheetId="1" r:id="worksheet"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": _links(worksheet="worksheets/sheet1.xml", styles="styles.xml"),
    "xl/styles.xml": f'<styleSheet {MAIN}><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="22" applyNumberFormat="1"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
}
"""Everything of a workbook but its rows; style 1 is a moment, style 2 a day."""


def has(pattern: str, word: str) -> bool:
    """Whether a header word matches."""
    return bool(re.search(pattern, word))


class Text:
    """The cells of a sheet in a style. In a workbook numbers and days may stay typed."""

    def __init__(self, made: Sheet, style: Style, names: list[str | None]) -> None:
        self.made, self.style = made, style
        kept = [(column, name) for column, name in zip(made.columns, names, strict=True) if name is not None]
        self.columns, self.header = [column for column, _ in kept], [name for _, name in kept]
        self.typed = style.container == "xlsx" and style.typed
        cells = [cell for column in self.columns if column.kind == "money" for cell in column.cells if cell is not None]
        whole = all(cell == cell.to_integral_value() for cell in cells)
        form = style.numbers if style.numbers.places or whole else replace(style.numbers, places=2)
        if style.encoding in ("cp1252", "gb18030") and style.container != "xlsx":
            form = replace(form, group=form.group.replace(styles.NARROW, styles.NBSP if style.encoding == "cp1252" else " "))
            form = replace(
                form,
                sign="code" if form.sign != "none" and made.shop.currency in ("INR", "CNY") and style.encoding == "cp1252" else form.sign,
            )
        self.numbers = form
        self.kinds: list[str] = [column.kind for column in self.columns]

    def cell(self, column: Column, value: Any, place: int) -> Any:
        """One cell: text, or a number or moment where the workbook keeps types."""
        if value is None or value == "":
            return ""
        kind, style = column.kind, self.style
        if self.typed and kind in ("money", "int", "decimal", "decimal4", "moment", "day", "birth"):
            return value
        if kind == "money":
            order = self.made.rows[place].order
            return self.numbers.write(value, order.currency if order.currency == self.made.shop.currency else "")
        if kind in ("decimal", "decimal4"):
            return replace(self.numbers, places=4 if kind == "decimal4" else 2, group="", sign="none").write(value)
        if kind in ("moment", "day", "birth"):
            when = value if isinstance(value, datetime) else datetime.combine(value, time())
            return styles.moment(when, style.moments if kind == "moment" else styles.day_of(style.moments), style.words)
        return f"{value:%H:%M}" if kind == "time" else str(value)

    def table(self) -> tuple[list[list[Any]], dict[int, str]]:
        """All rows of the file, title rows, header and totals row with them, and which row (from 1) is of which order."""
        chance, features = Random(self.style.salt + 1), self.made.traits
        word = chance.choice(WORDS["titles"][features.words])
        body: list[list[Any]] = {0: [], 1: [[word]], 3: [[word, "2025-03-01 - 2026-06-30"], ["TESTSHOP"], []]}[features.title_rows]
        body = [[*row, *[""] * (len(self.header) - len(row))] for row in body] + [list(self.header)]
        places = {}
        for place, row in enumerate(self.made.rows):
            body.append([self.cell(column, column.cells[place], place) for column in self.columns])
            places[len(body)] = row.order.id
        if features.totals:
            body.append(self._totals(chance.choice(WORDS["totals"][features.words])))
        return body, places

    def _totals(self, word: str) -> list[Any]:
        items = []
        for column in self.columns:
            cells = [cell for cell in column.cells if isinstance(cell, Decimal)]
            summed = column.kind == "money" and column.role not in ("price", "list_price", "balance") and cells
            items.append(self.cell(column, sum(cells, Decimal(0)), 0) if summed else "")
        label = next((place for place, column in enumerate(self.columns) if column.kind == "text"), 0)
        items[0 if self.kinds[0] != "money" else label] = word
        return items

    def unsure(self) -> list[str]:
        """What the way of writing leaves open: thousands that read as decimals, days that read as months."""
        items = []
        seen = [self.cell(c, v, p) for c in self.columns if c.kind == "money" for p, v in enumerate(c.cells) if v is not None]
        shown = [text for text in seen if isinstance(text, str)]
        if self.numbers.places == 0 and self.numbers.group in ".," and self.numbers.group:
            grouped = [text for text in shown if self.numbers.group in text]
            if grouped and not any(text.count(self.numbers.group) > 1 for text in grouped):
                items.append("numbers")
        days = [value for c in self.columns if c.role in ("created", "paid_at", "date_only") for value in c.cells if value is not None]
        if self.style.moments in styles.UNSURE and not self.typed and all(day.day <= 12 for day in days):
            items.append("dates")
        return items


def plain(body: list[list[Any]], style: Style) -> bytes:
    """A delimited file."""
    out = io.StringIO()
    rule = csv.QUOTE_ALL if style.quoted else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=style.container, quoting=rule, lineterminator="\r\n").writerows(body)
    return out.getvalue().encode(style.encoding, errors="replace" if style.encoding == "cp1252" else "strict")


def workbook(body: list[list[Any]], kinds: list[str]) -> bytes:
    """An .xlsx of one sheet: numbers and days typed where they are, everything else text."""
    out = io.BytesIO()
    rows = "".join(
        f'<row r="{number}">{"".join(_cell(cell, place, number, kinds) for place, cell in enumerate(row))}</row>'
        for number, row in enumerate(body, 1)
    )
    parts = FRAME | {"xl/worksheets/sheet1.xml": f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return out.getvalue()


def _cell(cell: Any, place: int, row: int, kinds: list[str]) -> str:
    spot = f"{chr(64 + place // 26) if place >= 26 else ''}{chr(65 + place % 26)}{row}"
    if cell == "":
        return ""
    if isinstance(cell, date):
        when = cell if isinstance(cell, datetime) and kinds[place] == "moment" else datetime(cell.year, cell.month, cell.day)
        serial = (when - datetime(1899, 12, 30)).total_seconds() / 86400
        return f'<c r="{spot}" s="{1 if kinds[place] == "moment" else 2}"><v>{serial!r}</v></c>'
    if isinstance(cell, int | Decimal):
        return f'<c r="{spot}"><v>{cell}</v></c>'
    return f'<c r="{spot}" t="inlineStr"><is><t xml:space="preserve">{escape(str(cell))}</t></is></c>'
