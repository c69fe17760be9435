"""A large plain file is read from its own bytes: what is staged is what the careful way stages, and what is in warning is left to that."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import database
from crm.imports import fast_csv, opening, staging
from crm.imports.opening import Instructions
from crm.layouts.registry import layouts
from crm.reading import decoding
from tests.imports.given import state, take, write_orders
from tests.layouts import samples
from tests.shares import examples

HEADER = [name.strip() for name in layouts()["taobao_order_2017"]["headers"]]
CAREFUL, NEVER = "the careful way", 1 << 60
Staged = list[dict[str, Any]] | str | None


@pytest.fixture(autouse=True)
def however_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "LARGE", 0)


def staged(path: Path, folder: Path) -> tuple[Staged, Staged]:
    """The rows that both ways stage; CAREFUL where the first leaves it to the second, None where the file is never read as it is."""
    with database.memory().transaction() as change:
        plain, first = opening.as_it_is(path, folder, Instructions()), None
        if plain:
            first = change.rows("SELECT * FROM staged ORDER BY row_no") if fast_csv.load(change, plain.table, plain.layout) else CAREFUL
        source = opening.read(path, folder, Instructions())[0]
        refused = staging.load(change, source.table, source.layout)
        assert not refused or first in (CAREFUL, None)
        return first, change.rows("SELECT * FROM staged ORDER BY row_no")


@pytest.mark.parametrize("name", samples.NAMES)
def test_both_ways_stage_the_same_of_every_layout(tmp_path: Path, name: str) -> None:
    file = samples.write(name, tmp_path)
    ours, theirs = staged(file, tmp_path)
    assert ours in (theirs, CAREFUL) if file.suffix == ".csv" else ours is None


def test_most_layouts_are_read_as_they_are(tmp_path: Path) -> None:
    read = {name for name in samples.NAMES if staged(samples.write(name, tmp_path), tmp_path)[0] not in (CAREFUL, None)}
    assert {name for name in samples.NAMES if samples.expected(name)["container"] != "xlsx"} - read == {"amazon_orders_new", "ebay_orders"}


EDGES = st.sampled_from(
    ["", " ", "\t", "\u00a0", "\u3000", "'", '"', "=", '="', "null", "NULL", "-", "㐀", "𠮷", "中", "a", "０", "1.00", ","]
)
CELL = st.one_of(st.lists(EDGES, max_size=5).map("".join), st.sampled_from(['="123"', '=""', "'138****1234", "广东省 广州市", "é"]))


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(CELL, min_size=8, max_size=8), min_size=1, max_size=5),
    st.sampled_from(["gb18030", "utf-8", "utf-8-sig"]),
    st.sampled_from([1, 300]),  # of so many equal rows each different cell is looked at once
)
def test_any_cells_are_staged_the_same(tmp_path: Path, rows: list[list[str]], encoding: str, times: int) -> None:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER)
    for cells in rows * times:
        values = dict(
            zip(("订单编号", "买家会员名", "收货人姓名", "收货地址", "联系手机", "总金额", "订单状态", "宝贝标题"), cells, strict=True)
        )
        writer.writerow([values.get(name, "") for name in HEADER])
    file = tmp_path / "any.csv"
    file.write_bytes(text.getvalue().encode(encoding))
    ours, theirs = staged(file, tmp_path)
    assert ours == theirs


def rewritten(tmp_path: Path, *pairs: tuple[str, str], encoding: str = "gb18030") -> Path:
    """Two orders as Taobao writes them, with some of the text put differently."""
    file = write_orders(tmp_path / "o.csv", {}, {"订单编号": '="11111111111111112"'})
    text = file.read_bytes().decode("gb18030")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize(
    "pair",
    [
        ('"张三"', '"张\n三"'),  # a line end in a cell
        ('"张三"', '"张三'),  # a quotation mark never closed
        ('"张三"', '"张"三"'),  # … or closed in the middle
        ('"张三",', '"张三","",'),  # a cell too many
        ('"张三",', ""),  # a cell too few
        ('"张三"', '"张\0三"'),
        ("\r\n", "\r\n\r\n"),  # a blank line
        ('"张三"', '"张\r三"'),
    ],
)
def test_what_is_in_doubt_is_read_the_careful_way(tmp_path: Path, pair: tuple[str, str]) -> None:
    assert staged(rewritten(tmp_path, pair), tmp_path)[0] == CAREFUL


def test_bytes_of_another_encoding_are_in_doubt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "SAMPLE", 3000)  # the encoding is guessed by the first few of the rows
    file = write_orders(tmp_path / "o.csv", *({"订单编号": f'="{20000000000000001 + 10 * number}"'} for number in range(50)))
    before, after = file.read_bytes().rsplit("张三".encode("gb18030"), 1)
    file.write_bytes(before + b"\xff\xff" + after)
    assert staged(file, tmp_path)[0] == CAREFUL


def test_blank_lines_at_the_end_are_no_doubt(tmp_path: Path) -> None:
    file = rewritten(tmp_path, ('"张三"', '"张三"'))
    file.write_bytes(file.read_bytes() + b"\r\n\n")
    ours, theirs = staged(file, tmp_path)
    assert ours == theirs
    assert ours


def test_a_file_in_many_blocks_is_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast_csv, "SIZE", 900)
    file = write_orders(tmp_path / "o.csv", *({"订单编号": f'="{20000000000000001 + 10 * number}"'} for number in range(50)))
    ours, theirs = staged(file, tmp_path)
    assert ours == theirs
    assert len(ours or []) == 50


def test_the_whole_import_is_the_same_and_the_file_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = [{"订单编号": f'="{20000000000000001 + 10 * number}"', "总金额": "viel" if number == 7 else "9"} for number in range(20)]
    file = write_orders(tmp_path / "o.csv", *wrong)
    before, outcome = file.read_bytes(), {}
    for large in (0, NEVER):
        monkeypatch.setattr(opening, "LARGE", large)
        store = database.memory()
        result = take(store, file)[0]
        kept = store.rows('SELECT "row", "column", value, reason, cells FROM import_rejections')
        outcome[large] = (state(store), kept, result.rejections, result.rows, result.encoding)
    assert outcome[0] == outcome[NEVER]
    assert outcome[0][2][0].row == 9
    assert file.read_bytes() == before


def test_copies_of_what_a_container_holds_are_read_the_same_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = samples.write("qianniu_workbook_2026", tmp_path)
    outcome, used = {}, []
    load = fast_csv.load
    monkeypatch.setattr(fast_csv, "load", lambda *given: used.append(load(*given)) or used[-1])
    for large in (0, NEVER):
        monkeypatch.setattr(opening, "LARGE", large)
        store = database.memory()
        rejected = [result.rejections for result in take(store, file)]
        outcome[large] = (state(store), rejected)
    assert outcome[0] == outcome[NEVER]
    assert used and all(used)


@pytest.mark.parametrize("careful", [False, True])
def test_what_was_staged_leaves_its_memory_to_what_follows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, careful: bool) -> None:
    monkeypatch.setattr(opening, "LARGE", NEVER if careful else 0)
    file = write_orders(tmp_path / "o.csv", *({"订单编号": f'="{10**17 + number * 7}"'} for number in range(30_000)))
    clear, held = staging.clear, []

    def watched(change: database.Transaction) -> None:
        held.append(memory(change))
        clear(change)
        held.append(memory(change))

    monkeypatch.setattr(staging, "clear", watched)
    store = database.open_store(tmp_path / "shop")
    take(store, file)
    store.close()
    assert held[-2] - held[-1] > 5_000_000  # a dropped table alone gives nothing back before the end


def memory(change: database.Transaction) -> int:
    """What tables hold that are not on the disk, in bytes."""
    (row,) = change.rows("SELECT memory_usage_bytes AS size FROM duckdb_memory() WHERE tag = 'IN_MEMORY_TABLE'")
    return int(row["size"])
