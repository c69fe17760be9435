"""The boss's six numbers for a period, the one before it and the same days last year, each with its course. Pure Ibis expressions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import ibis

from crm.customers import coverage, facts
from crm.customers.coverage import Coverage, Reason
from crm.database import Store, tables

PERIODS: tuple[int | str, ...] = (7, 30, 90, "year")
POINTS = 30


@dataclass(frozen=True)
class Totals:
    """What was counted in some days. People are identified customers; the other sums are over all purchases."""

    customers: int = 0
    repeaters: int = 0
    returning: int = 0
    orders: int = 0
    spend: float = 0.0
    summed: int = 0  # orders whose money is in `spend`: not those in other currencies without a rate


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


@dataclass(frozen=True)
class Period:
    """A run of shop days, both ends included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.end - self.start).days + 1

    def back(self, days: int) -> "Period":
        """The same run, earlier."""
        return Period(self.start - timedelta(days=days), self.end - timedelta(days=days))

    def last_year(self) -> "Period":
        """The same days of the year before (29 February counts as the 28th)."""
        return Period(_year_before(self.start), _year_before(self.end))


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


KINDS: tuple[Kind, ...] = (
    Kind("spend", "成交额", "Sales", "期内付款订单金额减去退款",
         "Paid minus refunded, over all purchases of the period", "money", ":material/payments:", lambda of: of.spend),
    Kind("orders", "订单数", "Orders", "付款且未全额退款的订单数", "Paid orders that kept money after refunds", "count",
         ":material/shopping_bag:", lambda of: of.orders),
    Kind("customers", "购买客户数", "Customers", "期内至少成交一单的客户数（可识别的买家）",
         "Identified buyers with at least one purchase in the period", "count", ":material/group:",
         lambda of: None if of.orders and not of.customers else of.customers),
    Kind("repeat_buyer_rate", "复购率·人", "Repeat buyers", "期内成交两单及以上的客户 ÷ 期内成交客户",
         "Customers with two or more purchases in the period ÷ customers in the period",
         "share", ":material/repeat:", lambda of: _share(of.repeaters, of.customers), over_period=True),
    Kind("old_customer_share", "老客占比", "Returning", "期前已成交过的客户 ÷ 期内成交客户",
         "Customers with a purchase before the period ÷ customers in the period",
         "share", ":material/loyalty:", lambda of: _share(of.returning, of.customers), over_period=True, past=True),
    Kind("average_order_value", "笔单价", "Order value", "成交额 ÷ 订单数", "Sales ÷ orders",
         "money", ":material/receipt_long:", lambda of: _share(of.spend, of.summed)),
)  # fmt: skip


def period(days: int | str, end: date) -> Period:
    """7, 30, 90 … days that end on `end`, or the year so far."""
    return Period(date(end.year, 1, 1), end) if days == "year" else Period(end - timedelta(days=int(days) - 1), end)


def compute(store: Store, as_of: date, days: int | str = 30) -> list[Metric]:
    """One Metric per kind for the period that ends on the last day with orders up to `as_of`; empty without orders."""
    covered = coverage.of(store, as_of)
    if covered is None:
        return []
    now = period(days, covered.last)
    year = now.last_year()
    windows = (now, year if days == "year" else now.back(now.days), year)
    found = [_totals(store, window) for window in windows]
    daily, rolling = _series(store, now, 1), _series(store, now, now.days)
    return [_metric(kind, covered, windows, found, rolling if kind.over_period else daily) for kind in KINDS]


def last_day(store: Store, as_of: date) -> date | None:
    """The last shop day with an order, not after `as_of`."""
    row = store.one("SELECT max(day) AS day FROM orders WHERE day <= ?", [as_of])
    return row["day"] if row else None


def _metric(kind: Kind, covered: Coverage, windows: tuple[Period, ...], found: list[Totals], course: list[Totals]) -> Metric:
    """What the data do not cover is None with its reason; a period that is not covered itself is compared with nothing."""
    now, *others = windows
    gone = covered.missing(now.start, now.end)
    unknown = covered.no_past(now.start) if kind.past else None
    not_before, not_yearly = (gone or unknown or _missing(kind, covered, other) for other in others)
    whys = (unknown, not_before, not_yearly)
    values = [kind.value(totals) if totals.orders and not why else None for totals, why in zip(found, whys, strict=True)]
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


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def _totals(store: Store, window: Period) -> Totals:
    row = store.read(course(window.end, 1, window.days, 1))
    return _rows(row, 1)[0]


def points_of(now: Period, over_period: bool) -> list[Period]:
    """The days behind each point of a course, oldest first: a day (bundles of days in long periods), or a whole period that ends there."""
    step = -(-now.days // POINTS)
    width = max(now.days if over_period else 1, step)
    ends = [now.end - timedelta(days=place * step) for place in reversed(range(now.days // step))]
    return [Period(end - timedelta(days=width - 1), end) for end in ends]


def _series(store: Store, now: Period, width: int) -> list[Totals]:
    """Totals through the period, oldest first: per day (bundles of days in long periods), or over `width` days that end there."""
    step = -(-now.days // POINTS)
    points = now.days // step
    return _rows(store.read(course(now.end, points, max(width, step), step)), points)[::-1]


def _rows(frame: Any, points: int) -> list[Totals]:
    found = {int(row.pop("point")): Totals(**row) for row in frame.to_dict("records")}
    return [found.get(point, Totals()) for point in range(points)]


def course(end: date, points: int, width: int, step: int) -> Any:
    """One row per point 0 … points−1 that had purchases: customers, repeaters, returning, orders, spend, summed.

    A point is the `width` days that end `point` × `step` days before `end`.
    """
    bought = _purchases(end)
    aged = bought.mutate(age=ibis.literal(end).delta(bought.day, unit="day"))
    ages = aged.filter(aged.age < (points - 1) * step + width)
    places = ibis.range(points).unnest().name("point").as_table()
    inside = ages.join(places, (ages.age >= places.point * step) & (ages.age < places.point * step + width))
    known = inside.customer_id.notnull()
    people = (
        inside.filter(known)
        .group_by("point", "customer_id")
        .aggregate(bought=ibis._.count(), was_here=((ibis._.first_age >= ibis._.point * step + width).ifelse(1, 0)).max())
    )
    counted = people.group_by("point").aggregate(
        customers=ibis._.count(), repeaters=(ibis._.bought >= 2).ifelse(1, 0).sum(), returning=ibis._.was_here.sum()
    )
    summed = inside.group_by("point").aggregate(
        orders=ibis._.count(), spend=ibis._.spend.sum().cast("float64"), summed=ibis._.rate.notnull().ifelse(1, 0).sum()
    )
    joined = summed.left_join(counted, "point")
    return joined.select(
        "point", "orders", "spend", "summed", **{name: joined[name].fill_null(0) for name in ("customers", "repeaters", "returning")}
    )


def _purchases(end: date) -> Any:
    """Purchases up to a day, each with the age (days before `end`) of its customer's first one."""
    orders = facts.until(tables.orders, end)
    bought = orders.filter(orders.is_purchase)
    first = bought.group_by("customer_id").aggregate(first_day=bought.day.min())
    joined = bought.left_join(first, "customer_id")
    return joined.select("customer_id", "day", "spend", "rate", first_age=ibis.literal(end).delta(joined.first_day, unit="day"))
