"""Doubts: each rule where it must speak and where it must not; and the same on real files, beside what the shop has."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crm import words
from crm.database import Store
from crm.errors import AskError
from crm.imports import file_warnings
from crm.imports.file_warnings import SENTENCES, Seen
from tests.imports.given import take, write, write_items, write_orders

DAY = (1, 1, 0, 0, 0, 0, 1, 2, 4, 8, 12, 12, 9, 9, 11, 11, 10, 9, 9, 10, 14, 16, 13, 6)
SHIFTED = tuple(DAY[(hour + 8) % 24] for hour in range(24))
USUAL = Seen(orders=100, priced=100, median=150, whole=False, hours=DAY, rows=100)


@pytest.mark.parametrize(
    ("code", "given", "speaks"),
    [
        ("fen_by_shop", {"whole": True, "median": 15000, "usual": 150.0}, True),
        ("fen_by_shop", {"whole": True, "median": 150, "usual": 150.0}, False),
        ("fen_by_shop", {"whole": False, "median": 15000, "usual": 150.0}, False),
        ("fen_by_shop", {"whole": True, "median": 15000, "usual": 150.0, "currencies": ("JPY",), "own": "JPY"}, False),
        ("fen", {"whole": True, "median": 12990, "odd": 0.9, "known": False}, True),
        ("fen", {"whole": True, "median": 12990, "odd": 0.9, "known": True}, False),
        ("fen", {"whole": True, "median": 12800, "odd": 0.1, "known": False}, False),
        ("fen", {"whole": True, "median": 129, "odd": 0.9, "known": False}, False),
        ("utc", {"hours": SHIFTED}, True),
        ("utc", {}, False),
        ("utc", {"hours": SHIFTED, "usual_hours": tuple(hour * 10 for hour in DAY)}, True),
        ("utc", {"hours": SHIFTED, "usual_hours": tuple(hour * 10 for hour in SHIFTED)}, False),
        ("utc", {"hours": SHIFTED, "offset": 0}, False),
        ("utc", {"hours": tuple(int(hour == 3) for hour in range(24))}, False),
        ("future", {"future": 2}, True),
        ("future", {}, False),
        ("ancient", {"ancient": 1}, True),
        ("ancient", {}, False),
        ("currency", {"currencies": ("CNY", "USD")}, True),
        ("currency", {"currencies": ("CNY",)}, False),
        ("small", {"rows": 30, "usual_rows": 5000.0}, True),
        ("small", {"rows": 3000, "usual_rows": 5000.0}, False),
        ("small", {"rows": 2, "usual_rows": 40.0}, False),
        ("masked", {"phones": 100, "unclear": 80}, True),
        ("masked", {"phones": 100, "unclear": 20}, False),
        ("masked", {"phones": 3, "unclear": 3}, False),
        ("no_buyer", {"without_buyer": 12}, True),
        ("no_buyer", {}, False),
        ("statuses", {"statuses": ("???",), "odd_statuses": 4}, True),
        ("statuses", {}, False),
        ("damaged", {"damaged": 1}, True),
        ("damaged", {}, False),
    ],
)
def test_a_rule_speaks_only_where_it_is_sure(code: str, given: dict[str, Any], speaks: bool) -> None:
    result = file_warnings.judged(replace(USUAL, **given))
    assert [warning.code for warning in result] == ([code] if speaks else [])
    assert all("{" not in warning.as_json()["sentence"] for warning in result)


def codes(result: Any) -> list[str]:
    return [warning.code for warning in result.warnings]


def test_the_same_file_and_an_overlapping_one(store: Store, tmp_path: Path) -> None:
    first = write_orders(tmp_path / "a.csv", {}, {"订单编号": '="22222222222222222"'})
    [result] = take(store, first)
    assert codes(result) == []
    [again] = take(store, first, dry_run=True)
    assert (codes(again), again.warnings[0].values) == (["same_file"], {"file": "a.csv", "day": "2026-11-01"})
    later = write_orders(tmp_path / "b.csv", {"订单状态": "交易关闭", "退款金额": "100.00"}, {"订单编号": '="33333333333333333"'})
    [overlapping] = take(store, later, dry_run=True)
    assert overlapping.warnings[0].values == {"n": 1, "imports": 1, "names": "a.csv (2026-11-01)"}
    [changed] = overlapping.changes
    assert (changed["order_id"], changed["status_before"], changed["status_after"]) == ("1" * 17, "completed", "closed_refunded")
    assert (float(changed["refunded_before"]), float(changed["refunded_after"])) == (0, 100)


def test_an_item_file_alone_and_with_its_orders(store: Store, tmp_path: Path) -> None:
    items = write_items(tmp_path / "i.csv", ("11111111111111111", "锅", "60.00", "1", "交易成功"))
    orders = write_orders(tmp_path / "a.csv", {})
    assert codes(take(store, items, dry_run=True)[0]) == ["no_orders"]
    assert [codes(result) for result in take(store, items, orders, dry_run=True)] == [[], []]


def test_dates_that_could_be_either_way(store: Store, tmp_path: Path) -> None:
    head, row = "order_no,buyer,date,amount\n", "A{},x,{},1.00\n"
    either = head + row.format(1, "1/12/2025") + row.format(2, "3/4/2025")
    with pytest.raises(AskError, match="day/month or month/day, for example “1/12/2025”"):
        take(store, write(tmp_path / "a.csv", either), dry_run=True)
    assert codes(take(store, write(tmp_path / "b.csv", either + row.format(3, "25/12/2025")), dry_run=True)[0]) == []
    assert codes(take(store, write(tmp_path / "c.csv", head + row.format(1, "2025-12-01")), dry_run=True)[0]) == []


def test_what_a_whole_file_looks_like(store: Store, tmp_path: Path) -> None:
    fens = "order_no,buyer,date,amount,status\n" + "".join(f"A{n},x{n},2027-01-02,{9990 + n},paid\n" for n in range(40))
    [result] = take(store, write(tmp_path / "a.csv", fens), dry_run=True)
    assert codes(result) == ["fen", "future"]
    assert result.as_json()["warnings"][1]["sentence"] == "40 orders lie in the future, the latest on 2027-01-02."


def test_times_in_utc_beside_the_shop_s_days(store: Store, tmp_path: Path) -> None:
    def table(day: str, hours: tuple[int, ...]) -> str:
        numbered = [hour for hour, n in enumerate(hours) for _ in range(n)]
        rows = (f"{day}-{n},x{n},2026-{day} {hour:02}:30:00,1.50\n" for n, hour in enumerate(numbered))
        return "order_no,buyer,date,amount\n" + "".join(rows)

    assert codes(take(store, write(tmp_path / "a.csv", table("01-02", tuple(2 * n for n in DAY))))[0]) == []
    assert codes(take(store, write(tmp_path / "b.csv", table("01-03", DAY)), dry_run=True)[0]) == []
    assert codes(take(store, write(tmp_path / "c.csv", table("01-03", SHIFTED)), dry_run=True)[0]) == ["utc"]
    assert codes(take(store, write(tmp_path / "c.csv", table("01-03", SHIFTED)), dry_run=True, timezone="UTC")[0]) == []


def test_every_doubt_is_translated() -> None:
    assert sorted(sentence for sentence in SENTENCES.values() if sentence not in words.catalogue("zh_CN")) == []
