"""The check on days that the models have not seen, beside three forecasts that anybody could make."""

from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Any

import ibis

TOLERANCE = 0.25
"""A forecast whose sum is further off than this, and than those of all simple ones, is none, whatever it says of single customers."""
NAIVE = ("as_before", "own_pace", "all_alike")
"""As in the days before; at each one's own pace so far; all at the pace of all."""


@dataclass(frozen=True, slots=True)
class Error:
    """A forecast: its sum over all customers, and its usual error per customer (root of the mean square)."""

    total: float
    per_customer: float


@dataclass(frozen=True, slots=True)
class Check:
    """From `start` to `end` (shop days, both included): what happened, what was forecast before, what the NAIVE forecasts said."""

    start: date
    end: date
    people: int
    actual: float
    ours: Error
    naive: dict[str, Error]

    @property
    def best(self) -> str:
        """The naive forecast with the smallest error per customer."""
        return min(self.naive, key=lambda name: self.naive[name].per_customer)

    @property
    def beats(self) -> bool:
        """Whether ours is closer to each customer than all of them."""
        return self.ours.per_customer < self.naive[self.best].per_customer

    @property
    def off(self) -> float | None:
        """By what share the sum was off; None where nothing happened."""
        return self.ours.total / self.actual - 1 if self.actual else None


def purchases(told: Any, days: int) -> dict[str, Any]:
    """The forecasts of days with a purchase as columns over a `history.forecast` (near = `days`)."""
    pace = told.frequency.sum() / told.age.sum().nullif(0).cast("float64")
    return {
        "ours": told.purchases,
        "as_before": told.recent_days.cast("float64"),
        "own_pace": (told.frequency * float(days) / told.age.nullif(0)).fill_null(0.0),
        "all_alike": (pace * float(days)).fill_null(0.0),
    }


def spend(told: Any, days: int) -> dict[str, Any]:
    """The forecasts of money."""
    pace = told.paid.sum() / told.age.sum().nullif(0).cast("float64")
    return {
        "ours": (told.purchases * told.worth).fill_null(0.0),
        "as_before": told.recent_spend,
        "own_pace": (told.paid * float(days) / told.age.nullif(0)).fill_null(0.0),
        "all_alike": (pace * float(days)).fill_null(0.0),
    }


def compared(told: Any, actual: Any, forecasts: dict[str, Any]) -> Any:
    """One row: people, actual, and per forecast its sum and the sum of its squared errors. `actual`: customer_id, value; missing = 0."""
    both = told.select("customer_id", **forecasts).left_join(actual, "customer_id")
    both = both.mutate(value=both["value"].fill_null(0.0))
    sums = {f"{name}_total": both[name].sum() for name in forecasts}
    squares = {f"{name}_square": ((both[name] - both["value"]) * (both[name] - both["value"])).sum() for name in forecasts}
    return both.aggregate(people=both.count(), actual=both["value"].sum(), **sums, **squares)


def check(row: Any, start: date, end: date) -> Check:
    """The row of `compared` as a Check."""
    people = int(row.people)
    errors = {name: Error(float(row[f"{name}_total"]), sqrt(float(row[f"{name}_square"]) / people)) for name in ("ours", *NAIVE)}
    return Check(start, end, people, float(row.actual), errors.pop("ours"), errors)


def happened(orders: Any, start: date, end: date) -> tuple[Any, Any]:
    """customer_id, value from `start` to `end`: days with a purchase; money that is known."""
    span = orders.day.between(ibis.literal(start), ibis.literal(end))
    bought = orders.filter(orders.is_purchase & orders.customer_id.notnull() & span)
    per = bought.group_by("customer_id")
    days = per.aggregate(value=bought.day.nunique().cast("float64"))
    return days, per.aggregate(value=bought.spend.sum(where=bought.rate.notnull()).fill_null(0).cast("float64"))
