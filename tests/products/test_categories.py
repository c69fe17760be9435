"""Whose word counts for a product's category: a person's or a table's, the file's, the longest keyword's; and taking it back."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm import database
from crm.customers import derived
from crm.database import Store
from crm.errors import BadInputError, NotFoundError
from crm.orders import categories
from crm.products import assignments
from crm.products.assignments import Product
from crm.settings import Shop
from tests.imports.given import state, take, write

NOW = datetime(2026, 11, 1)
RULES = {"锅具": ["锅"], "小电": ["电饭锅"], "茶具": ["茶"]}
letters = st.text(alphabet="锅电饭茶Aa", min_size=1, max_size=4)
rules = st.dictionaries(st.sampled_from(["一", "二", "三"]), st.lists(letters, min_size=1, max_size=3))

FILE = """order_id,buyer_id,paid_at,paid_amount,product,sku_code,category
1,a,2026-01-02 10:00:00,10,电饭锅 5L,E5,
2,b,2026-01-03 10:00:00,20,铁锅,T1,
3,c,2026-01-04 10:00:00,30,礼品卡,,
4,d,2026-01-05 10:00:00,40,茶壶,C1,餐具
"""


@pytest.fixture
def shop(store: Store, tmp_path: Path) -> Store:
    database.save_shop(store, Shop(category_rules=RULES))
    take(store, write(tmp_path / "o.csv", FILE))
    return store


def found(store: Store) -> dict[str, tuple[str | None, str | None]]:
    derived.recategorise(store)
    return {row["product"]: (row["category"], row["category_from"]) for row in store.rows("SELECT * FROM order_lines ORDER BY product")}


def put(store: Store, category: str | None, *titles: str, **more: Any) -> str:
    return assignments.assign(store, [Product(title) for title in titles], category, NOW, "lin", **more)


def table(store: Store, import_id: str, *rows: tuple[str | None, str | None, str]) -> None:
    frame = assignments.frame([{"product": title, "sku": code, "category": category} for title, code, category in rows])
    with store.transaction() as change:
        assignments.add(change, frame, import_id, NOW, "lin", import_id)


@given(letters, rules)
def test_the_longest_keyword_wins_whatever_the_order_of_the_rules(title: str, told: dict[str, list[str]]) -> None:
    lowered = title.lower()
    hits = [(-len(word), lowered.index(word.lower()), name) for name, words in told.items() for word in words if word.lower() in lowered]
    assert categories.category(title, told) == (min(hits)[2] if hits else None)
    assert categories.category(title, dict(reversed(told.items()))) == categories.category(title, told)


@given(rules)
def test_rules_survive_being_written_as_text(told: dict[str, list[str]]) -> None:
    tidy = {name: list(dict.fromkeys(words)) for name, words in told.items()}
    assert categories.read(categories.as_text(tidy)) == (tidy, [])


def test_lines_that_are_no_rules_are_named() -> None:
    assert categories.read("锅具 = 炒锅，汤锅、 平底锅\n\n杯子\n = 碗\n锅具=炒锅") == (
        {"锅具": ["炒锅", "汤锅", "平底锅"]},
        ["杯子", "= 碗"],
    )
    with pytest.raises(BadInputError, match="锅"):
        categories.check({"锅具": ["锅"], "小电": ["锅"]})
    with pytest.raises(BadInputError):
        categories.named("  ")


def test_rules_and_the_files_own_column(shop: Store) -> None:
    assert found(shop) == {
        "电饭锅 5L": ("小电", "rule"),
        "铁锅": ("锅具", "rule"),
        "礼品卡": (None, None),
        "茶壶": ("餐具", "file"),
    }


def test_a_person_counts_over_the_file_and_the_rules(shop: Store) -> None:
    before = state(shop)
    first = put(shop, "礼品", "礼品卡", "茶壶")
    assert found(shop)["礼品卡"] == found(shop)["茶壶"] == ("礼品", "chosen")
    second = put(shop, "茶具", "茶壶")
    assert found(shop)["茶壶"] == ("茶具", "chosen")
    put(shop, None, "茶壶")
    assert found(shop)["茶壶"] == ("餐具", "file")
    for change in (first, second, assignments.latest(shop)[0].change_id):
        assignments.take_back(shop, change)
    derived.recategorise(shop)
    assert state(shop) == before
    with pytest.raises(NotFoundError):
        assignments.take_back(shop, first)


def test_a_table_by_code_and_title_and_its_undo_in_any_order(shop: Store) -> None:
    table(shop, "one", (None, "T1", "铁器"), ("礼品卡", None, "卡券"))
    assert (found(shop)["铁锅"], found(shop)["礼品卡"]) == (("铁器", "chosen"), ("卡券", "chosen"))
    put(shop, "礼品", "礼品卡")
    table(shop, "two", ("礼品卡", None, "卡券"))  # the same again is no news: the person's word stays
    assert found(shop)["礼品卡"] == ("礼品", "chosen")
    with shop.transaction() as change:
        assignments.drop(change, "one")
    assert (found(shop)["铁锅"], found(shop)["礼品卡"]) == (("锅具", "rule"), ("卡券", "chosen"))  # as if only "two" had been
    with shop.transaction() as change:
        assignments.drop(change, "two")
    assert found(shop)["礼品卡"] == ("礼品", "chosen")


def test_of_one_change_the_code_is_more_exact_than_the_title(shop: Store) -> None:
    table(shop, "one", ("铁锅", None, "锅"), (None, "T1", "铁器"))
    assert found(shop)["铁锅"] == ("铁器", "chosen")
    put(shop, "老铁", "铁锅")
    assert found(shop)["铁锅"] == ("老铁", "chosen")


def test_a_later_import_takes_what_was_assigned_before(shop: Store, tmp_path: Path) -> None:
    put(shop, "礼品", "礼品卡")
    header, _, _, third, _ = FILE.splitlines()
    take(shop, write(tmp_path / "p.csv", f"{header}\n5{third[1:]}\n"))
    rows = shop.rows("SELECT order_id, category FROM order_lines JOIN orders USING (order_key) WHERE product = '礼品卡'")
    assert {row["order_id"]: row["category"] for row in rows} == {"3": None, "5": "礼品"}  # what is there already waits for the job
    assert found(shop)["礼品卡"] == ("礼品", "chosen")
