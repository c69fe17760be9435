"""The shop's numbers. Counts count all purchases; rates, medians and anything per customer count identified customers only.

Sums of money: of the purchases in the shop's currency, or converted into it.
No identity in the files: rates are None ("cannot be computed"), never 0.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from crm.customers import facts, other_currencies, windows
from crm.customers.other_currencies import Missing
from crm.customers.windows import SEPARATE
from crm.database import Store, tables
from crm.errors import BadInputError

Sums = dict[str, Any]
Numbers = dict[str, float | int | None]
Number = Callable[[Sums], float | None]
SECOND_WITHIN = 90
"""N of the second-purchase rate, in days."""


@dataclass(frozen=True, slots=True)
class Kpi:
    """The numbers by name, and the purchases whose money is in none of them."""

    numbers: Numbers
    other_currencies: Missing

    def as_json(self) -> dict[str, object]:
        """The keys of `crm kpi`."""
        return {**self.numbers, "other_currencies": [asdict(row) for row in self.other_currencies]}


def compute(
    store: Store,
    as_of: date,
    start: date | None = None,
    end: date | None = None,
    same_day: str = SEPARATE,
    second_within: int = SECOND_WITHIN,
) -> Kpi:
    """All numbers of `crm kpi` for the window start … end (shop days, both counted; default: everything up to `as_of`).

    repeat_buyer_rate: customers with ≥ 2 purchases in the window ÷ customers. repeat_order_share: purchases that are not the customer's
    first ever ÷ identified purchases; repeat_spend_share the same in money. second_purchase_rate: first-time customers of the window who
    bought again within `second_within` days ÷ those whose first purchase is at least that old. median_repurchase_days: median days between
    successive purchases, one-time buyers missing. pay_rate: paid ÷ placed orders. refund_rate: orders with a refund ÷ paid orders.
    average_order_value, spend_per_customer: only of purchases, and customers with one, whose money is in the sum; `other_currencies` names
    the purchases whose money is not, by currency.
    """
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
    bought = windows.purchases(as_of, same_day)
    sums = _row(store, windows.summed(windows.within(bought, start, last)), empty=0)
    sums |= _row(store, _placed(windows.within(facts.until(tables.orders, as_of), start, last)))
    sums |= _row(store, _second(bought, start, last, as_of, second_within))
    sums |= _row(store, _gap(windows.within(facts.gaps(bought.filter(bought.customer_id.notnull())), start, last)))
    missing = other_currencies.listed(store, windows.within(facts.until(tables.orders, as_of), start, last))
    return Kpi({name: number(sums) for name, number in NUMBERS.items()}, missing)


def _ratio(part: str, whole: str) -> Number:
    return lambda sums: float(sums[part]) / float(sums[whole]) if sums[whole] else None


NUMBERS: dict[str, Number] = {
    "customers": lambda sums: None if sums["orders"] and not sums["identified_orders"] else sums["customers"],
    "orders": lambda sums: sums["orders"],
    "spend": lambda sums: float(sums["spend"]),
    "identified_spend": lambda sums: float(sums["identified_spend"]),
    "repeat_buyer_rate": _ratio("repeat_buyers", "customers"),
    "repeat_order_share": _ratio("repeat_orders", "identified_orders"),
    "second_purchase_rate": _ratio("second", "old_enough"),
    "spend_per_customer": _ratio("identified_spend", "summed_customers"),
    "average_order_value": _ratio("spend", "summed_orders"),
    "median_repurchase_days": lambda sums: None if sums["gap"] is None else float(sums["gap"]),
    "repeat_spend_share": _ratio("repeat_spend", "identified_spend"),
    "pay_rate": _ratio("paid", "placed"),
    "refund_rate": _ratio("refunds", "paid"),
}


def _row(store: Store, expression: Any, empty: Any = None) -> Sums:
    rows = store.read(expression)
    return _plain(rows, empty)[0]


def _plain(result: pd.DataFrame, empty: Any) -> list[Sums]:
    return [{str(name): empty if pd.isna(value) else value for name, value in row.items()} for row in result.to_dict("records")]


def _placed(placed: Any) -> Any:
    return placed.aggregate(
        placed=placed.count(),
        paid=placed.is_paid.ifelse(1, 0).sum().fill_null(0),
        refunds=(placed.refunded > 0).ifelse(1, 0).sum().fill_null(0),
    )


def _second(bought: Any, start: date | None, end: date, as_of: date, days: int) -> Any:
    """old_enough: first-time customers of the window at least `days` old at `as_of`; second: those who bought again within `days`."""
    known = bought.filter(bought.customer_id.notnull())
    per = known.group_by("customer_id").aggregate(day=known.day.min(where=known.nth == 1), again=known.day.min(where=known.nth == 2))
    first = windows.within(per, start, min(end, as_of - timedelta(days=days)))
    soon = (first.again.delta(first.day, unit="day") <= days).fill_null(False)
    return first.aggregate(old_enough=first.count(), second=soon.ifelse(1, 0).sum().fill_null(0))


def _gap(steps: Any) -> Any:
    return steps.aggregate(gap=steps.gap.median())
