"""Addresses → province, city, district, on the tree of divisions.

Taobao writes `省 市 区 街道…`, JD writes without blanks, other files have a column each: the same reader takes them all. What is
foreign, masked or not to be found is unknown (None), never guessed: a short name before a street (`吴中东路`) is no district.
"""

import re
from functools import cache

import pandas as pd
from babel import Locale

from crm.places.divisions import MUNICIPALITIES, Division, Path, divisions, read, set_of

_BEFORE = re.compile(r"^(\d{6}\s+)?((中国|中华人民共和国|CN|China|海外|港澳台?)[\s,，-]*)*(?=\D)")
_PERSON = re.compile(r"^[^，]*，\s*(86-)?[\d*-]+，\s*")
_DIRECT = re.compile(r"(省|自治区)?直辖(县级)?(行政区划|行政单位|县)?[\s,，]*")
_STREET = re.compile(
    r"[东西南北中上下一二三四五六]{0,2}(大?[路街道]|环|巷|弄|胡同|村|镇|乡|桥|广场|大厦|花园|公园|车?站|湖|江|河|门|医院|大学|学校|小区|苑|机场|酒店|宾馆)"
)
_TAIL = re.compile(r"(特别行政区|自治[区州]|特区|地区|省|市|州|盟)(?=.)")
_TRADITIONAL = str.maketrans("臺灣縣區東門廣龍雲莊蘆園義興蘭蓮頭澎", "台湾县区东门广龙云庄芦园义兴兰莲头澎")
_PAD = " \t\u3000,，-/"

Place = tuple[str | None, str | None, str | None]


def parse(address: str) -> Place:
    """(province, city, district) of an address; each None where the address does not say it in words of the division table."""
    if address.isascii():
        return _in_english(address)
    text = _PERSON.sub("", address.strip().translate(_TRADITIONAL))
    path = _path(divisions(), _BEFORE.sub("", text, count=1))
    names = [division.name for division in path] + [None, None, None]
    return (names[0], names[1], names[2])


@cache
def _english() -> dict[str, str]:
    return {row["english"].lower(): row["name"] for row in read("provinces_en.json")}


def _in_english(address: str) -> Place:
    """A province by its English name, which no place elsewhere bears."""
    plain = re.sub(r"\b(province|municipality|autonomous region|sheng|shi)\b", "", address.lower()).strip(" ,")
    match = (
        _english().get(plain) or _english().get(plain.split(" ")[0]) if plain.split(" ")[0] != "inner" else _english().get("inner mongolia")
    )
    return (match, None, None)


def _path(root: Division, text: str) -> Path:
    province, rest = _take(root, text)
    if province is None or _longer(root, text, len(text) - len(rest)):
        return _without_province(root, text)
    rest = rest.removeprefix(province.name).lstrip(_PAD)
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
    district = _take(city, rest)[0] or _take(city, rest.removeprefix(city.name))[0]
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
    values: dict[str, list[Path]] = {}
    for province in set_of(divisions()):
        for name, city in province.inside.items():
            if name != city.name and city.name not in MUNICIPALITIES:
                values.setdefault(name, []).append((province, city))
    return values


def _short_city(text: str) -> Path:
    for length in range(min(8, len(text)), 1, -1):
        rest = _TAIL.sub("", text[length:], count=1) if _TAIL.match(text[length:]) else text[length:]
        cities = _short_cities().get(text[:length], [])
        items = [(*path, district) for path in cities for district in [_take(path[-1], rest)[0]] if district]
        if items:
            return items[0] if len(items) == 1 else ()
    return ()


def _known(home: Division, text: str, taken: int) -> Path | None:
    """The place below with a full name of at least `taken` letters with which the text begins."""
    for length in range(min(12, len(text)), max(2, len(text[:taken].rstrip(_PAD)) - 1), -1):
        match = home.below.get(text[:length])
        if match:
            return match
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
        if child.name != text[:length] and text[length - 1] not in "区县市旗":
            if _STREET.match(rest) and not _goes_on(child, rest):
                continue
            rest = _TAIL.sub("", rest, count=1) if _TAIL.match(rest) else rest
        return child, rest.lstrip(_PAD)
    return None, text


def _goes_on(division: Division, rest: str) -> bool:
    """天津 河北区, not a street 天津河…: what follows lies in the division."""
    return rest.startswith(division.name) or _take(division.inside.get(division.name, division), rest)[0] is not None


@cache
def _countries() -> dict[str, str]:
    """Names of countries in the languages of files (CLDR), in small letters → ISO code."""
    values = {
        name.lower(): code
        for language in COUNTRY_LANGUAGES
        for code, name in Locale.parse(language).territories.items()
        if len(code) == 2 and code.isalpha()
    }
    return values | OTHER_COUNTRIES


COUNTRY_LANGUAGES = ("pt", "nl", "it", "es", "fr", "de", "zh_Hant", "zh", "en")
OTHER_COUNTRIES = {
    "中国大陆": "CN",
    "中华人民共和国": "CN",
    "mainland china": "CN",
    "people's republic of china": "CN",
    "prc": "CN",
    "usa": "US",
    "u.s.a.": "US",
    "u.s.": "US",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "holland": "NL",
    "korea": "KR",
    "south korea": "KR",
    "russia": "RU",
    "uae": "AE",
}


def country(text: str) -> str:
    """The ISO code of a country by its name or code; what is not known stays as the file writes it."""
    plain = text.strip()
    if re.fullmatch(r"[A-Za-z]{2}", plain) and plain.lower() not in _countries():
        return plain.upper()
    return _countries().get(plain.lower(), plain.upper() if re.fullmatch(r"[A-Za-z]{3}", plain) else plain)


@cache
def tier_table() -> pd.DataFrame:
    """city, province ('' where the city's name is enough), tier: the 第一财经 list of 2025 by prefecture."""
    tiers = read("city_tiers_2025.json")["by_prefecture_full_name"]
    return pd.DataFrame({"city": list(tiers), "province": "", "tier": list(tiers.values())})
