"""Files that unpack to more than any machine holds, or never end (corpus BOMBS.md): each made here, none stored."""

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.layouts.samples import workbook
from tests.reading.containers import HEADER, ROWS, gzipped, text, zipped

MANY = 60_000_000
LINE = text([["A1", "2026-05-01", "王小明", "炒锅", "100.50"]])
CELL = '<c r="{}" t="inlineStr"><is><t>x</t></is></c>'


def nulls(path: Path) -> Path:
    """A zip of one run of bytes, a thousand to one."""
    return zipped(path, {"orders.csv": b"0" * MANY})


def lying(path: Path) -> Path:
    """The same, but its headers call the member small."""
    return _lie(nulls(path), MANY, 1000)


def overlapping(path: Path) -> Path:
    """Many entries of the directory that all lead to the same bytes."""
    zipped(path, {"orders.csv": text().encode() * 1000})
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(50):
            twin = zipfile.ZipInfo(f"{number}.csv")
            first = archive.infolist()[0]
            twin.compress_type, twin.CRC, twin.file_size = first.compress_type, first.CRC, first.file_size
            twin.compress_size, twin.header_offset, twin.create_system = first.compress_size, first.header_offset, 0
            archive.filelist.append(twin)
        archive._didModify = True  # type: ignore[attr-defined]
    return path


def crowded(path: Path) -> Path:
    """More members than anybody exports."""
    return zipped(path, {f"{number}.csv": b"x" for number in range(2000)})


def locked(path: Path) -> Path:
    """A zip with a password."""
    zipped(path, {"orders.csv": text().encode()})
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    path.write_bytes(bytes(content))
    return path


def compressed(path: Path) -> Path:
    """A gz of one run of bytes."""
    return gzipped(path, b"0" * MANY)


def swollen(path: Path) -> Path:
    """A workbook with a sheet of one run of bytes."""
    return _sheet(path, "<sheetData>" + " " * MANY + "</sheetData>")


def swollen_and_lying(path: Path) -> Path:
    """The same, but its headers call the sheet small."""
    return _lie(swollen(path), None, 5000)


def far_cell(path: Path) -> Path:
    """A workbook of two kilobytes with its second cell at the far end of the sheet."""
    rows = f'<row r="1">{CELL.format("A1")}</row><row r="1048576">{CELL.format("XFD1048576")}</row>'
    return _sheet(path, f'<dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData>')


def laughing(path: Path) -> Path:
    """A workbook whose strings are entities of entities of entities."""
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    strings = (
        f'<!DOCTYPE sst [{entities}]><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&a11;</t></si></sst>'
    )
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>0</v></c></row>'
    return _sheet(path, f"<sheetData>{row}</sheetData>", {"xl/sharedStrings.xml": strings})


def repeated_ods(path: Path) -> Path:
    """An ods whose one row is repeated a million times, with sixteen thousand columns."""
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    body = f'<office:body><office:spreadsheet><table:table table:name="a">{row}</table:table></office:spreadsheet></office:body>'
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped(path, {"mimetype": kind, "content.xml": f"<office:document-content {spaces}>{body}</office:document-content>".encode()})


def claiming(path: Path) -> Path:
    """An old workbook whose header claims four billion sectors."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    counts = struct.pack("<IIIIIIIII", 0, 0xFFFFFFF0, 0, 0, 4096, 0, 0xFFFFFFF0, 0, 0xFFFFFFF0)
    path.write_bytes((header + counts).ljust(512, b"\0") + bytes(4096))
    return path


def endless_line(path: Path) -> Path:
    """A csv that is one line."""
    path.write_bytes(b"order id,date,amount," * (MANY // 21))
    return path


def endless_later(path: Path) -> Path:
    """A csv with one line of its own size among its rows."""
    path.write_text(text() + "A9," + "x" * MANY + "\n" + LINE)
    return path


def unclosed(path: Path) -> Path:
    """A csv with a quotation mark at its tenth byte that is never closed."""
    path.write_text('order id,"date,buyer,amount\n' + LINE * (MANY // 40))
    return path


def unclosed_later(path: Path) -> Path:
    """A csv with a quotation mark at row 4 that is never closed."""
    path.write_text(text() + 'A7,"2026-05-01,x,y,5\n' + LINE * (MANY // 40))
    return path


def wide(path: Path) -> Path:
    """A csv of a million columns."""
    path.write_text(",".join(["a"] * 1_000_000) + "\n" + ",".join(["1"] * 1_000_000) + "\n")
    return path


def rather_wide(path: Path) -> Path:
    """A csv of two hundred thousand columns."""
    path.write_text(",".join(["a"] * 200_000) + "\n" + ",".join(["1"] * 200_000) + "\n")
    return path


def reaching_page(path: Path) -> Path:
    """A web page whose cells reach over all rows and columns, each with a long text."""
    cell = f'<td rowspan="99999" colspan="4">{"x" * 100_000}'
    path.write_text(f"<table><tr>{cell * 1000}" + "<tr><td>1" * 50_000 + "</table>")
    return path


def endless_tag(path: Path) -> Path:
    """A web page with a tag that is never closed."""
    path.write_text("<table><tr><td " + "a=1 " * (MANY // 4))
    return path


def _lie(path: Path, true: int | None, result: int) -> Path:
    with zipfile.ZipFile(path) as archive:
        sizes = [true] if true else [entry.file_size for entry in archive.infolist() if entry.file_size > 1_000_000]
    content = path.read_bytes()
    for size in sizes:
        content = content.replace(struct.pack("<I", size or 0), struct.pack("<I", result))
    path.write_bytes(content)
    return path


def _sheet(path: Path, inside: str, more: dict[str, str] | None = None) -> Path:
    """A workbook whose one sheet holds this."""
    plain = workbook(path.with_suffix(".plain"), {"Sheet1": [HEADER, *ROWS]})
    with zipfile.ZipFile(plain) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    links = b'<Relationship Id="r9" Type="' + kind + b'" Target="sharedStrings.xml"/>'
    for name, content in (more or {}).items():
        parts[name] = content.encode()
        parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", links + b"</Relationships>")
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/worksheets/sheet1.xml"] = f'<worksheet xmlns="{space}">{inside}</worksheet>'.encode()
    return zipped(path, parts)


BOMBS: dict[str, Callable[[Path], Path]] = {
    "nulls.zip": nulls,
    "lying.zip": lying,
    "overlapping.zip": overlapping,
    "crowded.zip": crowded,
    "locked.zip": locked,
    "compressed.gz": compressed,
    "swollen.xlsx": swollen,
    "swollen_and_lying.xlsx": swollen_and_lying,
    "far_cell.xlsx": far_cell,
    "laughing.xlsx": laughing,
    "repeated.ods": repeated_ods,
    "claiming.xls": claiming,
    "endless_line.csv": endless_line,
    "unclosed.csv": unclosed,
    "unclosed_later.csv": unclosed_later,
    "wide.csv": wide,
    "rather_wide.csv": rather_wide,
    "reaching.xls": reaching_page,
    "endless_tag.html": endless_tag,
}
"""File name → how it is made. `endless_later` is no bomb: it costs one row."""
