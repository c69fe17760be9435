"""Finding one person by exactly what she is known by, and everything that is kept about her."""

import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from crm.accounts import acting
from crm.accounts.acting import Right
from crm.database import Store, Transaction
from crm.errors import NotFoundError
from crm.orders.sql import SQL as ORDERS
from crm.privacy.sql import SQL


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody: a customer (by the id she lives on as), or an address that is on a list although nobody is known to have it."""

    customer_id: str | None
    kind: str | None = None
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """How much is kept about a person."""

    accounts: int
    orders: int
    messages: int
    consents: int
    records: int

    def as_json(self) -> dict[str, Any]:
        """The counts by name."""
        return asdict(self)


FOUND = """
WITH asked AS (SELECT $text AS plain, dial($text) AS phone, address_norm($text) AS mail)
SELECT DISTINCT coalesce(merged_into, found.customer_id) AS customer_id FROM (
    SELECT customer_id FROM customers, asked WHERE customer_id = plain
    UNION SELECT customer_id FROM profiles, asked WHERE customer_id = plain
    UNION SELECT customer_id FROM merged_customers, asked WHERE customer_id = plain
    UNION SELECT customer_id FROM orders WHERE order_key IN (SELECT order_key FROM order_records, asked
        WHERE lower(buyer) = lower(plain) OR (phone_quality = 'clear' AND order_records.phone = asked.phone) OR address_norm(email) = mail)
    UNION SELECT customer_id FROM identities JOIN person_records USING (identity_key), asked
        WHERE lower(account) = lower(plain) OR (phone_quality = 'clear' AND person_records.phone = asked.phone) OR email_norm = mail
    UNION SELECT customer_id FROM identities JOIN touch_records USING (identity_key), asked
        WHERE lower(account) = lower(plain) OR (phone_quality = 'clear' AND touch_records.phone = asked.phone) OR email_norm = mail
    UNION SELECT customer_id FROM identities, asked WHERE identity_key IN ('phone:' || phone, 'email:' || mail)
) AS found LEFT JOIN merged_customers USING (customer_id) WHERE found.customer_id IS NOT NULL ORDER BY 1
"""
LISTED = """
SELECT CASE WHEN address_norm($text) IS NOT NULL THEN 'email' ELSE 'phone' END AS kind, coalesce(address_norm($text), dial($text)) AS mark
WHERE mark IN (
    SELECT address_norm FROM suppressions UNION SELECT address_norm FROM consents UNION SELECT address_norm FROM recipients
    UNION SELECT phone FROM order_records WHERE customer_id IS NULL
    UNION SELECT address_norm(email) FROM order_records WHERE customer_id IS NULL)
"""


def find(store: Store, text: str) -> list[Person]:
    """Everybody who is known by exactly this phone number, e-mail address, account or customer id. Nobody can be browsed.

    Capitals and the width of signs do not count: who asks writes them as she likes, and nobody must seem not to be there.
    """
    acting.require(Right.ERASE)
    asked = {text.strip(), unicodedata.normalize("NFKC", text).strip()} - {""}
    with store.transaction() as change:
        macros(change)
        known = {row["customer_id"] for one in asked for row in change.rows(FOUND, {"text": one})}
        if known:
            return [Person(one) for one in sorted(known)]
        marks = {(row["kind"], row["mark"]) for one in asked for row in change.rows(LISTED, {"text": one})}
        return [Person(None, *one) for one in sorted(marks)]


def of(store: Store, customer_id: str) -> Person:
    """The person of a customer id. Raises NotFoundError."""
    found = [one for one in find(store, customer_id) if one.customer_id]
    person = next((one for one in found if one.customer_id == customer_id), next(iter(found), None))
    if person is None:
        raise NotFoundError("customer.not_found", "There is no customer {customer_id}.", customer_id=customer_id[:40])
    return person


def held(store: Store, person: Person) -> Held:
    """How much is kept about her."""
    acting.require(Right.ERASE)
    with store.transaction() as change:
        stage(change, [person])
        return counted(change)


def stage(change: Transaction, people: Sequence[Person]) -> None:
    """Fill the `leaving_…` tables with everything that is known of these people."""
    ids = [one.customer_id for one in people if one.customer_id]
    marks = [(one.kind, one.mark) for one in people if not one.customer_id]
    for table, columns, rows in (("leaving", ["customer_id"], ids), ("leaving_given", ["kind", "mark"], marks)):
        change.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({', '.join(f'{name} TEXT' for name in columns)})")
        if rows:
            change.insert(table, pd.DataFrame(rows, columns=columns))
    fill(change)


def macros(change: Transaction) -> None:
    """How phones and addresses are compared."""
    ORDERS.run(change, "macros")


def fill(change: Transaction) -> None:
    """The same where `leaving` and `leaving_given` are there already."""
    macros(change)
    SQL.run(change, "people")


def counted(change: Transaction) -> Held:
    """How much there is of the people in the `leaving_…` tables."""
    return change.rows_as(Held, COUNTED)[0]


COUNTED = """
SELECT (SELECT count(*) FROM leaving_ids) AS accounts, (SELECT count(DISTINCT order_key) FROM leaving_orders) AS orders,
    (SELECT count(message_id) FROM leaving_messages) AS messages,
    (SELECT count(*) FROM consents
     WHERE address_norm IN (SELECT mark FROM leaving_marks UNION SELECT identity_key FROM leaving_identities)) AS consents,
    (SELECT count(*) FROM person_records WHERE identity_key IN (SELECT identity_key FROM leaving_identities))
    + (SELECT count(*) FROM touch_records WHERE identity_key IN (SELECT identity_key FROM leaving_identities)) AS records
"""
