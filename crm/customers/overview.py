"""The boss's six numbers for a period, the one before it and the same days last year, each with its course."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from crm.customers import coverage, totals
from crm.customers.coverage import Coverage, Reason
from crm.customers.totals import Course, Period, Totals
from crm.database import Store
from crm.database.scratch import Bench

PERIODS: tuple[int | str, ...] = (7, 30, 90, "year")
POINTS = 30
SOURCES = ("orders", "customer_facts")


@dataclass(frozen=True)
class Kind:
    """One number: its names, its formula in words, how it is read (`money`, `count`, `share`), and how it comes from the totals."""

    name: str
    zh: str
    en: str
    formula_zh: str
    formula_en: str
    unit: str
    icon: str
    value: Callable[[Totals], float | None]
    over_period: bool = False  # its course is drawn over whole periods that end on each day, because one day says nothing
    past: bool = False  # it asks who had bought before the period


@dataclass(frozen=True)
class Metric:
    """A number on the page. None = cannot be computed. `series`: its course through the period, oldest first.

    `since`: the first day with orders.
    `unknown`, `not_before`, `not_yearly`: why the data do not give the value, the period before, the same days last year.
    """

    kind: Kind
    value: float | None
    before: float | None
    last_year: float | None
    series: list[float | None]
    since: date
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


KINDS: tuple[Kind, ...] = (
    Kind(
        "spend",
        "成交额",
        "Sales",
        "期内付款订单金额减去退款",
        "Paid minus refunded, over all purchases of the period",
        "money",
        ":material/payments:",
        lambda of: of.spend,
    ),
    Kind(
        "orders",
        "订单数",
        "Orders",
        "付款且未全额退款的订单数",
        "Paid orders that kept money after refunds",
        "count",
        ":material/shopping_bag:",
        lambda of: of.orders,
    ),
    Kind(
        "customers",
        "购买客户数",
        "Customers",
        "期内至少成交一单的客户数（可识别的买家）",
        "Identified buyers with at least one purchase in the period",
        "count",
        ":material/group:",
        lambda of: None if of.orders and not of.customers else of.customers,
    ),
    Kind(
        "repeat_buyer_rate",
        "复购率·人",
        "Repeat buyers",
        "期内成交两单及以上的客户 ÷ 期内成交客户",
        "Customers with two or more purchases in the period ÷ customers in the period",
        "share",
        ":material/repeat:",
        lambda of: _share(of.repeaters, of.customers),
        over_period=True,
    ),
    Kind(
        "old_customer_share",
        "老客占比",
        "Returning",
        "期前已成交过的客户 ÷ 期内成交客户",
        "Customers with a purchase before the period ÷ customers in the period",
        "share",
        ":material/loyalty:",
        lambda of: _share(of.returning, of.customers),
        over_period=True,
        past=True,
    ),
    Kind(
        "average_order_value",
        "笔单价",
        "Order value",
        "成交额 ÷ 订单数",
        "Sales ÷ orders",
        "money",
        ":material/receipt_long:",
        lambda of: _share(of.spend, of.summed),
    ),
)


def period(days: int | str, end: date) -> Period:
    """7, 30, 90 … days that end on `end`, or the year so far."""
    return Period(date(end.year, 1, 1), end) if days == "year" else Period(end - timedelta(days=int(days) - 1), end)


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
    year = now.last_year()
    windows = (now, year if days == "year" else now.back(now.days), year)
    courses = {one: Course(one) for one in windows} | {over: _course(now, over) for over in (False, True)}
    known = dict(zip(courses, totals.of(store, bench, list(courses.values())), strict=True))
    values = [known[one][0] for one in windows]
    return [_metric(kind, covered, windows, values, known[kind.over_period][::-1]) for kind in KINDS]


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
    return Metric(kind, values[0], values[1], values[2], series, covered.first, unknown, not_before, not_yearly)


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
