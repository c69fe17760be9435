"""As of a day in the past: leaving out every order after the day gives the same numbers, whatever files told them and in whatever order."""

from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ibis
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import database, demo, segments
from crm.customers import dimensions, distributions, facts, kpi, portraits
from crm.database import Store, tables
from crm.database.compiling import compiled
from crm.imports import steps
from crm.products import coverage
from crm.segments import Definition, Rung, explore, scope
from tests.imports.given import NOW, write_items, write_orders
from tests.shares import examples

TODAY = date(2026, 3, 31)
FIRST = date(2025, 12, 1)
LADDER = Definition(
    name="l",
    rungs=[
        Rung(name="a", where={"bought": {"within_days": 60, "spend_at_least": 10}}),
        Rung(name="b", where={"any": [{"field": "province", "op": "is_known"}, {"field": "unpaid_orders", "op": "at_least", "value": 1}]}),
        Rung(name="c", where={"field": "categories", "op": "is_not", "value": "unknown"}),
    ],
)
PLACES = ["广东省 广州市 越秀区 路1号(510000)", "浙江省 杭州市 西湖区 路2号(310000)", ""]
STATUSES = ["交易成功", "交易成功", "等待买家付款", "交易关闭"]
orders = st.lists(
    st.fixed_dictionaries(
        {
            "who": st.sampled_from(["甲", "乙", "丙"]),
            "day": st.integers(0, 90),
            "late": st.sampled_from([0, 0, 1]),
            "paid": st.integers(0, 200),
            "back": st.sampled_from([0, 0, 30, 200]),
            "status": st.sampled_from(STATUSES),
            "place": st.sampled_from(PLACES),
            "phone": st.sampled_from(["'13800000001", "'1380****001", ""]),
            "mail": st.sampled_from(["a@example.com", "b@qq.com", ""]),
            "lines": st.integers(0, 2),
            "told_later": st.booleans(),
        }
    ),
    min_size=1,
    max_size=9,
)


def row_of(number: int, one: dict[str, Any]) -> dict[str, str]:
    """An order as the file tells it."""
    made = datetime.combine(FIRST, datetime.min.time()) + timedelta(days=one["day"], hours=10)
    paid_at = "" if one["status"] == "等待买家付款" else f"{made + timedelta(days=one['late']):%Y-%m-%d %H:%M:%S}"
    return {
        "订单编号": f'="1111111111111{number:04}"',
        "买家会员名": one["who"],
        "买家支付宝账号": one["mail"],
        "总金额": str(one["paid"]),
        "买家实际支付金额": str(one["paid"] if paid_at else 0),
        "退款金额": str(min(one["back"], one["paid"])),
        "订单状态": one["status"],
        "收货地址": one["place"],
        "联系手机": one["phone"],
        "订单创建时间": f"{made:%Y-%m-%d %H:%M:%S}",
        "订单付款时间": paid_at,
    }


def shop(rows: list[tuple[dict[str, Any], dict[str, str]]]) -> Store:
    """The orders, their items, and then what was told of some of them later: other blanks, another refund."""
    store = database.memory()
    later = [row | {"退款金额": "5", "收货地址": "", "联系手机": ""} for one, row in rows if one["told_later"]]
    items = [(row["订单编号"][2:-1], f"锅{n}", "40", "1", "交易成功") for one, row in rows for n in range(one["lines"])]
    with TemporaryDirectory() as folder:
        paths = [write_orders(Path(folder) / "o.csv", *[row for _, row in rows])] if rows else []
        paths += [write_items(Path(folder) / "i.csv", *items)] if items else []
        paths += [write_orders(Path(folder) / "later.csv", *later)] if later else []
        for path in paths:
            steps.import_orders(store, [path], now=NOW)
    return store


def facts_of(store: Store, day: date) -> list[dict[str, Any]]:
    """Every customer's facts, as of a day."""
    return store.rows(compiled(facts.table(store, day).order_by("customer_id")))


def numbers(store: Store, day: date) -> dict[str, Any]:
    """Every number there is, as of a day."""
    within = scope.at(store, day)
    bars = [
        distributions.counts(one, within.facts, within).select("bin", "customers", "spend", dimension=ibis.literal(name))
        for name, one in dimensions.every().items()
    ]
    category = within.categories
    return {
        "facts": facts_of(store, day),
        "categories": store.rows(compiled(category.order_by([category.customer_id, category.category]))),
        "kpi": kpi.compute(store, day),
        "bars": store.rows(
            compiled(ibis.union(*bars).order_by("dimension", "bin"))
        ),  # one statement: each is written down for half a second
        "clicked": explore.explore(store, {"frequency": ["1"]}, within).bins,
        "rungs": [rung.as_json() for rung in segments.count(store, LADDER, day)],
        "share": coverage.share(store, day),
        "people": store.rows(compiled(within.people.order_by("customer_id"))),
    }


@settings(max_examples=examples(6))
@given(orders, st.integers(-1, 92))
def test_leaving_out_every_later_order_gives_the_same_numbers(told: list[dict[str, Any]], days: int) -> None:
    day = FIRST + timedelta(days=days)
    rows = [(one, row_of(n, one)) for n, one in enumerate(told)]
    early = [pair for pair in rows if (pair[1]["订单付款时间"] or pair[1]["订单创建时间"])[:10] <= day.isoformat()]
    whole, then = shop(rows), shop(early)
    found = numbers(then, day)
    assert numbers(whole, day) == found
    assert found["facts"] == facts_of(then, TODAY)
    for store in (whole, then):  # what is kept of today is what the expressions say
        stored = store.rows("SELECT * FROM customers ORDER BY customer_id")
        assert stored == store.rows(compiled(portraits.expression(tables.orders, "Asia/Shanghai").order_by("customer_id")))


def test_the_demo_shop_of_half_a_year_ago(tmp_path: Path) -> None:
    order_file, item_file = sorted(demo.write_files(tmp_path, 300, TODAY, 700), key=lambda path: "Item" in path.name)
    day = TODAY - timedelta(days=180)
    stores = []
    for until in (None, day):
        store = database.memory()
        steps.import_orders(
            store, [order_file, item_file] if until is None else _early(store, tmp_path, order_file, item_file, day), now=NOW
        )
        stores.append(store)
    assert numbers(stores[0], day) == numbers(stores[1], day)


def _early(store: Store, folder: Path, order_file: Path, item_file: Path, day: date) -> list[Path]:
    """The same two files without the orders of later days."""
    sql = "FROM read_csv(?, header = true, all_varchar = true, quote = '\"', escape = '\"', strict_mode = false, null_padding = true)"
    utf8 = [_text(folder, path) for path in (order_file, item_file)]
    rows = store.rows(f'SELECT "订单编号" AS id, coalesce(nullif("订单付款时间", \'\'), "订单创建时间") AS at {sql}', [str(utf8[0])])
    late = {row["id"].strip('="') for row in rows if row["at"][:10] > day.isoformat()}
    assert late
    made = []
    for source, name in zip(utf8, ("ExportOrderList1.csv", "ExportItemlList1.csv"), strict=True):
        first, *rest = source.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in rest if line.split(",")[0].strip('="') not in late]
        made.append(folder / name)
        made[-1].write_bytes("".join([first, *kept]).encode("gb18030"))
    return made


def _text(folder: Path, path: Path) -> Path:
    target = folder / f"{path.stem}.utf8"
    target.write_bytes(path.read_bytes().decode("gb18030").encode())
    return target
