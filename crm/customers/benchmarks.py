"""The shop's repeat rate beside its trade's published figure and other shops' figures: the gap in people and in money."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from crm.customers import coverage, kpi, metrics
from crm.database import Store
from crm.settings import Shop, reference

DAYS = 365
Words = tuple[str, str]
NEEDED = [metrics.REGISTRY[name] for name in ("repeat_buyer_rate", "customers", "average_order_value")]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A trade's repeat rate as published: `low` = `high` where the source gives one figure; `year` None: it does not say which."""

    trade: str
    zh: str
    en: str
    low: float
    high: float
    source_zh: str
    source_en: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure beside the shop's: `kind` trade or rival. Gaps: what the shop lacks (0: nothing); None where it has no rate of its own
    over DAYS days.
    """

    kind: str
    name: Words
    low: float
    high: float
    source: Words
    year: int | None
    day: date | None
    gap_people: int | None
    gap_spend: float | None


@dataclass(frozen=True, slots=True)
class Standing:
    """The shop's own rate since that day, of the last DAYS days at most (None: cannot be computed), how many customers it is of, and what
    it is beside.
    """

    since: date
    rate: float | None
    customers: int | None
    compared: list[Compared]


@cache
def trades() -> dict[str, Benchmark]:
    """The published figures by trade, in the order of the file."""
    entries = tomllib.loads(reference("benchmarks.toml").read_text(encoding="utf-8"))["benchmark"]
    return {entry["trade"]: Benchmark(**entry) for entry in entries}


def standing(store: Store, as_of: date, shop: Shop) -> Standing:
    """The shop beside its trade (where it is set) and its rivals, in the order in which they were typed."""
    covered = coverage.of(store, as_of)
    first = as_of - timedelta(days=DAYS - 1)
    since = min(max(first, covered.first), as_of) if covered else first
    window = kpi.window(store, as_of, since, as_of)
    rate, customers, basket = (one.value for one in kpi.told(store, window, NEEDED))
    others: list[tuple[str, Words, float, float, Words, int | None, date | None]] = []
    trade = trades().get(shop.trade)
    if trade:
        source = (trade.source_zh, trade.source_en)
        others.append(("trade", (trade.zh, trade.en), trade.low, trade.high, source, trade.year, None))
    others += [("rival", (one.name, one.name), one.rate, one.rate, (one.source, one.source), None, one.day) for one in shop.rivals]
    count = None if customers is None else int(customers)
    enough = covered is not None and covered.first <= first  # a shorter time has fewer who could come back: no gap is told of it
    gaps = [_gap(rate if enough else None, count, basket, one[2]) for one in others]
    return Standing(since, rate, count, [Compared(*one, *gap) for one, gap in zip(others, gaps, strict=True)])


def _gap(rate: float | None, customers: int | None, basket: float | None, low: float) -> tuple[int | None, float | None]:
    """How many more would have to buy again to reach the nearer end of a figure, and what one more order of each is worth."""
    if rate is None or customers is None:
        return None, None
    people = max(round((low - rate) * customers), 0)
    return people, None if basket is None else round(people * basket, 2)
