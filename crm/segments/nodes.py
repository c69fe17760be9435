"""Campaign nodes (双十一, 618 …): the windows of the festival calendar, by name."""

import csv
from datetime import date
from functools import cache

from crm.settings import reference

Window = tuple[date, date]


@cache
def _rows() -> list[dict[str, str]]:
    with reference("festivals_2024_2032.csv").open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def _calendar() -> dict[str, tuple[Window, ...]]:
    values: dict[str, tuple[Window, ...]] = {}
    for row in _rows():
        window = (date.fromisoformat(row["start"]), date.fromisoformat(row["end"]))
        values[row["name"]] = (*values.get(row["name"], ()), window)
    return values


@cache
def _english() -> dict[str, str]:
    return {row["name"]: row["name_en"] for row in _rows()}


def title(name: str, language: str) -> str:
    """What a node is called in a language (`zh_CN` or `en`)."""
    return name if language == "zh_CN" else _english().get(name, name)


def names() -> tuple[str, ...]:
    """Every node the calendar knows."""
    return tuple(_calendar())


def windows(name: str) -> tuple[Window, ...]:
    """First and last day (both counted) of a node in each year of the calendar."""
    return _calendar()[name]
