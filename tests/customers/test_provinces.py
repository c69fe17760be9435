"""Provinces have a name in both languages, on charts, in sentences, in lists to choose from; the filter keeps the file's own word."""

import json
import re

from crm.customers import dimensions, place_names
from crm.places.divisions import divisions
from crm.segments import words
from crm.settings import Shop, reference


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
