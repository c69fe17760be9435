"""customer_categories: one row per customer and category they bought."""

from datetime import date
from typing import Any

import ibis

from crm.database import Store, tables


def expression(order_lines: Any) -> Any:
    """One row per customer and category of their purchases: purchases (distinct orders), spend (amount − refunded), last_purchase_day."""
    bought = order_lines.filter(order_lines.is_purchase & order_lines.customer_id.notnull() & order_lines.category.notnull())
    return bought.group_by("customer_id", "category").aggregate(
        purchases=bought.order_key.nunique(),
        spend=(bought.amount.fill_null(0) - bought.refunded.fill_null(0)).sum(),
        last_purchase_day=bought.day.max(),
    )


def favourite(per_category: Any) -> Any:
    """customer_id and favourite_category: the one with the highest spend, then most purchases, then first by name."""
    order = [ibis.desc("spend"), ibis.desc("purchases"), "category"]
    ranked = per_category.mutate(place=ibis.row_number().over(group_by="customer_id", order_by=order))
    first = ranked.filter(ranked.place == 0)
    return first.select("customer_id", favourite_category=first.category)


def table(store: Store, as_of: date) -> Any:
    """The categories as they were at the end of `as_of`, like `facts.table`."""
    row = store.one("SELECT max(day) AS day FROM orders")
    if not row or row["day"] is None or as_of >= row["day"]:
        return tables.customer_categories
    return expression(tables.order_lines.filter(tables.order_lines.day <= ibis.literal(as_of)))
