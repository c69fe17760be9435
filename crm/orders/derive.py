"""Derived tables: orders, order lines and customers from the tellings in `order_rows` and `line_rows`. Their only writer.

Only what an import touched is made anew; `rebuild` makes everything anew. Both give the same rows.
"""

import json

from crm.database import Transaction
from crm.orders import assignments, links, regions, sql
from crm.settings import Shop

TOUCHED_CUSTOMERS = (
    "INSERT INTO touched_customers "
    "SELECT DISTINCT customer_id FROM orders SEMI JOIN touched USING (order_key) WHERE customer_id IS NOT NULL"
)

LATEST_LINE = "QUALIFY row_number() OVER (PARTITION BY order_key, line_id ORDER BY status_rank DESC, refunded DESC, seq DESC) = 1"


def rebuild(change: Transaction, shop: Shop | None = None) -> None:
    """Make orders, order lines and customers anew from all tellings. Moments are UTC, `day` is the shop's."""
    _prepare(change)
    change.execute("INSERT INTO touched SELECT DISTINCT order_key FROM order_rows UNION SELECT order_key FROM orders")
    refresh(change, shop or shop_of(change))


def shop_of(change: Transaction) -> Shop:
    """The shop's settings as this transaction sees them."""
    stored = {row["key"]: json.loads(row["value"]) for row in change.rows("SELECT key, value FROM settings")}
    return Shop.model_validate({key: value for key, value in stored.items() if key in Shop.model_fields})


def start(change: Transaction) -> None:
    """Begin collecting what `refresh` will make anew: orders in the temporary table `touched`, orders' lines only in `touched_lines`."""
    _prepare(change)


def refresh(change: Transaction, shop: Shop) -> None:
    """Make the orders in `touched` anew and the customers that have or had them; then the lines of these and of `touched_lines`."""
    links.settle(change)
    if change.rows("SELECT 1 FROM touched LIMIT 1"):
        _orders(change, shop)
    change.execute("INSERT INTO touched_lines SELECT order_key FROM touched")
    _remove(change, "order_lines", "order_key", "touched_lines", _covers(change, "order_lines", "order_key", "touched_lines"))
    _lines(change, shop)


def relabel(change: Transaction, shop: Shop) -> None:
    """Make all order lines anew after a change of rules or assignments; orders and customers stay as they are."""
    start(change)
    change.execute("INSERT INTO touched_lines SELECT order_key FROM orders")
    refresh(change, shop)


def _orders(change: Transaction, shop: Shop) -> None:
    everything = _covers(change, "orders", "order_key", "touched")
    change.execute(TOUCHED_CUSTOMERS)
    for table in ("orders", "order_winners"):
        _remove(change, table, "order_key", "touched", everything)
    _winners(change)
    sql.run(change, "orders", [shop.timezone])
    change.execute(TOUCHED_CUSTOMERS)
    everything = _covers(change, "customers", "customer_id", "touched_customers")
    _remove(change, "customers", "customer_id", "touched_customers", everything)
    sql.run(change, "customers")


def _winners(change: Transaction) -> None:
    """Which telling counts, and the view `winning` of these; where no order was told twice there is nothing to choose."""
    once = change.rows("SELECT count(*) = count(DISTINCT hash(order_key)) AS once FROM order_rows")[0]["once"]
    chosen = "SELECT order_key, telling FROM order_rows SEMI JOIN touched USING (order_key)" if once else sql.load("winners")
    change.execute("INSERT INTO order_winners " + chosen)
    source = "order_rows" if once else "order_rows SEMI JOIN order_winners USING (order_key, telling)"
    change.execute("CREATE OR REPLACE TEMP VIEW winning AS " + links.through(change, source))


def _prepare(change: Transaction) -> None:
    sql.run(change, "macros")
    change.execute("CREATE OR REPLACE TEMP TABLE touched (order_key TEXT)")
    change.execute("CREATE OR REPLACE TEMP TABLE touched_lines (order_key TEXT)")
    change.execute("CREATE OR REPLACE TEMP TABLE touched_customers (customer_id TEXT)")
    change.execute("CREATE OR REPLACE TEMP TABLE tiers (city TEXT, province TEXT, tier TEXT)")
    change.insert("tiers", regions.tier_table())


def _covers(change: Transaction, table: str, key: str, touched: str) -> bool:
    statement = f"SELECT count(*) AS n FROM {sql.quoted(table)} ANTI JOIN {sql.quoted(touched)} USING ({sql.quoted(key)})"  # noqa: S608 (names only)
    return bool(change.rows(statement)[0]["n"] == 0)


def _remove(change: Transaction, table: str, key: str, touched: str, everything: bool) -> None:
    where = "" if everything else f" WHERE {sql.quoted(key)} IN (SELECT {sql.quoted(key)} FROM {sql.quoted(touched)})"  # noqa: S608 (names only)
    change.execute(f"DELETE FROM {sql.quoted(table)}{where}")  # noqa: S608 (names only)


def _lines(change: Transaction, shop: Shop) -> None:
    assignments.prepare(change, shop.category_rules)
    sql.run(change, "order_lines")
    once = "SELECT count(*) = count(DISTINCT hash(platform, order_id, line_id)) AS once FROM line_rows"
    chosen = "" if change.rows(once)[0]["once"] else LATEST_LINE
    change.execute("INSERT INTO order_lines BY NAME SELECT * EXCLUDE (status_rank, seq) FROM lines_of_touched " + chosen)  # noqa: S608 (our own words)
