"""The process that opens one workbook: `python -m crm.orders.sheets WORKBOOK FOLDER BYTES` writes each sheet as csv.

A process of its own, because a workbook of two kilobytes can make its reader ask for any amount of memory: here it gets no more than BYTES.
"""

import csv
import gc
import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

CELLS = 100_000_000
LARGE = 2_000_000
DAMAGED, TOO_LARGE = 1, 2
PIECE = 5_000


def main(workbook: str, folder: str, limit: str) -> None:
    """Write every sheet that holds anything; `refused` is `password`, `damaged` or `size`."""
    _limit(int(limit))
    gc.disable()  # it would look through a million rows again and again, and nothing here is a circle
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
    """Write a sheet as csv; the lower half of a large one is written by a copy of this process at the same time. How many rows it has."""
    cells = sheet.total_height * sheet.total_width
    if cells > CELLS:
        raise OverflowError
    if cells < LARGE or (os.cpu_count() or 1) < 2 or not hasattr(os, "fork"):
        return _rows(sheet.iter_rows(), target)
    rest, half = target.with_suffix(".rest"), sheet.total_height // 2
    other = os.fork()
    if not other:
        _as_copy(lambda: _rows(islice(sheet.iter_rows(), half, None), rest))
    written = _rows(islice(sheet.iter_rows(), half), target)
    if code := os.waitstatus_to_exitcode(os.waitpid(other, 0)[1]):
        raise OSError if code == DAMAGED else MemoryError
    with target.open("ab") as out, rest.open("rb") as more:
        shutil.copyfileobj(more, out, 1 << 22)
    rest.unlink()
    return written


def _as_copy(work: Callable[[], Any]) -> NoReturn:
    """Do something and end at once, with a code that says how it failed: what else the process had in hand is its original's."""
    os.close(sys.stdout.fileno())  # whoever waits for the original's answer does not wait for this one
    code = TOO_LARGE  # of whatever else may come
    try:
        work()
        code = 0
    except OSError:
        code = DAMAGED
    finally:
        os._exit(code)


def _rows(rows: Iterator[list[Any]], target: Path) -> int:
    written = 0
    with target.open("wb") as out:
        while piece := list(islice(rows, PIECE)):
            out.write(_csv(piece))
            written += len(piece)
    return written


def _csv(rows: list[list[Any]]) -> bytes:
    """Rows as csv; line ends inside cells are made plain in one go, and null bytes and lone surrogates are left out."""
    odd = [place for place, cell in enumerate(rows[-1]) if type(cell) is not str]
    numbers = _Numbers()
    text = '"' + '"\n"'.join([_line(row, odd, numbers) for row in rows]) + '"\n'
    if text.count('"') != 2 * sum(map(len, rows)):  # a quotation mark inside a cell
        out = io.StringIO()
        csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
        text = out.getvalue()
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\x00", "").encode("utf-8", "ignore")


def _line(row: list[Any], odd: list[int], numbers: dict[float, str]) -> str:
    """Make the row's cells texts and join them; `odd` are the places where other things than texts are to be expected."""
    for place in odd:
        cell = row[place]
        if type(cell) is float:
            row[place] = numbers[cell]
        elif type(cell) is not str:
            row[place] = _text(cell)
    try:
        return '","'.join(row)
    except TypeError:
        row[:] = [_text(cell) for cell in row]
        return '","'.join(row)


class _Numbers(dict[float, str]):
    """Numbers as text; most stand in many cells, and each is written out once a piece."""

    def __missing__(self, number: float) -> str:
        self[number] = text = _text(number)
        return text


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
