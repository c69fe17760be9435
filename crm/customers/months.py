"""Sales by calendar month beside the same month a year earlier: what is not covered is None, what is covered in part says so."""

from calendar import monthrange
from datetime import date
from typing import Any

import ibis

from crm.customers import coverage
from crm.customers.coverage import Coverage
from crm.database import Store, tables


def compute(store: Store, as_of: date) -> list[dict[str, Any]]:
    """The twelve calendar months up to the last with orders, oldest first; empty without orders.

    month (`YYYY-MM`), spend, before (that month a year earlier); None where the files cover no day of it. `whole`, `before_whole`: whether
    they cover all of it: not the first month when the data begin inside it, not the last before it has ended, none with a silence in it.
    """
    covered = coverage.of(store, as_of)
    if covered is None:
        return []
    end = covered.last
    bought = tables.orders.filter(tables.orders.is_purchase & (tables.orders.day <= ibis.literal(end)))
    place = (end.year * 12 + end.month) - (bought.day.year() * 12 + bought.day.month())
    found = store.read(bought.mutate(place=place).group_by("place").aggregate(spend=bought.spend.sum().cast("float64")))
    spend = dict(zip(found.place.astype(int), found.spend, strict=True))
    return [_row(covered, spend, back) for back in range(11, -1, -1)]


def _row(covered: Coverage, spend: dict[int, float], back: int) -> dict[str, Any]:
    this, last = _days(covered.last, back), _days(covered.last, back + 12)
    return {
        "month": f"{this[0]:%Y-%m}",
        "spend": spend.get(back, 0.0) if covered.touches(*this) else None,
        "before": spend.get(back + 12, 0.0) if covered.touches(*last) else None,
        "whole": covered.whole(*this),
        "before_whole": covered.whole(*last),
    }


def _days(end: date, back: int) -> tuple[date, date]:
    """The first and the last day of the month so many months before that of `end`."""
    year, month = divmod(end.year * 12 + end.month - 1 - back, 12)
    return date(year, month + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1])
