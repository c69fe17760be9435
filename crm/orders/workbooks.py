"""Spreadsheets (xlsx, xlsm, xlsb, xls, ods) as delimited text, so that one path reads everything."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from crm.errors import BadFileError

CELLS = 50_000_000


def sheets(path: Path) -> list[str]:
    """The names of the sheets that hold anything."""
    book = _open(path)
    return [name for name in book.sheet_names if _rows(book, name, path, first=1)]


def head(path: Path, sheet: str, rows: int = 20) -> list[list[str]]:
    """The first rows of a sheet as text."""
    return [[_text(cell) for cell in row] for row in _rows(_open(path), sheet, path, first=rows)]


def write(path: Path, sheet: str, target: Path) -> None:
    """One sheet as UTF-8 csv; blank rows at the end are left out."""
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for row in _iterate(_open(path), sheet, path):
            writer.writerow([_text(cell) for cell in row])


def _open(path: Path) -> Any:
    try:
        return CalamineWorkbook.from_path(str(path))
    except PasswordError as error:
        raise BadFileError(
            "{file} is protected by a password. Nothing was imported. Please save it without the password.", file=path.name
        ) from error
    except (CalamineError, OSError, ValueError) as error:
        raise BadFileError(
            "{file} is damaged and cannot be opened. Nothing was imported. Please export it again.", file=path.name
        ) from error


def _sheet(book: Any, name: str, path: Path) -> Any:
    try:
        sheet = book.get_sheet_by_name(name)
    except (CalamineError, OSError, ValueError) as error:
        raise BadFileError(
            "{file} is damaged and cannot be opened. Nothing was imported. Please export it again.", file=path.name
        ) from error
    if sheet.total_height * sheet.total_width > CELLS:
        raise BadFileError("{file} would unpack to more than can be right for a table. Nothing was imported.", file=path.name)
    return sheet


def _rows(book: Any, name: str, path: Path, first: int) -> list[list[Any]]:
    rows: list[list[Any]] = _sheet(book, name, path).to_python(nrows=first)
    return rows


def _iterate(book: Any, name: str, path: Path) -> Iterator[list[Any]]:
    yield from _sheet(book, name, path).iter_rows()


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, (date, time, timedelta)):
        return str(cell)
    return str(cell).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
