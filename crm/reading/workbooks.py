"""Spreadsheets (xlsx, xlsm, xlsb, xls, ods) as delimited text, so that one path reads everything."""

import json
import os
import re
import subprocess
import sys
import uuid
import zipfile
from pathlib import Path
from typing import Any

import crm
from crm.errors import BadFileError
from crm.reading import archives, fast_xlsx

MEMORY, PER_BYTE, MOST = 600_000_000, 120, 6_000_000_000
"""What the process that opens a workbook may ask for: to begin with, for each byte of the file, and altogether."""
SECONDS = 900
BEGINNING = 100_000
"""Bytes of the part that describes a workbook: how it counts days stands near its beginning."""
LARGE = 4_000_000
"""Bytes from which on an .xlsx is read the quick way."""
Sheets = list[tuple[str, Path]]


_known: dict[tuple[str, int, int], tuple[Path, Sheets]] = {}


def sheets(path: Path, folder: Path, name: str) -> Sheets:
    """Every sheet that holds anything, with its UTF-8 csv. Raises BadFileError for what is damaged, locked or too large to be right.

    A workbook that was looked at a moment ago (to see what kind of file it is) is not read a second time.
    """
    home, result = folder / uuid.uuid4().hex[:8], path.stat()
    home.mkdir()
    key = (str(path.resolve()), result.st_mtime_ns, result.st_size)
    for old in [old for old, (kept, _) in list(_known.items()) if not kept.is_dir()]:
        _known.pop(old, None)
    if key not in _known:
        _known[key] = (home, _read(path, home, name))
    again = folder / uuid.uuid4().hex[:8]
    try:
        return _linked(_known[key][1], again)
    except (OSError, KeyError):  # whoever read it first has cleared up in the meantime
        return _read(path, home, name)


def since_1904(path: Path) -> bool:
    """Whether an .xlsx says that it counts days from 1904. Cells formatted as dates come out right anyway, bare numbers of days do not."""
    try:
        with zipfile.ZipFile(path) as book, book.open("xl/workbook.xml") as part:
            return bool(re.search(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904=[\"'](?:1|true|on)", part.read(BEGINNING)))
    except (OSError, KeyError, zipfile.BadZipFile, RuntimeError):
        return False


def _linked(result: Sheets, folder: Path) -> Sheets:
    folder.mkdir()
    for _, file in result:
        os.link(file, folder / file.name)
    return [(sheet, folder / file.name) for sheet, file in result]


def _read(path: Path, home: Path, name: str) -> Sheets:
    days = fast_xlsx.days(path) if path.stat().st_size >= LARGE else None
    quick = None if days is None else _opened(path, home, name, days)
    return quick or _opened(path, home, name) or []


def _opened(path: Path, home: Path, name: str, days: set[bytes] | None = None) -> Sheets | None:
    """What the other process makes of a workbook; None where the quick way, for which `days` is given, is the wrong one."""
    command = [sys.executable, "-m", "crm.reading.sheets", str(path), str(home), str(_memory(path)), *["quick"] * (days is not None)]
    reader = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_surroundings(), text=True)  # noqa: S603 (our own module)
    try:
        if zipfile.is_zipfile(path):
            parts = archives.pieces(path, name)  # while the other process reads: an honest workbook loses no time by it
            if days is not None and fast_xlsx.unlike(parts, days):
                return None
            for _ in parts:
                pass
        out, _ = reader.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise BadFileError(*archives.HUGE, file=name) from error
    finally:
        if reader.poll() is None:
            reader.kill()
            reader.communicate()
    items = [json.loads(line) for line in out.splitlines()]
    if days is not None and (reader.returncode or not items or "refused" in items[0]):
        return None
    return _sheets(items, home, name, reader.returncode)


def _memory(path: Path) -> int:
    return min(MEMORY + path.stat().st_size * PER_BYTE, MOST)


def _surroundings() -> dict[str, str]:
    known = [str(Path(crm.__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(part for part in known if part)}


def _sheets(lines: list[dict[str, Any]], home: Path, name: str, code: int) -> Sheets:
    refused = next((line["refused"] for line in lines if "refused" in line), None)
    if refused == "password":
        raise BadFileError(
            "file.password_protected",
            "{file} is protected by a password. Nothing was imported. Please save it without the password.",
            file=name,
        )
    if refused == "size" or code < 0:  # ended by the memory limit
        raise BadFileError(*archives.HUGE, file=name)
    if refused or code:
        raise BadFileError(
            "file.damaged", "{file} is damaged and cannot be opened. Nothing was imported. Please export it again.", file=name
        )
    return [(line["sheet"], home / line["file"]) for line in lines if line["filled"]]
