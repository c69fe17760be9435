"""The process that opens one workbook: `python -m crm.orders.sheets WORKBOOK FOLDER BYTES` writes each sheet as csv.

A process of its own, because a workbook of two kilobytes can make its reader ask for any amount of memory: here it gets no more than BYTES.
"""

import csv
import io
import json
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

CELLS = 100_000_000
PIECE = 5_000


def main(workbook: str, folder: str, limit: str) -> None:
    """Write every sheet that holds anything; `refused` is `password`, `damaged` or `size`."""
    _limit(int(limit))
    try:
        book = CalamineWorkbook.from_path(workbook)
        for number, name in enumerate(_shown(book)):
            _tell(sheet=name, rows=_write(book.get_sheet_by_name(name), Path(folder) / f"{number}.csv"), file=f"{number}.csv")
    except PasswordError:
        _tell(refused="password")
    except (MemoryError, OverflowError):
        _tell(refused="size")
    except (CalamineError, OSError, ValueError):
        _tell(refused="damaged")


def _shown(book: Any) -> list[str]:
    """The sheets that a person sees; all of them where every one is hidden."""
    seen = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
    return seen or list(book.sheet_names)


def _limit(size: int) -> None:
    try:
        import resource
    except ImportError:  # Windows knows no such limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _tell(**told: Any) -> None:
    sys.stdout.write(json.dumps(told) + "\n")


def _write(sheet: Any, target: Path) -> int:
    if sheet.total_height * sheet.total_width > CELLS:
        raise OverflowError
    written, rows, numbers = 0, [], _Numbers()
    with target.open("wb") as out:
        for row in sheet.iter_rows():
            rows.append([cell if type(cell) is str else numbers[cell] if type(cell) is float else _text(cell) for cell in row])
            if len(rows) == PIECE:
                out.write(_csv(rows))
                written, rows, numbers = written + len(rows), [], _Numbers()
        out.write(_csv(rows))
    return written + len(rows)


class _Numbers(dict[float, str]):
    """Numbers as text; most stand in many cells, and each is written out once a piece."""

    def __missing__(self, number: float) -> str:
        self[number] = text = _text(number)
        return text


def _csv(rows: list[list[str]]) -> bytes:
    """Rows as csv; line ends inside cells are made plain in one go, and null bytes and lone surrogates are left out."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue().replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").encode("utf-8", "ignore")


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, (date, time, timedelta)):
        return str(cell)
    return str(cell)


if __name__ == "__main__":
    main(*sys.argv[1:])
