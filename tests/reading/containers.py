"""Files in containers, as platforms and people hand them out: the same orders as zip, gz, web page, Excel's XML, xlsb, in old encodings."""

import gzip
import struct
import zipfile
from pathlib import Path

HEADER = ["订单号", "日期", "会员", "商品", "金额"]
ROWS = [["A1", "2026-05-01 10:00:00", "王小明", "炒锅", "100.50"], ["A2", "2026-05-02 11:00:00", "陈大文", "菜刀", "80.00"]]
WANTED = {"A1": "100.50", "A2": "80.00"}
TABLE = [HEADER, *ROWS]


def text(rows: list[list[str]] = TABLE) -> str:
    """As csv."""
    return "\n".join(",".join(row) for row in rows) + "\n"


def page(path: Path, rows: list[list[str]] = TABLE, encoding: str = "gb18030", declared: str = "gb2312") -> Path:
    """As back offices do: a web page called .xls, closing few of its tags."""
    cells = "".join("<tr>" + "".join(f"<td style=\"mso-number-format:'\\@'\">{cell}&nbsp;" for cell in row) for row in rows)
    head = f'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="{declared}"><style>td {{}}</style></head>'
    path.write_bytes(f"{head}<body><table><tr><td colspan=5></table><table>{cells}</table></body></html>".encode(encoding))
    return path


def spreadsheet_xml(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    """Excel's XML of 2003, also called .xls."""
    cell = '<Cell><Data ss:Type="String">{}</Data></Cell>'
    tables = {name: "".join("<Row>" + "".join(map(cell.format, row)) + "</Row>" for row in rows) for name, rows in sheets.items()}
    body = "".join(f'<Worksheet ss:Name="{name}"><Table>{rows}</Table></Worksheet>' for name, rows in tables.items())
    words = '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    path.write_text(f'{words} xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{body}</Workbook>', encoding="utf-8")
    return path


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    """A zip with these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def gzipped(path: Path, content: bytes) -> Path:
    """A gz of one file."""
    path.write_bytes(gzip.compress(content))
    return path


def xlsb(path: Path, rows: list[list[str]] = TABLE) -> Path:
    """A binary workbook put together record by record ([MS-XLSB] 2.1.4): one sheet, every cell inline text."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    link = '<Relationship Id="rId1" Type="' + relation + '/{}" Target="{}"/>'
    bundle = struct.pack("<II", 0, 1) + _string("rId1") + _string("Sheet1")
    book = _record(131) + _record(143) + _record(156, bundle) + _record(144) + _record(132)
    size = struct.pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1)
    cells = b"".join(_row(number, row) for number, row in enumerate(rows))
    sheet = _record(129) + _record(148, size) + _record(145) + cells + _record(146) + _record(130)
    kinds = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="bin" '
        'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
    )
    return zipped(
        path,
        {
            "[Content_Types].xml": kinds.encode(),
            "_rels/.rels": links.format(link.format("officeDocument", "xl/workbook.bin")).encode(),
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": links.format(link.format("worksheet", "worksheets/sheet1.bin")).encode(),
            "xl/worksheets/sheet1.bin": sheet,
        },
    )


def _row(number: int, cells: list[str]) -> bytes:
    header = struct.pack("<IIH", number, 0, 300) + bytes(3) + struct.pack("<I", 0)
    return _record(0, header) + b"".join(_record(6, struct.pack("<II", place, 0) + _string(cell)) for place, cell in enumerate(cells))


def _string(value: str) -> bytes:
    return struct.pack("<I", len(value)) + value.encode("utf-16-le")


def _record(kind: int, content: bytes = b"") -> bytes:
    """Kind and length in seven bits per byte, the lowest first."""
    return _varied(kind) + _varied(len(content)) + content


def _varied(number: int) -> bytes:
    head = bytes([number & 0x7F | (0x80 if number > 0x7F else 0)])
    return head + (_varied(number >> 7) if number > 0x7F else b"")
