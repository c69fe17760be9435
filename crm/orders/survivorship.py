"""Survivorship: of several source records of one order, which one wins, and what the others fill in. Only writer of `part_orders`.

A source record (a row of `order_records`) is what one import says of one order. A file with an amount on each line says something of an
order's lines, not of the order: the rest of it may stand in another file. So each line is a record of its own (`order_records.part`), and
the order is what its winning lines come to.

choose(change, "touched")   which orders the following is about
combine(change)             orders that are told line by line, made whole
win(change)                 the view `winning_records`: one record per chosen order
settle(change)              the view `settled_records`: blanks filled in, joined accounts under one id
"""

from typing import Literal

from crm.database import Transaction
from crm.database.statements import quoted
from crm.orders.sql import SQL

Among = Literal["touched", "orders_in_file", "customer_orders"] | None
"""A relation with the keys of the orders in question; None: all."""


def in_parts(change: Transaction) -> bool:
    """Whether any order is told line by line."""
    return bool(change.rows("SELECT 1 FROM order_records WHERE part IS NOT NULL LIMIT 1"))


def prepare(change: Transaction) -> None:
    """Make the view `whole_records`, of which every row tells a whole order. Asked anew once records were added or taken away."""
    SQL.run(change, "whole_records_of_lines" if in_parts(change) else "whole_records")


def choose(change: Transaction, among: Among) -> None:
    """Make the views `chosen_rows`, `chosen_records` (source records of the orders in question, as they came and whole) and `winners`."""
    only = f"SEMI JOIN {quoted(among)} USING (order_key)" if among else ""
    for view, records in (("chosen_rows", "order_records"), ("chosen_records", "whole_records")):
        change.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS FROM {records} {only}")
    SQL.run(change, "winners")


def combine(change: Transaction, among: Among) -> None:
    """Make the rows of `part_orders` anew that belong to the orders in question, and choose these."""
    where = f" WHERE order_key IN (SELECT order_key FROM {quoted(among)})" if among else ""  # noqa: S608 (our own names)
    change.execute("DELETE FROM part_orders" + where)  # noqa: S608 (our own names)
    prepare(change)
    choose(change, among)
    if in_parts(change):
        SQL.run(change, "winning_parts")
        SQL.run(change, "combined")
        change.execute("INSERT INTO part_orders BY NAME FROM combined_orders")


def combine_file(change: Transaction) -> None:
    """Make the table `file_orders_whole`: what the records of one file (`file_records`) come to, order by order."""
    SQL.run(change, "parts_of_file")
    SQL.run(change, "combined")
    SQL.run(change, "whole_orders_of_file")


def win(change: Transaction) -> None:
    """Make the view `winning_records` of the chosen orders."""
    change.execute("CREATE OR REPLACE TEMP TABLE winning_keys AS FROM winners")
    SQL.run(change, "winning_records")


def settle(change: Transaction, *, alone: bool = False) -> None:
    """Make the view `settled_records`: the winning ones, their blanks filled in from `chosen_rows` (not where each is `alone`)."""
    SQL.run(change, "filled" if not alone and _fill(change) else "not_filled")
    joined = change.rows("SELECT 1 FROM merged_customers LIMIT 1")
    SQL.run(change, "settled_records" if joined else "not_joined")


def _fill(change: Transaction) -> bool:
    """Make the table `fillings`; whether there is anything in it."""
    if not change.rows("SELECT 1 FROM chosen_rows GROUP BY order_key HAVING count(*) > 1 LIMIT 1"):
        return False
    SQL.run(change, "fillings")
    return bool(change.rows("SELECT 1 FROM fillings LIMIT 1"))
