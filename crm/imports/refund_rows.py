"""Rows that are refunds or cancellations of an order told elsewhere: taken off it, no orders of their own."""

from crm.columns import statuses
from crm.database import Transaction
from crm.imports.sql import SQL
from crm.layouts.registry import Layout

PRODUCTS = {"item_title", "sku_code", "line_id", "unit_price", "line_amount"}


def take(change: Transaction, layout: Layout, shop: str) -> None:
    """Move refund rows from `staged` to `told_refunds`; those whose order is not known become `bad`.

    In a table nobody knows amounts, words and ids say which they are, in a list of movements its kinds of rows do.
    """
    if layout.sales:
        SQL.run(change, "movements", [list(layout.sales), list(layout.givebacks)])
        SQL.run(change, "movements_told", [list(layout.givebacks), layout.platform, shop or "default"])
    elif not layout.known:
        _take_unknown(change, layout, shop)


def _take_unknown(change: Transaction, layout: Layout, shop: str) -> None:
    said = [row["raw"] for row in change.rows("SELECT raw FROM refund_words")]
    SQL.run(change, "money_rows", [statuses.are_sorts(said)])
    if not change.rows("SELECT 1 FROM money_rows WHERE amount < 0 OR given_back LIMIT 1"):
        return
    repeated = "SELECT 1 FROM money_rows WHERE amount > 0 AND NOT given_back GROUP BY order_id, shop_name HAVING count(*) > 1 LIMIT 1"
    by_person = layout.grain == "line"
    lines = by_person or (bool(PRODUCTS & set(layout.columns)) and bool(change.rows(repeated)))
    SQL.run(change, "refund_rows", [shop or "default", lines, by_person, layout.platform, "order_id" in layout.columns])
    if change.rows("SELECT 1 FROM refund_found LIMIT 1"):
        SQL.run(change, "refund_rows_told", [layout.platform])
