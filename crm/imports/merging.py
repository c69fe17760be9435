"""Merging: which of the told orders are new, changed or known already; the new tellings are appended."""

from crm.database import Transaction
from crm.imports.cautions import Doubt
from crm.imports.results import FileResult
from crm.imports.sql import SQL
from crm.layouts.registry import Layout
from crm.orders import line_level


def merge(change: Transaction, result: FileResult, layout: Layout, seq: int, misshapen: int) -> None:
    """Append what `told` and `told_lines` say; fill in the result's counts. `seq` is the import's number."""
    tables = {row["table_name"] for row in change.rows("SELECT table_name FROM duckdb_tables() WHERE temporary")}
    aside = change.rows("SELECT count(*) AS n FROM told_refunds")[0]["n"] if "told_refunds" in tables and not layout.refunds else 0
    result.rows = change.rows("SELECT count(*) AS n FROM staged")[0]["n"] + misshapen + aside
    if "told_rows" in tables:
        _orders(change, result, seq)
    elif change.rows("SELECT 1 FROM order_rows WHERE import_id = ? LIMIT 1", [result.import_id]):
        _summary(change, result)
        result.orders_new = result.orders
    if "told_refunds" in tables:
        told = change.rows(SQL.text("refunds_summary"))[0]
        if layout.refunds:
            result.amount, result.currency, result.counts = -told.pop("amount"), None, told
        elif aside:
            result.doubts.append(Doubt("refund_rows", {"n": aside, "amount": f"{told['amount']:,.2f}"}))
            guessed = change.rows("SELECT count(*) AS n FROM refund_found WHERE by_buyer")[0]["n"] if "refund_found" in tables else 0
            result.doubts += [Doubt("refund_buyer", {"n": guessed})] if guessed else []
        SQL.run(change, "merge_refunds", [result.import_id, seq])
    _lines(change, result, seq, "told_line_rows" in tables)


def _lines(change: Transaction, result: FileResult, seq: int, aside: bool) -> None:
    """The lines, if the file has any: `aside` where they stand in a table of their own, not where they will stay."""
    if not aside and not change.rows("SELECT 1 FROM line_rows WHERE import_id = ? LIMIT 1", [result.import_id]):
        return
    result.lines = change.rows("SELECT count(*) AS n FROM told_lines")[0]["n"]
    if aside:
        SQL.run(change, "merge_lines", [result.import_id, seq])
    SQL.run(change, "touch_lines")


def _orders(change: Transaction, result: FileResult, seq: int) -> None:
    change.execute("CREATE OR REPLACE TEMP TABLE in_file AS SELECT order_key FROM told")
    change.execute("CREATE OR REPLACE TEMP TABLE before_file AS " + line_level.winners(change, "in_file"))
    told = f"SELECT t.* FROM {line_level.tellings(change)} AS t SEMI JOIN before_file USING (order_key, telling)"  # noqa: S608 (our own words)
    change.execute("CREATE OR REPLACE TEMP TABLE told_before AS " + told)
    _summary(change, result)
    SQL.run(change, "repeat_orders", [result.import_id, seq])
    SQL.run(change, "merge_orders", [result.import_id, seq])
    line_level.combine(change, "in_file")
    counts = _compared(change, result.orders)
    change.execute("INSERT INTO touched SELECT order_key FROM in_file")
    result.orders_new, result.orders_changed = counts["fresh"], counts["changed"]
    result.orders_unchanged = result.orders - result.orders_new - result.orders_changed


def _summary(change: Transaction, result: FileResult) -> None:
    told = change.rows(SQL.text("told_summary"), [result.import_id])[0]
    result.orders, result.customers_new, result.without_buyer = told["orders"], told["customers_new"], told["without_buyer"]
    result.first_day, result.last_day, result.without_currency = told["first_day"], told["last_day"], told["without_currency"]
    amounts(change, result)


def amounts(change: Transaction, result: FileResult) -> None:
    """What the orders in `told` kept after refunds, by currency."""
    result.amounts = change.rows(SQL.text("told_amounts"))
    only = result.amounts[0] if len(result.amounts) == 1 else {"currency": None, "amount": None}
    result.amount, result.currency = only["amount"], only["currency"]


def _compared(change: Transaction, orders: int) -> dict[str, int]:
    """How many orders are new and of how many another telling counts now; the first import of all needs no comparison."""
    if not change.rows("SELECT 1 FROM before_file LIMIT 1"):
        return {"fresh": orders, "changed": 0}
    change.execute("CREATE OR REPLACE TEMP TABLE after_file AS " + line_level.winners(change, "in_file"))
    return change.rows(SQL.text("compare"))[0]
