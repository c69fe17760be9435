"""Workbooks cell by cell, as they are written in their XML, and what the process that opens workbooks makes of them."""

import csv
import json
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from crm.reading import archives, fast_xlsx
from tests.layouts.samples import workbook as write

KINDS = (0, 164, 14)
"""The number formats of cells styled 0, 1 and 2: none, a moment, a day."""


def process(workbook: Path, folder: Path, *way: str) -> dict[str, list[list[str]]]:
    """What the process makes of each sheet that holds anything."""
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "crm.reading.sheets", str(workbook), str(folder), "2000000000", *way]
    lines = subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()
    items = [json.loads(line) for line in lines]
    return {line["sheet"]: rows(folder / line["file"]) for line in items if line["filled"]}


def rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.reader(text))


def book(path: Path, *cells: str, kinds: Sequence[int] = KINDS, code: str = "yyyy-mm-dd hh:mm:ss") -> Path:
    """A workbook whose first sheet holds these cells, one below the other, as they are written in it, each beside a text."""
    plain = write(path.with_suffix(".plain"), {"Sheet1": [["HERE"]], "Sheet2": [["c"]]})
    body = "".join(f"<row>{cell}<c t='inlineStr'><is><t>x</t></is></c></row>" for cell in cells)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name).decode()
            if "HERE" in part:
                part = part[: part.index("<row")] + body + part[part.rindex("</row>") + 6 :]
            if name == "xl/_rels/workbook.xml.rels":
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
                part = part.replace("</Relationships>", f'<Relationship Id="s" Type="{kind}" Target="styles.xml"/></Relationships>')
            new.writestr(name, part)
        new.writestr("xl/styles.xml", styles("".join(f'<xf numFmtId="{kind}"/>' for kind in kinds), code))
    return path


def styles(xfs: str, code: str) -> str:
    return (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" '
        f'formatCode="{code}"/></numFmts><cellXfs>{xfs}</cellXfs></styleSheet>'
    )


def undated(values: dict[str, list[list[str]]]) -> dict[str, list[list[str]]]:
    """Without the time that the quick way sets behind a day."""
    return {name: [[cell.removesuffix(" 00:00:00") for cell in row] for row in rows] for name, rows in values.items()}


def number(text: str, style: int = 0) -> str:
    return f'<c s="{style}"><v>{text}</v></c>'


def text(content: str) -> str:
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(content)}</t></is></c>'


def first(values: dict[str, list[list[str]]]) -> list[str]:
    return [row[0] for row in values.get("Sheet1", [])]


def left_to_the_careful_way(workbook: Path) -> bool:
    days = fast_xlsx.days(workbook)
    return days is None or fast_xlsx.unlike(archives.pieces(workbook, workbook.name), days)


def restyled(path: Path, words: str, *cells: str) -> Path:
    """A workbook with these styles."""
    file = book(path.with_suffix(".first"), *cells)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, words if name == "xl/styles.xml" else old.read(name))
    return path
