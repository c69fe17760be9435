"""How much of the spend has a category, what has none, and what a change of rules would do, beside the same counted by pandas."""

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from crm import database
from crm.customers import derived
from crm.database import Store
from crm.products import assignments, coverage
from crm.products.assignments import Product
from crm.settings import Shop
from tests.imports.given import NOW, take, write, write_items, write_orders

FILE = """order_id,buyer_id,paid_at,paid_amount,product,sku_code,line_amount,status
1,a,2026-01-02 10:00:00,70,电饭锅,E5,50,已完成
1,a,2026-01-02 10:00:00,70,礼品卡,,20,已完成
2,b,2026-01-03 10:00:00,20,铁锅,T1,20,已完成
3,c,2026-01-04 10:00:00,30,礼品卡,,30,已完成
4,d,2026-01-05 10:00:00,40,,X9,40,已完成
"""


@pytest.fixture
def shop(store: Store, tmp_path: Path) -> Store:
    database.save_shop(store, Shop(category_rules={"锅具": ["锅"]}))
    take(store, write(tmp_path / "o.csv", FILE))
    return store


def test_shares_are_those_that_pandas_finds(shop: Store) -> None:
    lines = pd.DataFrame(shop.rows("SELECT * FROM order_lines WHERE is_purchase"))
    spend, known = lines.spend, lines.category.notna()
    result = coverage.share(shop)
    assert (result.spend, result.spend_with) == (spend.sum(), spend[known].sum()) == (Decimal(160), Decimal(70))
    assert (result.lines, result.lines_with, result.products, result.products_without) == (5, 2, 4, 2)
    assert result.of_spend == pytest.approx(70 / 160)
    assert (result.spend_unlined, result.spend_of_products) == (0, Decimal(90))


def test_those_without_a_category_biggest_spend_first(shop: Store) -> None:
    first = coverage.page(shop)
    assert first[["orders", "lines"]].values.tolist() == [[2, 2], [1, 1]]
    assert coverage.chosen(first, [0, 1]) == [Product("礼品卡"), Product(None, "X9")]
    assert coverage.count(shop) == 2
    assert coverage.count(shop, search="x") == 1
    assert list(coverage.page(shop, limit=1, offset=1).sku) == ["X9"]
    assert list(coverage.page(shop, "锅具")["product"]) == ["电饭锅", "铁锅"]


def test_after_an_assignment_the_category_is_there_for_customers_too(shop: Store) -> None:
    assignments.assign(shop, coverage.chosen(coverage.page(shop), [0, 1]), "礼品", NOW, "lin")
    derived.recategorise(shop)
    assert coverage.share(shop).of_spend == 1
    assert coverage.names(shop) == ["礼品", "锅具"]
    table = coverage.by_category(shop)
    assert table[["category", "products", "orders", "customers"]].values.tolist() == [["礼品", 2, 3, 3], ["锅具", 2, 2, 2]]
    assert table.share.sum() == pytest.approx(1)
    kept = shop.rows("SELECT sum(spend) AS spend FROM customer_categories WHERE category = '礼品'")
    assert kept[0]["spend"] == table.spend[0] == Decimal(90)


def test_what_new_rules_would_do(shop: Store) -> None:
    known = coverage.titles(shop)
    result = coverage.effect(known, {"小电": ["电饭锅"], "礼品": ["卡"]})
    assert result[["product", "category", "after"]].values.tolist() == [
        ["电饭锅", "锅具", "小电"],
        ["礼品卡", None, "礼品"],
        ["铁锅", "锅具", None],
    ]
    assert coverage.effect(known, {"锅具": ["锅"]}).empty
    database.save_shop(shop, Shop(category_rules={"小电": ["电饭锅"], "礼品": ["卡"]}))
    derived.recategorise(shop)
    assert coverage.effect(coverage.titles(shop), {"小电": ["电饭锅"], "礼品": ["卡"]}).empty


def test_orders_without_lines_are_counted(store: Store, tmp_path: Path) -> None:
    take(store, write_orders(tmp_path / "o.csv", {"订单编号": '="1"'}, {"订单编号": '="2"', "宝贝标题": ""}))
    result = coverage.share(store)
    assert (result.orders_without_lines, result.lines, result.of_spend) == (2, 0, 0)
    take(store, write_items(tmp_path / "i.csv", ("1", "锅", "9", "1", "交易成功")))
    assert coverage.share(store).orders_without_lines == 1
