"""The calendar of campaign nodes (双十一, 618 …): the windows of each by name, and which years it covers.

Whoever bought in another year may have been at any node, or at none: that is not in the calendar.
"""

import csv
from datetime import date, timedelta
from functools import cache

from crm.settings import reference

Window = tuple[date, date]
FIRST, LAST = 2024, 2032
"""The years of the calendar."""


@cache
def _rows() -> list[dict[str, str]]:
    with reference(f"festivals_{FIRST}_{LAST}.csv").open(encoding="utf-8-sig", newline="") as lines:
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


def covered() -> Window:
    """The first and the last day of which the calendar knows at which nodes they are."""
    return date(FIRST, 1, 1), date(LAST, 12, 31)


@cache
def days() -> frozenset[date]:
    """Every day that is at a node."""
    return frozenset(day for some in _calendar().values() for window in some for day in days_of(window))


def days_of(window: Window) -> list[date]:
    """Every day of a window."""
    first, last = window
    return [first + timedelta(days=place) for place in range((last - first).days + 1)]
