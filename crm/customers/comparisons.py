"""The shop's numbers beside those of the period before and of the same days last year; None with its reason where the data end before."""

from dataclasses import dataclass, replace
from datetime import date

from crm.customers import beside, coverage, kpi, windows
from crm.customers.beside import Yearly
from crm.customers.coverage import ENDED, Coverage, Reason
from crm.customers.kpi import Numbers, Told
from crm.customers.metric import OPEN, Metric, Window
from crm.customers.totals import Period
from crm.database import Store

WHOLE = "no first day given: everything is counted, there is nothing to compare it with"
NOTHING_YET = "no orders yet"
PAST = ("repeat_order_share", "repeat_spend_share", "second_purchase_rate")
"""What asks for the customer's first purchase ever: compared only where enough of the past is known."""


def compute(store: Store, as_of: date, start: date | None, end: date | None, same_day: str = windows.SEPARATE) -> dict[str, object]:
    """The keys that `crm kpi --compare` adds: `data` (what is covered), `period_before` and `last_year` of the window start … end.

    Before a whole calendar month is the month before; around Spring Festival last year's days are the same lunar days (`beside`).
    Each of the two: from, to, numbers (those of `crm kpi`), change (a share; for rates the difference), reason. Where the data do not
    cover that window, or not the one that is compared, numbers and change are None and reason says why. A window that ends after the last
    order is compared up to that day (`from`, `to` say so); what asks for the past (`PAST`) has no change where too little of it is known.
    """
    covered = coverage.of(store, as_of)
    values: dict[str, object] = {"data": coverage.as_json(covered)}
    if start is None or covered is None or start > covered.last:
        reason = NOTHING_YET if covered is None else WHOLE if start is None else ENDED.format(day=covered.last)
        gone = {"from": None, "to": None, "numbers": None, "change": None, "reason": reason}
        return values | {"period_before": gone, "last_year": gone}
    now = Period(start, min(end or as_of, covered.last))
    numbers = kpi.compute(store, as_of, now.start, now.end, same_day).numbers
    others = {"period_before": beside.before(now), "last_year": beside.last_year(now).period}
    return values | {name: _beside(store, covered, (as_of, same_day), now, numbers, other) for name, other in others.items()}


def _beside(store: Store, covered: Coverage, how: tuple[date, str], now: Period, numbers: Numbers, other: Period) -> dict[str, object]:
    days: dict[str, object] = {"from": other.start, "to": other.end}
    reason = covered.missing(now.start, now.end) or covered.missing(other.start, other.end)
    if reason is not None:
        return days | {"numbers": None, "change": None, "reason": reason.sentence()}
    as_of, same_day = how
    then = kpi.compute(store, as_of, other.start, other.end, same_day)
    short = PAST if covered.short_past(other.start) else ()
    change = {name: None if name in short else _change(name, number, then.numbers[name]) for name, number in numbers.items()}
    return days | {"numbers": then.as_json(), "change": change | {"other_currencies": None}, "reason": None}


def _change(name: str, value: float | None, then: float | None) -> float | None:
    if value is None or then is None:
        return None
    if name.endswith(("_rate", "_share")):
        return value - then
    return value / then - 1 if then else None


@dataclass(frozen=True, slots=True)
class Row:
    """A metric of some days, of the days before and of last year's: each with its value, or None and the reason."""

    now: Told
    before: Told
    last_year: Told

    @property
    def metric(self) -> Metric:
        """Which one it is."""
        return self.now.metric

    def change(self, then: Told) -> float | None:
        """Against `before` or `last_year`: as a share, for shares their difference; None where one is missing, or the other is 0."""
        return _change(self.metric.name, self.now.value, then.value)


@dataclass(frozen=True, slots=True)
class Table:
    """Every metric of a window, and which days it is beside (None: without a first day there are none)."""

    rows: list[Row]
    now: Period | None
    before: Period | None
    last_year: Yearly | None


def table(store: Store, chosen: Window, by_month: bool = False) -> Table:
    """All metrics of a window beside those of the days before and of last year's (`beside`); `by_month`: it is a month so far.

    What asks for the past is compared only where half a year of it is known.
    """
    covered = coverage.of(store, chosen.as_of)
    now = kpi.told(store, chosen)
    if chosen.start is None or covered is None:
        return Table([Row(one, _none(one, OPEN), _none(one, OPEN)) for one in now], None, None, None)
    period = Period(chosen.start, chosen.end)
    earlier, year = beside.before(period, by_month), beside.last_year(period)
    others = [_then(store, covered, chosen, one) for one in (earlier, year.period)]
    return Table([Row(*some) for some in zip(now, *others, strict=True)], period, earlier, year)


def as_json(table: Table) -> dict[str, object]:
    """The keys of `crm metrics`."""
    year = table.last_year
    periods = {"period": table.now, "period_before": table.before, "last_year": year and year.period}
    days = {name: one and {"from": one.start, "to": one.end} for name, one in periods.items()}
    return {**days, "lunar": bool(year and year.lunar), "metrics": [_row_as_json(row) for row in table.rows]}


def _row_as_json(row: Row) -> dict[str, object]:
    metric = row.metric
    words = {"name": metric.name, "zh": metric.zh, "en": metric.en, "unit": metric.unit, "good": metric.good or None}
    formula = {
        "formula_zh": metric.formula[0],
        "formula_en": metric.formula[1],
        "unknown_zh": metric.unknown[0],
        "unknown_en": metric.unknown[1],
    }
    values: dict[str, object] = {"value": row.now.value, "reason": row.now.reason and row.now.reason.sentence()}
    for name, then in (("before", row.before), ("last_year", row.last_year)):
        values |= {name: then.value, f"{name}_change": row.change(then), f"{name}_reason": then.reason and then.reason.sentence()}
    return {**words, **formula, **values}


def _then(store: Store, covered: Coverage, chosen: Window, period: Period) -> list[Told]:
    window = replace(chosen, start=period.start, end=period.end)
    short = covered.short_past(period.start)
    return [_none(one, short) if short and one.metric.past and one.value is not None else one for one in kpi.told(store, window)]


def _none(one: Told, reason: Reason) -> Told:
    return Told(one.metric, None, reason)
