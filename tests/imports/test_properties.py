"""What must hold for any orders: twice is once, parts are the whole, undo is never; and sums that pandas finds as well."""

from decimal import Decimal
from io import StringIO
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import database
from crm.imports import history
from crm.layouts.registry import layouts
from tests.imports.given import NOW, state, take, write_items, write_orders
from tests.shares import examples

STATUSES = ["交易成功", "交易关闭", "等待买家付款", "卖家已发货，等待买家确认"]

order = st.fixed_dictionaries(
    {
        "买家会员名": st.sampled_from(["tb一", "tb二", "tb三", ""]),
        "买家实际支付金额": st.decimals(0, 999, places=2).map(str),
        "订单状态": st.sampled_from(STATUSES),
        "订单付款时间": st.sampled_from(["", "2026-07-08 10:00:00", "2026-08-09 11:00:00"]),
        "退款金额": st.sampled_from(["0.00", "5.00", "无退款申请"]),
    }
)
slow = settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def numbered(orders: list[dict[str, str]]) -> list[dict[str, str]]:
    return [one | {"订单编号": f'="{30000000000000001 + number * 10}"'} for number, one in enumerate(orders)]


@slow
@given(st.lists(order, min_size=1, max_size=8))
def test_importing_twice_is_importing_once(tmp_path: Path, orders: list[dict[str, str]]) -> None:
    store = database.memory()
    file = write_orders(tmp_path / "o.csv", *numbered(orders))
    take(store, file)
    once = state(store, imports=True)
    again = take(store, file)[0]
    assert (state(store, imports=True), again.orders_unchanged) == (once, len(orders))


@slow
@given(st.lists(order, min_size=2, max_size=8), st.randoms())
def test_parts_in_any_order_are_the_whole(tmp_path: Path, orders: list[dict[str, str]], chance: object) -> None:
    result, whole, parts = numbered(orders), database.memory(), database.memory()
    items = write_items(tmp_path / "i.csv", *[(one["订单编号"][2:-1], "锅", "9", "1", "交易成功") for one in result])
    take(whole, write_orders(tmp_path / "o.csv", *result), items)
    middle = len(result) // 2
    files = [write_orders(tmp_path / "1.csv", *result[: middle + 1]), write_orders(tmp_path / "2.csv", *result[middle:]), items]
    chance.shuffle(files)  # type: ignore[attr-defined]
    for file in files:
        take(parts, file)
    assert state(parts) == state(whole)


@slow
@given(st.lists(order, min_size=1, max_size=5), st.lists(order, min_size=1, max_size=5), st.booleans())
def test_an_undone_import_has_never_been(tmp_path: Path, first: list[dict[str, str]], second: list[dict[str, str]], older: bool) -> None:
    store, never = database.memory(), database.memory()
    files = [write_orders(tmp_path / "1.csv", *numbered(first)), write_orders(tmp_path / "2.csv", *numbered(second))]
    taken = [take(store, file)[0] for file in files]
    history.undo(store, str(taken[0 if older else 1].import_id), NOW)
    take(never, files[1 if older else 0])
    assert state(store) == state(never)
    history.undo(store, str(taken[1 if older else 0].import_id), NOW)
    assert state(store) == state(database.memory())


def test_rfm_orders_equal_pandas(shared: Path) -> None:
    file = shared / "corpus" / "datasets" / "rfm_data_orders.csv"
    store, frame = database.memory(), pd.read_csv(file)
    result = take(store, file)[0]
    assert (result.orders, result.rejected, result.customers_new) == (4906, 0, 995)
    ours = {
        row["buyer"]: row["spend"]
        for row in store.rows("SELECT buyer, sum(spend) AS spend FROM orders JOIN customers USING (customer_id) GROUP BY buyer")
    }
    assert ours == {buyer: Decimal(int(total)) for buyer, total in frame.groupby("customer_id")["revenue"].sum().items()}


def test_fixed_width_cdnow_with_a_map(shared: Path) -> None:
    columns = {"buyer_id": 1, "created_at": 3, "item_qty": 4, "paid_amount": 5}
    store = database.memory()
    result = take(store, shared / "corpus" / "datasets" / "CDNOW_sample.txt", mapping={"header": False, "columns": columns})[0]
    assert (result.orders, result.customers_new, result.amount) == (6919, 2357, Decimal("244091.94"))


def test_samples_equal_pandas(shared: Path) -> None:
    file = shared / "corpus" / "samples" / "ExportOrderList_synth.csv"
    store = database.memory()
    take(store, file, shared / "corpus" / "samples" / "ExportOrderDetailList_synth.csv")
    frame = pd.read_csv(StringIO(file.read_text("gb18030")), dtype=str, index_col=False)
    assert sum(row["spend"] for row in store.rows("SELECT spend FROM orders")) == sum(map(Decimal, frame["买家实际支付金额"]))
    assert len(store.rows("SELECT * FROM order_lines")) == 2


def test_of_one_line_told_twice_alike_always_the_same_counts(tmp_path: Path) -> None:
    """Neither status nor refund nor import says which: then not the order in which rows happen to be read."""
    header = layouts()["taobao_item_2021"]["headers"]
    orders = write_orders(tmp_path / "o.csv", *numbered([{}] * 20))
    entries = [
        {
            "子订单编号": f"{number}7",
            "主订单编号": str(30000000000000001 + number * 10),
            "标题": "锅",
            "购买数量": count,
            "订单状态": "交易成功",
        }
        for number in range(20)
        for count in ("1", "2")
    ]
    items = []
    for rows in (entries, entries[::-1]):
        lines = [",".join(row.get(name, "") for name in header) for row in rows]
        (tmp_path / "i.csv").write_text("\n".join([",".join(header), *lines]) + "\n", encoding="utf-8")
        store = database.memory()
        take(store, orders, tmp_path / "i.csv")
        items.append(store.rows("SELECT line_id, quantity FROM order_lines ORDER BY line_id"))
    assert items[0] == items[1]
    assert len(items[0]) == 20
