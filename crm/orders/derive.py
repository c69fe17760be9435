"""Derived tables: orders, order lines and customers from the tellings in `order_rows` and `line_rows`. Their only writer.

Only what an import touched is made anew; `rebuild` makes everything anew. Both give the same rows.
"""

import json

from crm.database import Transaction
from crm.database.statements import quoted
from crm.orders import categories, crosswalk, line_level, rates
from crm.orders.sql import SQL
from crm.places import regions, zones
from crm.settings import Shop

TOUCHED_CUSTOMERS = (
    "INSERT INTO touched_customers "
    "SELECT DISTINCT customer_id FROM orders SEMI JOIN touched USING (order_key) WHERE customer_id IS NOT NULL"
)

AS_TOLD, CONVERTED = (
    "amount, line_rows.refunded,",
    "CASE WHEN rate = 1 THEN amount ELSE worth(amount, rate) END AS amount, "
    "CASE WHEN rate = 1 THEN line_rows.refunded ELSE worth(line_rows.refunded, rate) END AS refunded,",
)
"""The lines of orders in other currencies, in the shop's; without a rate they have no amount."""
LATEST_LINE = "QUALIFY row_number() OVER (PARTITION BY order_key, line_id ORDER BY status_rank DESC, refunded DESC, seq DESC, telling) = 1"


def rebuild(change: Transaction, shop: Shop | None = None) -> None:
    """Make orders, order lines and customers anew from all tellings. Moments are UTC, `day` is the shop's."""
    _prepare(change)
    refresh(change, shop or shop_of(change), everything=True)


def shop_of(change: Transaction) -> Shop:
    """The shop's settings as this transaction sees them."""
    stored = {row["key"]: json.loads(row["value"]) for row in change.rows("SELECT key, value FROM settings")}
    return Shop.model_validate({key: value for key, value in stored.items() if key in Shop.model_fields})


def start(change: Transaction) -> None:
    """Begin collecting what `refresh` will make anew: orders in the temporary table `touched`, orders' lines only in `touched_lines`."""
    _prepare(change)


def is_empty(change: Transaction) -> bool:
    """Whether no order was ever told."""
    return not change.rows("SELECT 1 FROM order_rows LIMIT 1")


def refresh(change: Transaction, shop: Shop, *, everything: bool = False) -> None:
    """Make the orders in `touched` anew and the customers that have or had them; then the lines of these and of `touched_lines`.

    With `everything` all of them, without looking anybody up.
    """
    crosswalk.settle(change)
    zones.tell(change, "shop", shop.timezone)
    rates.tell(change, shop.currency)
    if everything:
        _everything(change)
    elif change.rows("SELECT 1 FROM touched LIMIT 1"):
        _orders(change)
    change.execute(
        "INSERT INTO touched_lines SELECT order_key FROM orders"
        if everything
        else "INSERT INTO touched_lines SELECT order_key FROM touched"
    )
    _remove(change, "order_lines", "order_key", "touched_lines", _covers(change, "order_lines", "order_key", "touched_lines"))
    if change.rows("SELECT 1 FROM line_rows LIMIT 1"):
        _lines(change, shop)
    if change.rows(f"SELECT 1 FROM {line_level.tellings(change)} WHERE items IS NULL LIMIT 1"):  # noqa: S608 (our own words)
        change.execute(SQL.text("count_items").replace("TELLINGS", line_level.tellings(change)))


def _everything(change: Transaction) -> None:
    for table in ("orders", "customers", "order_lines"):
        change.execute(f"DELETE FROM {quoted(table)}")  # noqa: S608 (names only)
    line_level.combine(change)
    source = line_level.tellings(change)
    if not _told_once(change, source):
        change.execute("CREATE OR REPLACE TEMP TABLE winners AS " + line_level.winners(change))
        source = _filled(change, source + " AS told SEMI JOIN winners USING (order_key, telling)", "", "filled_all")
    for view in ("winning_touched", "winning_customers"):
        change.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS {crosswalk.through(change, source)}")
    change.execute("CREATE OR REPLACE TEMP VIEW customer_orders AS FROM orders")
    _valued(change)
    SQL.run(change, "customers")


def relabel(change: Transaction, shop: Shop) -> None:
    """Make all order lines anew after a change of rules or assignments; orders and customers stay as they are."""
    start(change)
    change.execute("INSERT INTO touched_lines SELECT order_key FROM orders")
    refresh(change, shop)


def reconvert(change: Transaction, shop: Shop) -> None:
    """Convert all orders in other currencies anew after a change of rates, and their lines; everything else stays as it is."""
    start(change)
    rates.tell(change, shop.currency)
    rates.convert(change)
    change.execute("INSERT INTO touched_lines SELECT order_key FROM orders WHERE currency <> $1", [shop.currency])
    refresh(change, shop)


def _orders(change: Transaction) -> None:
    everything = _covers(change, "orders", "order_key", "touched")
    change.execute(TOUCHED_CUSTOMERS)
    _remove(change, "orders", "order_key", "touched", everything)
    line_level.combine(change, "touched")
    change.execute("CREATE OR REPLACE TEMP TABLE winners AS " + line_level.winners(change, "touched"))
    told = line_level.tellings(change) + " AS told"
    winning = _filled(
        change, told + " SEMI JOIN winners USING (order_key, telling)", "SEMI JOIN touched USING (order_key)", "filled_touched"
    )
    change.execute("CREATE OR REPLACE TEMP VIEW winning_touched AS " + crosswalk.through(change, winning))
    _valued(change)
    change.execute(TOUCHED_CUSTOMERS)
    change.execute("CREATE OR REPLACE TEMP VIEW customer_orders AS FROM orders SEMI JOIN touched_customers USING (customer_id)")
    chosen = told + " SEMI JOIN orders USING (order_key, telling)"
    winning = crosswalk.through(change, _filled(change, chosen, "SEMI JOIN customer_orders USING (order_key)", "filled_customers"))
    known = "customer_id IN (SELECT customer_id FROM touched_customers)"
    change.execute(f"CREATE OR REPLACE TEMP VIEW winning_customers AS SELECT * FROM ({winning}) WHERE {known}")  # noqa: S608 (our own words)
    everything = _covers(change, "customers", "customer_id", "touched_customers")
    _remove(change, "customers", "customer_id", "touched_customers", everything)
    SQL.run(change, "customers")


def _filled(change: Transaction, winning: str, chosen: str, table: str) -> str:
    """The winning tellings with what other tellings of the same orders say where they are blank, as a source of a query."""
    again = f"SELECT 1 FROM order_rows {chosen} GROUP BY order_key HAVING count(*) > 1 LIMIT 1"  # noqa: S608 (our own words)
    if not change.rows(again):
        return winning
    change.execute(SQL.text("fillings").replace("FILLINGS", table).replace("CHOSEN", chosen))
    if not change.rows(f"SELECT 1 FROM {quoted(table)} LIMIT 1"):  # noqa: S608 (names only)
        return winning
    return "(" + SQL.text("filled").replace("FILLINGS", table).replace("WINNING", winning) + ") AS told"


def _valued(change: Transaction) -> None:
    """Orders, what refund reports add, and what those in other currencies are worth."""
    SQL.run(change, "orders")
    if change.rows("SELECT 1 FROM refund_rows LIMIT 1"):
        SQL.run(change, "refunds")
    rates.convert(change)


def _told_once(change: Transaction, source: str) -> bool:
    """Whether no order was told twice, so that there is nothing to choose."""
    return bool(change.rows(f"SELECT count(*) = count(DISTINCT hash(order_key)) AS once FROM {source}")[0]["once"])  # noqa: S608 (our own words)


def _prepare(change: Transaction) -> None:
    SQL.run(change, "macros")
    change.execute("CREATE OR REPLACE TEMP TABLE touched (order_key BIGINT)")
    change.execute("CREATE OR REPLACE TEMP TABLE touched_lines (order_key BIGINT)")
    change.execute("CREATE OR REPLACE TEMP TABLE touched_customers (customer_id TEXT)")
    change.execute("CREATE OR REPLACE TEMP TABLE tiers (city TEXT, province TEXT, tier TEXT)")
    change.insert("tiers", regions.tier_table())


def _covers(change: Transaction, table: str, key: str, touched: str) -> bool:
    statement = f"SELECT count(*) AS n FROM {quoted(table)} ANTI JOIN {quoted(touched)} USING ({quoted(key)})"  # noqa: S608 (names only)
    return bool(change.rows(statement)[0]["n"] == 0)


def _remove(change: Transaction, table: str, key: str, touched: str, everything: bool) -> None:
    where = "" if everything else f" WHERE {quoted(key)} IN (SELECT {quoted(key)} FROM {quoted(touched)})"  # noqa: S608 (names only)
    change.execute(f"DELETE FROM {quoted(table)}{where}")  # noqa: S608 (names only)


def _lines(change: Transaction, shop: Shop) -> None:
    categories.prepare(change, shop.category_rules)
    SQL.run(change, "lines_told")
    columns = "order_key, line, telling, amount, refunded, hash(line_id) AS mark"
    now = f"CREATE OR REPLACE TEMP TABLE lines_now AS SELECT {columns} FROM lines_told "  # noqa: S608 (our own words)
    change.execute(now)
    if not change.rows("SELECT count(*) = count(DISTINCT hash(order_key, mark)) AS once FROM lines_now")[0]["once"]:
        change.execute(now + LATEST_LINE)
    SQL.run(change, "line_spend")
    change.execute(SQL.text("order_lines").replace(AS_TOLD, CONVERTED) if rates.foreign(change) else SQL.text("order_lines"))
