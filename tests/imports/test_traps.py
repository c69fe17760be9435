"""The traps of order files (domain §2), each with the rule that answers it."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from crm.database import Store
from crm.errors import BadFileError
from crm.imports import opening
from tests.imports.given import ORDER, one, take, write, write_items, write_orders
from tests.layouts.samples import workbook
from tests.reading.cells import book, number, text

ID = ORDER["订单编号"][2:-1]


def test_trap_1_an_extra_comma_after_each_item_row_shifts_nothing(store: Store, tmp_path: Path) -> None:
    take(store, write_orders(tmp_path / "o.csv", {}), write_items(tmp_path / "i.csv", (ID, "锅, 大", "60.00", "2", "交易成功")))
    line = one(store, "SELECT * FROM order_lines")
    assert (line["product"], line["quantity"], line["amount"], line["sku"]) == ("锅, 大", 2, Decimal("120.00"), "S")


def test_trap_2_wrapped_ids_and_cells(store: Store, tmp_path: Path) -> None:
    take(store, write_orders(tmp_path / "o.csv", {"收货人姓名": '="张三"', "联系手机": '=""', "买家会员名": '="tb一"'}))
    customer = one(store, "SELECT * FROM customers")
    assert (one(store)["order_id"], customer["buyer"], customer["name"], customer["phone"]) == (ID, "tb一", "张三", None)


def test_trap_3_blanks_around_header_names(store: Store, tmp_path: Path) -> None:
    file = write_orders(tmp_path / "o.csv", {})
    text = file.read_bytes().decode("gb18030")
    assert '"收货地址 "' in text  # as the real files have it
    file.write_bytes(text.replace('"买家会员名"', '"\t买家会员名\u00a0"').encode("gb18030"))
    take(store, file)
    customer = one(store, "SELECT * FROM customers")
    assert (customer["city"], customer["buyer"], one(store)["paid_at"]) == ("广州市", "tb一", datetime(2026, 7, 7, 16, 42, 39))


def test_trap_4_apostrophes_tabs_and_hard_blanks_around_cells(store: Store, tmp_path: Path) -> None:
    take(store, write_orders(tmp_path / "o.csv", {"买家会员名": "tb一\t", "收货人姓名": "\u00a0张三 ", "买家实际支付金额": "\t88.00"}))
    customer = one(store, "SELECT * FROM customers")
    assert (customer["phone"], customer["buyer"], customer["name"]) == ("13800000001", "tb一", "张三")
    assert one(store)["spend"] == Decimal("88.00")


def test_trap_5_null_is_nothing_and_NA_is_a_name(store: Store, tmp_path: Path) -> None:  # noqa: N802
    take(store, write_orders(tmp_path / "o.csv", {"买家会员名": "NA", "买家支付宝账号": "null", "联系手机": "null"}))
    customer = one(store, "SELECT * FROM customers")
    assert (customer["buyer"], customer["email"], customer["phone"]) == ("NA", None, None)


def test_trap_6_no_refund_asked_for_is_zero(store: Store, tmp_path: Path) -> None:
    result = take(store, write_orders(tmp_path / "o.csv", {"退款金额": "无退款申请"}))[0]
    assert result.rejected == 0
    assert one(store)["refunded"] == 0


@pytest.mark.parametrize(
    ("told", "meant"), [("1,284.00", "1284.00"), ("￥99", "99.00"), ("12元", "12.00"), ("499.00（系统计算中，该值仅供参考）", "499.00")]
)
def test_trap_7_amounts_with_signs_commas_and_remarks(store: Store, tmp_path: Path, told: str, meant: str) -> None:
    take(store, write_orders(tmp_path / "o.csv", {"买家实际支付金额": told, "总金额": told}))
    assert one(store)["spend"] == Decimal(meant)


@pytest.mark.parametrize("damaged", ["1.23E+17", "1.23457E+17", "123456789012345000"])
def test_trap_8_damaged_ids_are_rejected_never_keys(store: Store, tmp_path: Path, damaged: str) -> None:
    result = take(store, write_orders(tmp_path / "o.csv", {}, {"订单编号": damaged}))[0]
    assert [(entry.row, entry.column, entry.value) for entry in result.rejections] == [(3, "订单编号", damaged)]
    assert one(store)["order_id"] == ID


@pytest.mark.parametrize("large", [False, True])
def test_trap_8_an_id_that_is_written_as_a_text_may_end_in_zeros(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    monkeypatch.setattr(opening, "LARGE", 0 if large else 1 << 60)
    ids = ["123456789012345000", "1234567890123450000", "2234567890123456789"]
    for place, written in enumerate(('="{}"', "'{}", "{}\t", "{}")):
        file = write_orders(tmp_path / f"{place}.csv", *({"订单编号": written.format(number)} for number in ids))
        result = take(store, file)[0]
        kept = [row["order_id"] for row in store.rows("SELECT order_id FROM orders ORDER BY 1")]
        assert kept == sorted(ids), written
        assert [entry.value for entry in result.rejections] == (ids[:2] if written == "{}" else [])


def test_trap_8_in_a_workbook(store: Store, tmp_path: Path) -> None:
    ids = ["123456789012345000", "1.23457E+17", "2234567890123456789"]
    rows = [[number, "b", "5.00", "2026-05-01 10:00:00"] for number in ids]
    result = take(store, workbook(tmp_path / "o.xlsx", {"Sheet1": [["订单号", "买家", "金额", "下单时间"], *rows]}))[0]
    assert [entry.value for entry in result.rejections] == ids[1:2]
    assert [row["order_id"] for row in store.rows("SELECT order_id FROM orders ORDER BY 1")] == [ids[0], ids[2]]


@pytest.mark.parametrize(("other", "kept"), [("1234567890123460", False), ("1234567890123463", True)])
def test_trap_8_numbers_of_sixteen_digits(store: Store, tmp_path: Path, other: str, kept: bool) -> None:
    ids = ["1234567890123450", other]
    file = book(
        tmp_path / "o.xlsx",
        text("订单号") + text("金额") + text("下单时间"),
        *(number(one) + number("5") + text("2026-05-01") for one in ids),
    )
    if kept:
        assert take(store, file)[0].rejections == []
    else:
        with pytest.raises(BadFileError, match=r"None of the 2 rows .* damaged"):
            take(store, file)
    assert [row["order_id"] for row in store.rows("SELECT order_id FROM orders ORDER BY 1")] == (ids if kept else [])


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_trap_9_encodings(store: Store, tmp_path: Path, encoding: str) -> None:
    take(store, write_orders(tmp_path / "o.csv", {"收货人姓名": "陈曌"}, encoding=encoding))
    assert one(store, "SELECT name FROM customers")["name"] == "陈曌"


def test_trap_9_western_files(store: Store, tmp_path: Path) -> None:
    text = "Order ID,Date,Amount,Customer\n1,2024-05-01,10.50,Jérôme Müller\n2,2024-05-02,11.50,Zoë\n"
    result = take(store, write(tmp_path / "w.csv", text, "cp1252"))[0]
    assert result.encoding == "cp1252"
    assert {row["buyer"] for row in store.rows("SELECT buyer FROM customers")} == {"Jérôme Müller", "Zoë"}


def test_trap_10_products_come_from_the_item_file(store: Store, tmp_path: Path) -> None:
    take(store, write_orders(tmp_path / "o.csv", {"宝贝标题": "锅，刀"}))
    assert store.rows("SELECT * FROM order_lines") == []
    take(store, write_items(tmp_path / "i.csv", (ID, "锅", "60", "1", "交易成功"), (ID, "刀", "40", "1", "交易成功")))
    assert {row["product"] for row in store.rows("SELECT product FROM order_lines")} == {"锅", "刀"}


def test_trap_11_an_amount_repeated_on_every_line_counts_once(store: Store, tmp_path: Path) -> None:
    rows = "".join(f"{order},2024-05-0{day},c{order},P{line},500.00\n" for order, day in ((1, 1), (2, 2)) for line in (1, 2))
    take(store, write(tmp_path / "j.csv", "订单号,日期,客户,商品,订单金额\n" + rows))
    assert [row["spend"] for row in store.rows("SELECT spend FROM orders")] == [Decimal("500.00")] * 2


def test_amounts_per_line_are_added_up(store: Store, tmp_path: Path) -> None:
    text = "Invoice,Date,Customer,Description,Quantity,UnitPrice\n1,2024-05-01,17850.0,A,2,5\n1,2024-05-01,17850.0,B,1,2.5\n"
    result = take(store, write(tmp_path / "l.csv", text))[0]
    assert (result.orders, result.lines, one(store)["spend"]) == (1, 2, Decimal("12.50"))


def test_trap_12_shopify_fills_the_order_on_its_first_line_only(store: Store, tmp_path: Path) -> None:
    text = (
        "Name,Email,Financial Status,Paid at,Fulfillment Status,Accepts Marketing,Currency,Total,Created at,"
        "Lineitem quantity,Lineitem name,Lineitem price,Refunded Amount\n"
        "#1,Ann@Example.com,paid,2024-05-01 10:00:00 +0800,fulfilled,yes,USD,35.00,"
        "2024-05-01 09:59:00 +0800,1,Mug,10.00,5.00\n#1,,,,,,,,,2,Cup,10.00,\n,,,,,,,,,1,Gift,0.00,\n"
    )
    assert take(store, write(tmp_path / "s.csv", text))[0].lines == 3
    order = one(store)
    assert (order["paid"], order["spend"], order["currency"], order["items"]) == (Decimal("35.00"), Decimal("30.00"), "USD", 4)
    assert order["paid_at"] == datetime(2024, 5, 1, 2)
    customer = one(store, "SELECT * FROM customers")
    assert (customer["buyer"], customer["mailbox"], customer["accepts_marketing"]) == ("ann@example.com", "example.com", True)


def test_trap_13_a_header_twice_is_accepted(store: Store, tmp_path: Path) -> None:
    assert take(store, write(tmp_path / "d.csv", "订单号,日期,金额,分销员,分销员\n1,2024-05-01,10,a,b\n"))[0].orders == 1


@pytest.mark.parametrize(
    ("phone", "quality"),
    [
        ("13800000001", "clear"),
        ("138****1234", "masked"),
        ("18412345678-7576", "virtual"),
        ("##Ab9$x", "cipher"),
        ("+86 13800000001", "clear"),
    ],
)
def test_trap_14_phone_quality(store: Store, tmp_path: Path, phone: str, quality: str) -> None:
    take(store, write_orders(tmp_path / "o.csv", {"联系手机": phone}))
    assert one(store, "SELECT phone_quality FROM customers")["phone_quality"] == quality


@pytest.mark.parametrize("phone", ["138****1234", "18412345678-7576", "##Ab9$x"])
def test_trap_14_such_a_phone_is_nobody(store: Store, tmp_path: Path, phone: str) -> None:
    text = f"订单号,日期,手机,金额\n1,2024-05-01,{phone},10\n2,2024-05-02,{phone},20\n3,2024-05-03,13800000001,30\n"
    assert take(store, write(tmp_path / "p.csv", text))[0].without_buyer == 2
    assert one(store, "SELECT buyer FROM customers")["buyer"] == "13800000001"


def test_trap_15_a_deposit_is_not_a_sale(store: Store, tmp_path: Path) -> None:
    stage = "阶段1:付款完成;阶段2:等待买家付款"
    take(
        store,
        write_orders(
            tmp_path / "o.csv", {"分阶段订单信息": stage, "买家实际支付金额": "20", "订单状态": "等待买家付款", "订单付款时间": ""}
        ),
    )
    assert (one(store)["status"], one(store)["is_purchase"]) == ("deposit_paid", False)


@pytest.mark.parametrize(
    ("told", "utc"),
    [
        ("2017-03-01 12:00:00", datetime(2017, 3, 1, 4)),
        ("2026/6/6 13:41", datetime(2026, 6, 6, 5, 41)),
        ("2024-05-01 10:00:00 +0000", datetime(2024, 5, 1, 10)),
        ("2024-05-01T10:00:00+08:00", datetime(2024, 5, 1, 2)),
        ("45413.5", datetime(2024, 5, 1, 4)),
        ("2024-05-01 10:00:00.250", datetime(2024, 5, 1, 2, 0, 0, 250000)),
        ("2024年5月1日", datetime(2024, 4, 30, 16)),
    ],
)
def test_trap_16_moments(store: Store, tmp_path: Path, told: str, utc: datetime) -> None:
    take(store, write_orders(tmp_path / "o.csv", {"订单付款时间": told, "订单创建时间": told}))
    assert one(store)["paid_at"] == utc
