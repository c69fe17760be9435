"""Beginnings and endings: which first purchases bring people back, and after which purchases they stay away.

Items are categories or products. A customer began with the one that brought most in their first purchase (`first_category`,
`first_product`). Back: they bought anything on a later day within WITHIN days. Ended: of all purchases of an item, those after which
nothing was bought for `sleeping_days` (shop settings). Both only of those that are so many days old.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis

from crm.customers import attributes
from crm.customers.bins import UNKNOWN
from crm.database import Store
from crm.database.scratch import Bench
from crm.patterns import items
from crm.patterns.keeping import kept, rows, share
from crm.segments.scope import Node, Scope

WITHIN, MOST = 90, 40


@dataclass(frozen=True, slots=True)
class Item:
    """`customers` began with it; `old`: those of them who did WITHIN days ago or earlier, `back`: who of these came back.

    `purchases` of it that are old enough for an end (an item once a day and person), `ended`: after which nobody came back in time.
    """

    kind: str
    item: str
    customers: int
    old: int
    back: int
    purchases: int
    ended: int

    @property
    def back_share(self) -> float | None:
        """back ÷ old; None: too few people."""
        return share(self.back, self.old)

    @property
    def ended_share(self) -> float | None:
        """ended ÷ purchases; None: too few."""
        return share(self.ended, self.purchases)

    @property
    def node(self) -> Node:
        """The filter of who began with it."""
        if self.item == UNKNOWN:
            return {"all": [{"field": "purchases", "op": "at_least", "value": 1}, {"field": f"first_{self.kind}", "op": "is_unknown"}]}
        return {"field": f"first_{self.kind}", "op": "is", "value": self.item}


@dataclass(frozen=True, slots=True)
class Firsts:
    """Items, the most beginners first (at most MOST; not known: `unknown`); `whole`: all buyers and purchases of the shop."""

    items: list[Item]
    whole: Item
    ended_days: int


def compute(store: Store, as_of: date, kind: str = "category") -> Firsts:
    """All items of a kind."""
    items.checked(kind)
    return kept(store, "firsts", as_of, lambda bench, within: _firsts(store, bench, within, kind), kind)


def _firsts(store: Store, bench: Bench, within: Scope, kind: str) -> Firsts:
    days = bench.put(steps(within))
    limit = within.shop.sleeping_days
    begun = {row.item: row for row in rows(store, beginnings(within, days, kind))}
    bought = within.lines.filter(within.lines.is_purchase & within.lines.customer_id.notnull())
    each = bought.select("customer_id", "day", item=bought[kind].fill_null(UNKNOWN)).distinct()
    ends = {row.item: row for row in rows(store, endings(each, days, within.as_of, limit))}
    anything = days.select("customer_id", "day", item=ibis.literal(""))
    whole = next(iter(rows(store, endings(anything, days, within.as_of, limit))), None)
    found = [_item(kind, name, row, ends.get(name)) for name, row in begun.items()]
    found.sort(key=lambda one: (one.item == UNKNOWN, -one.customers, one.item))
    customers, old, back = (sum(getattr(one, name) for one in found) for name in ("customers", "old", "back"))
    return Firsts(found[:MOST], Item(kind, "", customers, old, back, *_ended(whole)), limit)


def steps(within: Scope) -> Any:
    """customer_id, day, following (the next day on which they bought anything, or null)."""
    bought = within.orders.filter(within.orders.is_purchase & within.orders.customer_id.notnull())
    days = bought.select("customer_id", "day").distinct()
    return days.mutate(following=days.day.lead().over(ibis.window(group_by="customer_id", order_by="day")))


def beginnings(within: Scope, days: Any, kind: str) -> Any:
    """item, customers, old, back."""
    buyers = within.facts.filter(within.facts.first_purchase_day.notnull()).select("customer_id", day="first_purchase_day")
    begun = buyers.left_join(attributes.every()[f"first_{kind}"].of(within), "customer_id").drop("customer_id_right")
    placed = begun.join(days, ["customer_id", "day"])
    old = ibis.literal(within.as_of).delta(placed.day, unit="day") >= WITHIN
    back = old & (placed.following.delta(placed.day, unit="day") <= WITHIN).fill_null(False)
    sums = {"customers": placed.count(), "old": old.ifelse(1, 0).sum(), "back": back.ifelse(1, 0).sum()}
    return placed.group_by(item=placed.value.fill_null(UNKNOWN)).aggregate(**sums)


def endings(bought: Any, days: Any, as_of: date, limit: int) -> Any:
    """item, purchases (at least `limit` days old), ended. `bought`: customer_id, day, item."""
    old = bought.filter(ibis.literal(as_of).delta(bought.day, unit="day") >= limit)
    placed = old.join(days, ["customer_id", "day"])
    ended = (placed.following.delta(placed.day, unit="day") > limit).fill_null(True)
    return placed.group_by("item").aggregate(purchases=placed.count(), ended=ended.ifelse(1, 0).sum())


def _item(kind: str, name: str, row: Any, ended: Any) -> Item:
    return Item(kind, name, int(row.customers), int(row.old), int(row.back), *_ended(ended))


def _ended(row: Any) -> tuple[int, int]:
    return (int(row.purchases), int(row.ended)) if row else (0, 0)
