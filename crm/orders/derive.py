"""Derived tables: orders, order lines and customers from the source records in `order_records` and `line_records`. Their only writer.

Only what an import touched is made anew; `rebuild` makes everything anew. Both give the same rows.
"""

import json

from crm.database import Transaction
from crm.database.statements import quoted
from crm.orders import categories, context, crosswalk, rates, survivorship
from crm.orders.context import ShopContext
from crm.orders.sql import SQL
from crm.places import regions
from crm.settings import Shop

TOUCHED_CUSTOMERS = (
    "INSERT INTO touched_customers "
    "SELECT DISTINCT customer_id FROM orders SEMI JOIN touched USING (order_key) WHERE customer_id IS NOT NULL"
)


def rebuild(change: Transaction, shop: Shop | None = None) -> None:
    """Make orders, order lines and customers anew from all source records. Moments are UTC, `day` is the shop's."""
    start(change)
    refresh(change, shop or shop_of(change), everything=True)


def shop_of(change: Transaction) -> Shop:
    """The shop's settings as this transaction sees them."""
    stored = {row["key"]: json.loads(row["value"]) for row in change.rows("SELECT key, value FROM settings")}
    return Shop.model_validate({key: value for key, value in stored.items() if key in Shop.model_fields})


def start(change: Transaction) -> None:
    """Begin collecting what `refresh` will make anew: orders in the temporary table `touched`, orders' lines only in `touched_lines`."""
    SQL.run(change, "macros")
    change.execute("CREATE OR REPLACE TEMP TABLE touched (order_key BIGINT)")
    change.execute("CREATE OR REPLACE TEMP TABLE touched_lines (order_key BIGINT)")
    change.execute("CREATE OR REPLACE TEMP TABLE touched_customers (customer_id TEXT)")
    change.execute("CREATE OR REPLACE TEMP TABLE tiers (city TEXT, province TEXT, tier TEXT)")
    change.insert("tiers", regions.tier_table())
    survivorship.prepare(change)


def is_empty(change: Transaction) -> bool:
    """Whether there is no source record at all."""
    return not change.rows("SELECT 1 FROM order_records LIMIT 1")


def refresh(change: Transaction, shop: Shop, *, everything: bool = False) -> None:
    """Make the orders in `touched` anew and the customers that have or had them; then the lines of these and of `touched_lines`.

    With `everything` all of them, without looking anybody up.
    """
    home = context.of(change, shop)
    crosswalk.settle(change)
    if everything:
        _everything(change, home)
    elif change.rows("SELECT 1 FROM touched LIMIT 1"):
        _touched(change, home)
    which = "orders" if everything else "touched"
    change.execute(f"INSERT INTO touched_lines SELECT order_key FROM {which}")  # noqa: S608 (our own names)
    _remove(change, "order_lines", "order_key", "touched_lines")
    if change.rows("SELECT 1 FROM line_records LIMIT 1"):
        _lines(change, shop)
    if change.rows("SELECT 1 FROM whole_records WHERE items IS NULL LIMIT 1"):
        SQL.run(change, "count_items")


def relabel(change: Transaction, shop: Shop) -> None:
    """Make all order lines anew after a change of rules or assignments; orders and customers stay as they are."""
    start(change)
    change.execute("INSERT INTO touched_lines SELECT order_key FROM orders")
    refresh(change, shop)


def reconvert(change: Transaction, shop: Shop) -> None:
    """Convert all orders in other currencies anew after a change of rates, and their lines; everything else stays as it is."""
    start(change)
    rates.convert(change, shop.currency)
    change.execute("INSERT INTO touched_lines SELECT order_key FROM orders WHERE currency <> $1", [shop.currency])
    refresh(change, shop)


def _everything(change: Transaction, home: ShopContext) -> None:
    for table in ("orders", "customers", "order_lines"):
        change.execute(f"DELETE FROM {quoted(table)}")  # noqa: S608 (names only)
    survivorship.combine(change, None)
    alone = bool(change.rows("SELECT count(*) = count(DISTINCT hash(order_key)) AS alone FROM whole_records")[0]["alone"])
    if alone:
        SQL.run(change, "only_records")
    else:
        survivorship.win(change)
    survivorship.settle(change, alone=alone)
    _orders(change, home)
    change.execute("CREATE OR REPLACE TEMP VIEW customer_orders AS FROM orders")
    change.execute("CREATE OR REPLACE TEMP VIEW customer_records AS FROM settled_records")
    SQL.run(change, "customers", home)


def _touched(change: Transaction, home: ShopContext) -> None:
    change.execute(TOUCHED_CUSTOMERS)
    _remove(change, "orders", "order_key", "touched")
    survivorship.combine(change, "touched")
    survivorship.win(change)
    survivorship.settle(change)
    _orders(change, home)
    change.execute(TOUCHED_CUSTOMERS)
    change.execute("CREATE OR REPLACE TEMP VIEW customer_orders AS FROM orders SEMI JOIN touched_customers USING (customer_id)")
    survivorship.choose(change, "customer_orders")
    SQL.run(change, "records_of_customers")
    survivorship.settle(change)
    SQL.run(change, "settled_of_customers")
    _remove(change, "customers", "customer_id", "touched_customers")
    SQL.run(change, "customers", home)


def _orders(change: Transaction, home: ShopContext) -> None:
    """Orders, what refund reports add, and what those in other currencies are worth."""
    SQL.run(change, "orders", home)
    if change.rows("SELECT 1 FROM refund_records LIMIT 1"):
        SQL.run(change, "refunds", home)
    rates.convert(change, home.shop_currency)


def _remove(change: Transaction, table: str, key: str, touched: str) -> None:
    """Take the touched rows out of a table; where they are all of it, in a hundredth of the time."""
    spared = f"SELECT 1 FROM {quoted(table)} ANTI JOIN {quoted(touched)} USING ({quoted(key)}) LIMIT 1"  # noqa: S608 (names only)
    where = f" WHERE {quoted(key)} IN (SELECT {quoted(key)} FROM {quoted(touched)})" if change.rows(spared) else ""  # noqa: S608 (names only)
    change.execute(f"DELETE FROM {quoted(table)}{where}")  # noqa: S608 (names only)


def _lines(change: Transaction, shop: Shop) -> None:
    categories.prepare(change, shop.category_rules)
    SQL.run(change, "line_versions")
    if not change.rows("SELECT count(*) = count(DISTINCT hash(order_key, mark)) AS once FROM winning_lines")[0]["once"]:
        SQL.run(change, "latest_lines")
    SQL.run(change, "line_spend")
    SQL.run(change, "order_lines")
