"""Where the demo's customers live: provinces by their share of online shopping (rounded), cities by tier, real district names."""

import json
from functools import cache

import numpy as np

from crm.settings import reference

# Per mille of customers; rough shares of online retail by province, made up to the nearest five.
PROVINCES = {
    "广东省": 135,
    "江苏省": 98,
    "浙江省": 92,
    "山东省": 70,
    "上海市": 58,
    "北京市": 55,
    "河南省": 58,
    "四川省": 60,
    "湖北省": 46,
    "湖南省": 42,
    "河北省": 45,
    "福建省": 41,
    "安徽省": 40,
    "辽宁省": 30,
    "陕西省": 30,
    "江西省": 25,
    "重庆市": 29,
    "广西壮族自治区": 22,
    "云南省": 22,
    "天津市": 18,
    "山西省": 20,
    "黑龙江省": 18,
    "吉林省": 14,
    "贵州省": 17,
    "内蒙古自治区": 13,
    "甘肃省": 11,
    "新疆维吾尔自治区": 10,
    "海南省": 7,
    "宁夏回族自治区": 4,
    "青海省": 3,
    "西藏自治区": 2,
}
TIER_WEIGHT = {"一线": 14.0, "新一线": 7.0, "二线": 3.5, "三线": 1.8, "四线": 1.0, "五线": 0.6}
STREETS = tuple(
    """
    人民路 解放路 中山路 建设街 文化路 学府街 滨河路 和平里 花园路 新华街 东风路 长江路 青年路 体育路
    """.split()
)
GARDENS = (
    "锦绣花园",
    "阳光小区",
    "翠湖苑",
    "和顺家园",
    "学府雅居",
    "枫林里",
    "金桂园",
    "滨江一号",
)


@cache
def districts() -> tuple[np.ndarray, np.ndarray]:
    """All places as Taobao writes them (`省 市 区`) and how likely each is; the likelihoods add up to 1."""
    names: list[str] = []
    weights: list[float] = []
    for province in json.loads(reference("pca-code_china-division-2.7.0.json").read_text(encoding="utf-8")):
        result = _of_province(province)
        total = sum(weight for _, weight in result)
        share = PROVINCES[province["name"]]
        names += [place for place, _ in result]
        weights += [share * weight / total for _, weight in result]
    likely = np.array(weights)
    return np.array(names, dtype=object), likely / likely.sum()


def _of_province(province: dict) -> list[tuple[str, float]]:  # type: ignore[type-arg]
    tiers = _tiers()
    items = []
    for city in province["children"]:
        if "直辖县级" in city["name"]:
            continue
        is_municipality = city["name"] in ("市辖区", "县")
        name = province["name"] if is_municipality else city["name"]
        first = province["name"].removesuffix("市") if is_municipality else province["name"]
        weight = TIER_WEIGHT.get(tiers.get(name.removesuffix("市"), "五线"), 0.6)
        areas = [area["name"] for area in city["children"] if area["name"] != "市辖区"]
        items += [(f"{first} {name} {area}", weight * _inner(area) / len(areas)) for area in areas]
        items.append((f"{first} {name} 其它区", weight * 0.02))
    return items


def _inner(area: str) -> float:
    return 1.4 if area.endswith("区") else 0.7


def _tiers() -> dict[str, str]:
    tiers = json.loads(reference("city_tiers_2025.json").read_text(encoding="utf-8"))["tiers"]
    return {city: tier for tier, cities in tiers.items() for city in cities}
