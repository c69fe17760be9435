"""Addresses → province, city, district, on the division table (data/reference; china-division 2.7.0 with our overrides).

Taobao writes `省 市 区 街道…`, JD writes without blanks, other files have a column each: the same reader takes them all. What is
foreign, masked or not to be found is unknown (None), never guessed.
"""

import json
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from crm import settings

MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
SPECIAL = ("香港特别行政区", "澳门特别行政区", "台湾省")
_SUFFIX = re.compile(r"(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|省|市)$")
_CITY_SUFFIX = re.compile(r"(?<=..)(市|地区|盟|[\u4e00-\u9fff]{1,6}族自治州|自治州)$")
_DISTRICT_SUFFIX = re.compile(r"(?<=..)(自治县|自治旗|市辖区|新区|区|县|市|旗)$")
_NOTHING = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")

Place = tuple[str | None, str | None, str | None]


@dataclass
class Division:
    """A province, city or district: its full name, what it may be called, and what lies in it."""

    name: str
    inside: dict[str, "Division"] = field(default_factory=dict)

    def add(self, name: str, short: re.Pattern[str]) -> "Division":
        """Put a division inside, under its full and its short name; the full name wins where two are called alike."""
        child = Division(name)
        self.inside[name] = child
        plain = short.sub("", name)
        if len(plain) >= 2:
            self.inside.setdefault(plain, child)
        return child


@cache
def divisions() -> Division:
    """The tree of all divisions."""
    root = Division("")
    for entry in _read("pca-code_china-division-2.7.0.json"):
        province = root.add(entry["name"], _SUFFIX)
        for middle in entry["children"]:
            _add_city(province, middle["name"], [child["name"] for child in middle["children"]])
    for name, cities in _read("HK-MO-TW_china-division-2.7.0.json").items():
        province = root.add(name, _SUFFIX)
        for city, districts in cities.items():
            _add_city(province, city, districts)
    _override(root)
    return root


def _read(name: str) -> Any:
    return json.loads(settings.reference(name).read_text(encoding="utf-8"))


def _add_city(province: Division, name: str, districts: list[str]) -> None:
    if name in _NOTHING and province.name not in MUNICIPALITIES:
        for district in districts:  # 仙桃市 and the like lie directly under their province
            province.add(district, _CITY_SUFFIX)
        return
    title = province.name if province.name in MUNICIPALITIES else name
    city = province.inside.get(title) or province.add(title, _CITY_SUFFIX)
    for district in districts:
        city.add(district, _DISTRICT_SUFFIX)


def _override(root: Division) -> None:
    """Changes since the table was made: {"add": [[province, city, district], …], "alias": [[province, city, old, new], …]}."""
    changes = _read("division_overrides.json")
    for province, city, district in changes["add"]:
        root.inside[province].inside[city].add(district, _DISTRICT_SUFFIX)
    for province, city, old, new in changes["alias"]:
        home = root.inside[province].inside[city]
        home.inside[old] = home.inside[new]


def parse(address: str) -> Place:
    """(province, city, district) of an address; each None where the address does not say it in words of the division table."""
    rest = re.sub(r"^(中国|中华人民共和国|CN|China)\s*", "", address.strip())
    province, rest = _take(divisions(), rest)
    if province is None:
        return (None, None, None)
    if province.name in MUNICIPALITIES:
        city, rest = province.inside[province.name], _skip(rest, province.name)
    else:
        found, rest = _take(province, rest)
        if found is None:
            return (province.name, *_district_only(province, rest))
        city = found
    district, _ = _take(city, rest)
    return (province.name, city.name, district.name if district else None)


def _skip(rest: str, name: str) -> str:
    for word in (name, "市辖区", "县", name.removesuffix("市")):
        if rest.startswith(word):
            rest = rest[len(word) :].lstrip()
    return rest


def _district_only(province: Division, rest: str) -> tuple[str | None, str | None]:
    """Some addresses leave the city out: taken when only one city of the province has a district of that name."""
    hits = {(city.name, district.name) for city in set_of(province) for district in [_take(city, rest)[0]] if district}
    return next(iter(hits)) if len(hits) == 1 else (None, None)


def set_of(division: Division) -> list[Division]:
    """What lies directly inside, each once."""
    return list({id(child): child for child in division.inside.values()}.values())


def _take(division: Division, text: str) -> tuple[Division | None, str]:
    """The longest name inside `division` with which the text begins, and the text after it."""
    text = text.lstrip(" \u3000,，")
    for length in range(min(12, len(text)), 1, -1):
        child = division.inside.get(text[:length])
        if child is not None:
            return child, text[length:].lstrip(" \u3000,，")
    return None, text


@cache
def tier_table() -> pd.DataFrame:
    """city, province ('' where the city's name is enough), tier: the 第一财经 list of 2025 by prefecture."""
    tiers = _read("city_tiers_2025.json")["by_prefecture_full_name"]
    return pd.DataFrame({"city": list(tiers), "province": "", "tier": list(tiers.values())})


def tier(city: str | None) -> str | None:
    """The tier (一线 … 五线) of a prefecture by its full name, or None."""
    found = _read("city_tiers_2025.json")["by_prefecture_full_name"].get(city or "")
    return str(found) if found else None
