"""Campaign nodes (双十一, 618 …): the windows of the festival calendar, by name."""

import csv
from datetime import date
from functools import cache

from crm.settings import reference

Window = tuple[date, date]


@cache
def _calendar() -> dict[str, tuple[Window, ...]]:
    values: dict[str, tuple[Window, ...]] = {}
    with reference("festivals_2024_2032.csv").open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            window = (date.fromisoformat(row["start"]), date.fromisoformat(row["end"]))
            values[row["name"]] = (*values.get(row["name"], ()), window)
    return values


def names() -> tuple[str, ...]:
    """Every node the calendar knows."""
    return tuple(_calendar())


def windows(name: str) -> tuple[Window, ...]:
    """First and last day (both counted) of a node in each year of the calendar."""
    return _calendar()[name]
