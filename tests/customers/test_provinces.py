"""Provinces have a name in both languages, on charts, in sentences, in lists to choose from; the filter keeps the file's own word."""

import json
import re
from datetime import date

import pytest

from crm import segments
from crm.customers import dimensions, distributions, place_names
from crm.database import Store
from crm.places.divisions import divisions
from crm.segments import scope, words
from crm.segments.definition import Definition, Rung
from crm.settings import Shop, reference
from tests.customers.given import customer, fill, order


def test_all_provinces_of_the_map_and_of_the_divisions_have_an_english_name() -> None:
    tiles = {tile["full"] for tile in json.loads(reference("china_tilegrid.json").read_text(encoding="utf-8"))}
    divisions = json.loads(reference("pca-code_china-division-2.7.0.json").read_text(encoding="utf-8"))
    assert tiles == set(place_names.PROVINCES)
    assert {one["name"] for one in divisions} <= tiles
    assert len({english for _, english in place_names.PROVINCES.values()}) == 34
    assert all(english.isascii() for _, english in place_names.PROVINCES.values())


def test_bins_and_sentences_are_in_the_language() -> None:
    province = dimensions.get("province").bins
    assert province.label("陕西省", Shop()) == ("陕西省", "Shaanxi")
    assert province.label("CA", Shop()) == ("CA", "CA")
    assert province.label("unknown", Shop()) == ("未知", "Unknown")
    assert province.order(Shop()) == []  # by size
    node = province.node(["广东省", "浙江省"], Shop())
    assert node == {"field": "province", "op": "one_of", "value": ["广东省", "浙江省"]}
    assert words.describe(node, "en") == "Province: Guangdong, Zhejiang"
    assert words.describe(node, "zh_CN") == "省份：广东省、浙江省"
    assert words.name("province", None, "en") is None


def test_every_city_of_the_divisions_has_one_english_name_of_its_own() -> None:
    cities = {city.name for province in divisions().inside.values() for city in province.inside.values()}
    assert set(place_names.CITIES) == cities
    assert len({english for _, english in place_names.CITIES.values()}) == len(cities)
    assert not any(re.search("[\u3400-\u9fff]", english) for _, english in place_names.CITIES.values())


def test_a_city_is_called_by_its_name_in_the_language() -> None:
    city = dimensions.get("city").bins
    assert city.label("苏州市", Shop()) == ("苏州市", "Suzhou (Jiangsu)")
    assert city.label("宿州市", Shop()) == ("宿州市", "Suzhou (Anhui)")
    assert city.label("Leeds", Shop()) == ("Leeds", "Leeds")
    assert words.describe(city.node(["杭州市"], Shop()), "en") == "City: Hangzhou"


@pytest.mark.parametrize("name", ["source", "country", "province", "city", "district"])
def test_a_file_that_writes_unknown_or_nothing_means_not_known(store: Store, name: str) -> None:
    """The bar of what is not known and the segment of it are the same people, however the file said so."""
    written = {"a": "unknown", "b": "", "c": None, "d": "广东省"}
    kept = {who: value for who, value in written.items() if name != "source"}
    orders = [order(n, who, "2026-01-02", source=written[who] if name == "source" else None) for n, who in enumerate(written)]
    fill(store, orders, [customer(who, **{name: value}) for who, value in kept.items()])
    within = scope.at(store, date(2026, 2, 1))
    bins = {one.bin: one.customers for one in distributions.compute(store, name, distributions.everybody(within), within)}
    assert bins == {"unknown": 3, "广东省": 1}
    node = dimensions.get(name).bins.node(["unknown"], within.shop)
    ladder = Definition(name="x", rungs=[Rung(name="r", where=node)])
    assert segments.count(store, ladder, date(2026, 2, 1))[-1].customers == 3
