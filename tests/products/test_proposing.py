"""Categories that start themselves: of several trades and languages; counts are those of the rule that a word becomes."""

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from crm import database
from crm.customers import derived
from crm.database import Store
from crm.products import coverage, proposing
from crm.settings import Shop
from tests.imports.given import take, write
from tests.segments.test_pages import screen, shop, texts  # noqa: F401 (shop is a fixture)

CLOTHES = """
2024新款韩版宽松羽绒服女冬季中长款外套;女士秋冬加厚毛呢外套;春秋薄款牛仔外套男;碎花雪纺连衣裙春季新款
法式复古连衣裙女;纯棉圆领短袖T恤男;宽松印花T恤女短袖
"""
FOOD = """
新疆阿克苏冰糖心苹果5斤装;山东红富士苹果新鲜水果当季现摘10斤;烟台栖霞苹果 礼盒装;赣南脐橙 5kg 包邮
秭归脐橙新鲜水果;武夷山大红袍茶叶 散装250g;西湖龙井茶叶礼盒;东北五常大米10kg;盘锦蟹田大米5kg
"""
KITCHEN = """
精铁老式炒锅 无涂层 32cm;304不锈钢汤锅 双耳;日式雪平锅 18cm;水果刀 便携;家用菜刀 免磨;耐热玻璃茶壶
电热水壶 1.7L
"""
ENGLISH = """
Blue cotton dress - size M;Linen summer dress, green
Red ceramic mug;Ceramic mug with lid;Enamel mugs (set of 2)
Steel water bottle 500ml;Glass bottle;Organic cotton tee
Wooden spoon;Wooden bowl
"""
FRENCH = """
Robe en coton bleu;Robe longue en lin;Tasse en céramique
Tasse à café;Sac à main en cuir;Sac de voyage
"""
GERMAN = """
Lederhandtasche braun;Handtasche aus Canvas;Kerze Vanille
Duftkerze im Glas;Holzbrett Eiche
"""


def titles(text: str) -> pd.DataFrame:
    """Titles without a category; the first brought 100, the next 99 and so on."""
    found = [one.strip() for one in text.strip().replace("\n", ";").split(";")]
    return pd.DataFrame({"product": found, "category": None, "spend": [Decimal(100 - place) for place in range(len(found))]})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CLOTHES, "外套 连衣裙 t恤"),
        (FOOD, "苹果 脐橙 茶叶 大米"),
        (KITCHEN, "锅 刀 壶"),
        (ENGLISH, "mug dress bottle"),
        (FRENCH, "robe tasse sac"),
        (GERMAN, "handtasche kerze"),
    ],
    ids=["clothes", "food", "kitchen", "english", "french", "german"],
)
def test_what_things_are_is_proposed_and_not_what_is_said_of_them(text: str, words: str) -> None:
    assert [one.word for one in proposing.proposals(titles(text))] == sorted(words.split(), key=lambda one: _spend(text, one), reverse=True)


def _spend(text: str, word: str) -> Decimal:
    known = titles(text)
    return sum((spend for title, spend in zip(known["product"], known.spend, strict=True) if word in title.lower()), Decimal(0))


@pytest.mark.parametrize("text", [CLOTHES, FOOD, KITCHEN, ENGLISH, FRENCH, GERMAN])
def test_a_proposal_counts_what_its_rule_would_catch(text: str) -> None:
    known = titles(text)
    for one in proposing.proposals(known):
        change = coverage.effect(known, {one.word: [one.word]})
        assert (one.products, one.spend) == (len(change), change.spend.sum())
        assert set(one.examples) <= set(change["product"])


def test_the_order_of_the_titles_and_those_with_a_category_make_no_difference() -> None:
    known = titles(FOOD)
    sorted_already = pd.DataFrame({"product": ["苹果干", "苹果醋"], "category": "零食", "spend": [Decimal(9), Decimal(8)]})
    plain = {(one.word, one.products, one.spend) for one in proposing.proposals(known)}
    for other in (known.iloc[::-1], pd.concat([known, sorted_already])):
        assert {(one.word, one.products, one.spend) for one in proposing.proposals(other)} == plain


def test_what_is_in_one_title_or_in_nearly_all_is_none() -> None:
    assert proposing.proposals(titles("蓝牙耳机;机械键盘;鼠标垫")) == []
    colours = "red;blue;green".split(";")
    assert proposing.proposals(titles(";".join(f"Yoyo lamp {colour} {place}" for colour in colours for place in range(4)))) == []
    assert proposing.proposals(titles(FOOD).iloc[:0]) == []


FILE = """order_id,buyer_id,paid_at,paid_amount,product,status
1,a,2026-01-02 10:00:00,70,毛呢外套,已完成
2,b,2026-01-03 10:00:00,20,牛仔外套,已完成
3,c,2026-01-04 10:00:00,30,围巾,已完成
"""


def test_a_shop_that_takes_a_proposal_is_not_asked_for_it_again(store: Store, tmp_path: Path) -> None:
    take(store, write(tmp_path / "o.csv", FILE))
    assert [(one.word, one.products, one.spend) for one in proposing.proposed(store)] == [("外套", 2, Decimal(90))]
    database.change_shop(store, {"category_rules": {"外套": ["外套"]}})
    derived.recategorise(store)
    assert coverage.names(store) == ["外套"]
    assert proposing.proposed(store) == []


def test_the_pages_say_it_and_lead_there(shop: Store, tmp_path: Path) -> None:  # noqa: F811
    database.save_shop(shop, Shop())
    take(shop, write(tmp_path / "o.csv", FILE))
    derived.recategorise(shop)
    run = screen("products.py")
    assert not run.exception and not run.error
    assert "“外套” in 2 products, ¥90: use it as a category?" in texts(run).replace("\\", "")
    customers = screen("customers.py")
    assert not customers.exception and not customers.error
    assert "no product is in a category yet" in texts(customers)
