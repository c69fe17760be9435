"""Orders that wait for money and virtual numbers that die: found by fields, shown with the members, written to the file."""

import csv
from datetime import date
from pathlib import Path

import pytest

from crm import segments
from crm.database import Store
from crm.imports import steps
from crm.segments import Definition, Rung
from crm.segments.export import export_csv
from tests.imports.given import NOW, write

DAY = date(2026, 11, 1)
MAP = {
    "columns": {
        "order_id": "单号",
        "buyer_id": "买家",
        "created_at": "下单",
        "paid_at": "付款",
        "completed_at": "完成",
        "status_raw": "状态",
        "stage_raw": "阶段",
        "paid_amount": "金额",
        "buyer_phone": "电话",
        "receiver_mobile": "电话",
    },
    "platform": "taobao",
}
ROWS = """单号,买家,下单,付款,完成,状态,阶段,金额,电话
a1,甲,2026-10-01 10:00:00,2026-10-01 10:05:00,2026-10-10 23:30:00,交易成功,,100,18400000001-7576
a2,甲,2026-09-01 10:00:00,2026-09-01 10:05:00,2026-09-20 10:00:00,交易成功,,100,18400000009-1111
b1,乙,2026-10-01 10:00:00,2026-10-01 10:05:00,2026-10-10 10:00:00,交易成功,,100,13800000002
c1,丙,2026-10-02 10:00:00,2026-10-02 10:05:00,,卖家已发货，等待买家确认,,100,18400000003-7576
d1,丁,2026-10-03 10:00:00,,,等待买家付款,,50,
e1,戊,2026-10-04 10:00:00,2026-10-04 10:05:00,,等待买家付款,阶段1已付款，阶段2等待买家付款,50,
f1,己,2026-10-05 10:00:00,,,交易关闭,,80,
"""


@pytest.fixture
def shop(tmp_path: Path, store: Store) -> Store:
    options = steps.ImportOptions(mapping=MAP)
    steps.import_orders(store, [write(tmp_path / "o.csv", ROWS)], now=NOW, options=options)
    return store


def members(field: str, op: str, value: object) -> Definition:
    return Definition(name="x", rungs=[Rung(name="x", where={"field": field, "op": op, "value": value})])


def found(store: Store, field: str, op: str = "at_least", value: object = 1) -> set[str]:
    who = store.read(segments.members(store, members(field, op, value), DAY)).customer_id
    names = {row["customer_id"]: row["buyer"] for row in store.rows("SELECT customer_id, buyer FROM customers")}
    return {names[one] for one in who}


def test_each_state_of_waiting_has_its_field(shop: Store) -> None:
    assert found(shop, "unpaid_orders") == {"丁"}
    assert found(shop, "open_presales") == {"戊"}
    assert found(shop, "lost_payments") == {"己"}
    assert found(shop, "open_presales", "is", 0) == {"甲", "乙", "丙", "丁", "己"}
    assert found(shop, "purchases") == {"甲", "乙", "丙"}  # a deposit is no sale


def test_the_virtual_number_of_the_latest_order_dies_15_days_after_its_completion(shop: Store) -> None:
    assert found(shop, "call_before", "is_known", None) == {"甲"}
    assert found(shop, "call_before", "between", ["2026-10-25", "2026-10-25"]) == {"甲"}
    assert found(shop, "call_before", "is_unknown", None) == {"乙", "丙", "丁", "戊", "己"}


def test_a_virtual_number_that_died_reaches_nobody(shop: Store) -> None:
    everybody = members("spend", "at_least", 0)
    alive, dead = (segments.count(shop, everybody, day)[0].reachable for day in (date(2026, 10, 25), date(2026, 10, 26)))
    assert (alive["call"], dead["call"]) == (alive["sms"], dead["sms"]) == (3, 2)


def test_members_and_file_show_the_day(shop: Store, tmp_path: Path) -> None:
    everybody = members("spend", "at_least", 0)
    page = segments.page(shop, everybody, DAY)
    days = {row.nickname: row.call_before for row in page.itertuples() if row.phone_quality == "virtual"}
    assert {name: str(day)[:10] for name, day in days.items()} == {"甲": "2026-10-25", "丙": "NaT"}
    export_csv(shop, everybody, DAY, tmp_path / "o.csv", NOW)
    rows = list(csv.DictReader((tmp_path / "o.csv").read_text("utf-8-sig").splitlines()))
    assert {row["nickname"]: row["call_before"][:10] for row in rows if row["call_before"]} == {"甲": "2026-10-25"}
    assert len(rows) == 6
