"""Orders over time: upsert, status and money rules, identity, refusals, dry run, undo."""

from decimal import Decimal
from pathlib import Path

import pytest

from crm import jobs
from crm.database import Store
from crm.errors import BadFileError
from crm.imports import history as imports
from crm.imports import inspection, staging, steps
from crm.orders import derive
from tests.imports.given import NOW, ORDER, one, state, take, write, write_items, write_orders

ID = ORDER["订单编号"][2:-1]


def test_trap_17_the_later_moment_wins_in_any_order_of_import(store: Store, tmp_path: Path) -> None:
    early = write_orders(tmp_path / "a.csv", {"订单状态": "等待买家付款", "订单付款时间": "", "买家实际支付金额": "0.00"})
    late = write_orders(tmp_path / "b.csv", {})
    take(store, late)
    assert take(store, early)[0].orders_changed == 0
    assert (one(store)["status"], one(store)["spend"]) == ("completed", Decimal("100.00"))
    history = {row["status"] for row in store.rows("SELECT status FROM order_records")}
    assert history == {"unpaid", "completed"}  # kept, though only one counts


def test_trap_18_item_file_first_and_order_file_later_join(store: Store, tmp_path: Path) -> None:
    take(store, write_items(tmp_path / "i.csv", (ID, "锅", "60", "1", "交易成功")))
    assert store.rows("SELECT * FROM orders") == []
    take(store, write_orders(tmp_path / "o.csv", {}))
    assert one(store, "SELECT * FROM order_lines")["customer_id"] == one(store)["customer_id"]


def test_trap_19_floats_as_ids(store: Store, tmp_path: Path) -> None:
    take(store, write(tmp_path / "f.csv", "Customer ID,Date,Amount\n17850.0,2024-05-01,5\n"))
    assert one(store, "SELECT buyer FROM customers")["buyer"] == "17850"


def test_trap_19_numbers_and_texts_in_one_column(store: Store, tmp_path: Path) -> None:
    text = "Invoice,Date,Customer,Amount\n536379.0,2024-05-01,1.0,5\nA536380,2024-05-02,1,6\n536381,2024-05-03,x1,7\n"
    take(store, write(tmp_path / "m.csv", text))
    assert {row["order_id"] for row in store.rows("SELECT order_id FROM orders")} == {"536379", "A536380", "536381"}
    assert {row["buyer"] for row in store.rows("SELECT buyer FROM customers")} == {"1", "x1"}


def test_trap_20_a_cancellation_row_is_never_a_purchase(store: Store, tmp_path: Path) -> None:
    text = "Invoice,Date,Customer,Description,Quantity,UnitPrice\n1,2024-05-01,9,A,2,5\nC2,2024-05-02,9,A,-2,5\n"
    take(store, write(tmp_path / "c.csv", text))
    values = {row["order_id"]: row for row in store.rows("SELECT * FROM orders")}
    assert list(values) == ["1"]
    assert (values["1"]["is_purchase"], values["1"]["refunded"], values["1"]["spend"]) == (False, Decimal(10), Decimal(0))


def test_trap_21_rows_without_an_order_id_stay_the_same_orders(store: Store, tmp_path: Path) -> None:
    file = write(tmp_path / "n.csv", "customer,date,amount\nann,2024-05-01,5\nann,2024-05-01,5\nbob,2024-05-02,7\n")
    assert take(store, file)[0].orders_new == 3
    again = take(store, file)[0]
    assert (again.orders_new, again.orders_unchanged) == (0, 3)


@pytest.mark.parametrize(
    ("told", "status", "purchase", "lost"),
    [
        ({"订单状态": "交易关闭", "订单付款时间": "", "买家实际支付金额": "0.00"}, "closed_unpaid", False, True),
        ({"订单状态": "交易关闭", "退款金额": "100.00"}, "closed_refunded", False, False),
        ({"订单状态": "交易关闭", "买家实际支付金额": "0.00"}, "closed_refunded", False, False),
        ({"订单状态": "卖家已发货，等待买家确认"}, "shipped", True, False),
        ({"退款金额": "30.00"}, "completed", True, False),
        ({"订单状态": "等待买家付款", "订单付款时间": "", "买家实际支付金额": "0.00"}, "unpaid", False, False),
    ],
)
def test_statuses(store: Store, tmp_path: Path, told: dict[str, str], status: str, purchase: bool, lost: bool) -> None:
    take(store, write_orders(tmp_path / "o.csv", told))
    order = one(store)
    assert (order["status"], order["is_purchase"], order["is_lost"]) == (status, purchase, lost)


def test_paid_that_is_already_net_is_not_netted_twice(store: Store, tmp_path: Path) -> None:
    take(store, write_orders(tmp_path / "o.csv", {"买家实际支付金额": "70.00", "退款金额": "30.00"}))
    assert (one(store)["spend"], one(store)["refunded"]) == (Decimal("70.00"), Decimal("30.00"))


def test_a_file_without_buyers_makes_no_customers(store: Store, tmp_path: Path) -> None:
    result = take(store, write_orders(tmp_path / "o.csv", {"买家会员名": ""}))[0]
    assert (result.without_buyer, store.rows("SELECT * FROM customers")) == (1, [])


def test_ten_damaged_rows_among_a_thousand(store: Store, tmp_path: Path) -> None:
    orders = [{"订单编号": f'="{20000000000000001 + number * 10}"', "买家会员名": f"b{number % 300}"} for number in range(1000)]
    file = write_orders(tmp_path / "o.csv", *orders)
    lines = file.read_bytes().split(b"\r\n")
    for number in range(50, 1000, 200):
        lines[number] = lines[number].rsplit(b",", 3)[0]
        lines[number + 7] = lines[number + 7].replace(b"2026-07-08 00:42:39", b"2026-99-08")
    file.write_bytes(b"\r\n".join(lines))
    result = take(store, file)[0]
    assert [entry.row for entry in result.rejections] == sorted(row + extra for row in range(51, 1001, 200) for extra in (0, 7))
    assert (result.rows, result.orders, len(store.rows("SELECT * FROM orders"))) == (1000, 990, 990)


def test_bad_bytes_cost_their_row_only(store: Store, tmp_path: Path) -> None:
    file = write_orders(tmp_path / "o.csv", {}, {"订单编号": '="22222222222222222"'})
    file.write_bytes(file.read_bytes().replace(b"22222222222222222", b"2222222\xff2222222222"))
    result = take(store, file)[0]
    assert [(entry.row, entry.reason) for entry in result.rejections] == [(3, "The row has characters that cannot be read.")]
    assert one(store)["order_id"] == ID


@pytest.mark.parametrize(
    "content", [b"", b"  \r\n", b"\x89PNG\r\n\x1a\n" + bytes(200), b"PK\x03\x04" + bytes(50), b"\x1f\x8b\x08", b"a,b\n1,2\n", b"x\ny\n"]
)
def test_what_is_no_order_table_is_refused_and_nothing_is_written(store: Store, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.csv").write_bytes(content)
    with pytest.raises(BadFileError):
        take(store, write_orders(tmp_path / "good.csv", {}), tmp_path / "bad.csv")
    assert store.rows("SELECT * FROM order_records") == store.rows("SELECT * FROM imports") == []


def test_a_dry_run_says_what_the_import_does_and_writes_nothing(store: Store, tmp_path: Path) -> None:
    file = write_orders(tmp_path / "o.csv", {}, {"订单编号": "1.23E+17"})
    before = state(store)
    dry = take(store, file, dry_run=True)[0].as_json()
    assert state(store) == before
    assert store.rows("SELECT * FROM imports") == []
    assert dry | {"import_id": ""} == take(store, file)[0].as_json() | {"import_id": ""}


def test_undo_leaves_what_another_import_told_as_well(store: Store, tmp_path: Path) -> None:
    file = write_orders(tmp_path / "o.csv", {})
    first, second = take(store, file)[0], take(store, file)[0]
    imports.undo(store, str(first.import_id), NOW)
    assert one(store)["import_id"] == second.import_id
    assert imports.undo(store, str(second.import_id), NOW).orders_removed == 1
    assert store.rows("SELECT * FROM customers") == []


def test_cancelling_takes_everything_back(store: Store, tmp_path: Path) -> None:
    def stop(step: str, done: int, total: int) -> None:
        if step == "Keeping it":
            raise jobs.Cancelled

    with pytest.raises(jobs.Cancelled):
        steps.import_orders(store, [write_orders(tmp_path / "o.csv", {})], now=NOW, report=stop)
    assert store.rows("SELECT * FROM order_records") == []


def test_a_proposal_names_the_columns(tmp_path: Path) -> None:
    result = inspection.inspect_file(write(tmp_path / "n.csv", "会员号,消费日期,消费金额,备注\nA1,2024-05-01,5.00,x\n"))
    assert [guess.field for guess in result.guesses] == ["buyer_id", "created_at", "paid_amount", None]
    assert result.lacks == []


def test_a_full_rebuild_gives_the_same(store: Store, tmp_path: Path) -> None:
    take(store, write_orders(tmp_path / "a.csv", {}, {"订单编号": '="2222222222222222"', "订单状态": "交易关闭"}))
    take(store, write_orders(tmp_path / "b.csv", {"退款金额": "5.00"}), write_items(tmp_path / "i.csv", (ID, "锅", "60", "1", "交易成功")))
    before = state(store, imports=True)
    with store.transaction() as change:
        derive.rebuild(change)
    assert state(store, imports=True) == before


def test_rows_stay_in_the_files_order_however_many_read_at_once(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found with a file of 300 MB: the header stood among the orders, was rejected as one, and an order was taken for the header."""
    monkeypatch.setattr(staging, "LINE_LIMIT", 10_000)
    monkeypatch.setattr(staging, "BUFFER", 40_000)
    path = tmp_path / "many.csv"
    lines = [
        f"A{number:06},b{number % 50},2026-05-01 10:00:00,{'x' if number == 17_500 else number}.00,{'y' * 300}" for number in range(20_000)
    ]
    path.write_text("\n".join(["order_no,buyer,date,amount,remark", *lines]), encoding="utf-8")
    [result] = take(store, path)
    assert (result.orders_new, [(entry.row, entry.value) for entry in result.rejections]) == (19_999, [(17_502, "x.00")])
