"""The shape of an entry of `metrics`: a number of the shop, its words, its formula, its Ibis expression, and when there is none."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from crm.customers.coverage import Coverage, Reason
from crm.customers.windows import SEPARATE
from crm.settings import Shop

Words = tuple[str, str]
Needs = Callable[["Window", Coverage], Reason | None]
NOTHING = Reason("cannot be computed from what happened in these days", {})
OPEN = Reason("needs a first day: choose one", {})


@dataclass(frozen=True)
class Window:
    """What a metric looks at: the shop days start … end, both counted (no start: everything up to `end`), as known on `as_of`.

    `same_day`: whether a customer's purchases of one day count one by one or as one. `second_within`: N of the second-purchase rate, days.
    """

    as_of: date
    start: date | None
    end: date
    shop: Shop
    same_day: str = SEPARATE
    second_within: int = 90

    @property
    def eve(self) -> date:
        """The day before the first one; of a window without a start the day before anything."""
        return date.min if self.start is None else self.start - timedelta(days=1)

    @property
    def days(self) -> int | None:
        """How many; None without a start."""
        return None if self.start is None else (self.end - self.start).days + 1


@dataclass(frozen=True, eq=False)
class Metric:
    """A number: `ground(window, sources)` is a table of one row, `of(row)` the number over its columns; null: there is none.

    `unit`: money (the shop's currency), count, share (0–1), days or ratio. `good`: whether `up` or `down` is good, or "" where neither is.
    `unknown`: in words, when it cannot be computed. `needs`: why these days do not give it although something happened in them.
    `past`: it asks what was before the window, so two periods are compared only where enough of the past is known.
    """

    name: str
    zh: str
    en: str
    formula: Words
    unit: str
    good: str
    ground: Callable[[Window, Any], Any]
    of: Callable[[Any], Any]
    unknown: Words
    needs: Needs | None = None
    past: bool = False

    @property
    def formula_zh(self) -> str:
        """The formula in Chinese words."""
        return self.formula[0]

    @property
    def formula_en(self) -> str:
        """The formula in English words."""
        return self.formula[1]

    def missing(self, window: Window, covered: Coverage) -> Reason | None:
        """Why these days cannot give it, before anything is counted; None when they may."""
        gone = covered.missing(window.start, window.end) if window.start else None
        past = covered.no_past(window.start) if self.past and window.start else None
        return gone or past or (self.needs(window, covered) if self.needs else None)


def share(part: str, whole: str) -> Callable[[Any], Any]:
    """part ÷ whole of the ground's row as a double; null where the whole is 0 or null; a sum of nothing is 0."""
    return lambda row: row[part].fill_null(0).cast("float64") / row[whole].cast("float64").nullif(0)


def value(column: str, kind: str = "int64") -> Callable[[Any], Any]:
    """A column of the ground's row as it is."""
    return lambda row: row[column].cast(kind)
