"""What customers bought first: the dearest product, or its category, of their first purchase. Pure Ibis expressions."""

from typing import Any

import ibis

from crm.customers import portraits
from crm.customers.context import Context


def first(context: Context, column: str) -> Any:
    """customer_id, value: `column` (product or category) of the line of the first purchase that brought most and has one.

    Of two purchases at one moment the order id decides (`portraits.ORDER`), of two lines that brought as much the name.
    """
    facts = context.facts.filter(context.facts.first_purchase_at.notnull()).select("customer_id", "first_purchase_at")
    orders = context.orders.filter(context.orders.is_purchase).select("order_key", "customer_id", *portraits.ORDER)
    begun = orders.join(facts, ["customer_id", (orders.purchased_at, facts.first_purchase_at)])
    lines = context.lines.filter(context.lines.is_purchase).select("order_key", worth="spend", value=column)
    rows = begun.select("order_key", "customer_id", *portraits.ORDER).join(lines.filter(lines.value.notnull()), "order_key")
    order = [*portraits.ORDER, ibis.desc(rows.worth.fill_null(0)), rows.value]
    ranked = rows.mutate(place=ibis.row_number().over(group_by="customer_id", order_by=order))
    return ranked.filter(ranked.place == 0).select("customer_id", "value")


def first_product(context: Context) -> Any:
    """customer_id, value: the product they began with."""
    return first(context, "product")


def first_category(context: Context) -> Any:
    """customer_id, value: the category they began with."""
    return first(context, "category")
