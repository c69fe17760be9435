"""Files as they come: what kind of file it is, by what is in it, never by its name."""

import codecs
import re
import zipfile
from pathlib import Path

from crm.errors import BadFileError, NoTableError
from crm.reading import decoding
from crm.reading.decoding import SAMPLE

EXTENSIONS = ("csv", "tsv", "txt", "xlsx", "xlsm", "xlsb", "xls", "ods", "xml", "htm", "html", "zip", "gz")
"""What a person is offered to choose from; what a file is decided by its content."""
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00")
OTHER_ARCHIVES = (b"BZh", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
GZIP = b"\x1f\x8b"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORKBOOKS = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}
PAGE = re.compile(
    r"\s*(<\?xml[^>]*>\s*)?(<!--.{0,2000}?-->\s*)*<(!doctype html|html|head|meta|body|style|table|div)\b", re.IGNORECASE | re.DOTALL
)
SPREADSHEET_XML = "urn:schemas-microsoft-com:office:spreadsheet"


def kind(path: Path, name: str = "") -> str:
    """`text`, `page`, `workbook`, `zip` or `gzip`. Raises BadFileError for what is none of them, under the name the person knows."""
    name = name or path.name
    if not path.is_file():
        raise BadFileError("file.missing", "{file} is not there.", file=name)
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise NoTableError("file.empty", "{file} is empty. Nothing was imported. Please export it again.", file=name)
    if head.startswith(b"PK"):
        return "workbook" if _names(path, name) & WORKBOOKS else "zip"
    if head.startswith(GZIP):
        return "gzip"
    if head.startswith(OLE):
        _check_ole(path, head, name)
        return "workbook"
    return _text_or_page(head, name)


def _text_or_page(head: bytes, name: str) -> str:
    if head.startswith(OTHER_ARCHIVES):
        raise NoTableError(
            "file.unknown_archive", "{file} is an archive. Nothing was imported. Please unpack it and import the files inside.", file=name
        )
    if head.startswith(PICTURES):
        raise NoTableError(
            "file.picture_or_document",
            "{file} is a picture or a document, not a table. Nothing was imported. Please choose the table that the platform exported.",
            file=name,
        )
    utf16 = decoding.wide(head)
    if not utf16 and (head.count(b"\x00") > len(head) // 50 or sum(byte < 9 for byte in head[:4096]) > 40):
        raise NoTableError(
            "file.not_text",
            "{file} is not a text or spreadsheet file. Nothing was imported. Please choose the table that the platform exported.",
            file=name,
        )
    opening = head[:8192].decode(utf16 or "latin-1", "replace").removeprefix("ï»¿")
    if PAGE.match(opening) or ("<Workbook" in opening and SPREADSHEET_XML in opening):
        return "page"
    if len(head) == SAMPLE and b"\n" not in head and b"\r" not in head:
        raise NoTableError(
            "file.one_endless_line", "{file} is one endless line, not a table. Nothing was imported. Please export it again.", file=name
        )
    return "text"


def _names(path: Path, name: str) -> set[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadFileError(
            "file.damaged", "{file} is damaged and cannot be opened. Nothing was imported. Please export it again.", file=name
        ) from error


def _check_ole(path: Path, head: bytes, name: str) -> None:
    if "EncryptedPackage".encode("utf-16-le") in head or "EncryptionInfo".encode("utf-16-le") in path.read_bytes():
        raise BadFileError(
            "file.password_protected",
            "{file} is protected by a password. Nothing was imported. Please save it without the password.",
            file=name,
        )
