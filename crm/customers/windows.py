"""Sums over a window of days, the ground of every number: purchases of the window, people of the window, steps between purchases."""

from datetime import date
from typing import Any

import ibis

from crm.customers import facts, portraits
from crm.database import tables

SEPARATE, MERGED = "separate", "merged"


def purchases(as_of: date, same_day: str = SEPARATE) -> Any:
    """All purchases up to the end of `as_of`, each with `nth` (1: the customer's first ever; null without identity).

    `merged`: purchases of one customer on one day count as one. `summed`: whether its money is in `spend`. Of two at one moment the order
    id decides (`portraits.ORDER`). Columns: order_key, customer_id, day, purchased_at, spend, summed, items, nth.
    """
    known = facts.until(tables.orders, as_of)
    bought = known.filter(known.is_purchase)
    bought = bought.select("order_key", "customer_id", "day", "spend", "items", *portraits.ORDER, summed=bought.rate.notnull())
    placed = portraits.numbered(_merged(bought) if same_day == MERGED else bought)
    nth = placed.customer_id.notnull().ifelse(placed.place + 1, ibis.null("int64"))
    return placed.select("order_key", "customer_id", "day", "purchased_at", "spend", "summed", "items", nth=nth)


def _merged(bought: Any) -> Any:
    apart = bought.customer_id.isnull().ifelse(bought.order_key, ibis.null("int64"))
    first = {name: bought[name].min() for name in ("order_key", *portraits.ORDER)}
    grouped = bought.group_by("customer_id", "day", apart=apart)
    sums = {"spend": bought.spend.sum(), "summed": bought.summed.any(), "items": bought["items"].sum().cast("int32")}
    return grouped.aggregate(**first, **sums).drop("apart")


def within(rows: Any, start: date | None, end: date) -> Any:
    """The rows of a window; both days count; no start: from the beginning."""
    inside = rows.filter(rows.day <= ibis.literal(end))
    return inside if start is None else inside.filter(inside.day >= ibis.literal(start))


def people(bought: Any) -> Any:
    """One row per identified customer: orders, spend, summed (is any of it in spend), first_nth (1: their first purchase ever is here)."""
    known = bought.filter(bought.customer_id.notnull())
    sums = {"orders": known.count(), "spend": known.spend.sum(), "summed": known.summed.any(), "first_nth": known.nth.min()}
    return known.group_by("customer_id").aggregate(**sums)


def summed(bought: Any) -> Any:
    """One row: orders, spend, their identified part, what was not a first purchase, customers, those with two or more.

    `summed_orders`, `summed_customers`: those whose money is in the sums. `items` of the `counted_orders` whose files tell them.
    """
    known, again = bought.customer_id.notnull(), (bought.nth > 1).fill_null(False)
    totals = bought.aggregate(
        orders=bought.count(),
        spend=bought.spend.sum(),
        summed_orders=bought.summed.ifelse(1, 0).sum(),
        identified_orders=known.ifelse(1, 0).sum(),
        identified_spend=bought.spend.sum(where=known),
        repeat_orders=again.ifelse(1, 0).sum(),
        repeat_spend=bought.spend.sum(where=again),
        items=bought["items"].sum(),
        counted_orders=bought["items"].notnull().ifelse(1, 0).sum(),
    )
    who = people(bought)
    counted = {"customers": who.count(), "repeat_buyers": (who.orders >= 2).ifelse(1, 0).sum()}
    return totals.cross_join(who.aggregate(**counted, summed_customers=who.summed.ifelse(1, 0).sum()))
