"""customer_facts: one row per customer, what their orders say. Pure Ibis expressions; moments and days, never ages."""

from datetime import date
from typing import Any

import ibis

from crm.customers import categories
from crm.database import Store, Transaction, tables

PERSON = [
    "nickname", "name", "platform", "shop", "country", "province", "city", "district", "city_tier", "mailbox", "email_norm",
    "phone_quality", "accepts_marketing",
]  # fmt: skip


def expression(orders: Any, order_lines: Any, customers: Any) -> Any:
    """One row per customer with at least one order in `orders`, with the columns of `customer_facts`.

    Every input is an Ibis table with the columns of `crm.database.tables`; filter `orders` and `order_lines` by day for the past.
    """
    known = orders.filter(orders.customer_id.notnull())
    person = customers.select("customer_id", *PERSON)
    joined = person.join(_orders(known), "customer_id")
    joined = _beside(joined, _intervals(known))
    joined = _beside(joined, _sources(known))
    joined = _beside(joined, categories.favourite(categories.expression(order_lines)))
    return joined.select(*tables.customer_facts.columns)


def _beside(left: Any, right: Any) -> Any:
    return left.left_join(right, "customer_id").drop("customer_id_right")


def _orders(known: Any) -> Any:
    bought = known.is_purchase
    return known.group_by("customer_id").aggregate(
        placed_orders=known.count(),
        paid_orders=known.is_paid.ifelse(1, 0).sum(),
        purchases=bought.ifelse(1, 0).sum(),
        spend=known.spend.sum(),
        items=known["items"].sum(where=bought).fill_null(0),
        largest_order=known.spend.max(where=bought),
        refunds=(known.refunded > 0).ifelse(1, 0).sum(),
        refunded=known.refunded.sum(),
        lost_payments=known.is_lost.ifelse(1, 0).sum(),
        first_purchase_at=known.purchased_at.min(where=bought),
        last_purchase_at=known.purchased_at.max(where=bought),
        first_purchase_day=known.day.min(where=bought),
        last_purchase_day=known.day.max(where=bought),
        last_placed_day=known.day.max(),
    )


def gaps(purchases: Any) -> Any:
    """One row per purchase that has one before it of the same customer: customer_id, gap (whole days between the two)."""
    order = ibis.window(group_by="customer_id", order_by=["purchased_at", "order_key"])
    stepped = purchases.mutate(before=purchases.day.lag().over(order))
    again = stepped.filter(stepped.before.notnull())
    return again.select("customer_id", "day", gap=again.day.delta(again.before, unit="day"))


def _intervals(known: Any) -> Any:
    between = gaps(known.filter(known.is_purchase))
    return between.group_by("customer_id").aggregate(interval_days=between.gap.median().cast("float64"))


def _sources(known: Any) -> Any:
    """Where the customer first came from: the source of their first order that names one."""
    named = known.filter(known.source.notnull())
    return named.group_by("customer_id").aggregate(source=named.source.argmin(named.purchased_at))


def rebuild(change: Transaction) -> None:
    """Make customer_categories and customer_facts anew from orders, order_lines and customers, inside the given transaction."""
    change.execute("DELETE FROM customer_categories")
    change.fill("customer_categories", categories.expression(tables.order_lines))
    change.execute("DELETE FROM customer_facts")
    change.fill("customer_facts", expression(tables.orders, tables.order_lines, tables.customers))


def last_day(store: Store) -> date | None:
    """The day of the latest order, or None without orders."""
    row = store.one("SELECT max(day) AS day FROM orders")
    return row["day"] if row else None


def table(store: Store, as_of: date) -> Any:
    """The facts as they were at the end of `as_of` (shop day): the stored table, or computed from the orders up to then."""
    latest = last_day(store)
    if latest is None or as_of >= latest:
        return tables.customer_facts
    return expression(until(tables.orders, as_of), until(tables.order_lines, as_of), tables.customers)


def until(source: Any, as_of: date) -> Any:
    """The rows of orders or order_lines up to the end of a shop day."""
    return source.filter(source.day <= ibis.literal(as_of))
