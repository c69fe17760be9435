"""The samples of known layouts: a spoiled cell or row changes no other order; a column more, or columns moved, changes nothing at all."""

import csv
import io
from pathlib import Path
from random import Random

import pytest

from tests.layouts import samples
from tests.unknown import judge
from tests.unknown.judge import Reading
from tests.unknown.test_independence import apart_from, same

EACH = 2
ORDERS = [name for name in samples.NAMES if not name.startswith(("taobao_item", "youzan_item", "taobao_refund"))]
Rows = list[list[str]]


def rows_of(name: str) -> tuple[str, Rows]:
    """The first sheet of a sample that tells of orders: its title and its rows, the header first."""
    title, text = next(iter(samples.sheets(name).items()))
    return title, list(csv.reader(io.StringIO(text), delimiter=delimiter(text)))


def delimiter(text: str) -> str:
    """What stands between the cells of a sample: what its header has most of."""
    header = text.split("\n", 1)[0].strip()
    return max((",", ";", "\t"), key=header.count)


def read(name: str, title: str, rows: Rows, folder: Path) -> Reading:
    """Import the sample with these rows, in the container it really has."""
    result = samples.expected(name)
    if result["container"] == "xlsx":
        whole = {other: list(csv.reader(io.StringIO(text))) for other, text in samples.sheets(name).items()} | {title: rows}
        return judge.read(f"{name}.xlsx", samples.workbook(folder / "made.xlsx", whole).read_bytes())
    out = io.StringIO()
    between = delimiter(next(iter(samples.sheets(name).values())))
    csv.writer(out, delimiter=between, lineterminator="\r\n").writerows(rows)
    return judge.read(f"{name}.csv", out.getvalue().encode(result["encoding"]))


def bare(cell: str) -> str:
    """A cell without what spreadsheets put around ids."""
    return cell.strip().removeprefix("=").strip("\"'\t ")


def of_row(row: list[str], reading: Reading) -> set[str]:
    """The orders that a row may be of: those whose id is one of its cells."""
    cells = {bare(cell) for cell in row}
    return {order for order in reading.found.orders if order in cells} if reading.found else set()


@pytest.mark.parametrize("name", ORDERS)
def test_a_spoiled_cell_or_row_changes_nothing_in_another_order(name: str, tmp_path: Path) -> None:
    title, rows = rows_of(name)
    before, chance = read(name, title, rows, tmp_path), Random(name)
    assert before.found is not None, before.asked + before.fault
    for _ in range(EACH):
        place = chance.randrange(1, len(rows))
        row = rows[place]
        if chance.random() < 0.3:
            changed, text = [*rows[:place], *rows[place + 1 :]], f"row {place + 1} taken out"
        else:
            column, word = chance.randrange(len(row)), chance.choice(("", "", "#REF!", "???"))
            changed = [*rows[:place], [*row[:column], word, *row[column + 1 :]], *rows[place + 1 :]]
            text = f"row {place + 1}, column {column + 1}: {row[column]!r} became {word!r}"
        faults = apart_from(of_row(row, before), before.found, read(name, title, changed, tmp_path), new=1)
        assert faults == [], f"{text}: {faults}"


@pytest.mark.parametrize("name", ORDERS)
def test_a_column_behind_the_others_or_elsewhere_changes_nothing(name: str, tmp_path: Path) -> None:
    title, rows = rows_of(name)
    before, chance = read(name, title, rows, tmp_path), Random(name)
    assert before.found is not None, before.asked + before.fault
    width = len(rows[0])
    square = [[*row, *[""] * (width - len(row))][: max(width, len(row))] for row in rows]
    more = [[*row[:width], "see list" if place else "Extra 8", *row[width:]] for place, row in enumerate(square)]
    order = chance.sample(range(width), width)
    other = [[row[column] for column in order] + row[width:] for row in square]
    for result, changed in (("a column more", more), ("another order", other)):
        after = read(name, title, changed, tmp_path)
        faults = same(before.found, after.found) if after.found else [after.fault] if after.fault else []
        assert faults == [], f"{result}: {faults}"
