"""The demo's files look like real exports, oddities included, and nobody in them is real."""

import csv
from datetime import date
from pathlib import Path

import pytest

from crm import demo
from crm.demo.files import ITEM_HEADER, ORDER_HEADER

AS_OF = date(2026, 11, 21)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return demo.write_files(tmp_path_factory.mktemp("files"), 2_000, AS_OF, 5_000)


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="gb18030", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture(scope="module")
def orders(files: list[Path]) -> list[dict[str, str]]:
    header, *rows = table(files[0])
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_the_same_arguments_give_the_same_bytes(files: list[Path], tmp_path: Path) -> None:
    again = demo.write_files(tmp_path, 2_000, AS_OF, 5_000)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in files]


def test_headers_are_those_of_the_real_exports_blanks_included(files: list[Path]) -> None:
    assert table(files[0])[0] == list(ORDER_HEADER)
    assert len(ORDER_HEADER) == 46
    assert ORDER_HEADER[13] == "收货地址 "
    assert table(files[1])[0] == list(ITEM_HEADER)


def test_item_rows_end_with_a_comma_too_many(files: list[Path]) -> None:
    assert {len(row) for row in table(files[1])[1:]} == {len(ITEM_HEADER) + 1}


def test_every_trap_is_there(orders: list[dict[str, str]], files: list[Path]) -> None:
    assert all(order["订单编号"].startswith('="') and order["订单编号"].endswith('"') for order in orders)
    phones = [order["联系手机"] for order in orders]
    assert any("****" in phone for phone in phones)
    assert any(phone[-5:-4] == "-" for phone in phones)
    assert all(phone.startswith("'") for phone in phones)
    assert any(order["买家支付宝账号"] == "null" for order in orders)
    assert any("，" in order["宝贝标题 "] for order in orders)
    assert any(order["收货人姓名"].endswith("**") for order in orders)
    assert any("其它区" in order["收货地址 "] for order in orders)
    assert {order["买家服务费"] for order in orders} == {"0元"}


def test_orders_end_in_every_way(orders: list[dict[str, str]]) -> None:
    unpaid = [order for order in orders if order["订单状态"] == "交易关闭" and not order["订单付款时间 "]]
    closed = [order for order in orders if order["订单状态"] == "交易关闭" and order["订单付款时间 "]]
    refunded = [order for order in orders if order["订单状态"] == "交易成功" and float(order["退款金额"]) > 0]
    assert 0.08 < len(unpaid) / len(orders) < 0.15
    assert 0.01 < len(closed) / len(orders) < 0.04
    assert 0.01 < len(refunded) / len(orders) < 0.05
    assert all(order["买家实际支付金额"] == "0.00" for order in unpaid)


def test_size_and_days_are_as_asked(orders: list[dict[str, str]]) -> None:
    assert len({order["买家会员名"] for order in orders}) == 2_000
    assert abs(len(orders) - 5_000) < 500
    days = sorted(order["订单创建时间"][:10] for order in orders)
    assert days[0] >= "2024-11-21"
    assert days[-1] == "2026-11-20"
    assert len({order["订单编号"] for order in orders}) == len(orders)


def test_people_behave_like_people(orders: list[dict[str, str]]) -> None:
    """About half buy once, a few are fans; 11 November is the busiest day of the year."""
    counts: dict[str, int] = {}
    for order in orders:
        counts[order["买家会员名"]] = counts.get(order["买家会员名"], 0) + 1
    once = sum(1 for number in counts.values() if number == 1) / len(counts)
    assert 0.4 < once < 0.7
    assert max(counts.values()) >= 12
    days = [order["订单创建时间"][:10] for order in orders]
    assert max(set(days), key=days.count) in ("2025-11-11", "2026-11-11")


def test_nobody_is_real(orders: list[dict[str, str]]) -> None:
    """E-mail at domains that cannot exist, phones in a range that nobody was given."""
    mails = {order["买家支付宝账号"] for order in orders if "@" in order["买家支付宝账号"]}
    assert 0.5 < len(mails) / 2_000 < 0.7
    assert all(mail.endswith(".example") for mail in mails)
    assert all(order["联系手机"] in ("'", "") or order["联系手机"].startswith("'154") for order in orders)
