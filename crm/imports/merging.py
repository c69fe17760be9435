"""Merging: which of the records of a file are new, changed or known already; the new ones are appended to those of all files."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crm.database import Transaction
from crm.imports.cleaning import Cleaned
from crm.imports.file_warnings import FileWarning
from crm.imports.reading import Reading
from crm.imports.sql import SQL
from crm.orders import survivorship
from crm.orders.context import ShopContext


@dataclass(frozen=True)
class Orders:
    """What a file says of orders. Days are the shop's. `amounts`: {currency, orders, amount}, most orders first."""

    orders: int = 0
    new: int = 0
    changed: int = 0
    customers_new: int = 0
    without_buyer: int = 0
    without_currency: int = 0
    first_day: date | None = None
    last_day: date | None = None
    amounts: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Merged:
    """What came of a file: its orders (None: it has none), lines, and a report's refunds ({refunds, refunds_new, refunds_open})."""

    orders: Orders | None = None
    lines: int = 0
    refunds: dict[str, int] = field(default_factory=dict)
    refunded: Any = None
    warnings: list[FileWarning] = field(default_factory=list)


def merge(change: Transaction, reading: Reading, cleaned: Cleaned) -> Merged:
    """Append what is new in `file_records`, `file_lines` and `file_refunds`; collect in `touched` which orders to make anew."""
    orders = _orders(change, reading, cleaned) if cleaned.orders else None
    counts, refunded, warnings = _refunds(change, reading, cleaned)
    lines = _lines(change, reading, cleaned) if cleaned.lines else 0
    return Merged(orders, lines, counts, refunded, warnings)


def amounts(change: Transaction, home: ShopContext) -> list[dict[str, Any]]:
    """What the orders in `file_orders` kept after refunds, by currency."""
    return SQL.rows(change, "file_amounts", home)


def _orders(change: Transaction, reading: Reading, cleaned: Cleaned) -> Orders | None:
    row = SQL.one(change, "file_summary", reading.home, import_id=reading.import_id)
    if cleaned.orders == "stored":
        new, changed = row["orders"], 0
        if not new:
            return None
    else:
        new, changed = _append(change, reading, row["orders"])
    return Orders(new=new, changed=changed, amounts=amounts(change, reading.home), **row)


def _append(change: Transaction, reading: Reading, orders: int) -> tuple[int, int]:
    """How many orders are new, and of how many another record wins now."""
    change.execute("CREATE OR REPLACE TEMP TABLE orders_in_file AS SELECT order_key FROM file_orders")
    survivorship.choose(change, "orders_in_file")
    SQL.run(change, "winners_before")
    SQL.run(change, "repeat_orders", reading)
    SQL.run(change, "merge_orders", reading)
    survivorship.combine(change, "orders_in_file")
    change.execute("INSERT INTO touched SELECT order_key FROM orders_in_file")
    if not change.rows("SELECT 1 FROM winners_before LIMIT 1"):
        return orders, 0  # the first import of all needs no comparison
    SQL.run(change, "winners_after")
    row = SQL.one(change, "count_changes")
    return row["fresh"], row["changed"]


def _refunds(change: Transaction, reading: Reading, cleaned: Cleaned) -> tuple[dict[str, int], Any, list[FileWarning]]:
    """What a refund report tells; of refunds among orders how many there were, and how sure it is whose they are."""
    if cleaned.refunds is None:
        return {}, None, []
    row = SQL.one(change, "refunds_summary")
    SQL.run(change, "merge_refunds", reading)
    amount, taken = row.pop("amount"), cleaned.refunds
    if cleaned.layout.refunds:
        return row, -amount, []
    warnings = [FileWarning("refund_rows", {"n": taken.rows, "amount": f"{amount:,.2f}"})] if taken.rows else []
    return {}, None, warnings + ([FileWarning("refund_buyer", {"n": taken.by_buyer})] if taken.by_buyer else [])


def _lines(change: Transaction, reading: Reading, cleaned: Cleaned) -> int:
    lines: int = change.rows("SELECT count(*) AS n FROM file_lines")[0]["n"]
    if cleaned.lines == "aside":
        SQL.run(change, "merge_lines", reading)
    SQL.run(change, "touch_lines")
    return lines
