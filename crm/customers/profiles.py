"""Profiles: what uploads tell of each customer, and whose each told account, phone or e-mail is. The only writer of these tables.

`identities`, `profiles`, `customer_tags` and `touches` are derived: made anew from all records and from `customers`, after the orders.
"""

import pandas as pd

from crm.customers import birthdays
from crm.customers.sql import SQL as CUSTOMERS
from crm.database import Transaction
from crm.database.statements import quoted
from crm.orders import derive
from crm.orders.sql import SQL

TABLES = ("identities", "profiles", "customer_tags", "touches")
ANYTHING = (
    "SELECT 1 FROM person_sources UNION ALL SELECT 1 FROM touch_sources "
    "UNION ALL SELECT 1 FROM (SELECT address_norm FROM consents UNION ALL SELECT address_norm FROM suppressions) "
    "WHERE regexp_matches(address_norm, '^(account|phone|email):') LIMIT 1"
)


def rebuild(change: Transaction) -> None:
    """Make everything that uploads tell of customers anew; the order in which orders and uploads came makes no difference."""
    for table in TABLES:
        change.execute(f"DELETE FROM {quoted(table)}")  # noqa: S608 (names only)
    if not change.rows(ANYTHING):
        return
    SQL.run(change, "macros")
    CUSTOMERS.run(change, "identity_resolution")
    _told(change, None)


def renew(change: Transaction, customer_id: str, identity_key: str) -> None:
    """The same of one customer alone, after something was told of her under one of her keys and of nobody else."""
    for table in TABLES[1:]:
        change.execute(f"DELETE FROM {quoted(table)} WHERE customer_id = ?", [customer_id])  # noqa: S608 (names only)
    change.execute(
        "INSERT INTO identities SELECT $key, $who WHERE $key NOT IN (SELECT identity_key FROM identities)",
        {"key": identity_key, "who": customer_id},
    )
    _told(change, customer_id)


def _told(change: Transaction, whose: str | None) -> None:
    CUSTOMERS.run(change, "profiles", shop_zone=derive.shop_of(change).timezone, whose=whose)
    _births(change)


def _births(change: Transaction) -> None:
    """The solar day of lunar births; each distinct day is worked out once."""
    rows = change.rows(LUNAR)
    if not rows:
        return
    days = [birthdays.born(True, *row.values()) for row in rows]
    change.execute(
        "CREATE OR REPLACE TEMP TABLE lunar_births (birth_year INT, birth_month INT, birth_day INT, birth_leap BOOLEAN, born DATE)"
    )
    change.insert("lunar_births", pd.DataFrame(rows).assign(born=pd.Series(days, dtype=object)))
    change.execute(
        "UPDATE profiles SET born = told.born FROM lunar_births AS told WHERE birth_lunar AND profiles.born IS NULL AND "
        "(told.birth_year, told.birth_month, told.birth_day, told.birth_leap) = "
        "(profiles.birth_year, profiles.birth_month, profiles.birth_day, profiles.birth_leap)"
    )


LUNAR = """
SELECT DISTINCT birth_year, birth_month, birth_day, birth_leap FROM profiles
WHERE birth_lunar AND birth_year IS NOT NULL AND born IS NULL
"""


def people(change: Transaction) -> int:
    """How many customers there are, with orders or without."""
    return int(change.rows("SELECT count(*) AS n FROM (SELECT customer_id FROM customers UNION SELECT customer_id FROM profiles)")[0]["n"])
