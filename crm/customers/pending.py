"""What will not wait: orders that still lack their money, or gave it back, as expressions for the filter fields."""

from collections.abc import Callable
from typing import Any

from crm.customers.context import Context


def orders_in(status: str) -> Callable[[Context], Any]:
    """A field's rows: customer_id, value: how many of the customer's orders are in this status now (0 for the others)."""

    def rows(context: Context) -> Any:
        waiting = context.orders.filter((context.orders.status == status) & context.orders.customer_id.notnull())
        counted = waiting.group_by("customer_id").aggregate(value=waiting.count())
        everyone = context.facts.select("customer_id").left_join(counted, "customer_id")
        return everyone.select("customer_id", value=everyone.value.fill_null(0))

    return rows


def last_unpaid(context: Context) -> Any:
    """customer_id, value: the day of the latest order that waits for its payment or was closed without one; others are missing."""
    orders = context.orders
    unpaid = orders.filter((orders.is_lost | (orders.status == "unpaid")) & orders.customer_id.notnull() & orders.day.notnull())
    return unpaid.group_by("customer_id").aggregate(value=unpaid.day.max())


def last_refund(context: Context) -> Any:
    """customer_id, value: the day of the latest order with a refund; others are missing."""
    orders = context.orders
    given_back = orders.filter(orders.is_paid & (orders.refunded > 0) & orders.customer_id.notnull() & orders.day.notnull())
    return given_back.group_by("customer_id").aggregate(value=given_back.day.max())
