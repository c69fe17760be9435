"""The tree of divisions (data/reference; china-division 2.7.0 with our overrides), each under all the names that addresses use."""

import json
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from crm import settings

MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|"
    "布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|鄂温克|德昂|保安|裕固|独龙|鄂伦春|门巴|珞巴|各"
)
_PROVINCE_SUFFIX = re.compile(r"(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|省|市)$")
_CITY_SUFFIX = re.compile(rf"(?<=..)(市|地区|盟|林区|((({_PEOPLES})族?)*自治[州县]))$")
_DISTRICT_SUFFIX = re.compile(rf"(?<=..)((({_PEOPLES})族?)*自治[县旗]|市辖区|新区|区|县|市|旗)$")
_NOTHING = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
_ZONES = {
    "高新区": ("高新技术产业开发区", "高新技术产业园区", "高新技术开发区"),
    "经开区": ("经济技术开发区", "经济开发区"),
    "开发区": ("经济技术开发区", "经济开发区"),
}

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
    for entry in read("pca-code_china-division-2.7.0.json"):
        province = root.add(entry["name"], _PROVINCE_SUFFIX)
        for middle in entry["children"]:
            _add_city(province, middle["name"], [child["name"] for child in middle["children"]])
    for name, cities in read("HK-MO-TW_china-division-2.7.0.json").items():
        province = root.add(name, _PROVINCE_SUFFIX)
        for city, districts in cities.items():
            _add_city(province, city, districts)
    _override(root)
    for province in set_of(root):
        _index(root, province)
    return root


def read(name: str) -> Any:
    """A JSON file of the reference data."""
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
    heads = [head + middle for head in (starts[0], "") for middle in (city, starts[1])]
    plain = next((district.removeprefix(head) for head in heads if district.startswith(head)), district)
    if len(plain) >= 4 and plain != district:
        names.append(plain)
        names += [zone for zone, long in _ZONES.items() if plain in long]
    return names


def _override(root: Division) -> None:
    """Changes since the table was made: {"add": [[province, city, district], …], "alias": [[province, city, old, new], …]}."""
    changes = read("division_overrides.json")
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
