"""Attributes by rule: discounts, types of buyers, kinds of addresses, beside plain Python; their thresholds and words are the shop's."""

import random
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from crm import database
from crm.customers import addresses, attributes, dimensions, festivals
from crm.segments import compiler, explore, scope
from crm.settings import Shop
from tests.customers.given import fill, order

TODAY = date(2025, 12, 31)
STREETS = ["某某大学 3 号楼", "中心小区 2 单元", "科技园大厦 9 层", "李家村 12 号", "幸福小区菜鸟驿站", "长街 1 号", None]


def _told() -> list[dict[str, Any]]:
    chance = random.Random(3)
    rows = []
    for number in range(500):
        day = date.fromordinal(date(2023, 9, 1).toordinal() + chance.randrange(800)).isoformat()
        due, paid = chance.choice([(100, 100), (100, 97), (100, 80), (None, 90), (90, 100)])
        at = datetime.combine(date.fromisoformat(day), time(1)) + timedelta(seconds=number)
        more = {"payable": due if due is None else Decimal(due), "is_lost": chance.random() < 0.1, "purchased_at": at}
        refunded = chance.choice([0, 0, 0, 10])
        rows.append(order(number, f"c{chance.randrange(80)}", day, paid, refunded, **more))
    return rows


ORDERS = _told()


@pytest.fixture(scope="module")
def shop() -> database.Store:
    """A shop with these orders, each with one of STREETS."""
    store = database.memory()
    fill(store, ORDERS)
    with store.transaction() as change:
        for place, street in enumerate(STREETS):
            change.execute("UPDATE order_records SET address = ? WHERE order_key % 7 = ?", [street, place])
    return store


def _values(store: database.Store, name: str) -> dict[str, Any]:
    within = scope.at(store, TODAY)
    attribute = attributes.every()[name]
    rows = attribute.of(within) if attribute.rows else within.facts.select("customer_id", value=attribute.of(within))
    return {who: value for who, value in store.read(rows).itertuples(index=False, name=None) if pd.notna(value)}


def _type(some: list[dict[str, Any]], shop: Shop) -> str | None:
    bought = [row for row in some if row["is_purchase"]]
    told = [row for row in bought if row["payable"] is not None and row["payable"] >= row["paid"]]
    due = sum(row["payable"] for row in told)
    off = None if not due else int(sum(row["payable"] - row["paid"] for row in told) * 100 / due + Decimal("0.5"))
    signs = sum(row["refunded"] > 0 for row in some)
    covered = [row for row in bought if row["day"].year >= 2024]
    at_nodes = [row for row in covered if row["day"] in festivals.days()]
    again = len(bought) >= shop.repeat_purchases
    if signs >= shop.choosy_signs and signs / len(some) >= shop.choosy_percent / 100:
        return "choosy"
    follows = covered and len(at_nodes) / len(covered) >= shop.lively_percent / 100
    if again and follows and (off is None or off >= shop.lively_discount):
        return "lively"
    if again and off is not None and off <= shop.loyal_discount:
        return "loyal"
    return None if not bought or (again and off is None) else "plain"


@pytest.mark.parametrize("settings", [{}, {"choosy_signs": 1, "choosy_percent": 20, "lively_percent": 30, "loyal_discount": 8}])
def test_types_of_buyers_beside_plain_python(shop: database.Store, settings: dict[str, int]) -> None:
    ours = Shop(**settings)
    database.save_shop(shop, ours)
    per = defaultdict(list)
    for row in ORDERS:
        per[row["customer_id"]].append(row)
    expected = {who: _type(some, ours) for who, some in per.items()}
    found = _values(shop, "buyer_type")
    assert found == {who: name for who, name in expected.items() if name}
    assert len(set(found.values())) >= 3


def test_the_discount_is_what_was_due_and_not_paid(shop: database.Store) -> None:
    found = _values(shop, "discount_percent")
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in ORDERS:
        if row["is_purchase"] and row["payable"] is not None and row["payable"] >= row["paid"]:
            sums[row["customer_id"]][0] += row["payable"]
            sums[row["customer_id"]][1] += row["payable"] - row["paid"]
    assert found == {who: int(off * 100 / due + Decimal("0.5")) for who, (due, off) in sums.items()}


def test_the_kind_of_the_latest_address(shop: database.Store) -> None:
    kinds = dict(zip(STREETS, ["school", "home", "office", "village", "pickup", None, None], strict=True))
    latest: dict[str, Any] = {}
    for row in sorted(ORDERS, key=lambda row: (row["purchased_at"], row["order_id"])):
        if STREETS[row["order_key"] % 7] is not None:
            latest[row["customer_id"]] = kinds[STREETS[row["order_key"] % 7]]
    database.save_shop(shop, Shop())
    assert _values(shop, "address_kind") == {who: kind for who, kind in latest.items() if kind}
    database.save_shop(shop, Shop(address_words={"home": ["长街"]}))
    assert "home" in _values(shop, "address_kind").values()
    assert addresses.words(Shop(address_words={"home": ["长街"]}))["home"] == ["长街"]
    database.save_shop(shop, Shop())


def test_bars_are_cut_where_the_shop_says(shop: database.Store) -> None:
    ours = Shop(frequency_bands=[5], lapse_bands=[10], age_bands=[40])
    assert dimensions.get("frequency").bins.order(ours) == ["0", "1", "2-3", "4", "5+", "unknown"]
    assert dimensions.get("lapse").bins.order(ours)[:2] == ["0-10", "11-90"]
    assert dimensions.get("age").bins.order(ours) == ["0-39", "40+", "unknown"]


def test_what_a_rule_says_is_a_filter_and_a_bar(shop: database.Store) -> None:
    within = scope.at(shop, TODAY)
    home = within.facts.filter(compiler.predicate({"field": "address_kind", "op": "is", "value": "home"}, within))
    assert set(shop.read(home).customer_id) == {who for who, kind in _values(shop, "address_kind").items() if kind == "home"}
    found = explore.explore(shop, {"buyer_type": ["plain"]}, within)
    assert found.customers == list(_values(shop, "buyer_type").values()).count("plain")
