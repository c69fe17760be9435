"""Countries have a name in both languages; a region abroad is named with its country, and its filter keeps the file's own word."""

import json
from pathlib import Path

import pytest

from crm import database
from crm.customers import dimensions, distributions
from crm.segments import compiler, scope, words
from crm.segments.explore import explore
from tests.conftest import terminal
from tests.customers.given import customer, fill, order
from tests.segments.given import TODAY

PLACES = [
    ("US", "NV"),
    ("US", "NV"),
    ("US", "WA"),
    ("AU", "WA"),
    ("GB", "London"),
    ("DE", "Bayern"),
    ("JP", "東京都"),
    ("BR", "SP"),
    ("CN", "广东省"),
    ("CN", "未写明的地方"),
    ("AU", "广东省"),
    (None, "NV"),
    (None, "Ontario"),
    ("US", None),
    ("Atlantis", "Poseidonis"),
    (None, None),
]


def placed(store: database.Store) -> database.Store:
    """A customer with one order at each place."""
    people = [customer(f"c{n}", country=country, province=province) for n, (country, province) in enumerate(PLACES)]
    fill(store, [order(n, f"c{n}", "2025-06-01") for n in range(len(PLACES))], people)
    return store


@pytest.mark.parametrize(
    ("key", "zh", "en"),
    [
        ("NV", "NV（美国）", "NV (US)"),
        ("WA", "WA（澳大利亚、美国）", "WA (AU, US)"),
        ("London", "London（英国）", "London (GB)"),
        ("Bayern", "Bayern（德国）", "Bayern (DE)"),
        ("東京都", "東京都（日本）", "東京都 (JP)"),
        ("SP", "SP（巴西）", "SP (BR)"),
        ("广东省", "广东省", "Guangdong"),
        ("未写明的地方", "未写明的地方", "未写明的地方"),
        ("Ontario", "Ontario", "Ontario"),
        ("Poseidonis", "Poseidonis（Atlantis）", "Poseidonis (Atlantis)"),
        ("unknown", "未知", "Unknown"),
    ],
)
def test_a_region_abroad_is_named_with_its_country(store: database.Store, key: str, zh: str, en: str) -> None:
    within = scope.at(placed(store), TODAY)
    for bins in (explore(store, {}, within).bins["province"], distributions.compute(store, "province", within.facts, within)):
        assert [(one.zh, one.en) for one in bins if one.bin == key] == [(zh, en)]


def test_the_filter_of_such_a_bar_finds_its_people(store: database.Store) -> None:
    within = scope.at(placed(store), TODAY)
    province = dimensions.get("province")
    for one in explore(store, {}, within).bins["province"]:
        node = province.bins.node([one.bin], within.shop)
        assert "(" not in json.dumps(node)
        assert len(store.read(within.facts.filter(compiler.predicate(node, within)))) == one.customers


def test_countries_are_counted_and_named_unknown_last(store: database.Store) -> None:
    bins = distributions.compute(placed(store), "country", scope.at(store, TODAY).facts, scope.at(store, TODAY))
    names = {one.bin: (one.zh, one.en, one.customers) for one in bins}
    assert names["US"] == ("美国", "United States", 4)
    assert names["CN"][0] == "中国"
    assert names["Atlantis"] == ("Atlantis", "Atlantis", 1)
    assert bins[-1].bin == "unknown"
    assert sum(one.customers for one in bins) == len(PLACES)
    node = dimensions.get("country").bins.node(["US", "JP"], scope.at(store, TODAY).shop)
    assert words.describe(node, "zh_CN") == "国家/地区：美国、日本"
    assert words.describe(node, "en") == "Country: United States, Japan"


def test_the_terminal_counts_countries(demo_data: Path) -> None:
    bins = json.loads(terminal("distribution", "country", "--json", data=demo_data).stdout)["bins"]
    assert bins[0]["bin"] == "CN"
    assert {"bin", "customers", "spend"} == set(bins[0])
