"""Days, windows and moments: the region of a day, the first source, two orders at one moment, days since somebody was written to."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import clock, database, roi, segments
from crm.campaigns import recording
from crm.customers import days, distributions, facts, kpi, lookup
from crm.database import Store
from crm.errors import NotFoundError
from crm.imports import steps
from crm.imports.steps import ImportOptions
from crm.segments import Definition, Rung, scope
from crm.settings import Shop
from tests.imports.given import NOW, write
from tests.shares import examples

CASES = Path(__file__).parent / "cases"
HEAD = "order_id,buyer,created_at,paid_at,amount,refund,status,province,city,channel\n"


def taken(store: Store, *names: str) -> Store:
    """A shop with these cases imported, one after the other."""
    for name in names:
        steps.import_orders(store, [CASES / name], now=NOW, options=ImportOptions())
    return store


def given_rows(store: Store, folder: Path, *rows: str) -> Store:
    """A shop with these orders."""
    steps.import_orders(store, [write(folder / f"{abs(hash(rows))}.csv", HEAD + "\n".join(rows) + "\n")], now=NOW)
    return store


def bars(store: Store, dimension: str, day: str) -> list[tuple[str, int, Decimal]]:
    """The bins of a dimension as of a day."""
    within = scope.at(store, date.fromisoformat(day))
    return [(one.bin, one.customers, one.spend) for one in distributions.compute(store, dimension, distributions.everybody(within), within)]


def test_the_region_is_that_of_the_orders_up_to_the_day(store: Store) -> None:
    taken(store, "region_as_of.csv")
    assert bars(store, "province", "2024-02-01") == [("浙江省", 1, 100)]
    assert bars(store, "province", "2024-06-01") == [("四川省", 1, 300)]
    assert bars(store, "city_tier", "2024-02-01")[0][0] == "新一线"
    assert bars(store, "province", "2023-12-31") == []
    customer = store.rows("SELECT customer_id FROM customers")[0]["customer_id"]
    assert lookup.customer(store, customer)["who"]["province"] == "四川省"
    then = lookup.customer(store, customer, date(2024, 2, 1))
    assert (then["who"]["province"], then["facts"]["spend"], [one["order_id"] for one in then["orders"]]) == ("浙江省", 100, ["A1"])
    with pytest.raises(NotFoundError):
        lookup.customer(store, customer, date(2023, 12, 31))


def test_a_refund_told_later_is_known_and_leaves_the_region(store: Store) -> None:
    taken(store, "region_as_of.csv", "refund_told_later.csv")
    assert bars(store, "province", "2024-01-15") == [("浙江省", 1, 0)]
    numbers = kpi.compute(store, date(2024, 1, 15)).numbers
    assert (numbers["spend"], numbers["orders"], numbers["refund_rate"]) == (0, 0, 1)
    assert store.rows("SELECT province FROM orders WHERE order_id = 'A1'") == [{"province": "浙江省"}]


SOURCES = [
    (["A1,ann,2024-05-01 10:00,,100,,等待买家付款,,,直播", "A2,ann,2024-05-03 10:00,2024-05-03 10:01,200,,交易成功,,,搜索"], "搜索"),
    (
        [
            "A1,ann,2024-05-01 10:00,2024-05-01 10:00,100.00,100.00,交易成功,,,直播",
            "A2,ann,2024-05-03 10:00,2024-05-03 10:01,200,,交易成功,,,搜索",
        ],
        "搜索",
    ),
    (
        ["A2,ann,2024-05-03 10:00,2024-05-03 10:01,200,,交易成功,,,搜索", "A1,ann,2024-05-01 10:00,2024-05-01 10:00,50,,交易成功,,,直播"],
        "直播",
    ),
    (["A1,ann,2024-05-01 10:00,2024-05-01 10:00,50,,交易成功,,,", "A2,ann,2024-05-03 10:00,2024-05-03 10:01,200,,交易成功,,,搜索"], None),
    (["A2,ann,2024-05-01 10:00,2024-05-01 10:00,50,,交易成功,,,乙", "A1,ann,2024-05-01 10:00,2024-05-01 10:00,50,,交易成功,,,甲"], "甲"),
    (["A1,ann,2024-05-01 10:00,,100,,等待买家付款,,,直播"], None),
]


@pytest.mark.parametrize(("rows", "source"), SOURCES)
def test_the_source_is_the_first_purchases(store: Store, tmp_path: Path, rows: list[str], source: str | None) -> None:
    given_rows(store, tmp_path, *rows)
    assert store.rows("SELECT source FROM customer_facts") == [{"source": source}]


def test_the_source_of_the_case(store: Store) -> None:
    assert bars(taken(store, "source_of_first_purchase.csv"), "source", "2024-06-01") == [("搜索", 1, 200)]


@pytest.mark.parametrize("ids", [("A1", "A2"), ("A2", "A1"), ("9", "10"), ("x", "X"), ("0007", "0006")])
def test_of_two_orders_at_one_moment_the_later_id_is_the_later_order(store: Store, tmp_path: Path, ids: tuple[str, str]) -> None:
    rows = [
        f"{one},ann,2024-05-01 10:00,2024-05-01 10:00,{50 + 10 * n},,交易成功,{place},"
        for n, (one, place) in enumerate(zip(ids, ("浙江省", "四川省"), strict=True))
    ]
    given_rows(store, tmp_path, *[row + "," for row in rows])
    last = max(ids)
    assert store.rows("SELECT province FROM customers") == [{"province": "浙江省" if ids[0] == last else "四川省"}]
    assert kpi.compute(store, date(2024, 5, 2)).numbers["repeat_spend_share"] == pytest.approx((50 if ids[0] == last else 60) / 110)
    customer = store.rows("SELECT customer_id FROM customers")[0]["customer_id"]
    assert lookup.customer(store, customer)["orders"][0]["order_id"] == last


def test_contact_days_are_the_shops(store: Store) -> None:
    taken(store, "contacted_orders.csv")
    recording.record(store, CASES / "contacted_campaign.csv", "x", "", NOW)
    rungs = segments.count(store, segments.load(store, str(CASES / "contacted_segment.json")), date(2024, 6, 30))
    assert [rung.customers for rung in rungs] == [2, 2]


ZONES = [
    "Asia/Shanghai",
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
]


@settings(max_examples=examples(60))
@given(st.sampled_from(ZONES), st.datetimes(datetime(1993, 1, 1), datetime(2037, 12, 31)))
def test_a_shops_day_is_the_same_in_a_column(zone: str, moment: datetime) -> None:
    shown = database.memory().read(days.shop_day(ibis.literal(moment, type="timestamp(6)"), zone).name("day").as_table())
    assert shown.day[0].date() == clock.day_of(moment, zone)


@pytest.mark.parametrize("zone", ZONES)
def test_clocks_are_changed_at_the_very_second(zone: str) -> None:
    for moment, ahead in days.offsets(zone)[1:40]:
        assert moment + timedelta(seconds=ahead) == clock.local(moment, zone)
        assert clock.local(moment - timedelta(seconds=1), zone) != moment - timedelta(seconds=1 - ahead)


SENT = datetime(2024, 6, 20, 0, 30)
AFTER = [
    (timedelta(0), True),
    (timedelta(seconds=-1), False),
    (timedelta(days=7, seconds=-1), True),
    (timedelta(days=7), False),
    (timedelta(days=7, seconds=1), False),
    (timedelta(hours=1), True),
]


@pytest.mark.parametrize(("later", "counts"), AFTER)
def test_a_window_is_the_same_in_segments_and_results(store: Store, tmp_path: Path, later: timedelta, counts: bool) -> None:
    database.save_shop(store, Shop(window_days=7))
    at = clock.local(SENT + later, "Asia/Shanghai")
    given_rows(store, tmp_path, f"A1,ann,{at:%Y-%m-%d %H:%M:%S},{at:%Y-%m-%d %H:%M:%S},100,,交易成功,,,")
    sent = write(tmp_path / "c.csv", f"customer,arm,sent_at\nann,recipient,{clock.local(SENT, 'Asia/Shanghai')}\n")
    campaign = recording.record(store, sent, "x", "", NOW).campaign_id
    bought = Definition(name="b", rungs=[Rung(name="b", where={"received": {"campaign": "x", "event": "converted"}})])
    result = segments.count(store, bought, date(2024, 7, 30))[0].customers
    assert (result, roi.report(store, campaign, as_of=date(2024, 7, 30)).arms[0].converted) == (int(counts), int(counts))


LAST = [({"within_days": 10}, 10, True), ({"within_days": 10}, 11, False), ({"within_days": 0}, 0, True), ({"within_days": 0}, 1, False)]


@pytest.mark.parametrize(("window", "ago", "inside"), LAST)
def test_the_last_days_are_the_same_for_purchases_messages_and_fields(
    store: Store, tmp_path: Path, window: Any, ago: int, inside: bool
) -> None:
    day = date(2024, 6, 30)
    at = f"{day - timedelta(days=ago)} 00:05"  # the day before in UTC
    given_rows(store, tmp_path, f"A1,ann,{at},{at},100,,交易成功,,,")
    recording.record(store, write(tmp_path / "c.csv", f"customer,arm,sent_at\nann,recipient,{at}\n"), "x", "", NOW)
    nodes = [{"bought": window}, {"received": window}, {"field": "last_purchase_at", "op": "within_days", "value": window["within_days"]}]
    nodes += [{"field": name, "op": "at_most", "value": window["within_days"]} for name in ("recency_days", "last_contacted_days")]
    for node in nodes:
        rungs = segments.count(store, Definition(name="n", rungs=[Rung(name="n", where=node)]), day)
        assert rungs[0].customers == int(inside), node


BLANKS = [
    ("province", "浙江省,杭州市", ",", "浙江省"),
    ("province", ",", "浙江省,杭州市", "浙江省"),
    ("province", "浙江省,杭州市", "四川省,成都市", "四川省"),
    ("city", "浙江省,杭州市", ",", "杭州市"),
    ("city", "浙江省,杭州市", "四川省,", None),
]


@pytest.mark.parametrize(("column", "first", "second", "told"), BLANKS)
def test_what_the_later_telling_of_an_order_leaves_blank_the_earlier_one_fills(
    store: Store, tmp_path: Path, column: str, first: str, second: str, told: str | None
) -> None:
    given_rows(store, tmp_path, f"A1,ann,2024-05-01 10:00,2024-05-01 10:00,50.00,,等待卖家发货,{first},搜索")
    given_rows(store, tmp_path, f"A1,ann,2024-05-01 10:00,2024-05-01 10:00,50.00,5.00,交易成功,{second},")
    for table in ("orders", "customers"):
        assert store.rows(f"SELECT {column} AS told FROM {table}") == [{"told": told}]  # noqa: S608 (names of the test)
    assert store.rows("SELECT refunded, source FROM orders") == [{"refunded": 5, "source": "搜索"}]
    assert facts.table(store, date(2024, 5, 1)) is not None
