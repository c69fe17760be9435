"""Measuring the import of a large .xlsx beside calamine reading the same workbook and doing nothing with it."""

import csv
import itertools
import re
import zipfile
from collections.abc import Iterable
from datetime import date
from functools import partial
from pathlib import Path
from xml.sax.saxutils import escape

from python_calamine import CalamineWorkbook

from crm.bench.importing import empty, taken
from crm.bench.timing import Measured, once

ROWS = 1_048_576
"""As many as a sheet has."""
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/sheet.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
    'Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="sheet.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/>'
    "</sheets></workbook>",
}
_NUMBER = re.compile(r"\d{1,9}(\.\d\d?)?")


def workbook(paths: list[Path], folder: Path, as_of: date) -> Measured:
    """The whole import of a workbook with one row per order, and calamine alone."""
    store, path = empty(folder), paths[0]
    ours, peak, rate = taken(store, [path])
    store.close()
    more = {"rows_per_second": {"workbook": rate}, "peak_mb_of": {"workbook": round(peak, 1)}}
    return Measured({"workbook": ours}, {"workbook": once(partial(_alone, path))}, more)


def _alone(path: Path) -> int:
    return sum(len(row) for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows())


def write(source: Path) -> Path:
    """A Taobao order file as a workbook: amounts and counts as numbers, everything else as text; at most as many rows as a sheet has."""
    target = source.with_suffix(".xlsx")
    with (
        source.open(encoding="gb18030", newline="") as lines,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for name, text in _PARTS.items():
            archive.writestr(name, text)
        with archive.open("xl/sheet.xml", "w", force_zip64=True) as sheet:
            sheet.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
            for row in itertools.islice(csv.reader(lines), ROWS):
                sheet.write(_row(row).encode())
            sheet.write(b"</sheetData></worksheet>")
    return target


def _row(cells: Iterable[str]) -> str:
    return "<row>" + "".join(map(_cell, cells)) + "</row>"


def _cell(text: str) -> str:
    if _NUMBER.fullmatch(text):
        return f"<c><v>{text}</v></c>"
    plain = text[2:-1] if text.startswith('="') else text
    return f'<c t="inlineStr"><is><t>{escape(plain)}</t></is></c>' if plain else "<c/>"
