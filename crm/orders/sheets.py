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
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

CELLS = 100_000_000
LARGE = 2_000_000
PIECE = 5_000


def main(workbook: str, folder: str, limit: str) -> None:
    """Write every sheet that holds anything; `refused` is `password`, `damaged` or `size`."""
    _limit(int(limit))
    gc.disable()  # it would look through a million rows again and again, and nothing here is a circle
    try:
        book = CalamineWorkbook.from_path(workbook)
        for number, name in enumerate(_shown(book)):
            _tell(sheet=name, filled=_write(book.get_sheet_by_name(name), Path(folder) / f"{number}.csv"), file=f"{number}.csv")
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


def _write(sheet: Any, target: Path) -> bool:
    """Write a sheet as csv, of a large one the lower half by a copy of this process at the same time. Whether it holds any rows."""
    cells, half, rest = sheet.total_height * sheet.total_width, sheet.total_height // 2, target.with_suffix(".rest")
    if cells > CELLS:
        raise OverflowError
    if cells < LARGE or (os.cpu_count() or 1) < 2:
        return _rows(sheet.iter_rows(), target)
    copy = _copied(lambda wanted: _rows(islice(takewhile(wanted, sheet.iter_rows()), half, None), rest))
    filled = _rows(islice(sheet.iter_rows(), half), target)
    if not copy or os.waitpid(copy, 0)[1]:  # whatever it failed at, this process does it or says why not
        _rows(islice(sheet.iter_rows(), half, None), rest)
    with target.open("ab") as out, rest.open("rb") as more:
        shutil.copyfileobj(more, out, 1 << 22)
    rest.unlink()
    return filled


def _copied(work: Callable[[Callable[[Any], bool]], Any]) -> int | None:
    """The number of a copy of this process that does something and ends; None where the system allows none. `work` may ask at any time
    whether it is still wanted: when the original is gone, it is not."""
    original = os.getpid()
    try:
        copy = os.fork()
    except (AttributeError, OSError):  # Windows has no copies
        return None
    if copy:
        return copy
    code = 1
    try:
        os.close(sys.stdout.fileno())  # whoever waits for the original's answer does not wait for this one
        work(lambda _: os.getppid() == original)
        code = 0
    finally:
        os._exit(code)


def _rows(rows: Iterator[list[Any]], target: Path) -> bool:
    filled = False
    with target.open("wb") as out:
        while piece := list(islice(rows, PIECE)):
            filled = True
            out.write(_csv(piece))
    return filled


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
