"""Rows that are refunds or cancellations of an order told elsewhere: taken off it, no orders of their own."""

from dataclasses import dataclass

from crm.columns import statuses
from crm.database import Transaction
from crm.imports.sql import SQL
from crm.layouts.registry import Layout

PRODUCTS = {"item_title", "sku_code", "line_id", "unit_price", "line_amount"}


@dataclass(frozen=True)
class Taken:
    """Refunds of a file, in the table `file_refunds`: how many stood among its orders, and how many only their buyer places."""

    rows: int = 0
    by_buyer: int = 0


def take(change: Transaction, layout: Layout, shop: str) -> Taken | None:
    """Move refund rows from `staged` to `file_refunds`; those whose order is not known become `rejects`. None where there are none.

    In a table nobody knows amounts, words and ids say which they are, in a list of movements its kinds of rows do.
    """
    if layout.sales:
        kinds = list(layout.givebacks)
        SQL.run(change, "movements", sales=list(layout.sales), refunds=kinds)
        SQL.run(change, "movement_refunds", refunds=kinds, platform=layout.platform, shop=shop or "default")
        return _counted(change, 0)
    return None if layout.known else _take_unknown(change, layout, shop)


def _take_unknown(change: Transaction, layout: Layout, shop: str) -> Taken | None:
    words = [row["raw"] for row in change.rows("SELECT raw FROM refund_words")]
    SQL.run(change, "money_rows", rows_have_kinds=statuses.are_sorts(words))
    if not change.rows("SELECT 1 FROM money_rows WHERE amount < 0 OR given_back LIMIT 1"):
        return None
    repeated = "SELECT 1 FROM money_rows WHERE amount > 0 AND NOT given_back GROUP BY order_id, shop_name HAVING count(*) > 1 LIMIT 1"
    by_person = layout.grain == "line"
    lines = by_person or (bool(PRODUCTS & set(layout.columns)) and bool(change.rows(repeated)))
    SQL.run(
        change,
        "match_refunds",
        shop=shop or "default",
        may_be_lines=lines,
        said_to_be_lines=by_person,
        platform=layout.platform,
        has_ids="order_id" in layout.columns,
    )
    if not change.rows("SELECT 1 FROM refund_matches LIMIT 1"):
        return None
    SQL.run(change, "matched_refunds", platform=layout.platform)
    return _counted(change, change.rows("SELECT count(*) AS n FROM refund_matches WHERE by_buyer")[0]["n"])


def _counted(change: Transaction, by_buyer: int) -> Taken:
    return Taken(change.rows("SELECT count(*) AS n FROM file_refunds")[0]["n"], by_buyer)
