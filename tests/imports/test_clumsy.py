"""What happens in a shop's everyday: totals below, headers twice, hidden sheets, rounded numbers, the same thing done twice or at once."""

import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from crm import jobs
from crm.database import Store
from crm.errors import BadFileError, NotFoundError
from crm.imports import history, steps
from tests.imports.given import NOW, one, state, take, write, write_items, write_orders
from tests.layouts import samples

HEADER = "订单号,日期,客户,金额\n"
TWO = "A1,2024-05-01,ann,10\nA2,2024-05-02,bob,20\n"
SPEND = "SELECT order_id, spend FROM orders ORDER BY order_id"
BOTH = [{"order_id": "A1", "spend": Decimal("10.00")}, {"order_id": "A2", "spend": Decimal("20.00")}]


def rejected(result: object) -> list[tuple[int, str]]:
    return [(entry.row, entry.reason) for entry in result.rejections]  # type: ignore[attr-defined]


@pytest.mark.parametrize("total", ["合计,,,30", "总计,2024-05-31,,30", "Total,2024-05-31,,30", "合计：,2024-05-31,x,30"])
def test_a_row_of_totals_is_no_order(store: Store, tmp_path: Path, total: str) -> None:
    result = take(store, write(tmp_path / "t.csv", HEADER + TWO + total + "\n"))[0]
    assert store.rows(SPEND) == BOTH
    assert rejected(result) == [(4, "This row is a total, not an order.")]


def test_the_header_again_below_blank_rows_and_a_title_above_cost_nothing(store: Store, tmp_path: Path) -> None:
    text = "某店订单报表,,,\n" + HEADER + "A1,2024-05-01,ann,10\n" + HEADER + "A2,2024-05-02,bob,20\n" + ",,,\n" * 5 + "\n\n"
    result = take(store, write(tmp_path / "h.csv", text))[0]
    assert store.rows(SPEND) == BOTH
    assert rejected(result) == [(4, "This is not a date. One is read that is written like 2026-01-31 09:30:00.")]


def test_a_header_alone_is_refused_as_such(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="has a header and no rows"):
        take(store, write(tmp_path / "h.csv", HEADER))
    assert take(store, write_orders(tmp_path / "o.csv"))[0].orders == 0


def test_ten_thousand_columns_are_refused(store: Store, tmp_path: Path) -> None:
    names, cells = [f"x{number}" for number in range(10_000)], ["v"] * 10_000
    with pytest.raises(BadFileError):
        take(store, write(tmp_path / "w.csv", HEADER.strip() + "," + ",".join(names) + "\nA1,2024-05-01,ann,10," + ",".join(cells) + "\n"))


@pytest.mark.parametrize("second", ["订单号,日期,客户,金额,店铺\n", "订单号,日期,客户,金额,店铺,商品\n"])
def test_the_same_order_number_in_two_shops_is_two_orders(store: Store, tmp_path: Path, second: str) -> None:
    goods = [",锅", ",刀"] if "商品" in second else ["", ""]
    rows = [f"1,2024-05-01,ann,10,甲{goods[0]}\n", f"1,2024-05-01,ann,20,乙{goods[0]}\n"]
    result = take(store, write(tmp_path / "s.csv", second + "".join(rows)))[0]
    values = {row["shop"]: (row["order_id"], row["spend"]) for row in store.rows("SELECT * FROM orders")}
    assert values == {"甲": ("1", Decimal("10.00")), "乙": ("1", Decimal("20.00"))}
    assert (result.orders, len(store.rows("SELECT * FROM customers"))) == (2, 1)  # branches share their customers
    assert len(store.rows("SELECT * FROM order_lines")) == (2 if "商品" in second else 0)


def test_the_same_file_for_two_shops_is_two_shops_orders(store: Store, tmp_path: Path) -> None:
    file = write(tmp_path / "s.csv", HEADER + TWO)
    take(store, file, shop="甲")
    assert take(store, file, shop="乙")[0].orders_new == 2
    assert len(store.rows("SELECT * FROM orders")) == len(store.rows("SELECT * FROM customers")) == 4


def rows(*lines: str) -> list[list[str]]:
    return [line.split(",") for line in (HEADER.strip(), *lines)]


def test_hidden_sheets_are_left_alone(store: Store, tmp_path: Path) -> None:
    sheets = {"去年": rows("OLD,2023-05-01,ann,10"), "今年": rows("NEW,2024-05-01,ann,20")}
    results = take(store, samples.workbook(tmp_path / "h.xlsx", sheets, hidden=("去年",)))
    assert (len(results), one(store)["order_id"]) == (1, "NEW")


def test_merged_cells_belong_to_their_first_row(store: Store, tmp_path: Path) -> None:
    merged = '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    file = samples.workbook(tmp_path / "m.xlsx", {"Sheet1": rows("A1,2024-05-01,ann,10", ",2024-05-02,bob,20")}, more=merged)
    result = take(store, file)[0]
    assert (one(store)["order_id"], rejected(result)) == ("A1", [(3, "There is no order id.")])


@pytest.mark.parametrize("digits", [16, 17, 19])
def test_ids_that_a_workbook_holds_as_numbers_are_taken_only_while_they_are_exact(store: Store, tmp_path: Path, digits: int) -> None:
    long, short = "1234567890123456789"[: digits + 1], "123456789012345"
    file = samples.workbook(tmp_path / "n.xlsx", {"Sheet1": rows(f"{long},2024-05-01,ann,10", f"{short},2024-05-02,bob,20")})
    as_numbers(file, long, short)
    result = take(store, file)[0]
    assert (one(store)["order_id"], rejected(result)) == (short, [(2, "The order id was damaged by a spreadsheet program.")])


def as_numbers(file: Path, *texts: str) -> None:
    """Make number cells of text cells."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, body in parts.items():
            for text in texts:
                body = body.replace(f' t="inlineStr"><is><t xml:space="preserve">{text}</t></is>', f"><v>{text}</v>")
            archive.writestr(name, body)


def test_an_undone_import_cannot_be_undone_again(store: Store, tmp_path: Path) -> None:
    first = take(store, write(tmp_path / "a.csv", HEADER + TWO))[0]
    history.undo(store, str(first.import_id), NOW)
    with pytest.raises(NotFoundError):
        history.undo(store, str(first.import_id), NOW)
    assert take(store, tmp_path / "a.csv")[0].orders_new == 2


def test_a_clock_that_goes_back_changes_nothing(store: Store, tmp_path: Path) -> None:
    early, late = write_orders(tmp_path / "a.csv", {"退款金额": "5.00"}), write_orders(tmp_path / "b.csv", {"退款金额": "9.00"})
    first = steps.import_orders(store, [early], now=NOW)[0]
    second = steps.import_orders(store, [late], now=NOW - timedelta(days=400))[0]
    assert one(store)["refunded"] == Decimal("9.00")
    assert [row.import_id for row in history.listed(store)] == [second.import_id, first.import_id]


def test_the_same_file_by_two_at_once_is_there_once(store: Store, tmp_path: Path) -> None:
    """Two tabs, or a double click: whoever comes second waits and changes nothing."""
    files = [write_orders(tmp_path / "o.csv", {}), write_items(tmp_path / "i.csv", ("11111111111111111", "锅", "60", "1", "交易成功"))]

    def attempt(turn: int) -> int:
        return steps.import_orders(store, files, now=NOW)[0].orders_new

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == [0, 0, 0, 1]
    assert len(store.rows("SELECT * FROM order_records")) == len(store.rows("SELECT * FROM line_records")) == 1
    assert len(store.rows("SELECT * FROM orders")) == len(store.rows("SELECT * FROM order_lines")) == 1


def test_a_cancelled_import_can_be_made_again(store: Store, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", HEADER + TWO)

    def stop(step: str, done: int, total: int) -> None:
        if done:
            raise jobs.Cancelled

    before = state(store)
    with pytest.raises(jobs.Cancelled):
        steps.import_orders(store, [file], now=NOW, report=stop)
    assert state(store) == before
    assert take(store, file)[0].orders_new == 2


def test_an_order_of_dates_that_is_remembered_gives_way_to_dates_that_show_theirs(store: Store, tmp_path: Path) -> None:
    def file(name: str, *days: str) -> Path:
        rows = "".join(f"{name}{number},{day}/2025,ann,10\n" for number, day in enumerate(days))
        return write(tmp_path / f"{name}.csv", HEADER + rows)

    columns = {"order_id": "订单号", "created_at": "日期", "buyer_id": "客户", "paid_amount": "金额"}
    take(store, file("a", "25/12"), mapping={"columns": columns, "date_order": "dmy"})
    silent, showing = take(store, file("b", "03/04"))[0], take(store, file("c", "12/25"))[0]
    assert (str(silent.first_day), silent.warnings) == ("2025-04-03", [])
    assert (str(showing.first_day), showing.rejected) == ("2025-12-25", 0)
