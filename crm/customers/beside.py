"""Which days a period is compared with: those before it, and those of the year before, by lunar day around Spring Festival."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from crm.customers.birthdays import lunar_months
from crm.customers.totals import Period

AHEAD, AFTER = timedelta(days=28), timedelta(days=7)
"""The season of Spring Festival: from four weeks ahead (年货, couriers stop) to the end of the holidays."""
LONGEST = 62
"""Longer periods hold the season wherever it lies: they are compared by calendar day."""


@dataclass(frozen=True)
class Yearly:
    """The days of the year before; `lunar`: the same lunar days, not the same dates."""

    period: Period
    lunar: bool = False


def spring_festival(year: int) -> date:
    """The first day of the first lunar month that begins in a solar year."""
    return lunar_months(year)[1, False][0]


def whole_month(period: Period) -> bool:
    """Whether it is one calendar month from its first day to its last."""
    start, end = period.start, period.end
    return start.day == 1 and (start.year, start.month) == (end.year, end.month) and end.day == monthrange(end.year, end.month)[1]


def before(period: Period, by_month: bool = False) -> Period:
    """The run of as many days before it; for a whole calendar month the month before.

    `by_month`: the period is a month so far, so it is beside as many days from the beginning of the month before.
    """
    whole = whole_month(period)
    if not whole and not by_month:
        return period.back(period.days)
    last = period.start - timedelta(days=1)
    first = last.replace(day=1)
    return Period(first, last if whole else min(last, first + timedelta(days=period.days - 1)))


def last_year(period: Period) -> Yearly:
    """The same days of the year before. A period that touches the season of Spring Festival, or whose dates did a year ago, is beside the
    same lunar days: the festival moves by up to a month from year to year.
    """
    solar = _same_dates(period)
    if period.days > LONGEST:
        return Yearly(solar)
    for year in (period.start.year, period.end.year):
        this, earlier = spring_festival(year), spring_festival(year - 1)
        if _touches(period, this) or _touches(solar, earlier):
            return Yearly(period.back((this - earlier).days), lunar=True)
    return Yearly(solar)


def _same_dates(period: Period) -> Period:
    solar = period.last_year()
    end = solar.end.replace(day=monthrange(solar.end.year, solar.end.month)[1]) if whole_month(period) else solar.end
    return Period(solar.start, end)


def _touches(period: Period, festival: date) -> bool:
    return period.start <= festival + AFTER and period.end >= festival - AHEAD
