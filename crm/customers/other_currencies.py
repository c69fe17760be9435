"""Purchases whose money is in no sum: in other currencies than the shop's, without a rate for their day. Named where they are missing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis

from crm.database import Store, tables
from crm.database.compiling import compiled, with_given


@dataclass(frozen=True, slots=True)
class Unconverted:
    """Orders in one currency that are in no sum, and what was kept of them, in that currency."""

    currency: str
    orders: int
    amount: float


Missing = list[Unconverted]
"""Per currency, the most orders first."""


def exist(store: Store) -> bool:
    """Whether there is any."""
    return store.one("SELECT 1 AS yes FROM orders WHERE is_purchase AND rate IS NULL LIMIT 1") is not None


def listed(store: Store, orders: Any = tables.orders, who: Any = None) -> Missing:
    """Of some orders (a table like `orders`), or of those that some customers (`who`: facts rows) placed, the purchases in no sum."""
    if not exist(store):
        return []
    bought = orders.filter(orders.is_purchase)
    bought = bought if who is None else bought.semi_join(who, "customer_id")
    return _by_currency(store, bought.select("currency", "rate", kept=bought.paid - bought.refunded))


def of_purchases(store: Store, bought: Callable[[], Any], given: Mapping[str, str]) -> Missing:
    """The same of any table of purchases that has currency, rate and `kept`; over the tables that are `given` (as in `Store.read`)."""
    return _by_currency(store, bought(), given) if exist(store) else []


def _by_currency(store: Store, bought: Any, given: Mapping[str, str] | None = None) -> Missing:
    left = bought.filter(bought.rate.isnull())
    counted = left.group_by("currency").aggregate(orders=left.count(), amount=left.kept.sum())
    sql = compiled(counted.order_by([ibis.desc("orders"), "currency"]))
    return store.rows_as(Unconverted, with_given(sql, given), amount=float)
