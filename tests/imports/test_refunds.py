"""Refund reports: what they take off orders, whichever file comes first, however often, and what is left when one is taken back."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm import database
from crm.database import Store
from crm.imports import history
from crm.layouts.registry import layouts
from crm.orders import derive
from tests.imports.given import NOW, one, state, take, write_items, write_orders
from tests.imports.test_properties import numbered, order, slow
from tests.layouts import samples
from tests.reading.containers import zipped

ID = "30000000000000001"


def write_refunds(path: Path, *refunds: tuple[str, str, str, str]) -> Path:
    """A refund report of (order id, refund id, amount, status)."""
    header = layouts()["taobao_refund"]["headers"]
    items = [dict(zip(("订单编号", "退款编号", "买家退款金额", "退款状态"), refund, strict=True)) for refund in refunds]
    return samples.workbook(path, {"Sheet1": [header, *[[row.get(name, "") for name in header] for row in items]]})


@pytest.mark.parametrize(
    ("told", "refunds", "wanted"),
    [
        ({}, [("1", "30", "退款成功")], ("completed", "100.00", "30.00", "70.00")),
        ({}, [("1", "30", "退款成功"), ("2", "20", "退款成功")], ("completed", "100.00", "50.00", "50.00")),
        ({}, [("1", "30", "退款成功"), ("1", "30", "退款成功")], ("completed", "100.00", "30.00", "70.00")),
        ({}, [("1", "30", "买家已经申请退款，等待卖家同意"), ("2", "9", "退款关闭")], ("completed", "100.00", "0.00", "100.00")),
        ({"退款金额": "50.00"}, [("1", "30", "退款成功")], ("completed", "100.00", "50.00", "50.00")),
        ({"退款金额": "20.00"}, [("1", "30", "退款成功")], ("completed", "100.00", "30.00", "70.00")),
        ({"买家实际支付金额": "70.00"}, [("1", "30", "退款成功")], ("completed", "100.00", "30.00", "70.00")),
        ({}, [("1", "100", "退款成功")], ("completed", "100.00", "100.00", "0.00")),
        (
            {"订单状态": "交易关闭", "订单付款时间": "", "买家实际支付金额": "0.00"},
            [("1", "100", "退款成功")],
            ("closed_refunded", "0.00", "100.00", "0.00"),
        ),
        (
            {"订单状态": "等待买家付款", "订单付款时间": "", "买家实际支付金额": "0"},
            [("1", "9", "退款成功")],
            ("unpaid", "0.00", "0.00", "0.00"),
        ),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_what_a_refund_report_takes_off(
    store: Store, tmp_path: Path, told: dict[str, str], refunds: list[tuple[str, str, str]], wanted: tuple[str, ...], first: bool
) -> None:
    files = [
        write_refunds(tmp_path / "r.xlsx", *[(ID, *refund) for refund in refunds]),
        write_orders(tmp_path / "o.csv", *numbered([told])),
    ]
    for file in files if first else files[::-1]:
        take(store, file)
    row = one(store)
    assert (row["status"], *(str(row[name]) for name in ("paid", "refunded", "spend"))) == wanted
    assert row["is_purchase"] == (Decimal(wanted[3]) > 0)
    assert not row["is_lost"]


def test_the_same_report_twice_is_nothing_new_and_is_taken_back_alone(store: Store, tmp_path: Path) -> None:
    take(store, write_orders(tmp_path / "o.csv", *numbered([{}])))
    before, file = state(store), write_refunds(tmp_path / "r.xlsx", (ID, "1", "30", "退款成功"), (ID, "2", "5", "退款关闭"))
    first = take(store, file)[0]
    once = state(store)
    again = take(store, file)[0]
    assert (first.counts, again.counts["refunds_new"]) == ({"refunds": 1, "refunds_new": 1, "refunds_open": 1}, 0)
    assert state(store) == once
    history.undo(store, str(first.import_id), NOW)
    assert state(store) == once
    history.undo(store, str(again.import_id), NOW)
    assert (state(store), store.rows("SELECT * FROM refund_records")) == (before, [])


def test_a_rebuild_keeps_what_refunds_took_off(store: Store, tmp_path: Path) -> None:
    take(store, write_orders(tmp_path / "o.csv", *numbered([{}, {}])), write_refunds(tmp_path / "r.xlsx", (ID, "1", "30", "退款成功")))
    before = state(store, imports=True)
    with store.transaction() as change:
        derive.rebuild(change)
    assert state(store, imports=True) == before


refund = st.tuples(st.sampled_from(["0", "1", "2"]), st.sampled_from(["5.00", "40.00"]), st.sampled_from(["退款成功", "退款关闭"]))


@slow
@given(st.lists(order, min_size=2, max_size=6), st.lists(refund, max_size=4), st.randoms())
def test_orders_items_and_refunds_in_any_order_also_in_one_archive(
    tmp_path: Path, orders: list[dict[str, str]], refunds: list[tuple[str, str, str]], chance: object
) -> None:
    result = numbered(orders)
    items = write_items(tmp_path / "i.csv", *[(row["订单编号"][2:-1], "锅", "9", "1", "交易成功") for row in result])
    backs = write_refunds(
        tmp_path / "r.xlsx",
        *[(result[int(place) % len(result)]["订单编号"][2:-1], f"7{n}", *row) for n, (place, *row) in enumerate(refunds)],
    )
    middle = len(result) // 2
    files = [write_orders(tmp_path / "1.csv", *result[: middle + 1]), write_orders(tmp_path / "2.csv", *result[middle:]), items]
    files += [backs] if refunds else []
    whole, parts, packed = database.memory(), database.memory(), database.memory()
    take(whole, *files)
    chance.shuffle(files)  # type: ignore[attr-defined]
    for file in files:
        take(parts, file)
    chance.shuffle(files)  # type: ignore[attr-defined]
    take(packed, zipped(tmp_path / "all.zip", {file.name: file.read_bytes() for file in files}))
    assert state(parts) == state(whole) == state(packed)


def test_amounts_of_amazons_order_report_win_over_the_unshipped_report(store: Store, tmp_path: Path) -> None:
    bare, priced = samples.write("amazon_orders_unshipped", tmp_path), samples.write("amazon_orders_new", tmp_path)
    for file in (bare, priced, bare):
        take(store, file)
    first = store.rows("SELECT status, spend::TEXT AS spend FROM orders ORDER BY order_id")[0]
    amounts = store.rows("SELECT amount::TEXT AS amount FROM order_lines WHERE line_id = '900001'")
    assert (first, amounts) == ({"status": "completed", "spend": "55.50"}, [{"amount": "40.00"}])
