"""The process that opens one workbook: `python -m crm.orders.sheets WORKBOOK FOLDER BYTES` writes each sheet as csv.

A process of its own, because a workbook of two kilobytes can make its reader ask for any amount of memory: here it gets no more than BYTES.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
from pyarrow import csv as pa_csv
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
    """Write the rows as csv, piece by piece: while one is written the next is taken from the workbook."""
    if sheet.total_height * sheet.total_width > CELLS:
        raise OverflowError
    written, rows = 0, sheet.iter_rows()
    with target.open("wb") as out, ThreadPoolExecutor(1) as aside:
        before = aside.submit(out.write, b"")
        while piece := list(islice(rows, PIECE)):
            columns, written = list(zip(*piece, strict=True)), written + len(piece)
            before.result()
            before = aside.submit(_keep, columns, out)
        before.result()
    return written


def _keep(columns: list[tuple[Any, ...]], out: BinaryIO) -> None:
    """Line ends inside cells are made plain, and null bytes are left out, in one go."""
    texts = pa.BufferOutputStream()
    batch = pa.record_batch([_column(cells) for cells in columns], names=[str(number) for number in range(len(columns))])
    pa_csv.write_csv(batch, texts, pa_csv.WriteOptions(include_header=False, quoting_style="all_valid", batch_size=PIECE))
    content = texts.getvalue().to_pybytes()
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    out.write(content.replace(b"\0", b"") if b"\0" in content else content)


def _column(cells: tuple[Any, ...]) -> pa.Array:
    """Cells as texts; a number, which mostly stands in many cells, is written out once. Lone surrogates are left out."""
    try:
        return pa.array(cells, pa.string())
    except (pa.ArrowTypeError, pa.ArrowInvalid, UnicodeError):
        numbers = _Numbers()
        texts = [cell if type(cell) is str else numbers[cell] if type(cell) is float else _text(cell) for cell in cells]
    try:
        return pa.array(texts, pa.string())
    except UnicodeError:
        return pa.array([text.encode("utf-8", "ignore") for text in texts], pa.string())


class _Numbers(dict[float, str]):
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
