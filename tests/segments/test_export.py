"""The members' file: an address only where it may be used, birthdays as told, headers in a language, days without hours, no formulas."""

import csv
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crm import segments
from crm.database import Store
from crm.errors import BadInputError
from crm.messaging import suppressions
from crm.segments import export
from crm.segments.definition import parse
from tests.conftest import terminal
from tests.imports.given import write_orders
from tests.uploads.given import NOW, table, take

DAY = date(2026, 11, 1)
EVERYBODY = parse({"name": "all", "rungs": [{"name": "all", "where": {"field": "purchases", "op": "at_least", "value": 0}}]})
HEAD = "买家会员名,平台,手机号,邮箱,姓名,性别,生日,尺码,QQ,微信,标签,负责人"
PEOPLE = [
    "tb一,淘宝,13800000001,a@shop.example,梁静,女,1992-11-03,M,123456,liang_wx,老客、送礼,小王",
    "tb二,淘宝,13800000002,b@shop.example,林晓,男,05-20,=1+1,@qq,+wx,-标签,小李",
    "tb三,淘宝,138****0003,,王五,,,L,,,,",
]


def stocked(store: Store, folder: Path) -> None:
    take(store, write_orders(folder / "o.csv", {"买家会员名": "tb一", "买家支付宝账号": "", "收货人姓名": ""}))
    take(store, table(folder / "p.csv", HEAD, *PEOPLE))


def rows(store: Store, folder: Path, language: str | None = None) -> dict[str, dict[str, str]]:
    file = folder / "out.csv"
    segments.export_csv(store, EVERYBODY, DAY, file, NOW, language=language)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        items = list(csv.DictReader(lines))
    return {next(cells[name] for name in ("name", "姓名", "Name") if name in cells): cells for cells in items}


def test_every_channel_finds_what_it_needs(store: Store, tmp_path: Path) -> None:
    stocked(store, tmp_path)
    lines = rows(store, tmp_path)
    wanted = {
        "email_norm": "a@shop.example",
        "phone_sms": "13800000001",
        "phone_call": "13800000001",
        "qq": "123456",
        "wechat": "liang_wx",
        "size": "M",
        "birthday": "2026-11-03",
        "birthday_as_told": "1992-11-03",
        "gender": "female",
        "owner": "小王",
    }
    assert {name: lines["梁静"][name] for name in wanted} == wanted
    assert set(lines["梁静"]["tags"].split("、")) == {"老客", "送礼"}
    assert lines["林晓"]["birthday_as_told"] == "05-20"
    assert (lines["王五"]["phone_sms"], lines["王五"]["phone_call"], lines["王五"]["email_norm"]) == ("", "", "")


@pytest.mark.parametrize(
    ("channel", "address", "column"),
    [("email", "a@shop.example", "email_norm"), ("sms", "13800000001", "phone_sms"), ("call", "13800000001", "phone_call")],
)
def test_whoever_opted_out_of_a_channel_has_no_address_for_it(
    store: Store, tmp_path: Path, channel: str, address: str, column: str
) -> None:
    stocked(store, tmp_path)
    before = rows(store, tmp_path)
    suppressions.add(store, [address], "opted out", "test", NOW, channel=channel)
    after = rows(store, tmp_path)
    assert (before["梁静"][column], after["梁静"][column]) == (address, "")
    assert {name: cells | {column: ""} for name, cells in before.items()} == {name: cells | {column: ""} for name, cells in after.items()}
    assert before["林晓"] == after["林晓"]


@pytest.mark.parametrize("language", [None, "zh_CN", "en"])
def test_days_have_no_hours_and_no_cell_is_a_formula(store: Store, tmp_path: Path, language: str | None) -> None:
    stocked(store, tmp_path)
    cells = [cell for row in rows(store, tmp_path, language).values() for cell in row.values()]
    assert not [cell for cell in cells if re.search(r"\d:\d|nan|NaT|None", cell)]
    assert not [cell for cell in cells if cell.startswith(export.STARTS)]
    assert {"'=1+1", "'@qq", "'+wx", "'-标签"} <= set(cells)


def test_headers_speak_the_language_of_the_page(store: Store, tmp_path: Path) -> None:
    stocked(store, tmp_path)
    for at, language in enumerate(export.LANGUAGES):
        values: dict[str, Any] = rows(store, tmp_path, language)["梁静"]
        assert list(values) == [titles[at] for titles in export.COLUMNS.values()]
        assert len(set(values)) == len(export.COLUMNS)
    assert values["Gender"] == "female"
    with pytest.raises(BadInputError, match="zh_CN or en"):
        rows(store, tmp_path, "de")


def test_the_terminal_writes_the_same_file(demo_copy: Path, tmp_path: Path) -> None:
    (tmp_path / "all.json").write_text(EVERYBODY.model_dump_json())
    terminal("segment", "members", tmp_path / "all.json", "--out", tmp_path / "m.csv", "--language", "zh_CN", data=demo_copy)
    header = (tmp_path / "m.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert header == ",".join(zh for zh, _en in export.COLUMNS.values())
