"""Product tables: recognised by their header, by title or code; contradictions are named; twice is once; taken back in any order."""

import json
from pathlib import Path

import pytest

from crm import database, uploads
from crm.database import Store
from crm.imports.results import FileResult
from crm.products import assignments
from crm.products.assignments import Product
from crm.settings import Shop
from tests.conftest import terminal
from tests.imports.given import NOW, state, take, write

FILE = """order_id,buyer_id,paid_at,paid_amount,line_amount,product,sku_code
1,a,2026-01-02 10:00:00,10,10,电饭锅 5L,E5
2,b,2026-01-03 10:00:00,20,20,铁锅,T1
3,c,2026-01-04 10:00:00,30,30,礼品卡,
"""
TABLE = "宝贝标题,商家编码,品类\n礼品卡,,卡券\n,T1,铁器\n没卖过的,N1,其它\n"


@pytest.fixture
def shop(store: Store, tmp_path: Path) -> Store:
    database.save_shop(store, Shop(category_rules={"锅具": ["锅"]}))
    take(store, write(tmp_path / "o.csv", FILE))
    return store


def give(store: Store, path: Path, text: str) -> FileResult:
    return uploads.import_files(store, [write(path, text)], now=NOW)[0]


def found(store: Store) -> dict[str, str | None]:
    return {row["product"]: row["category"] for row in store.rows("SELECT product, category FROM order_lines")}


def test_a_table_is_recognised_and_counts_at_once(shop: Store, tmp_path: Path) -> None:
    result = give(shop, tmp_path / "p.csv", TABLE)
    assert (result.kind, result.rows, result.rejected) == ("products", 3, 0)
    assert result.counts == {"new": 3, "changed": 0, "unchanged": 0}
    assert found(shop) == {"电饭锅 5L": "锅具", "铁锅": "铁器", "礼品卡": "卡券"}
    assert shop.rows("SELECT category FROM customer_categories WHERE category = '铁器'")


def test_a_dry_run_keeps_nothing(shop: Store, tmp_path: Path) -> None:
    before = state(shop)
    options = uploads.taking.ImportOptions(dry_run=True)
    entry = uploads.import_files(shop, [write(tmp_path / "p.csv", TABLE)], now=NOW, options=options)[0]
    assert (entry.counts["new"], entry.import_id) == (3, None)
    assert state(shop) == before
    assert not shop.rows("SELECT 1 FROM product_assignments")


def test_twice_is_once_and_undo_is_never(shop: Store, tmp_path: Path) -> None:
    before = state(shop)
    first = give(shop, tmp_path / "p.csv", TABLE)
    once = state(shop)
    second = give(shop, tmp_path / "again.csv", TABLE)
    assert state(shop) == once
    assert second.counts == {"new": 0, "changed": 0, "unchanged": 3}
    uploads.undo(shop, str(first.import_id), NOW)
    assert state(shop) == once
    assert uploads.undo(shop, str(second.import_id), NOW)["products_removed"] == 4
    assert state(shop) == before


def test_a_person_who_comes_later_counts_until_the_table_says_something_new(shop: Store, tmp_path: Path) -> None:
    give(shop, tmp_path / "1.csv", TABLE)
    assignments.assign(shop, [Product("礼品卡")], "礼品", NOW, "lin")
    give(shop, tmp_path / "2.csv", TABLE)
    assert found(shop)["礼品卡"] == "礼品"
    give(shop, tmp_path / "3.csv", TABLE.replace("卡券", "票券"))
    assert found(shop)["礼品卡"] == "票券"


def test_rows_that_say_nothing_or_contradict_are_named(shop: Store, tmp_path: Path) -> None:
    text = "product,code,category\n铁锅,T1,旧\n铁锅,T1,铁器\n铁锅,T2,别的\n,,锅具\n礼品卡,,\n礼品卡,,a=b\n"
    result = give(shop, tmp_path / "p.csv", text)
    assert [(entry.row, entry.reason.split(" ")[0]) for entry in result.rejections] == [
        (2, "Further"),
        (5, "There"),
        (6, "This"),
        (7, "This"),
    ]
    assert found(shop)["铁锅"] == "铁器"
    assert not shop.rows("SELECT 1 FROM product_choices WHERE product = '铁锅'")  # two codes, two categories: the title says nothing


def test_the_terminal_lists_what_has_none(tmp_path: Path) -> None:
    terminal("import", write(tmp_path / "o.csv", FILE), data=tmp_path / "shop")
    parsed = json.loads(terminal("products", "--json", data=tmp_path / "shop").stdout)
    assert (parsed["spend"], parsed["share_of_spend"], parsed["products_without_category"]) == (60, 0, 3)
    assert [row["product"] for row in parsed["uncategorised"]] == ["礼品卡", "铁锅", "电饭锅 5L"]
    terminal("import", write(tmp_path / "p.csv", TABLE), data=tmp_path / "shop")
    parsed = json.loads(terminal("products", "--json", data=tmp_path / "shop").stdout)
    assert [row["category"] for row in parsed["categories"]] == ["卡券", "铁器"]
