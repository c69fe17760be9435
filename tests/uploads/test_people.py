"""Customer dossiers: who they are about, what wins, lunar birthdays, and that twice is once, any order the same, undo nothing."""

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from lunar_python import Lunar

from crm import database, segments, uploads
from crm.customers import birthdays, facts
from crm.database import Store, tables
from crm.errors import BadFileError
from crm.segments.definition import parse
from crm.uploads import dates
from tests.imports.given import write_orders
from tests.reading.containers import zipped
from tests.uploads.given import NOW, state, table, take

HEAD = "买家会员名,平台,手机号,邮箱,姓名,性别,生日,标签"
DAY = date(2026, 11, 1)


def count(store: Store, field: str, op: str, value: object = None) -> int:
    """How many customers a condition finds."""
    where = {"field": field, "op": op} | ({} if value is None else {"value": value})
    return segments.count(store, parse({"rungs": [{"name": "x", "where": where}]}), DAY)[0].customers


def test_a_dossier_fills_in_what_orders_do_not_say(store: Store, tmp_path: Path) -> None:
    take(store, write_orders(tmp_path / "o.csv", {"买家支付宝账号": "", "收货人姓名": ""}))
    result = take(store, table(tmp_path / "p.csv", HEAD, "tb一,淘宝,,new@example.com,梁静,女,1992-11-03,老客、送礼"))[0]
    assert (result.kind, result.customers_new, result.rejected) == ("people", 0, 0)
    row = store.rows("SELECT * FROM customer_facts")
    assert [(one["email_norm"], one["name"], one["gender"], one["purchases"]) for one in row] == [("new@example.com", "梁静", "female", 1)]
    assert count(store, "tags", "one_of", ["送礼"]) == count(store, "birthday", "within_days", 2) == count(store, "age", "is", 33) == 1
    assert count(store, "birthday", "within_days", 1) == 0
    assert count(store, "profile_complete", "is", True) == 1


def test_people_without_orders_become_customers_and_the_same_ones_when_they_order(store: Store, tmp_path: Path) -> None:
    dossier = table(tmp_path / "p.csv", HEAD.replace("平台", "平台,店铺"), "tb一,淘宝,测试店,,,梁静,女,,", ",,,13800000001,,王五,男,,")
    take(store, dossier)
    facts_ = store.rows("SELECT customer_id, placed_orders, purchases, spend FROM customer_facts")
    assert [(one["placed_orders"], one["purchases"], one["spend"]) for one in facts_] == [(0, 0, 0), (0, 0, 0)]
    take(store, write_orders(tmp_path / "o.csv", {"联系手机": "13900000000"}))
    assert len(store.rows("SELECT customer_id FROM customer_facts")) == 2
    assert store.rows("SELECT name FROM customer_facts WHERE purchases = 1") == [{"name": "梁静"}]
    take(store, write_orders(tmp_path / "q.csv", {"订单编号": "22222222222222222", "买家会员名": "tb二", "联系手机": "13800000001"}))
    assert {row["name"] for row in store.rows("SELECT name FROM customer_facts WHERE purchases = 1")} == {"梁静", "王五"}


@pytest.mark.parametrize("who", [",,138****0001,,", "t**一,,,,", ",,13800000001-1234,,", ",,,not-an-address,", ",,,,"])
def test_weak_marks_name_nobody(store: Store, tmp_path: Path, who: str) -> None:
    result = take(store, table(tmp_path / "p.csv", HEAD, who + "张三,女,,", ",,13800000001,,王五,男,,"))[0]
    assert (result.rejected, result.customers_new) == (1, 1)
    assert "account, clear phone" in result.rejections[0].reason
    with pytest.raises(BadFileError) as refusal:
        take(store, table(tmp_path / "q.csv", HEAD, who + "张三,女,,"))
    assert "account, clear phone" in str(refusal.value)


def test_the_later_telling_wins_per_field_and_blank_never_erases(store: Store, tmp_path: Path) -> None:
    take(store, table(tmp_path / "1.csv", HEAD, "a,淘宝,,,梁静,女,1992-11-03,老客"))
    second = take(store, table(tmp_path / "2.csv", HEAD, "a,淘宝,,,梁静静,,,送礼"))[0]
    assert second.counts == {"new": 0, "changed": 1, "unchanged": 0}
    row = store.rows("SELECT name, gender, born FROM profiles")[0]
    assert row == {"name": "梁静静", "gender": "female", "born": date(1992, 11, 3)}
    assert sorted(one["tag"] for one in store.rows("SELECT tag FROM customer_tags")) == ["老客", "送礼"]
    uploads.undo(store, str(second.import_id), NOW)
    assert store.rows("SELECT name FROM profiles") == [{"name": "梁静"}]


def test_any_order_of_orders_and_dossiers_is_the_same(tmp_path: Path) -> None:
    files = [
        write_orders(tmp_path / "o.csv", {}, {"订单编号": "22222222222222222", "买家会员名": "tb二", "联系手机": "13800000002"}),
        table(tmp_path / "p.csv", HEAD, "tb一,,,,梁静,女,1992-11-03,老客", ",,13800000002,,王五,男,农历1990年正月初三,"),
        table(tmp_path / "t.csv", "手机号,评价,评价时间", "13800000002,差评,2026-05-01", "13700000007,中评,2026-05-02"),
    ]
    states = set()
    for order in permutations(files):
        store = database.memory()
        for file in order:
            take(store, file)
        states.add(state(store))
    assert len(states) == 1


def test_twice_is_once_and_import_and_undo_is_nothing(store: Store, tmp_path: Path) -> None:
    take(store, write_orders(tmp_path / "o.csv", {}))
    before = state(store)
    file = table(tmp_path / "p.csv", HEAD, "tb一,淘宝,,,梁静,女,1992-11-03,老客", ",,,x@example.com,王五,男,,a", encoding="gb18030")
    first = take(store, file)[0]
    once = state(store)
    again = take(store, file)[0]
    assert state(store) == once != before
    assert again.counts == {"new": 0, "changed": 0, "unchanged": 2}
    uploads.undo(store, str(first.import_id), NOW)
    assert state(store) == once
    uploads.undo(store, str(again.import_id), NOW)
    assert state(store) == before


def test_a_dry_run_says_the_same_and_writes_nothing(store: Store, tmp_path: Path) -> None:
    file = table(tmp_path / "p.csv", HEAD, "tb一,淘宝,,,梁静,女,1992-11-03,老客", "tb二,淘宝,,,王五,??,,")
    before = state(store)
    dry = take(store, file, dry_run=True)[0]
    assert (state(store), dry.import_id) == (before, None)
    real = take(store, file)[0]
    assert (dry.counts, dry.customers_new, dry.rejected) == (real.counts, real.customers_new, real.rejected) == (real.counts, 1, 1)


BIRTHDAYS = {
    "1992-11-03": (11, 3, 1992, False, False),
    "1992/11/3": (11, 3, 1992, False, False),
    "1992年11月3日": (11, 3, 1992, False, False),
    "19921103": (11, 3, 1992, False, False),
    "11-03": (11, 3, None, False, False),
    "10月3日": (10, 3, None, False, False),
    "农历1990年正月初三": (1, 3, 1990, True, False),
    "腊月廿三": (12, 23, None, True, False),
    "八月十五": (8, 15, None, True, False),
    "闰四月三十": (4, 30, None, True, True),
    "农历 8-15": (8, 15, None, True, False),
    "一九九〇年冬月二十一日": (11, 21, 1990, True, False),
    "1992": (None, None, 1992, False, False),
    "1992-11-03 00:00:00": (11, 3, 1992, False, False),
}


@pytest.mark.parametrize("text", BIRTHDAYS)
def test_birthdays_as_people_write_them(text: str) -> None:
    result = dates.birthday(text)
    assert result is not None
    assert (result.month, result.day, result.year, result.lunar, result.leap) == BIRTHDAYS[text]


@pytest.mark.parametrize("text", ["1992-13-03", "2-30", "十三月初一", "soon", "正月卅五"])
def test_what_is_no_birthday(text: str) -> None:
    assert dates.birthday(text) is None


def test_lunar_births_and_the_next_lunar_birthday_by_another_way(store: Store, tmp_path: Path) -> None:
    rows = [(year, month, day) for year in (1962, 1984, 2001) for month in (1, 6, 12) for day in (1, 15, 29)]
    lines = [f"c{n},淘宝,,,n,女,农历{year}-{month}-{day}," for n, (year, month, day) in enumerate(rows)]
    take(store, table(tmp_path / "p.csv", HEAD, *lines))
    answer = store.read(
        tables.customer_facts.select(
            "born", "birth_year", "birth_month", "birth_day", ahead=birthdays.days_until(tables.customer_facts, DAY)
        )
    )
    assert len(answer) == len(rows)
    for one in answer.itertuples():
        solar = Lunar.fromYmd(one.birth_year, one.birth_month, one.birth_day).getSolar()
        assert one.born.date() == date(solar.getYear(), solar.getMonth(), solar.getDay())
        coming = [Lunar.fromYmd(year, one.birth_month, one.birth_day).getSolar() for year in (2025, 2026, 2027)]
        days = [(date(day.getYear(), day.getMonth(), day.getDay()) - DAY).days for day in coming]
        assert one.ahead == min(number for number in days if number >= 0)


def test_a_day_in_the_past_knows_only_who_was_known_then(store: Store, tmp_path: Path) -> None:
    take(store, write_orders(tmp_path / "o.csv", {}), table(tmp_path / "p.csv", HEAD, ",,,x@example.com,王五,男,,"))
    assert len(store.read(facts.table(store, date(2026, 8, 1)))) == 1
    assert len(store.read(facts.table(store, DAY))) == 2


def test_all_dossiers_in_an_archive_are_read_and_what_is_none_is_named(store: Store, tmp_path: Path) -> None:
    rows = {name: f"{HEAD}\n,,{phone},,{name},女,,\n".encode() for name, phone in (("梁静", "13800000001"), ("王五", "13800000002"))}
    members = {f"{name}.csv": content for name, content in rows.items()} | {"价目.csv": "品名,价\n锅,9\n".encode()}
    results = take(store, zipped(tmp_path / "all.zip", members))
    assert {row["name"] for row in store.rows("SELECT name FROM customer_facts")} == {"梁静", "王五"}
    assert [name for result in results for name in result.left_out] == ["all.zip [价目.csv]"]
