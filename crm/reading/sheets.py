"""The process that opens one workbook: `python -m crm.reading.sheets WORKBOOK FOLDER BYTES [quick]` writes each sheet as csv.

A process of its own, because a workbook of two kilobytes can make its reader ask for any amount of memory: here it gets no more than BYTES.
There are two ways. The careful one looks at each cell for itself. The quick one, for a large .xlsx, hands columns on as they are; what it
would write otherwise is seen by `alike` or here, and where it tells nothing or fails, the careful way is asked.
"""

import csv
import gc
import io
import json
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

CELLS = 100_000_000
PIECE = 5_000
ODD = ("1899-", "1900-", "1904-", "+1", "+2")
"""How the quick way begins what is a time of day, a duration or no day any more."""


def main(workbook: str, folder: str, limit: str, way: str = "") -> None:
    """Write every sheet that holds anything; `refused` is `password`, `damaged` or `size`."""
    _limit(int(limit))
    gc.disable()  # it would look through a million rows again and again, and nothing here is a circle
    try:
        result = (_quickly if way else _carefully)(workbook, Path(folder))
    except PasswordError:
        result = [{"refused": "password"}]
    except (MemoryError, OverflowError):
        result = [{"refused": "size"}]
    except (CalamineError, OSError, ValueError):
        result = [{"refused": "damaged"}]
    for line in result:
        sys.stdout.write(json.dumps(line) + "\n")


def _limit(size: int) -> None:
    try:
        import resource
    except ImportError:  # Windows knows no such limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _carefully(workbook: str, folder: Path) -> list[dict[str, Any]]:
    book, result = CalamineWorkbook.from_path(workbook), []
    for number, name in enumerate(_shown(book)):
        sheet, file = book.get_sheet_by_name(name), f"{number}.csv"
        if sheet.total_height * sheet.total_width > CELLS:
            raise OverflowError
        result.append({"sheet": name, "filled": _rows(sheet.iter_rows(), folder / file), "file": file})
    return result


def _shown(book: Any) -> list[str]:
    """The sheets that a person sees; all of them where every one is hidden."""
    seen = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
    return seen or list(book.sheet_names)


def _quickly(workbook: str, folder: Path) -> list[dict[str, Any]]:
    """As `_carefully`, for an .xlsx that `alike` finds fit, but a day has `00:00:00` behind it; nothing where it is not fit after all."""
    import fastexcel  # with Arrow it takes half a second to load, which small workbooks do not wait for

    book, result = fastexcel.read_excel(workbook), []
    for number, name in enumerate(book.sheet_names):
        sheet, file = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string"), f"{number}.csv"
        if sheet.height * sheet.width > CELLS:
            raise OverflowError
        if not _columns(sheet, folder / file):
            return []
        result.append({"sheet": name, "filled": sheet.height > 0, "file": file})
    return result


def _columns(sheet: Any, target: Path) -> bool:
    """Write a sheet's columns as csv; False where something stands in them that the careful way might write otherwise."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv as arrow

    if not sheet.height:
        return True
    table = pa.table(sheet.to_arrow())
    if any(pc.any(pc.starts_with(column, begin)).as_py() for column in table.columns for begin in ODD):
        return False
    if table.num_columns == 1:  # an empty cell alone must not become an empty line
        table = pa.table({"c": pc.fill_null(table.column(0), "")})
    options = arrow.WriteOptions(include_header=False, quoting_style="all_valid")
    with target.open("wb") as out:
        for start in range(0, table.num_rows, PIECE * 10):
            piece = pa.BufferOutputStream()
            arrow.write_csv(table.slice(start, PIECE * 10), piece, options)
            out.write(_plain(piece.getvalue().to_pybytes()))
    return True


def _rows(rows: Iterator[list[Any]], target: Path) -> bool:
    filled = False
    with target.open("wb") as out:
        while piece := list(islice(rows, PIECE)):
            filled = True
            text = io.StringIO()
            csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(
                [cell if type(cell) is str else text_of(cell) for cell in row] for row in piece
            )
            out.write(_plain(text.getvalue().encode("utf-8", "ignore")))
    return filled


def _plain(content: bytes) -> bytes:
    """Csv whose line ends inside cells are plain, without null bytes."""
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return content.replace(b"\x00", b"")


def text_of(cell: Any) -> str:
    """A cell as text."""
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
