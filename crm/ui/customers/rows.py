"""The rows that charts of the distribution page are drawn from: values by customers, orders or spend, and the words of their tooltips."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from crm.customers import dimensions, moments, place_names
from crm.customers.distributions import Bin
from crm.segments.bars import Mark
from crm.ui import figures, session
from crm.ui.customers import drawings
from crm.ui.words import _, label, language

NO_MARK = Mark(None, None)


@dataclass(frozen=True)
class Shown:
    """A chart: its bins, those chosen, what is counted, people it is about, index by bin, the compared group's marks by bin (or none)."""

    bins: list[Bin]
    picked: list[str]
    by: str
    people: int | None
    indexes: Mapping[str, float | None]
    marks: Mapping[str, Mark] = field(default_factory=dict)


def value(one: Bin, by: str) -> float:
    """What a bar shows: people, orders or money."""
    return float(getattr(one, by))


def filled(name: str, bins: list[Bin]) -> list[Bin]:
    """Bins with a fixed order keep their place even when nobody is in them; whoever is in none that is known is always there to be seen."""
    cut, shop = dimensions.get(name).bins, session.shop()
    values = {one.bin: one for one in bins}
    order = {key: place for place, key in enumerate(cut.order(shop))}
    wanted = [*order, *([] if cut.several else ["unknown"])]
    nobody = [Bin(key, *cut.label(key, shop), 0, 0, Decimal(0)) for key in dict.fromkeys(wanted) if key not in values]
    return sorted([*bins, *nobody], key=lambda one: (one.bin == "unknown", order.get(one.bin, len(order))))


def longest(name: str, bins: list[Bin], picked: list[str]) -> list[Bin]:
    """Those that are drawn: the first ones, what is chosen, and whoever is unknown."""
    most = dimensions.get(name).chart.longest
    return [one for place, one in enumerate(bins) if place < most or one.bin in picked or one.bin in ("unknown", "uncovered")]


def of(chart: Shown) -> list[dict[str, Any]]:
    """A row for each bin."""
    by, currency = chart.by, session.shop().currency
    whole = sum(value(one, by) for one in chart.bins) or 1
    return [
        {
            "bin": one.bin,
            "place": place,
            "label": label(one),
            "value": value(one, by),
            "chosen": not chart.picked or one.bin in chart.picked,
            "shown": figures.big_money(one.spend, currency) if by == "spend" else figures.big(value(one, by)),
            "customers": figures.count(one.customers),
            "orders": figures.count(one.orders),
            "spend": figures.money(one.spend, currency),
            "part": figures.percent(value(one, by) / whole),
            "index": _index(chart.indexes.get(one.bin)),
            **_beside(chart, one.bin),
        }
        for place, one in enumerate(chart.bins)
    ]


def _index(number: float | None) -> str:
    return figures.NOTHING if number is None else figures.count(number)


def _beside(chart: Shown, bin: str) -> dict[str, Any]:
    mark = chart.marks.get(bin, NO_MARK)
    share = mark.share or 0.0
    told = _("{share}, index {index}", share=figures.percent(share), index=_index(mark.index)) if chart.marks else ""
    return {"other": share * (chart.people or 0), "beside": told}


def tiles(chart: Shown) -> list[dict[str, Any]]:
    """A row for each tile of the map."""
    values = {row["bin"]: row for row in of(chart)}
    most = max((row["value"] for name, row in values.items() if name in drawings.tiles()), default=0) or 1
    texts = {"shown": "", "customers": "0", "orders": "0", "spend": "0", "part": "0%", "index": figures.NOTHING}
    nothing = {"value": 0.0, "other": 0.0, "beside": "", **texts}
    return [
        _tile(full, tile, values.get(full, nothing | {"label": _province(full)}), most, chart.picked)
        for full, tile in drawings.tiles().items()
    ]


def _province(full: str) -> str:
    return place_names.PROVINCES[full][0 if language() == "zh_CN" else 1]


def _tile(full: str, tile: dict[str, Any], row: dict[str, Any], most: float, picked: list[str]) -> dict[str, Any]:
    short = tile["short"] if language() == "zh_CN" else tile["iso"].removeprefix("CN-")
    share = (row["value"] / most) ** 0.5
    own = {"bin": full, "col": tile["col"], "row": tile["row"], "short": short, "brief": row["shown"].replace(" ", ""), "share": share}
    return row | own | {"picked": full in picked, "chosen": not picked or full in picked}


def cells(chart: Shown) -> list[dict[str, Any]]:
    """A row for each hour of a week, also those in which nobody bought."""
    values = {row["bin"]: row for row in of(chart)}
    most = max((row["value"] for bin, row in values.items() if bin != "unknown"), default=0) or 1
    called = moments.called()
    every = [(day, hour, moments.key(day + 1, hour)) for day in range(7) for hour in moments.HOURS]
    nobody = {one: Bin(one, *called[one], 0, 0, Decimal(0)) for _day, _hour, one in every if one not in values}
    values |= {row["bin"]: row for row in of(Shown(list(nobody.values()), chart.picked, chart.by, chart.people, {}))}
    return [
        values[bin]
        | {"place": day, "weekday": moments.WEEKDAYS[day][0 if language() == "zh_CN" else 1], "hour": hour}
        | {"share": values[bin]["value"] / most, "picked": bin in chart.picked}
        for day, hour, bin in every
    ]
