"""Spreadsheets (xlsx, xlsm, xlsb, xls, ods) as delimited text, so that one path reads everything."""

import json
import os
import re
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Iterable, Set
from pathlib import Path
from typing import Any

import crm
from crm.errors import BadFileError
from crm.orders import archives
from crm.orders.sheets import text_of

MEMORY, PER_BYTE, MOST = 600_000_000, 120, 6_000_000_000
"""What the process that opens a workbook may ask for: to begin with, for each byte of the file, and altogether."""
SECONDS = 900
LARGE = 4_000_000
"""Bytes from which on an .xlsx is read the quick way."""
Sheets = list[tuple[str, Path]]
_LONG = re.compile(rb"v>(-?(?:\d{16}|\d{0,15}\.\d{10}|[\d.]{1,40}[eE])[^<]{0,40}|-0[^<]{0,40})<")
_ISO, _CELL = b't="d"', 400
_STYLED = re.compile(rb'<(?:x:)?c [^<>]*?\bs="(\d+)"')
_XF, _CODES = re.compile(rb"<xf\b[^>]{0,300}>"), re.compile(rb'<numFmt\b[^>]{0,99}?numFmtId="(\d+)"[^>]{0,99}?formatCode="([^"]{1,99})"')
_WORD = rb"(?:[ymdhs/:. \\-]|&quot;[^;&]*&quot;)*"
_MOMENT = re.compile(_WORD + rb"[yd]" + _WORD + rb"(?:;@)?", re.IGNORECASE)


_known: dict[tuple[str, int, int], tuple[Path, Sheets]] = {}


def sheets(path: Path, folder: Path, name: str) -> Sheets:
    """Every sheet that holds anything, with its UTF-8 csv. Raises BadFileError for what is damaged, locked or too large to be right.

    A workbook that was looked at a moment ago (to see what kind of file it is) is not read a second time.
    """
    home, told = folder / uuid.uuid4().hex[:8], path.stat()
    home.mkdir()
    key = (str(path.resolve()), told.st_mtime_ns, told.st_size)
    for old in [old for old, (kept, _) in list(_known.items()) if not kept.is_dir()]:
        _known.pop(old, None)
    if key not in _known:
        _known[key] = (home, _read(path, home, name))
    again = folder / uuid.uuid4().hex[:8]
    try:
        return _linked(_known[key][1], again)
    except (OSError, KeyError):  # whoever read it first has cleared up in the meantime
        return _read(path, home, name)


def _linked(found: Sheets, folder: Path) -> Sheets:
    folder.mkdir()
    for _, file in found:
        os.link(file, folder / file.name)
    return [(sheet, folder / file.name) for sheet, file in found]


def _read(path: Path, home: Path, name: str) -> Sheets:
    quick = path.stat().st_size >= LARGE and _is_xlsx(path) and _opened(path, home, name, "quick")
    return (quick or None) or _opened(path, home, name) or []


def _is_xlsx(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def moments(path: Path) -> set[bytes]:
    """The numbers of an .xlsx's cell styles that show a number as a moment or day, as far as it is beyond doubt."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/styles.xml") as part:
            told = part.read(1 << 22)
    except (KeyError, *archives.DAMAGED):
        return set()
    known = {b"14", b"15", b"16", b"17", b"22"} | {number for number, code in _CODES.findall(told) if _MOMENT.fullmatch(code)}
    styles = enumerate(_XF.findall(told.partition(b"<cellXfs")[2].partition(b"</cellXfs>")[0]))
    return {str(place).encode() for place, xf in styles if any(b'numFmtId="%s"' % number in xf for number in known)}


def _opened(path: Path, home: Path, name: str, *way: str) -> Sheets | None:
    """What the other process makes of a workbook; None where this way is the wrong one."""
    command = [sys.executable, "-m", "crm.orders.sheets", str(path), str(home), str(_memory(path)), *way]
    reader = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_surroundings(), text=True)  # noqa: S603 (our own module)
    try:
        if zipfile.is_zipfile(path):
            parts = archives.pieces(path, name)  # while the other process reads: an honest workbook loses no time by it
            if way and unlike(parts, moments(path)):
                return None
            for _ in parts:
                pass
        out, _ = reader.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise BadFileError(archives.HUGE, file=name) from error
    finally:
        if reader.poll() is None:
            reader.kill()
            reader.communicate()
    told = [json.loads(line) for line in out.splitlines()]
    if way and (reader.returncode or not told or "refused" in told[0]):
        return None
    return _told(told, home, name, reader.returncode)


def unlike(parts: Iterable[bytes], moments: Set[bytes] = frozenset()) -> bool:
    """Whether in the parts of an .xlsx a number stands that the quick way writes otherwise, or a date as a text. `moments` are styles.

    It keeps nine digits after the point and writes all before it, so that the id 1.73214731E+18, which a spreadsheet has damaged, would
    look like one.
    """
    before = b""
    for part in parts:
        seen = before + part
        new = (found for found in _LONG.finditer(seen) if found.end() > len(before))
        if _ISO in seen or any(_differs(found[1]) and _style(seen, found.start()) not in moments for found in new):
            return True
        before = seen[-_CELL:] if part else b""
    return False


def _style(seen: bytes, place: int) -> bytes | None:
    """The style of the cell whose value stands at a place."""
    near = seen[max(place - _CELL, 0) : place]
    styled = _STYLED.match(near, max(near.rfind(b"<c "), near.rfind(b"<x:c "), 0))
    return styled and styled[1]


def _differs(told: bytes) -> bool:
    try:
        number = float(told)
    except ValueError:
        return True
    return text_of(number) != f"{number:.9f}".rstrip("0").rstrip(".")


def _memory(path: Path) -> int:
    return min(MEMORY + path.stat().st_size * PER_BYTE, MOST)


def _surroundings() -> dict[str, str]:
    known = [str(Path(crm.__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(part for part in known if part)}


def _told(lines: list[dict[str, Any]], home: Path, name: str, code: int) -> Sheets:
    refused = next((line["refused"] for line in lines if "refused" in line), None)
    if refused == "password":
        raise BadFileError("{file} is protected by a password. Nothing was imported. Please save it without the password.", file=name)
    if refused == "size" or code < 0:  # ended by the memory limit
        raise BadFileError(archives.HUGE, file=name)
    if refused or code:
        raise BadFileError("{file} is damaged and cannot be opened. Nothing was imported. Please export it again.", file=name)
    return [(line["sheet"], home / line["file"]) for line in lines if line["filled"]]
