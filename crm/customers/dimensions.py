"""The ways to look at all customers. One line each: name, words in both languages, how it cuts them into bins."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale

from crm.customers import measures
from crm.customers.bins import UNKNOWN, Band, Bands, Members, Values, amounts, whole
from crm.customers.context import Context
from crm.errors import NotFoundError
from crm.settings import Shop, reference

TIERS = {name: (name, english) for name, english in {
    "一线": "Tier 1", "新一线": "New tier 1", "二线": "Tier 2", "三线": "Tier 3", "四线": "Tier 4", "五线": "Tier 5", "unknown": "Unknown",
}.items()} | {"unknown": ("未知", "Unknown")}  # fmt: skip

UNSORTED = {UNKNOWN: ("未归类", "Uncategorised")}
"""What is called so in `categories`: bought, and in no category."""


def _english(file_name: str) -> dict[str, tuple[str, str]]:
    with reference(file_name).open(encoding="utf-8") as file:
        return {row["name"]: (row["name"], row["english"]) for row in json.load(file)}


PROVINCES, CITIES = _english("provinces_en.json"), _english("cities_en.json")
"""The name of each province-level unit, and of each city, in both languages. Districts stay as the files write them."""


def _countries() -> dict[str, tuple[str, str]]:
    chinese, english = (Locale.parse(language).territories for language in ("zh", "en"))
    return {code: (chinese.get(code, name), name) for code, name in english.items() if len(code) == 2 and code.isalpha() and code != "ZZ"}


COUNTRIES = _countries()
"""ISO code of each country or region → its name in both languages (CLDR, through Babel)."""


def abroad(context: Context) -> Any:
    """The regions outside China that occur, as a table: `province`, `country`. A file abroad writes “NV” and means one country's."""
    facts = context.facts
    known = facts.filter(facts.province.notnull() & (facts.country != "CN") & facts.province.notin(list(PROVINCES)))
    return known.select("province", "country").distinct().order_by("province", "country")


def named(rows: Iterable[Sequence[str]]) -> dict[str, tuple[str, str]]:
    """Rows of `abroad` as the names of these regions: NV → NV（美国）, NV (US). One that several countries have names them all."""
    countries: dict[str, list[str]] = {}
    for province, country in rows:
        countries.setdefault(province, []).append(country)
    return {
        province: (f"{province}（{'、'.join(COUNTRIES.get(one, (one,))[0] for one in found)}）", f"{province} ({', '.join(found)})")
        for province, found in countries.items()
    }


@dataclass(frozen=True)
class Dimension:
    """A way to cut customers: `bins.bin(context)` is a text column over the facts, `bins.node(keys, shop)` the filter of some bins."""

    name: str
    zh: str
    en: str
    bins: Values | Bands


def _fact(column: str) -> Callable[[Context], Any]:
    return lambda context: context.facts[column]


def _text(column: str) -> Values:
    return Values(column, _fact(column))


def _lapse(shop: Shop) -> list[Band]:
    return whole(*sorted({0, 31, shop.active_days + 1, shop.sleeping_days + 1, shop.lost_days + 1}))


def _frequency(shop: Shop) -> list[Band]:
    return whole(*sorted({0, 1, 2, 3, 4, 6, 10, shop.repeat_purchases, shop.fan_purchases}))


_DAYS, _TIMES, _NEVER = (" 天", " days"), (" 次", "×"), ("未成交", "Never bought")

ALL = [
    Dimension("country", "国家/地区", "Country", Values("country", _fact("country"), named=COUNTRIES)),
    Dimension("province", "省份", "Province", Values("province", _fact("province"), named=PROVINCES)),
    Dimension("city", "城市", "City", Values("city", _fact("city"), named=CITIES)),
    Dimension("district", "区县", "District", _text("district")),
    Dimension("city_tier", "城市级别", "City tier", Values("city_tier", _fact("city_tier"), TIERS)),
    Dimension("spend", "消费金额", "Spend", Bands("spend", measures.spend, lambda shop: amounts(shop.spend_bands))),
    Dimension("category", "买过的品类", "Categories bought", Members("categories", _fact("favourite_category"), named=UNSORTED)),
    Dimension("lapse", "距上次购买", "Time since last purchase", Bands("recency_days", measures.recency, _lapse, _DAYS, _NEVER)),
    Dimension("frequency", "购买次数", "Purchases", Bands("purchases", _fact("purchases"), _frequency, _TIMES)),
    Dimension(
        "order_value", "笔单价", "Average order value",
        Bands("average_order_value", measures.average_order_value, lambda shop: amounts(shop.spend_bands)[1:], missing=_NEVER),
    ),
    Dimension("source", "来源", "Source", _text("source")),
    Dimension("stage", "阶段", "Stage", Values("stage", measures.stage, measures.STAGES)),
    Dimension("refunds", "退款单数", "Orders with a refund", Bands("refunds", _fact("refunds"), lambda shop: whole(0, 1, 2), _TIMES)),
    Dimension("age", "年龄", "Age", Bands("age", measures.age, lambda shop: whole(0, 18, 26, 31, 36), (" 岁", ""))),
    Dimension("gender", "性别", "Gender", Values("gender", _fact("gender"), measures.GENDERS)),
    Dimension("mailbox", "邮箱服务商", "Mailbox provider", _text("mailbox")),
    Dimension("phone_quality", "手机号状态", "Phone number", Values("phone_quality", _fact("phone_quality"), measures.PHONE_QUALITIES)),
]  # fmt: skip
DIMENSIONS = {dimension.name: dimension for dimension in ALL}


def get(name: str) -> Dimension:
    """The dimension of that name; NotFoundError naming all."""
    if name not in DIMENSIONS:
        raise NotFoundError(
            "dimension.unknown", "There is no dimension “{name}”. Known are: {known}.", name=name[:40], known=", ".join(DIMENSIONS)
        )
    return DIMENSIONS[name]
