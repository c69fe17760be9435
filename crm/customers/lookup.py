"""One customer: who they are, what their orders and the shop's notes say, their orders newest first."""

from typing import Any

from crm.database import Store
from crm.errors import NotFoundError


def customer(store: Store, customer_id: str) -> dict[str, Any]:
    """`who` (customers row, or profile of who never ordered), `facts`, `orders` (newest first, moments UTC), `profile` and `touches`.

    A customer who was joined from several is found by the id of each.
    """
    joined = store.one("SELECT merged_into FROM merged_customers WHERE customer_id = ?", [customer_id])
    customer_id = joined["merged_into"] if joined else customer_id
    profile = store.one("SELECT * FROM profiles WHERE customer_id = ?", [customer_id])
    who = store.one("SELECT * FROM customers WHERE customer_id = ?", [customer_id]) or profile
    if who is None:
        raise NotFoundError("There is no customer {customer_id}.", customer_id=customer_id[:40])
    return {
        "who": who,
        "profile": profile,
        "touches": store.rows("SELECT * FROM touches WHERE customer_id = ? ORDER BY happened_at DESC", [customer_id]),
        "facts": store.one("SELECT * FROM customer_facts WHERE customer_id = ?", [customer_id]),
        "orders": store.rows("SELECT * FROM orders WHERE customer_id = ? ORDER BY purchased_at DESC, order_key", [customer_id]),
    }
