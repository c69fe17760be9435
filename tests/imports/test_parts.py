"""What must hold for the files of every platform: parts in any order and any number of calls are the whole, and undo is never."""

import json
from functools import cache
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import database
from crm.database import Store
from crm.errors import BadFileError
from crm.imports import history, steps
from crm.imports.results import FileResult
from crm.settings import Shop
from tests.imports import given as a
from tests.imports import parts, plainly
from tests.shares import examples

TABLES = (
    "orders",
    "order_lines",
    "customers",
    "customer_facts",
    "customer_categories",
    "order_records",
    "line_records",
)
OWN = ("import_id", "import_seq")
few = settings(max_examples=examples(3), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def take(store: Store, *files: Path) -> list[FileResult]:
    try:
        return steps.import_orders(store, files, now=a.NOW)
    except BadFileError as refusal:  # a part of nothing but bad rows: it is refused, and all that came with it
        if "None of the" not in str(refusal):
            raise
        return [result for file in files for result in take(store, file)] if len(files) > 1 else []


def state(store: Store) -> dict[str, list[str]]:
    """Everything that was told and follows from it, but for which import told it."""
    values = {table: store.rows(f"SELECT * FROM {table}") for table in TABLES}  # noqa: S608
    return {table: sorted(_text(row) for row in rows) for table, rows in values.items()}


def _text(row: dict[str, Any]) -> str:
    return json.dumps({name: str(value) for name, value in row.items() if name not in OWN}, ensure_ascii=False)


def rejected(results: list[FileResult]) -> set[tuple[str, str | None]]:
    return {(entry.reason, entry.value) for result in results for entry in result.rejections}


def ordered(name: str, folder: Path) -> list[Path]:
    """An order file for the orders of an item file, so that its lines belong somewhere; nothing for other samples."""
    if name not in plainly.ITEMS or not name.startswith("taobao"):
        return []
    rows = parts.rows(name)["Sheet1"]
    place = [cell.strip() for cell in rows[0].cells].index(plainly.ITEMS[name][0])
    ids = dict.fromkeys(row.cells[place].strip('="') for row in rows[1:])
    return [a.write_orders(folder / "orders.csv", *({"订单编号": f'="{one}"'} for one in ids))]


@st.composite
def cut(draw: st.DrawFn, name: str) -> list[list[list[str]]]:
    """Calls of parts of keys: every key is in at least one part, and may be in several."""
    keys = parts.keys(name)
    number = draw(st.integers(2, 3))
    places = [draw(st.sets(st.integers(0, number - 1), min_size=1)) for _ in keys]
    items = [[key for key, place in zip(keys, places, strict=True) if part in place] for part in range(number)]
    shuffled = draw(st.permutations([part for part in items if part]))
    marks = [draw(st.integers(0, 1)) for _ in shuffled]
    starts = [sum(marks[: at + 1]) for at in range(len(marks))]
    return [[part for _, part in group] for _, group in groupby(zip(starts, shuffled, strict=True), key=lambda entry: entry[0])]


@cache
def whole(name: str) -> tuple[dict[str, list[str]], set[tuple[str, str | None]]]:
    """What the uncut sample leaves, and its rejected rows."""
    store = database.memory()
    with TemporaryDirectory() as folder:
        result = take(store, parts.write(name, Path(folder), "whole", parts.keys(name)), *ordered(name, Path(folder)))
    return state(store), rejected(result)


@cache
def currency(name: str) -> str:
    """What a shop counts in that never said it and imports the whole sample; of the first part alone it could be another."""
    store = database.memory()
    with TemporaryDirectory() as folder:
        take(store, parts.write(name, Path(folder), "whole", parts.keys(name)))
    return database.load_shop(store).currency


@few
@given(data=st.data())
@pytest.mark.parametrize("name", parts.READ)
def test_parts_of_a_file_in_any_order_and_any_calls_are_the_whole(tmp_path: Path, name: str, data: st.DataObject) -> None:
    store, calls, beside = database.memory(), data.draw(cut(name)), ordered(name, tmp_path)
    database.save_shop(store, Shop(currency=currency(name)))
    items = []
    for number, call in enumerate(calls):
        files = [parts.write(name, tmp_path, f"{number}-{part}", keys) for part, keys in enumerate(call)]
        items += take(store, *files, *(beside if number == len(calls) - 1 else []))
    whole_state, whole_rejected = whole(name)
    assert state(store) == whole_state
    assert all(entry in whole_rejected for entry in rejected(items))


@settings(few, max_examples=examples(12))
@given(data=st.data())
def test_imports_of_several_platforms_taken_back_in_any_order_have_never_been(tmp_path: Path, data: st.DataObject) -> None:
    files = []
    for number, name in enumerate(data.draw(st.lists(st.sampled_from(parts.READ), min_size=2, max_size=4))):
        keys = data.draw(st.sets(st.sampled_from(parts.keys(name)), min_size=1))
        files.append(parts.write(name, tmp_path, f"{number}", keys))
    store, never = database.memory(), database.memory()
    for one in (store, never):
        database.save_shop(one, Shop(currency="CNY"))  # else the first file with amounts says it, and taking it back does not unsay it
    ids = [[str(result.import_id) for result in take(store, file)] for file in files]
    gone = set(data.draw(st.permutations(range(len(files))))[: data.draw(st.integers(1, len(files)))])
    for import_id in data.draw(st.permutations([import_id for number in gone for import_id in ids[number]])):
        history.undo(store, import_id, a.NOW)
    for number in sorted(set(range(len(files))) - gone):
        take(never, files[number])
    assert state(store) == state(never)
