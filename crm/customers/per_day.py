"""Orders and sales of each shop day, read once per state of the data: what any run of days placed and sold is a sum of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.database import Store

SQL = """
    SELECT day, count(*) AS placed, count(*) FILTER (is_purchase) AS orders, coalesce(sum(spend) FILTER (is_purchase), 0) AS spend,
           count(rate) FILTER (is_purchase) AS summed, count(*) FILTER (is_paid) AS paid,
           count(*) FILTER (is_paid AND refunded > 0) AS refunds
    FROM orders WHERE day IS NOT NULL GROUP BY day ORDER BY day
"""


@dataclass(frozen=True)
class Day:
    """`placed`: all orders. `orders`: purchases; `spend`: their money; `summed`: those whose money is in it.

    `paid`: paid orders; `refunds`: those of which money went back.
    """

    placed: int
    orders: int
    spend: Decimal
    summed: int
    paid: int = 0
    refunds: int = 0


def of(store: Store) -> Mapping[date, Day]:
    """Every day with an order, oldest first."""
    values: Mapping[date, Day] = store.scratch.kept(("per_day", store.written(["orders"])), lambda _: _read(store))
    return values


def _read(store: Store) -> Mapping[date, Day]:
    return {row.pop("day"): Day(**row) for row in store.rows(SQL)}
