"""Whether the quick way of reading a large .xlsx writes its cells as the careful way does (`sheets`). What is in warning does not.

The quick way writes every number in full, with nine digits behind the point: an id that a spreadsheet has damaged, 1.73214731E+18, would
look like one. Of dates it knows those that show a day, but no times of day and no durations.
"""

import re
import zipfile
from collections.abc import Iterable, Set
from pathlib import Path

from crm.reading import archives
from crm.reading.sheets import text_of

DAYS = 2_958_466
"""The first number that is no day any more: 10000-01-01."""
MOST = 4_000_000
"""Numbers that are looked at: more of them take longer than the careful way."""
SIZE, CODES = 1 << 22, 500
"""Bytes of a workbook's list of sheets or styles, and number formats of its own, that are looked at."""
_PLAIN = {*range(14), *range(37, 45), 48, 49}
_DATED = {14, 15, 16, 17, 22}
"""Excel's own number formats: those without, and those with a day."""
_HIDDEN = re.compile(rb"state\s*=\s*.(?:veryH|h)idden")
_CODE = re.compile(rb'<numFmt\s[^>]{0,99}?numFmtId="(\d{1,9})"[^>]{0,99}?formatCode="([^"]{1,99})"')
_XF, _ID = re.compile(rb"<xf\b[^>]{0,300}>"), re.compile(rb'\snumFmtId="(\d{1,9})"')
_BRACKETS = re.compile(rb"\[(?![hms])[^\]]*\]")
_LETTERS = re.compile(rb"[ymdhs]")
_WORD = rb"(?:[ymdhs/:. -]|\\[/:. -]|&quot;[^;&\\]*&quot;)*+"
_DAY = re.compile(rb"(?=[^&\\]*[yd])" + _WORD + rb"(?:;@)?")
_NUMBER = re.compile(rb"[<:]v(?:\s[^<>]{0,99})?>(?!(?:\d{1,7}|(?:\d{1,6}|[12]\d{6})\.\d{1,9})<|#)([^<]{1,40}+)(.)", re.DOTALL)
"""A cell's value that is no plainly short number (seven digits, or up to three million with nine decimals) and no error (`#N/A`)."""
_CELL, _NEAR = re.compile(rb"<(?:[^<>/\s:]{1,40}:)?c(?=[\s>])[^<>]*>"), 400
_STYLE = re.compile(rb"\ss\s*=\s*[\"'](\d{1,9})[\"']")


def days(path: Path) -> set[bytes] | None:
    """The numbers of an .xlsx's cell styles that show a number as a day or moment.

    None where the quick way is out of the question: some style might show a number as something else, sheets are hidden, it is no .xlsx.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            book = archive.read("xl/workbook.xml") if archive.getinfo("xl/workbook.xml").file_size < SIZE else b""
            names = [name for name in archive.namelist() if name.replace("\\", "/").lower() == "xl/styles.xml"]
            styles = b"".join(archive.open(name).read(SIZE) for name in names)
    except (KeyError, *archives.DAMAGED):
        return None
    if not book or _HIDDEN.search(book) or len(styles) >= SIZE or len(names) > 1:
        return None
    return _days(styles) if names else set()


def _days(styles: bytes) -> set[bytes] | None:
    formats, cells = _between(styles, b"numFmts"), _between(styles, b"cellXfs")
    codes, xfs = _CODE.findall(formats), _XF.findall(cells)
    whole = len(dict(codes)) == formats.count(b"<numFmt") <= CODES and len(xfs) == cells.count(b"<xf") > 0
    if not whole or b"<!--" in styles:
        return None
    kinds = dict.fromkeys(_PLAIN, False) | dict.fromkeys(_DATED, True) | {int(number): _shows_day(code.lower()) for number, code in codes}
    items = [entry and int(entry[1]) for entry in map(_ID.search, xfs)]
    shown = [kinds.get(number or 0) for number in items]
    return None if None in shown else {str(place).encode() for place, day in enumerate(shown) if day}


def _between(styles: bytes, tag: bytes) -> bytes:
    return styles.partition(b"<" + tag)[2].partition(b"</" + tag + b">")[0]


def _shows_day(code: bytes) -> bool | None:
    """None where a format code shows something else than a plain number or a day, or might."""
    if not _LETTERS.search(_BRACKETS.sub(b"", code)):
        return False
    return True if _DAY.fullmatch(code) else None


def unlike(parts: Iterable[bytes], days: Set[bytes] = frozenset()) -> bool:
    """Whether in the parts of an .xlsx, given in pieces, a number stands that is written otherwise. `days` are the styles of days."""
    before, looked = b"", 0
    for part in parts:
        seen = before + part
        for entry in _NUMBER.finditer(seen):
            if entry.end() > len(before):  # else it was looked at in the piece before
                looked += 1
                if looked > MOST or entry[2] != b"<" or _differs(entry[1], bool(days) and _style(seen, entry.start()) in days):
                    return True
        before = seen[-_NEAR:] if part else b""
    return False


def _style(seen: bytes, place: int) -> bytes | None:
    """The style of the cell whose value stands at a place."""
    tags = _CELL.findall(seen, max(place - _NEAR, 0), place)
    styled = _STYLE.search(tags[-1]) if tags else None
    return styled and styled[1]


def _differs(result: bytes, is_day: bool) -> bool:
    try:
        number = float(result)
    except ValueError:
        return True
    if is_day:
        return not 1 <= number < DAYS
    return text_of(number) != f"{number:.9f}".rstrip("0").rstrip(".")
