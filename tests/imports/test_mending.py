"""Rejected rows: every one with its cells, as a file that can be mended and comes back whole."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import database
from crm.accounts import audit
from crm.database import Store
from crm.errors import BadFileError
from crm.imports import history, mending, rejecting
from crm.imports.history import Undoing
from crm.reading.tables import strip
from tests.imports.given import NOW, one, state, take, write, write_items, write_orders
from tests.shares import examples

HEADER = "order_no,buyer,date,amount,product\n"


def rows(store: Store, import_id: str | None) -> list[list[str]]:
    out = io.StringIO(newline="")
    mending.write(store, import_id or "", out, NOW)
    return list(csv.reader(io.StringIO(out.getvalue(), newline="")))


def mended(tmp_path: Path, table: list[list[str]], wrong: str, right: str) -> Path:
    """The downloaded rows with one cell put right, saved as a spreadsheet program would."""
    with (tmp_path / "mended.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([[right if cell == wrong else cell for cell in row] for row in table])
    return tmp_path / "mended.csv"


def test_a_rejected_row_keeps_all_its_cells_and_comes_back(store: Store, tmp_path: Path) -> None:
    good, bad = {"订单编号": '="11111111111111111"'}, {"订单编号": '="22222222222222222"', "订单创建时间": "坏日期", "收货人姓名": "=1+1"}
    [result] = take(store, write_orders(tmp_path / "a.csv", good, bad))
    assert [(entry.row, entry.column, entry.value) for entry in result.rejections] == [(3, "订单创建时间", "坏日期")]
    table = rows(store, result.import_id)
    assert table[0][:3] == ["行号 row", "原因 reason", "订单编号"]
    assert (
        table[1][:3] == ["3", "This is not a date. One is read that is written like 2026-01-31 09:30:00.", '="22222222222222222"']
        and "'=1+1" in table[1]
    )
    [again] = take(store, mended(tmp_path, table, "坏日期", "2026-07-09 10:00:00"))
    assert (again.format, again.rejected, again.orders_new) == ("taobao_order_2017", 0, 1)
    assert sorted(row["order_id"] for row in store.rows("SELECT order_id FROM orders")) == ["1" * 17, "2" * 17]
    assert one(store, "SELECT receiver FROM order_records WHERE order_id LIKE '2%'")["receiver"] == "=1+1"


def test_the_other_lines_of_an_order_come_along(store: Store, tmp_path: Path) -> None:
    text = HEADER + "A1,x,2026-01-02,10.00,cup\nA1,x,2026-01-02,zehn,pot\nA2,y,2026-01-03,5.00,cup\nA2,y,2026-01-03,6.00,pan\n"
    [result] = take(store, write(tmp_path / "lines.csv", text))
    assert (result.rejected, result.orders) == (1, 2)
    table = rows(store, result.import_id)
    assert [row[0] for row in table[1:]] == ["2", "3"] and table[1][1] == ""
    [again] = take(store, mended(tmp_path, table, "zehn", "20.00"))
    assert again.rejected == 0
    assert float(one(store, "SELECT paid FROM orders WHERE order_id = 'A1'")["paid"]) == 30
    assert len(history.rejections(store, result.import_id or "")) == 1


def test_blank_lines_and_misshapen_rows_do_not_move_the_cells(store: Store, tmp_path: Path) -> None:
    text = (
        HEADER + 'A1,x,2026-01-02,10.00,"cup\nred"\n\nA2,y\nA3,z,never,3.00,cup\n\n\nA4,z,2026-01-04,vier,cup\nA5,z,2026-01-04,4.00,cup,9\n'
    )
    [result] = take(store, write(tmp_path / "a.csv", text))
    assert [row[2:] for row in rows(store, result.import_id)[1:]] == [
        ["A2", "y"],
        ["A3", "z", "never", "3.00", "cup"],
        ["A4", "z", "2026-01-04", "vier", "cup"],
        ["A5", "z", "2026-01-04", "4.00", "cup", "9"],
    ]
    assert [entry.row for entry in result.rejections] == [4, 5, 8, 9]


def test_a_result_lists_only_so_many_and_counts_all(store: Store, tmp_path: Path) -> None:
    rejecting_listed, rejecting.LISTED = rejecting.LISTED, 5
    try:
        text = HEADER + "".join(f"B{number},x{number % 7},2026-01-{number % 28 + 1:02d},1.00,cup\n" for number in range(400))
        text += "".join(f"A{number},x,never,1.00,cup\n" for number in range(30))
        [result] = take(store, write(tmp_path / "a.csv", text))
    finally:
        rejecting.LISTED = rejecting_listed
    assert (result.rejected, len(result.rejections), len(rows(store, result.import_id))) == (30, 5, 31)


def test_mending_item_files_by_line(store: Store, tmp_path: Path) -> None:
    take(store, write_orders(tmp_path / "a.csv", {}))
    items = [("11111111111111111", "锅", "60.00", "1", "交易成功"), ("11111111111111111", "盖", "40.00", "一", "交易成功")]
    [result] = take(store, write_items(tmp_path / "i.csv", *items))
    [again] = take(store, mended(tmp_path, rows(store, result.import_id), "一", "1"))
    assert (result.rejected, again.rejected) == (1, 0)
    whole = take_whole(tmp_path, items)
    assert state(store) == whole


def take_whole(tmp_path: Path, items: list[tuple[str, str, str, str, str]]) -> str:
    fresh = database.memory()
    right = [(*item[:3], "1", item[4]) for item in items]
    take(fresh, write_orders(tmp_path / "a.csv", {}), write_items(tmp_path / "whole.csv", *right))
    return state(fresh)


def test_what_an_undo_would_mean_is_what_it_does(store: Store, tmp_path: Path) -> None:
    one_, two = {"订单编号": '="11111111111111111"'}, {"订单编号": '="22222222222222222"'}
    first = take(store, write_orders(tmp_path / "a.csv", one_, two))[0].import_id or ""
    refunded = one_ | {"订单状态": "交易关闭", "退款金额": "100.00"}
    third = {"订单编号": '="33333333333333333"'}
    second = take(store, write_orders(tmp_path / "b.csv", refunded, two, third))[0].import_id or ""
    assert history.undo_preview(store, first) == Undoing(removed=0, restored=0, shared=2, later=1)
    result = history.undo_preview(store, second)
    assert result == Undoing(removed=1, restored=1, shared=1, later=0)
    done = history.undo(store, second, NOW)
    assert (done.orders_removed, done.orders_restored) == (result.removed, result.restored)


@given(st.text())
@settings(max_examples=examples(300))
def test_a_written_cell_is_read_as_the_cell_itself(text: str) -> None:
    written = mending.cell(text)
    assert not written.startswith(("+", "-", "@", "＝", "＋", "－", "＠")) and (not written.startswith("=") or written[1:2] == '"')
    settled = strip(text)
    while strip(settled) != settled:
        settled = strip(settled)
    assert strip(written) == settled


def test_who_did_what_is_written_down(store: Store, tmp_path: Path) -> None:
    [_result] = take(store, write_orders(tmp_path / "a.csv", {}), actor="terminal")
    entry = one(store, "SELECT kind, amount, currency, without_buyer, actor, took_ms FROM imports")
    assert (entry["kind"], float(entry["amount"]), entry["currency"], entry["without_buyer"], entry["actor"]) == (
        "orders",
        100,
        "CNY",
        0,
        "terminal",
    )
    assert entry["took_ms"] is not None
    assert [(row.actor, row.action) for row in audit.latest(store)] == [("terminal", "import")]


def test_a_damaged_id_that_comes_back_is_refused_again(store: Store, tmp_path: Path) -> None:
    first = take(store, write_orders(tmp_path / "o.csv", {}, {"订单编号": "123456789012345000"}))[0]
    with (tmp_path / "mend.csv").open("w", encoding="utf-8", newline="") as lines:
        mending.write(store, str(first.import_id), lines, NOW)
    with pytest.raises(BadFileError) as refusal:  # it has no other row: that is no import
        take(store, tmp_path / "mend.csv")
    result = refusal.value.values
    assert (result["row"], result["value"]) == (2, "123456789012345000")
    assert result["reason"] == first.rejections[0].reason == "The order id was damaged by a spreadsheet program."
    assert history.number(store) == 1
