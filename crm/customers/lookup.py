"""One customer: who they are, their numbers, what their orders and the shop's notes say, their orders newest first."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import ibis

from crm.customers import contacts, context, facts, measures, one, other_currencies, portraits
from crm.customers.context import Context
from crm.customers.other_currencies import Missing
from crm.database import Store, tables
from crm.database.compiling import compiled
from crm.errors import NotFoundError
from crm.orders import tombstones


@dataclass(frozen=True, slots=True)
class Numbers:
    """What somebody bought, in the shop's currency and whole days (None: cannot be computed), and by which channels she may be reached."""

    purchases: int
    spend: Decimal | None
    average_order_value: Decimal | None
    recency_days: int | None
    interval_days: float | None
    stage: str
    email: bool
    sms: bool
    call: bool


def customer(store: Store, customer_id: str, as_of: date | None = None) -> dict[str, Any]:
    """`who` (customers row, or profile of who never ordered), `facts`, `orders` (newest first, moments UTC), `profile` and `touches`.

    `products`: by order_key, what was bought with it.

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
        "products": _products(store, customer_id),
    }


def _products(store: Store, customer_id: str) -> dict[int, list[str]]:
    lines = _of(tables.order_lines, customer_id)
    named = lines.filter(lines["product"].notnull()).select("order_key", "product").distinct().order_by(["order_key", "product"])
    result: dict[int, list[str]] = {}
    for row in store.rows(compiled(named)):
        result.setdefault(row["order_key"], []).append(row["product"])
    return result


def numbers(store: Store, customer_id: str, as_of: date) -> tuple[Numbers, Missing]:
    """The numbers of a customer (by the id she lives on as) at the end of a shop day, and her purchases whose money is in none of them."""
    within = Context(**context.parts(store, as_of))
    told = {
        "purchases": within.facts.purchases,
        "spend": measures.spend(within),
        "average_order_value": measures.average_order_value(within),
        "recency_days": measures.recency(within),
        "interval_days": within.facts.interval_days,
        "stage": measures.stage(within),
    }
    facts_of = one.of(within.facts.select("customer_id", **told, **contacts.reachable(within)))
    rows = one.rows(store, facts_of.drop("customer_id"), customer_id)
    if not rows:
        raise NotFoundError("customer.not_found", "There is no customer {customer_id}.", customer_id=customer_id[:40])
    return Numbers(**rows[0]), other_currencies.listed(store, _of(within.orders, customer_id))


def sign(store: Store, customer_id: str) -> str:
    """What stands for a customer in an address: made with the installation's own key, as her id is made of her account's name."""
    return hashlib.sha256(f"{store.journal.secret()}|page|{customer_id}".encode()).hexdigest()[:16]


def signed(store: Store, text: str) -> str | None:
    """The customer of such a sign, None for what is none."""
    sql = "SELECT customer_id FROM customer_facts WHERE left(sha256($secret || '|page|' || customer_id), 16) = $sign"
    row = store.one(sql, {"secret": store.journal.secret(), "sign": text})
    return str(row["customer_id"]) if row else None


def erased_at(store: Store, customer_id: str) -> datetime | None:
    """When (UTC) she was erased, so that only her orders are left, under a name that nobody is known by."""
    return tombstones.erased_at(store, customer_id)


def accounts(store: Store, customer_id: str) -> list[dict[str, Any]]:
    """The accounts of a customer by orders: platform, shop, account, `orders`, `first` and `last` day; several where they were joined."""
    return store.rows(ACCOUNTS, {"who": customer_id})


ACCOUNTS = """
SELECT record.platform, record.shop, buyer AS account, count(DISTINCT order_key) AS orders, min(day) AS "first", max(day) AS "last"
FROM orders JOIN order_records AS record USING (order_key)
WHERE orders.customer_id = $who AND record.customer_id IS NOT NULL GROUP BY ALL ORDER BY "last" DESC, account
"""


def _of(table: Any, customer_id: str) -> Any:
    return table.filter(table.customer_id == ibis.literal(customer_id))


def _first(store: Store, table: Any, customer_id: str) -> dict[str, Any] | None:
    return store.one(compiled(_of(table, customer_id)))
