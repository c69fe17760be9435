"""The boss's six numbers for a period, the one before it and the same days last year, each with its course."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from crm.customers import beside, coverage, metric, metrics, totals
from crm.customers.beside import Yearly
from crm.customers.coverage import Coverage, Reason
from crm.customers.totals import Course, Period, Totals
from crm.database import Store
from crm.database.scratch import Bench

PERIODS: tuple[int | str, ...] = (7, 30, 90, "month", "year")
POINTS = 30
SOURCES = ("orders", "customer_facts")


@dataclass(frozen=True)
class Kind:
    """One of the six: its entry in the registry, its picture, and how it comes from the totals (a test holds both equal)."""

    metric: metric.Metric
    icon: str
    value: Callable[[Totals], float | None]
    over_period: bool = False  # its course is drawn over whole periods that end on each day, because one day says nothing

    @property
    def name(self) -> str:
        """As in the registry."""
        return self.metric.name

    @property
    def zh(self) -> str:
        """Its Chinese name."""
        return self.metric.zh

    @property
    def en(self) -> str:
        """Its English name."""
        return self.metric.en

    @property
    def unit(self) -> str:
        """How it is read."""
        return self.metric.unit

    @property
    def past(self) -> bool:
        """Whether it asks who had bought before the period."""
        return self.metric.past


@dataclass(frozen=True)
class Metric:
    """A number on the page. None = cannot be computed. `series`: its course through the period, oldest first.

    `since`: the first day with orders. `lunar`: last year's days are the same lunar days.
    `unknown`, `not_before`, `not_yearly`: why the data do not give the value, the period before, the same days last year.
    """

    kind: Kind
    value: float | None
    before: float | None
    last_year: float | None
    series: list[float | None]
    since: date
    lunar: bool = False
    unknown: Reason | None = None
    not_before: Reason | None = None
    not_yearly: Reason | None = None

    @property
    def change(self) -> float | None:
        """Against the period before: as a share, for shares the difference of the two; None when there is nothing to compare with."""
        return _change(self.kind.unit, self.value, self.before)

    @property
    def yearly(self) -> float | None:
        """Against the same days last year, in the same way."""
        return _change(self.kind.unit, self.value, self.last_year)


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _kind(name: str, icon: str, value: Callable[[Totals], float | None], over_period: bool = False) -> Kind:
    return Kind(metrics.REGISTRY[name], f":material/{icon}:", value, over_period)


KINDS: tuple[Kind, ...] = (
    _kind("spend", "payments", lambda of: of.spend),
    _kind("orders", "shopping_bag", lambda of: of.orders),
    _kind("customers", "group", lambda of: None if of.orders and not of.customers else of.customers),
    _kind("repeat_buyer_rate", "repeat", lambda of: _share(of.repeaters, of.customers), over_period=True),
    _kind("old_customer_share", "loyalty", lambda of: _share(of.returning, of.customers), over_period=True),
    _kind("average_order_value", "receipt_long", lambda of: _share(of.spend, of.summed)),
)


def period(days: int | str, end: date) -> Period:
    """7, 30, 90 … days that end on `end`, or the month or the year so far."""
    firsts = {"month": end.replace(day=1), "year": date(end.year, 1, 1)}
    return Period(firsts[days] if isinstance(days, str) else end - timedelta(days=days - 1), end)


def compared(days: int | str, now: Period) -> tuple[Period, Yearly]:
    """The days before, and those of last year, that a period is beside; the year so far is beside the last one only."""
    year = beside.last_year(now)
    return (year.period if days == "year" else beside.before(now, by_month=days == "month")), year


def compute(store: Store, as_of: date, days: int | str = 30) -> list[Metric]:
    """One Metric per kind for the period that ends on the last day with orders up to `as_of`; empty without orders. Made once per state
    of the data.
    """
    covered = coverage.of(store, as_of)
    if covered is None:
        return []
    key = ("overview", store.written(SOURCES), covered.last, days)
    items: list[Metric] = store.scratch.kept(key, lambda bench: _compute(store, bench, covered, days), most=4 * len(PERIODS))
    return items


def _compute(store: Store, bench: Bench, covered: Coverage, days: int | str) -> list[Metric]:
    now = period(days, covered.last)
    before, year = compared(days, now)
    windows = (now, before, year.period)
    courses = {one: Course(one) for one in windows} | {over: _course(now, over) for over in (False, True)}
    known = dict(zip(courses, totals.of(store, bench, list(courses.values())), strict=True))
    values = [known[one][0] for one in windows]
    made = [_metric(kind, covered, windows, values, known[kind.over_period][::-1]) for kind in KINDS]
    return [replace(one, lunar=year.lunar) for one in made]


def _metric(kind: Kind, covered: Coverage, windows: tuple[Period, ...], items: list[Totals], course: list[Totals]) -> Metric:
    """What the data do not cover is None with its reason; a period that is not covered itself is compared with nothing."""
    now, *others = windows
    gone = covered.missing(now.start, now.end)
    unknown = covered.no_past(now.start) if kind.past else None
    not_before, not_yearly = (gone or unknown or _missing(kind, covered, other) for other in others)
    whys = (unknown, not_before, not_yearly)
    values = [kind.value(totals) if totals.orders and not why else None for totals, why in zip(items, whys, strict=True)]
    points = zip(course, points_of(now, kind.over_period), strict=True)
    series = [None if _missing(kind, covered, point) else kind.value(totals) for totals, point in points]
    return Metric(
        kind, values[0], values[1], values[2], series, covered.first, unknown=unknown, not_before=not_before, not_yearly=not_yearly
    )


def _missing(kind: Kind, covered: Coverage, window: Period) -> Reason | None:
    return covered.missing(window.start, window.end) or (covered.short_past(window.start) if kind.past else None)


def _change(unit: str, value: float | None, before: float | None) -> float | None:
    if value is None or before is None:
        return None
    if unit == "share":
        return value - before
    return value / before - 1 if before else None


def points_of(now: Period, over_period: bool) -> list[Period]:
    """The days behind each point of a course, oldest first: a day (bundles of days in long periods), or a whole period that ends there."""
    return _course(now, over_period).periods[::-1]


def _course(now: Period, over_period: bool) -> Course:
    step = -(-now.days // POINTS)
    width = max(now.days if over_period else 1, step)
    return Course(Period(now.end - timedelta(days=width - 1), now.end), now.days // step, step)
