"""One customer: who they are, what their orders and the shop's notes say, their orders newest first."""

from datetime import date
from typing import Any

import ibis

from crm.customers import facts, portraits
from crm.database import Store, tables
from crm.database.compiling import compiled
from crm.errors import NotFoundError


def customer(store: Store, customer_id: str, as_of: date | None = None) -> dict[str, Any]:
    """`who` (customers row, or profile of who never ordered), `facts`, `orders` (newest first, moments UTC), `profile` and `touches`.

    A customer who was joined from several is found by the id of each. `as_of`: as the orders up to the end of that shop day tell it.
    """
    joined = store.one("SELECT merged_into FROM merged_customers WHERE customer_id = ?", [customer_id])
    customer_id, day = joined["merged_into"] if joined else customer_id, as_of or date.max
    known = _first(store, facts.table(store, day), customer_id)
    profile = _first(store, tables.profiles, customer_id)
    if known is None:
        raise NotFoundError("customer.not_found", "There is no customer {customer_id}.", customer_id=customer_id[:40])
    orders, touches = (facts.until(_of(table, customer_id), day) for table in (tables.orders, tables.touches))
    last = [ibis.desc(name) for name in portraits.ORDER]
    return {
        "who": _first(store, facts.who(store, day), customer_id) or profile,
        "profile": profile,
        "touches": store.rows(compiled(touches.order_by(ibis.desc("happened_at")))),
        "facts": known,
        "orders": store.rows(compiled(orders.order_by(last))),
    }


def _of(table: Any, customer_id: str) -> Any:
    return table.filter(table.customer_id == ibis.literal(customer_id))


def _first(store: Store, table: Any, customer_id: str) -> dict[str, Any] | None:
    return store.one(compiled(_of(table, customer_id)))
