"""The shop's numbers beside those of the period before and of the same days last year; None with its reason where the data end before."""

from datetime import date

from crm.customers import beside, coverage, kpi, windows
from crm.customers.coverage import Coverage
from crm.customers.kpi import Numbers
from crm.customers.totals import Period
from crm.database import Store

WHOLE = "no first day given: everything is counted, there is nothing to compare it with"
NOTHING_YET, ENDED = "no orders yet", "orders are known until {day} only; not comparable"
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
