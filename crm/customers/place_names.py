"""What places are called in both languages: countries, provinces, cities and their tiers; regions abroad are named with their country."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from babel import Locale

from crm.customers.context import Context
from crm.settings import reference

TIERS = {
    name: (name, english)
    for name, english in {
        "一线": "Tier 1",
        "新一线": "New tier 1",
        "二线": "Tier 2",
        "三线": "Tier 3",
        "四线": "Tier 4",
        "五线": "Tier 5",
        "unknown": "Unknown",
    }.items()
} | {"unknown": ("未知", "Unknown")}


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
        province: (f"{province}（{'、'.join(COUNTRIES.get(one, (one,))[0] for one in result)}）", f"{province} ({', '.join(result)})")
        for province, result in countries.items()
    }
