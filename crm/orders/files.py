"""Files as they come: what kind of file it is, which encoding, and a clean UTF-8 copy the database can read."""

import codecs
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from crm.errors import BadFileError

SAMPLE = 1 << 20
CHUNK = 1 << 18  # decoding in larger or much smaller pieces takes half as long again
WORKBOOK_LIMIT = 2_000_000_000
WORKBOOK_RATIO = 200
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00")
ARCHIVES = (b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WESTERN = re.compile(rb"(?<![\x80-\xff])[A-Za-z][\x80-\xff](?=[A-Za-z ,;'\"\r\n])")
UNREADABLE = "\ufffd"


@dataclass(frozen=True)
class Text:
    """A text file: its encoding and whether every byte of it could be read (`strict`)."""

    encoding: str
    strict: bool


def kind(path: Path) -> str:
    """`text` or `workbook`; raises BadFileError for everything that is neither."""
    if not path.is_file():
        raise BadFileError("{file} is not there.", file=path.name)
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise BadFileError("{file} is empty. Nothing was imported. Please export it again.", file=path.name)
    if head.startswith(b"PK"):
        _check_workbook(path)
        return "workbook"
    if head.startswith(OLE):
        _check_ole(path, head)
        return "workbook"
    _refuse_other(path, head)
    return "text"


def _refuse_other(path: Path, head: bytes) -> None:
    if head.startswith(ARCHIVES):
        raise BadFileError("{file} is an archive. Nothing was imported. Please unpack it and import the files inside.", file=path.name)
    if head.startswith(PICTURES):
        raise BadFileError("{file} is a picture or a document, not a table. Nothing was imported.", file=path.name)
    if re.match(rb"\s*(<!doctype html|<html|<table)", head[:300], re.IGNORECASE):
        raise BadFileError("{file} is a web page, not a table. Nothing was imported. Please save it as .xlsx or .csv.", file=path.name)
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return
    if head.count(b"\x00") > len(head) // 50 or sum(byte < 9 for byte in head[:4096]) > 40:
        raise BadFileError("{file} is not a text or spreadsheet file. Nothing was imported.", file=path.name)


def _check_workbook(path: Path) -> None:
    """Guard against workbooks that unpack to more than this machine holds (corpus BOMBS.md): the sum of all entries counts."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise BadFileError(
            "{file} is damaged and cannot be opened. Nothing was imported. Please export it again.", file=path.name
        ) from error
    names = {entry.filename for entry in entries}
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise BadFileError("{file} is an archive. Nothing was imported. Please unpack it and import the files inside.", file=path.name)
    size = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if size > WORKBOOK_LIMIT or (size > 200_000_000 and size > packed * WORKBOOK_RATIO):
        raise BadFileError("{file} would unpack to more than can be right for a table. Nothing was imported.", file=path.name)


def _check_ole(path: Path, head: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in head or "EncryptionInfo".encode("utf-16-le") in path.read_bytes():
        raise BadFileError("{file} is protected by a password. Nothing was imported. Please save it without the password.", file=path.name)


def transcode(path: Path, target: Path) -> Text:
    """Write the file again as UTF-8 with plain line ends and without null bytes, holding a few megabytes at a time.

    Encodings are tried in this order, all strict: UTF-16 by its mark, UTF-8, cp1252 where the file looks Western, GB18030.
    When none reads every byte, the one that reads most of the beginning is taken and its damaged rows are rejected later.
    """
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    for encoding in _candidates(head):
        if _sample_reads(head, encoding) and _copy(path, target, encoding, "strict"):
            return Text("utf-8" if encoding == "utf-8-sig" and not head.startswith(codecs.BOM_UTF8) else encoding, True)
    encoding = min(("utf-8-sig", "gb18030"), key=lambda name: head.decode(name, errors="replace").count(UNREADABLE))
    _copy(path, target, encoding, "replace")
    return Text(encoding, False)


def _candidates(head: bytes) -> tuple[str, ...]:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    western = len(WESTERN.findall(head)) * 2 > len(re.findall(rb"[\x80-\xff]+", head))
    return ("utf-8-sig", "cp1252", "gb18030") if western else ("utf-8-sig", "gb18030")


def _sample_reads(head: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(head, final=len(head) < SAMPLE)
    except UnicodeDecodeError:
        return False
    return True


def _copy(path: Path, target: Path, encoding: str, errors: str) -> bool:
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(errors), translate=True)
    with path.open("rb") as raw, target.open("wb") as out:
        try:
            for part in iter(lambda: raw.read(CHUNK), b""):
                out.write(_utf8(decoder.decode(part)))
            out.write(_utf8(decoder.decode(b"", final=True)))
        except UnicodeError:
            return False
    return True


def _utf8(text: str) -> bytes:
    return (text.replace("\x00", "") if "\x00" in text else text).encode()
