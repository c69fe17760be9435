"""Recognising the known layouts: each header is its own, what is decisive cannot be missing, and both languages have a name for it."""

import copy
import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from crm.errors import BadInputError
from crm.layouts import platforms, registry, vocabulary
from crm.layouts.registry import detect, label, layouts
from crm.layouts.statuses import families, resolve
from crm.layouts.vocabulary import READ
from tests.imports.foreign import ORDERS as FOREIGN
from tests.layouts import samples
from tests.layouts.test_one_platform import PLATFORM

NAMES = list(layouts())
ENTRIES = layouts()
ABROAD = sorted([*FOREIGN, "etsy_items"])
UNKNOWN = [
    "Order ID,Customer,Date,Total,Status",
    "Order ID,Email,Financial Status,Total,Created at",
    "Sale Date,Order ID,Buyer,Order Value",
    "id,Amount,Currency,Status,Customer",
    "ID,Reference,Customer,Total,Status,Date",
    "Date,Time,Name,Type,Status,Currency,Gross,Fee,Net,Transaction ID",
    "Date,Time,Time Zone,Gross Sales,Discounts,Net Sales,Tax,Total Collected,Event Type,Transaction ID,Customer ID",
    "Payment ID,Buyer Username,Buyer Name,Order ID,Gross Amount,Fees,Net Amount,Currency,Status,Order Date,Refund Amount",
    "Order ID,Order Status,Product Name,Quantity,Order Total,Username",
    "orderNumber,createTime,customerName,itemName,amount",
    "Order number,Date,Email,Item,Total",
    "订单编号,订单状态,下单时间,商品名称,商品型号,单品折扣后价格,商品件数,收货人/提货人手机号",
    "หมายเลขคำสั่งซื้อ,สถานะการสั่งซื้อ,ชื่อผู้ใช้ (ผู้ซื้อ),วันที่ทำการสั่งซื้อ,จำนวนเงินทั้งหมด",
]


def header(name: str) -> list[str]:
    """The header of a layout's sample."""
    text = next(iter(samples.sheets(name).values())).lstrip("\n")
    first = text.splitlines()[0]
    mark = "\t" if "\t" in first and "," not in first else ";" if ";" in first and "," not in first else ","
    return [cell.strip() for cell in next(csv.reader([first], delimiter=mark))]


@pytest.mark.parametrize("name", NAMES)
def test_the_header_of_each_sample_is_recognised_as_its_own(name: str) -> None:
    result = detect(header(name))
    assert result is not None
    assert result.name == name


@pytest.mark.parametrize("name", ABROAD)
def test_the_whole_header_and_columns_in_another_order_with_more_of_them_are_the_same_layout(name: str) -> None:
    titles = ENTRIES[name]["headers"]
    for entry in (titles, titles[::-1], ["Shop's own column", *titles, "remarks"]):
        result = detect(entry)
        assert result is not None
        assert result.name == name
        assert {field: [entry[place] for place in places] for field, places in result.columns.items()} == {
            field: [titles[place] for place in places] for field, places in registry.named(name, titles).columns.items()
        }


@pytest.mark.parametrize("name", ABROAD)
def test_without_one_of_its_decisive_columns_a_header_is_not_this_layout(name: str) -> None:
    marks = ENTRIES[name]["fingerprint"]
    mark = marks[0] if isinstance(marks, list) else marks
    for title in mark["all"]:
        result = detect([other for other in ENTRIES[name]["headers"] if other != title])
        assert result is None or result.name != name, title


@pytest.mark.parametrize("line", UNKNOWN)
def test_tables_that_only_resemble_an_export_are_left_to_the_mapping(line: str) -> None:
    assert detect(line.split(",")) is None


@pytest.mark.parametrize("name", ABROAD)
def test_what_an_entry_names_is_there(name: str) -> None:
    entry, result = ENTRIES[name], registry.named(name, ENTRIES[name]["headers"])
    marks = entry["fingerprint"] if isinstance(entry["fingerprint"], list) else [entry["fingerprint"]]
    assert set(entry["columns"].values()) <= set(READ)
    assert set(marks[0]["all"]) <= set(entry["headers"])
    assert len(entry["headers"]) == len(set(entry["headers"]))
    assert entry["seen"] and entry["amount"] and entry["quirks"]
    assert result.lines_only or {"order_id", "created_at"} <= set(result.columns)
    assert result.lines_only or {"paid_amount", "line_amount"} & set(result.columns)
    assert result.statuses in families()


WRONG: list[tuple[str, Any, str]] = [
    ("guest", False, "“guest” in {}"),
    ("identity", ["acount"], "“acount” in identity"),
    ("export were", "", "“were” in export"),
    ("layouts lantern_orders sum_line", True, "“sum_line” in layouts.lantern_orders"),
    ("layouts lantern_orders grain", "row", "“row” in layouts.lantern_orders.grain"),
    ("layouts lantern_orders fingerprint any", [], "“any” in layouts.lantern_orders.fingerprint"),
    ("layouts lantern_orders columns Gezahlt", "payed_amount", "“payed_amount” in layouts.lantern_orders.columns.Gezahlt"),
    ("layouts lantern_orders beside", {"from": "Konto"}, "“from” in layouts.lantern_orders.beside"),
    ("statuses value", {}, "“value” in statuses"),
    ("statuses values Leuchtet", ["complete", "net"], "“complete” in statuses.values.Leuchtet"),
    ("statuses values Leuchtet", ["completed", "nett"], "“nett” in statuses.values.Leuchtet"),
    ("statuses fulfillment", {"Fort": "send"}, "“send” in statuses.fulfillment.Fort"),
    ("statuses refund_status", {"Offen": "open"}, "“open” in statuses.refund_status.Offen"),
    ("statuses aftersale", {"Offen": "open"}, "“open” in statuses.aftersale.Offen"),
    ("statuses aftersale_else", "open", "“open” in statuses.aftersale_else"),
]


@pytest.mark.parametrize(("path", "value", "said"), WRONG, ids=[said for _, _, said in WRONG])
def test_a_mistyped_word_of_a_platform_is_refused_with_its_place(
    path: str, value: Any, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = copy.deepcopy(PLATFORM)
    part: Any = content
    *above, last = path.split()
    for key in above:
        part = part[key]
    part[last] = value
    file = tmp_path / "lantern.json"
    monkeypatch.setattr(platforms, "files", lambda: [file])
    file.write_text(json.dumps(PLATFORM), encoding="utf-8")
    assert list(platforms.every.__wrapped__()) == ["lantern"]
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(BadInputError) as refused:
        platforms.every.__wrapped__()
    assert f"lantern.json cannot be used: {said} is not known." in str(refused.value)


def test_no_word_of_the_vocabulary_is_left_over() -> None:
    """What no platform uses any more would let a mistyped word pass."""
    used = {meaning for entry in layouts().values() for meaning in entry["columns"].values()}
    assert set(vocabulary.IGNORED) <= used
    assert set(vocabulary.LAYOUT_KEYS) <= {key for entry in layouts().values() for key in entry} | {"decimal", "platform"}
    assert set(vocabulary.STATUS_KEYS) <= {key for entry in families().values() for key in entry}


def test_every_platform_has_names_and_an_export() -> None:
    for one in platforms.every().values():
        assert one.en.isascii() and one.zh and one.layouts and set(one.identity) <= {"account", "email", "phone"}
        assert set(one.export) == {"where", "files"}


def test_every_layout_has_a_name_in_both_languages() -> None:
    for name in NAMES:
        chinese, english = label(name, "zh_CN"), label(name, "en")
        assert chinese and english
        assert not re.search(r"[\u3400-\u9fff]", english), english
        assert "(" not in english + chinese


@pytest.mark.parametrize("name", [name for name in ABROAD if FOREIGN.get(name) and FOREIGN[name].status])
def test_every_status_of_a_sample_is_known_and_words_of_a_platform_mean_nothing_elsewhere(name: str) -> None:
    rule = FOREIGN[name]
    text = next(iter(samples.sheets(name).values()))
    rows = csv.DictReader(text.splitlines(), delimiter=rule.separator)
    words = {row[rule.status] for row in rows if row[rule.status] and not row[rule.order].startswith("Platform")}
    family = registry.named(name, ENTRIES[name]["headers"]).statuses
    assert {word for word in words if resolve(word, family) == "unknown"} == set()
    assert resolve("requires_payment_method", None) == "unknown"


def test_the_newer_names_of_the_qianniu_report_are_recognised() -> None:
    titles = (
        "订单编号,支付单号,支付详情,买家应付货款,买家应付邮费,总金额,买家实付金额,订单状态,"
        "订单创建时间,订单付款时间,退款金额,确认收货打款金额"
    )
    result = detect(titles.split(","))
    assert result is not None
    assert (result.name, result.columns["paid_amount"]) == ("qianniu_workbook_2026", [6])
    assert detect([title for title in titles.split(",") if title != "买家实付金额"]) is None
