"""Sales by calendar month beside the same month a year earlier: what is not covered is None, what is covered in part says so."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.customers import coverage, per_day
from crm.customers.coverage import Coverage
from crm.database import Store


@dataclass(frozen=True, slots=True)
class Month:
    """A month (`YYYY-MM`), its sales and those `before`, a year earlier; None where the files cover no day of it.

    `whole`, `before_whole`: whether they cover all of it: not the first month when the data begin inside it, not the last before it has
    ended, none with a silence in it.
    """

    month: str
    spend: float | None
    before: float | None
    whole: bool
    before_whole: bool


def compute(store: Store, as_of: date) -> list[Month]:
    """The twelve calendar months up to the last with orders, oldest first; empty without orders."""
    covered = coverage.of(store, as_of)
    if covered is None:
        return []
    spend: defaultdict[int, Decimal] = defaultdict(Decimal)
    for day, sold in per_day.of(store).items():
        spend[(covered.last.year * 12 + covered.last.month) - (day.year * 12 + day.month)] += sold.spend if day <= covered.last else 0
    return [_row(covered, spend, back) for back in range(11, -1, -1)]


def _row(covered: Coverage, spend: Mapping[int, Decimal], back: int) -> Month:
    this, last = _days(covered.last, back), _days(covered.last, back + 12)
    return Month(
        month=f"{this[0]:%Y-%m}",
        spend=float(spend.get(back, 0)) if covered.touches(*this) else None,
        before=float(spend.get(back + 12, 0)) if covered.touches(*last) else None,
        whole=covered.whole(*this),
        before_whole=covered.whole(*last),
    )


def _days(end: date, back: int) -> tuple[date, date]:
    """The first and the last day of the month so many months before that of `end`."""
    year, month = divmod(end.year * 12 + end.month - 1 - back, 12)
    return date(year, month + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1])
