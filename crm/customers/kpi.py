"""The shop's numbers of a window: the metrics of the registry, each with its value or the reason why there is none.

No identity in the files: rates are None ("cannot be computed"), never 0.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import pandas as pd

from crm.customers import coverage, facts, grounds, metrics, other_currencies, windows
from crm.customers.coverage import ENDED, Reason
from crm.customers.grounds import Sources
from crm.customers.metric import NOTHING, Metric, Window
from crm.customers.other_currencies import Missing
from crm.customers.windows import SEPARATE
from crm.database import Store, load_shop, scratch, tables
from crm.errors import BadInputError

Numbers = dict[str, float | int | None]
SECOND_WITHIN = 90
"""N of the second-purchase rate, in days."""
SOURCES = ("orders", "customer_facts", "customers", "settings")
CONTRACT = """
customers orders spend identified_spend repeat_buyer_rate repeat_order_share second_purchase_rate spend_per_customer average_order_value
median_repurchase_days repeat_spend_share pay_rate refund_rate
""".split()
"""The keys of `crm kpi`; `crm metrics` tells all."""


@dataclass(frozen=True, slots=True)
class Kpi:
    """The numbers by name, and the purchases whose money is in none of them."""

    numbers: Numbers
    other_currencies: Missing

    def as_json(self) -> dict[str, object]:
        """The keys of `crm kpi`."""
        return {**self.numbers, "other_currencies": [asdict(row) for row in self.other_currencies]}


@dataclass(frozen=True, slots=True)
class Told:
    """A metric of a window: its value, or None with the reason."""

    metric: Metric
    value: float | int | None
    reason: Reason | None


def window(
    store: Store,
    as_of: date,
    start: date | None = None,
    end: date | None = None,
    same_day: str = SEPARATE,
    second_within: int = SECOND_WITHIN,
) -> Window:
    """The window start … end (shop days, both counted; default: everything up to `as_of`), checked. Raises BadInputError."""
    last = min(end or as_of, as_of)
    if start is not None and start > last:
        raise BadInputError(
            "kpi.days_reversed", "The first day {start} comes after the last day {end}. Nothing was computed.", start=start, end=last
        )
    if same_day not in (windows.SEPARATE, windows.MERGED):
        raise BadInputError(
            "kpi.unknown_same_day",
            "“{given}” is not a way to count same-day purchases. Known are: {known}.",
            given=same_day,
            known="separate, merged",
        )
    covered = coverage.of(store, as_of)
    if covered is not None and (start is None or start <= covered.last):
        last = min(last, covered.last)  # days of which nothing is known yet are no days without sales
    return Window(as_of, start, last, load_shop(store), same_day, second_within)


def compute(
    store: Store,
    as_of: date,
    start: date | None = None,
    end: date | None = None,
    same_day: str = SEPARATE,
    second_within: int = SECOND_WITHIN,
) -> Kpi:
    """All numbers of `crm kpi` for a window (see `window`); `metrics` has their formulas. `other_currencies` names the purchases whose
    money is in no sum, by currency.
    """
    chosen = window(store, as_of, start, end, same_day, second_within)
    numbers = values(store, chosen, [metrics.REGISTRY[name] for name in CONTRACT])
    missing = other_currencies.listed(store, windows.within(facts.until(tables.orders, as_of), start, chosen.end))
    return Kpi({name: numbers[name] for name in CONTRACT}, missing)


def told(store: Store, chosen: Window, wanted: Iterable[Metric] = metrics.ALL) -> list[Told]:
    """Each of these metrics with its value, or why there is none. Made once per state of the data."""
    wanted = tuple(wanted)
    window = (chosen.as_of, chosen.start, chosen.end, chosen.same_day, chosen.second_within)
    key = ("metrics", store.written(SOURCES), window, tuple(one.name for one in wanted))
    items: list[Told] = store.scratch.kept(key, lambda bench: _told(store, chosen, wanted), most=12)
    return items


def _told(store: Store, chosen: Window, wanted: tuple[Metric, ...]) -> list[Told]:
    covered = coverage.of(store, chosen.as_of)
    if covered is None:
        return [Told(one, None, NOTHING) for one in wanted]
    after = Reason(ENDED, {"day": covered.last}) if chosen.start and chosen.start > covered.last else None
    reasons = {one.name: after or one.missing(chosen, covered) for one in wanted}
    numbers = values(store, chosen, [one for one in wanted if reasons[one.name] is None])
    return [_one(one, numbers.get(one.name), reasons[one.name]) for one in wanted]


def _one(metric: Metric, value: float | int | None, reason: Reason | None) -> Told:
    return Told(metric, value, reason or (NOTHING if value is None else None))


def values(store: Store, chosen: Window, wanted: Iterable[Metric]) -> Numbers:
    """The values of these metrics by name: one query for each ground they share."""
    by_ground: dict[Any, list[Metric]] = {}
    for one in wanted:
        by_ground.setdefault(one.ground, []).append(one)
    return scratch.again(lambda: _values(store, chosen, by_ground))


def _values(store: Store, chosen: Window, by_ground: dict[Any, list[Metric]]) -> Numbers:
    sources = Sources(_bought(store, chosen.as_of, chosen.same_day), lambda: facts.table(store, chosen.as_of))
    numbers: Numbers = {}
    for ground, some in by_ground.items():
        row = ground(chosen, sources)
        with scratch.gone():
            frame = store.read(row.select(**{one.name: one.of(row) for one in some}))
        numbers |= {one.name: _plain(frame[one.name].iloc[0], one.unit) for one in some}
    return numbers


def _bought(store: Store, as_of: date, same_day: str) -> Any:
    """All purchases in their order, put aside once: every ground reads them."""
    key = ("purchases", store.written(["orders"]), as_of, same_day)
    return store.scratch.kept(key, lambda bench: bench.put(grounds.purchases(as_of, same_day)))


def _plain(value: Any, unit: str) -> float | int | None:
    return None if pd.isna(value) else int(value) if unit == "count" else float(value)
