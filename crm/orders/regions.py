"""Addresses → province, city, district, on the division table (data/reference; china-division 2.7.0 with our overrides).

Taobao writes `省 市 区 街道…`, JD writes without blanks, other files have a column each: the same reader takes them all. What is
foreign, masked or not to be found is unknown (None), never guessed: a short name before a street (`吴中东路`) is no district.
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
_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|"
    "布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|鄂温克|德昂|保安|裕固|独龙|鄂伦春|门巴|珞巴|各"
)
_PROVINCE_SUFFIX = re.compile(r"(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|省|市)$")
_CITY_SUFFIX = re.compile(rf"(?<=..)(市|地区|盟|林区|((({_PEOPLES})族?)*自治[州县]))$")
_DISTRICT_SUFFIX = re.compile(rf"(?<=..)((({_PEOPLES})族?)*自治[县旗]|市辖区|新区|区|县|市|旗)$")
_NOTHING = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
_BEFORE = re.compile(r"^(\d{6}\s+)?((中国|中华人民共和国|CN|China|海外|港澳台?)[\s,，-]*)*(?=\D)")
_PERSON = re.compile(r"^[^，]*，\s*(86-)?[\d*-]+，\s*")
_DIRECT = re.compile(r"(省|自治区)?直辖(县级)?(行政区划|行政单位|县)?[\s,，]*")
_STREET = re.compile(
    r"[东西南北中上下一二三四五六]{0,2}(大?[路街道]|环|巷|弄|胡同|村|镇|乡|桥|广场|大厦|花园|公园|车?站|湖|江|河|门|医院|大学|学校|小区|苑|机场|酒店|宾馆)"
)
_TAIL = re.compile(r"(特别行政区|自治[区州]|特区|地区|省|市|州|盟)(?=.)")
_TRADITIONAL = str.maketrans("臺灣縣區東門廣龍雲莊蘆園義興蘭蓮頭澎", "台湾县区东门广龙云庄芦园义兴兰莲头澎")
_PAD = " \t\u3000,，-/"
_ZONES = {
    "高新区": ("高新技术产业开发区", "高新技术产业园区", "高新技术开发区"),
    "经开区": ("经济技术开发区", "经济开发区"),
    "开发区": ("经济技术开发区", "经济开发区"),
}

Place = tuple[str | None, str | None, str | None]
Path = tuple["Division", ...]


@dataclass
class Division:
    """A province, city or district: its full name, what it may be called, what lies in it, and what lies anywhere below by full name."""

    name: str
    inside: dict[str, "Division"] = field(default_factory=dict)
    below: dict[str, Path | None] = field(default_factory=dict)

    def add(self, name: str, short: re.Pattern[str]) -> "Division":
        """Put a division inside, under its full and its short name; the full name wins where two are called alike."""
        child = Division(name)
        self.inside[name] = child
        plain = short.sub("", name)
        if len(plain) >= 2:
            self.inside.setdefault(plain, child)
        return child

    def remember(self, name: str, path: Path) -> None:
        """What lies below under a name that only one may have."""
        self.below[name] = None if name in self.below else path


@cache
def divisions() -> Division:
    """The tree of all divisions."""
    root = Division("")
    for entry in _read("pca-code_china-division-2.7.0.json"):
        province = root.add(entry["name"], _PROVINCE_SUFFIX)
        for middle in entry["children"]:
            _add_city(province, middle["name"], [child["name"] for child in middle["children"]])
    for name, cities in _read("HK-MO-TW_china-division-2.7.0.json").items():
        province = root.add(name, _PROVINCE_SUFFIX)
        for city, districts in cities.items():
            _add_city(province, city, districts)
    _override(root)
    for province in set_of(root):
        _index(root, province)
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
        child = city.add(district, _DISTRICT_SUFFIX)
        for other in _called(district, province.name, city.name):
            city.inside.setdefault(other, child)


def _called(district: str, province: str, city: str) -> list[str]:
    """What else a district is called: 嘉模堂区（氹仔） by both its names, 苏州工业园区 without its city, 高新区 for the long name."""
    names = [part for part in re.split(r"[（）]", district) if part and part != district]
    starts = [short.sub("", name) for name, short in ((province, _PROVINCE_SUFFIX), (city, _CITY_SUFFIX))]
    plain = re.sub(rf"^({starts[0]})?({city}|{starts[1]})", "", district)
    if len(plain) >= 4 and plain != district:
        names.append(plain)
        names += [zone for zone, long in _ZONES.items() if plain in long]
    return names


def _override(root: Division) -> None:
    """Changes since the table was made: {"add": [[province, city, district], …], "alias": [[province, city, old, new], …]}."""
    changes = _read("division_overrides.json")
    for province, city, district in changes["add"]:
        root.inside[province].inside[city].add(district, _DISTRICT_SUFFIX)
    for province, city, old, new in changes["alias"]:
        home = root.inside[province]
        home = home.inside[city] if city else home
        home.inside[old] = home.inside[new]


def _index(root: Division, province: Division) -> None:
    """Cities and districts by full name, for addresses that leave out what is above them."""
    root.inside.update({"内蒙": root.inside["内蒙古"]})
    for city in set_of(province):
        if city.name != province.name:
            root.remember(city.name, (province, city))
        for district in set_of(city):
            if len(district.name) >= 3 and district.name[-1] in "区县市旗":
                root.remember(district.name, (province, city, district))
                province.remember(district.name, (city, district))


def set_of(division: Division) -> list[Division]:
    """What lies directly inside, each once."""
    return list({id(child): child for child in division.inside.values()}.values())


def parse(address: str) -> Place:
    """(province, city, district) of an address; each None where the address does not say it in words of the division table."""
    text = _PERSON.sub("", address.strip().translate(_TRADITIONAL))
    path = _path(divisions(), _BEFORE.sub("", text, count=1))
    names = [division.name for division in path] + [None, None, None]
    return (names[0], names[1], names[2])


def _path(root: Division, text: str) -> Path:
    province, rest = _take(root, text)
    if province is None or _longer(root, text, len(text) - len(rest)):
        return _without_province(root, text)
    if province.name in MUNICIPALITIES:
        city = province.inside[province.name]
        district, _ = _take(city, _skip(rest, province.name))
        return (province, city, district) if district else (province, city)
    return (province, *_in_province(province, _DIRECT.sub("", rest, count=1) if rest[:1] in "省自直" else rest))


def _in_province(province: Division, text: str) -> Path:
    city, rest = _take(province, text)
    known = _known(province, text, len(text) - len(rest) if city else 0)
    if known and (city is None or city.name != text[: len(city.name)]):
        return known
    if city is None:
        return _district_only(province, text)
    district, _ = _take(city, rest.removeprefix(city.name).lstrip(_PAD) if rest.startswith(city.name) else rest)
    return (city, district) if district else (city,)


def _without_province(root: Division, text: str) -> Path:
    """杭州市西湖区 or 义乌市: by a full name that only one place has, or by a short city name before one of its own districts."""
    known = _known(root, text, 0)
    if known is None:
        return _short_city(text)
    if len(known) == 3:
        return known
    after = text[len(known[1].name) :].lstrip(_PAD)
    return (known[0], *_in_province(known[0], known[1].name + after))


@cache
def _short_cities() -> dict[str, list[Path]]:
    """Cities by their short names."""
    found: dict[str, list[Path]] = {}
    for province in set_of(divisions()):
        for name, city in province.inside.items():
            if name != city.name and city.name not in MUNICIPALITIES:
                found.setdefault(name, []).append((province, city))
    return found


def _short_city(text: str) -> Path:
    for length in range(min(8, len(text)), 1, -1):
        rest = _TAIL.sub("", text[length:], count=1) if _TAIL.match(text[length:]) else text[length:]
        cities = _short_cities().get(text[:length], [])
        found = [(*path, district) for path in cities for district in [_take(path[-1], rest)[0]] if district]
        if found:
            return found[0] if len(found) == 1 else ()
    return ()


def _known(home: Division, text: str, taken: int) -> Path | None:
    """The place below with a full name of at least `taken` letters with which the text begins."""
    for length in range(min(12, len(text)), max(2, len(text[:taken].rstrip(_PAD)) - 1), -1):
        found = home.below.get(text[:length])
        if found:
            return found
    return None


def _longer(root: Division, text: str, taken: int) -> bool:
    """吉林市 is the city and not the province 吉林, 海南藏族自治州 not the island."""
    return _known(root, text, taken) is not None


def _skip(rest: str, name: str) -> str:
    for word in (name, name.removesuffix("市"), "市辖区", "郊县", "县"):
        if rest.startswith(word):
            rest = rest[len(word) :].lstrip(_PAD)
    return rest


def _district_only(province: Division, text: str) -> Path:
    """Some addresses leave the city out: taken when only one city of the province has a district of that name."""
    hits = {(id(city), id(district)): (city, district) for city in set_of(province) for district in [_take(city, text)[0]] if district}
    return next(iter(hits.values())) if len(hits) == 1 else ()


def _take(division: Division, text: str) -> tuple[Division | None, str]:
    """The longest name inside `division` with which the text begins, and the text after it."""
    text = text.lstrip(_PAD)
    for length in range(min(20, len(text)), 1, -1):
        child = division.inside.get(text[:length])
        if child is None:
            continue
        rest = text[length:]
        if child.name != text[:length]:
            if _STREET.match(rest) and _take(child.inside.get(child.name, child), rest)[0] is None:
                continue
            rest = _TAIL.sub("", rest, count=1) if _TAIL.match(rest) else rest
        return child, rest.lstrip(_PAD)
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
