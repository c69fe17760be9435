"""Stretches of the calendar that move with the day: this month, last quarter, around this day last year; and since a campaign node."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from crm.customers import festivals
from crm.errors import BadInputError

Window = tuple[date, date]
AROUND = 30
"""Days on each side of “this time last year”."""
NAMES: dict[str, tuple[str, str]] = {
    "today": ("今天", "today"),
    "yesterday": ("昨天", "yesterday"),
    "this_week": ("本周", "this week"),
    "last_week": ("上周", "last week"),
    "this_month": ("本月", "this month"),
    "last_month": ("上月", "last month"),
    "this_quarter": ("本季度", "this quarter"),
    "last_quarter": ("上季度", "last quarter"),
    "this_year": ("今年", "this year"),
    "last_year": ("去年", "last year"),
    "this_time_last_year": ("去年这个时候（前后 30 天）", "this time last year (30 days on each side)"),
}
"""Each period, in Chinese and English. Weeks begin on Monday."""


def window(name: str, as_of: date) -> Window:
    """First and last day (both count) of a period, seen from a shop day. KeyError for another name."""
    back = name.startswith("last_")
    match name.removeprefix("this_").removeprefix("last_"):
        case "today":
            return as_of, as_of
        case "yesterday":
            return as_of - timedelta(days=1), as_of - timedelta(days=1)
        case "week":
            monday = as_of - timedelta(days=as_of.weekday() + 7 * back)
            return monday, monday + timedelta(days=6)
        case "month":
            return _months(as_of, 1, back)
        case "quarter":
            return _months(as_of, 3, back)
        case "year":
            return _months(as_of, 12, back)
        case "time_last_year":
            middle = _year_before(as_of)
            return middle - timedelta(days=AROUND), middle + timedelta(days=AROUND)
    raise KeyError(name)


def _months(as_of: date, many: int, back: bool) -> Window:
    """The whole stretch of so many months that holds the day, or the one before it."""
    first = as_of.year * 12 + (as_of.month - 1) // many * many - many * back
    last = first + many - 1
    end = monthrange(last // 12, last % 12 + 1)[1]
    return date(first // 12, first % 12 + 1, 1), date(last // 12, last % 12 + 1, end)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def since(node: str, as_of: date) -> Window:
    """From the first day of the latest such campaign node to `as_of`. BadInputError where the calendar has none before that day."""
    begun = [first for first, _ in festivals.windows(node) if first <= as_of <= festivals.covered()[1]]
    if not begun:
        raise BadInputError(
            "segment.node_not_begun",
            "The calendar knows no “{node}” before {day}. Nothing was counted. Please choose two days instead.",
            node=node,
            day=as_of.isoformat(),
        )
    return max(begun), as_of


def require_covered(wanted: Mapping[str, Any], as_of: date) -> None:
    """Refuse a `bought` at a node whose days are not all in the calendar: nobody would be found in them, whoever bought.

    Without a first day of its own it means the years of the calendar (`words.bought` says so). Raises BadInputError.
    """
    first, last = festivals.covered()
    begins = [date.fromisoformat(wanted["from"])] if "from" in wanted else []
    begins += [as_of - timedelta(days=wanted["within_days"])] if "within_days" in wanted else []
    begins += [window(wanted["period"], as_of)[0]] if "period" in wanted else []
    ends = [as_of, *([date.fromisoformat(wanted["to"])] if "to" in wanted else [])]
    if max(begins, default=first) < first or not first <= min(ends) <= last:
        raise BadInputError(
            "segment.node_not_in_calendar",
            "The calendar has campaign nodes from {first} to {last} only, and this condition looks at other days. Nothing was counted. "
            "Please choose days inside it, or give the days of “{node}” in that year as from and to without the node.",
            first=first.isoformat(),
            last=last.isoformat(),
            node=wanted["node"],
        )
