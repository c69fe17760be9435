"""Campaign nodes (双十一, 618 …): the windows of the festival calendar by name, and at which of them customers bought.

The calendar begins and ends with a year. A purchase outside those years is “not in the calendar”: it may have been at any node, or at none.
"""

import csv
from datetime import date, timedelta
from functools import cache
from typing import Any

import ibis

from crm.customers.context import Context
from crm.settings import reference

Window = tuple[date, date]
FIRST, LAST = 2024, 2032
"""The years of the calendar."""
ORDINARY, UNCOVERED = "ordinary", "uncovered"
"""What is said of a purchase at no node, and of one outside the years of the calendar."""


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
    return frozenset(day for some in _calendar().values() for window in some for day in _days(window))


def _days(window: Window) -> list[date]:
    first, last = window
    return [first + timedelta(days=place) for place in range((last - first).days + 1)]


@cache
def _table(year: int) -> Any:
    """node_day and node of the calendar up to the end of a year, a row for each day of each node."""
    pairs = [(day, name) for name, some in _calendar().items() for window in some for day in _days(window) if day.year <= year]
    structs = [{"day": day.isoformat(), "node": name} for day, name in pairs] or [{"day": covered()[0].isoformat(), "node": ORDINARY}]
    rows = ibis.literal(structs, type="array<struct<day: string, node: string>>").unnest().name("pair").as_table()
    return rows.select(node_day=rows.pair["day"].cast("date"), node=rows.pair["node"])


def bought(context: Context) -> Any:
    """customer_id, value, spend: a row for each purchase and node it was at; ORDINARY or UNCOVERED where it was at none."""
    orders, calendar = context.orders, _table(context.as_of.year)
    known = orders.filter(orders.is_purchase & orders.customer_id.notnull()).select("customer_id", "day", "spend")
    placed = known.left_join(calendar, known.day == calendar.node_day)
    none = placed.day.between(*map(ibis.literal, covered())).ifelse(ORDINARY, UNCOVERED)
    return placed.select("customer_id", "spend", value=ibis.coalesce(placed.node, none))


def per_bin(context: Context) -> Any:
    """customer_id, bin, orders, spend: one row per customer and node they bought at."""
    rows = bought(context)
    return rows.group_by("customer_id", bin="value").aggregate(orders=rows.count(), spend=rows.spend.sum())


def called() -> dict[str, tuple[str, str]]:
    """Every value of `bought` in both languages."""
    words = {name: (name, title(name, "en")) for name in names()}
    return words | {ORDINARY: ("平日（不在节点）", "Ordinary days"), UNCOVERED: ("日历里没有的年份", "Not in the calendar")}
