"""Birthdays, solar and lunar: the solar day of birth, and how many days it is to the next one. Lunar dates by lunar_python (MIT)."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any

import ibis
from lunar_python import LunarYear

Months = dict[tuple[int, bool], tuple[date, int]]


@cache
def lunar_months(year: int) -> Months:
    """The months of a lunar year: (month, leap) → first solar day, number of days."""
    months: Months = {}
    for month in LunarYear.fromYear(year).getMonthsInYear():
        first = date(2000, 1, 1) + timedelta(days=round(month.getFirstJulianDay() - 2451545))
        months[abs(month.getMonth()), month.getMonth() < 0] = (first, month.getDayCount())
    return months


@cache
def solar_months(year: int) -> Months:
    """The same for the solar calendar."""
    firsts = [date(year, month, 1) for month in range(1, 13)]
    return {(first.month, False): (first, ((first + timedelta(days=32)).replace(day=1) - first).days) for first in firsts}


def born(lunar: bool, year: int, month: int, day: int, leap: bool = False) -> date | None:
    """The solar day of a birth; None for a day that this year does not have."""
    months = lunar_months(year) if lunar else solar_months(year)
    first, days = months.get((month, leap), (None, 0))
    return first + timedelta(days=day - 1) if first and day <= days else None


def days_until(table: Any, as_of: date) -> Any:
    """Days from `as_of` to the next birthday (0: today), null where it is not known.

    Who was born on a day that the year lacks has it on the last day of that month (29 February, a 30th of a short lunar month); who was
    born in a leap month has it in the ordinary month of that number, unless the year has that leap month.
    """
    solar = [_ahead(table, solar_months(year), as_of) for year in (as_of.year, as_of.year + 1)]
    lunar = [_ahead(table, lunar_months(year), as_of) for year in (as_of.year - 1, as_of.year, as_of.year + 1)]
    return table.birth_lunar.fill_null(False).ifelse(_first(lunar), _first(solar))


def _first(ahead: list[Any]) -> Any:
    """The first of these numbers that lies not behind us (they rise from year to year)."""
    return ibis.cases(*[(days >= 0, days) for days in ahead])


def _ahead(table: Any, months: Months, as_of: date) -> Any:
    """Days from `as_of` to the birthday in one year, negative when it is over."""

    def place(of: Callable[[date, int], int]) -> Any:
        leap = [((table.birth_month == month) & table.birth_leap, of(*dates)) for (month, leap), dates in months.items() if leap]
        return ibis.cases(*leap, *[(table.birth_month == month, of(*dates)) for (month, leap), dates in months.items() if not leap])

    start, length = place(lambda first, days: (first - as_of).days), place(lambda first, days: days)
    return start + ibis.least(table.birth_day, length) - 1


def month_of(table: Any, as_of: date) -> Any:
    """The solar month (1–12) of the next birthday, null where it is not known."""
    ahead = days_until(table, as_of)
    ends = [(as_of.replace(day=1) + timedelta(days=32 * step)).replace(day=1) for step in range(1, 15)]
    ends = sorted({end.replace(day=1) for end in ends})
    return ibis.cases(*[(ahead < (end - as_of).days, (end - timedelta(days=1)).month) for end in ends])


def age(table: Any, as_of: date) -> Any:
    """Whole years on `as_of`; where only the year is known, by the year alone; null where that is unknown."""
    whole = as_of.year - table.born.year()
    before = (table.born.month() > as_of.month) | ((table.born.month() == as_of.month) & (table.born.day() > as_of.day))
    return table.born.isnull().ifelse(as_of.year - table.birth_year, whole - before.ifelse(1, 0))
