"""Sample files: reviewable UTF-8 text beside its expected result, written out in the container and encoding the layout really has."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

FOLDER = Path(__file__).parent / "samples"
NAMES = sorted(file.stem for file in FOLDER.glob("*.json"))
_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
_PART = '<Override PartName="/xl/{}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml"/>'
_LINKS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_LINK = '<Relationship Id="r{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}"/>'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OTHER = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def expected(name: str) -> dict[str, Any]:
    """What the sample's import must give."""
    values: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return values


def write(name: str, folder: Path) -> Path:
    """The sample as the platform would hand it out."""
    outcome, result = expected(name), sheets(name)
    if outcome["container"] == "xlsx":
        return workbook(folder / f"{name}.xlsx", {title: list(csv.reader(io.StringIO(body))) for title, body in result.items()})
    file = folder / f"{name}.csv"
    file.write_bytes(next(iter(result.values())).replace("\n", "\r\n").encode(outcome["encoding"]))
    return file


def sheets(name: str) -> dict[str, str]:
    """The text of each sheet of a sample; a file that is no workbook has one."""
    text = (FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    parts = re.split(r"^== (.+)\n", text, flags=re.MULTILINE) if text.startswith("== ") else ["", "Sheet1", text]
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def workbook(path: Path, sheets: dict[str, list[list[str]]], hidden: tuple[str, ...] = (), more: str = "") -> Path:
    """A small .xlsx: amounts and counts as numbers, everything else as text. `more` stands behind the rows of each sheet."""
    numbers = range(1, len(sheets) + 1)
    states = ['state="hidden" ' if name in hidden else "" for name in sheets]
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" {state}r:id="r{number}"/>'
        for number, name, state in zip(numbers, sheets, states, strict=True)
    )
    links = "".join(_LINK.format(number, "worksheet", f"worksheets/sheet{number}.xml") for number in numbers)
    parts = _PART.format("workbook", "sheet.main") + "".join(_PART.format(f"worksheets/sheet{number}", "worksheet") for number in numbers)
    kinds = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES.format(kinds + parts))
        archive.writestr("_rels/.rels", _LINKS.format(_LINK.format(1, "officeDocument", "xl/workbook.xml")))
        archive.writestr("xl/_rels/workbook.xml.rels", _LINKS.format(links))
        archive.writestr("xl/workbook.xml", f"<workbook {_MAIN} {_OTHER}><sheets>{listed}</sheets></workbook>")
        for number, rows in zip(numbers, sheets.values(), strict=True):
            body = "".join(
                f'<row r="{place}">{"".join(_cell(*cell, place) for cell in enumerate(row))}</row>' for place, row in enumerate(rows, 1)
            )
            archive.writestr(f"xl/worksheets/sheet{number}.xml", f"<worksheet {_MAIN}><sheetData>{body}</sheetData>{more}</worksheet>")
    return path


def _cell(column: int, text: str, row: int) -> str:
    place = f"{chr(64 + column // 26) if column >= 26 else ''}{chr(65 + column % 26)}{row}"
    if not text:
        return ""
    if re.fullmatch(r"\d{1,7}(\.\d+)?", text):
        return f'<c r="{place}"><v>{text}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
