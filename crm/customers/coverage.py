"""Which days the imported orders cover: from the first to the last, but for long silences of a busy shop (probably a missing file)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from crm.customers import per_day
from crm.database import Store

SILENT_DAYS, EXPECTED_ORDERS = 25, 20
"""So many days without any order, in which so many would have been usual, are no quiet month but days that nobody imported."""

PAST_DAYS = 180
"""So long must orders be known before two periods whose old customers are compared: who bought last before that is lost, and new again."""

SINCE = "since {day}; not comparable"
SILENT = "no orders {start} to {end}; not comparable"
ENDED = "orders are known until {day} only; not comparable"
NO_PAST = "cannot be told: orders are known since {day} only"


@dataclass(frozen=True)
class Reason:
    """Why there is no number: a sentence with {placeholders} for people, and the days (or how many) that go into it."""

    template: str
    values: dict[str, date | int]

    def sentence(self, shown: Callable[[date], str] = date.isoformat) -> str:
        """The English sentence."""
        return self.template.format(**{name: shown(value) if isinstance(value, date) else value for name, value in self.values.items()})


@dataclass(frozen=True)
class Coverage:
    """Shop days, both ends included. `silences`: days between them without any order although many were to be expected."""

    first: date
    last: date
    silences: tuple[tuple[date, date], ...] = ()

    def missing(self, start: date, end: date) -> Reason | None:
        """Why these days are not all covered; None when they are. Days after the last order do not matter: nobody knows them yet."""
        if start < self.first:
            return Reason(SINCE, {"day": self.first})
        silent = next(((first, last) for first, last in self.silences if first <= end and last >= start), None)
        return Reason(SILENT, {"start": silent[0], "end": silent[1]}) if silent else None

    def no_past(self, start: date) -> Reason | None:
        """Why nobody can tell who had bought before these days; None when at least something earlier is known."""
        return Reason(NO_PAST, {"day": self.first}) if start <= self.first else None

    def short_past(self, start: date) -> Reason | None:
        """Why old customers of this period cannot be compared: the later of two always knows more of the past."""
        return Reason(SINCE, {"day": self.first}) if start < self.first + timedelta(days=PAST_DAYS) else None

    def whole(self, start: date, end: date) -> bool:
        """Whether every one of these days is covered and past."""
        return end <= self.last and self.missing(start, end) is None

    def touches(self, start: date, end: date) -> bool:
        """Whether at least one of these days is covered."""
        start, end = max(start, self.first), min(end, self.last)
        return start <= end and not any(first <= start and end <= last for first, last in self.silences)


def of(store: Store, as_of: date) -> Coverage | None:
    """What is covered of the days up to the shop day `as_of`; None without orders."""
    placed = {day: result.placed for day, result in per_day.of(store).items() if day <= as_of}
    if not placed:
        return None
    days = list(placed)
    return Coverage(days[0], days[-1], tuple(_silences(days, sum(placed.values()))))


def _silences(days: list[date], orders: int) -> Iterator[tuple[date, date]]:
    usual = orders / ((days[-1] - days[0]).days + 1)
    for one, other in pairwise(days):
        gap = (other - one).days - 1
        if gap >= SILENT_DAYS and usual * gap >= EXPECTED_ORDERS:
            yield one + timedelta(days=1), other - timedelta(days=1)


def as_json(covered: Coverage | None) -> dict[str, object]:
    """The key `data` of `crm kpi --compare`."""
    if covered is None:
        return {"first_day": None, "last_day": None, "silences": []}
    silences = [{"from": start, "to": end} for start, end in covered.silences]
    return {"first_day": covered.first, "last_day": covered.last, "silences": silences}
