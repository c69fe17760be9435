"""Cleaning: staged text → `told` (orders) and `told_lines`, as this file tells them, and the rows that cannot be taken over."""

import re
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from crm.columns import currencies
from crm.database import Transaction
from crm.database.statements import quoted
from crm.imports import agreement, amounts, moments, refund_rows, staging, unsure
from crm.imports.sql import SQL
from crm.layouts import mapping, registry, statuses
from crm.layouts.registry import Layout
from crm.orders import line_level
from crm.places import regions, zones
from crm.reading.tables import WORKBOOK, Table, strip

DAY_FIRST = ("de", "fr", "es")
"""Languages in which nobody writes the month before the day."""
TOO_MUCH, TOO_MANY = 10**10, 2**31
"""What an amount, and a number of items, cannot hold."""
LONG = 16
"""Digits that are one too many for a spreadsheet's numbers."""


@dataclass(frozen=True)
class Reading:
    """What the statements need to know besides the layout."""

    layout: Layout
    zone: str
    shop: str
    currency: str
    keep: tuple[str, int] | None = None
    """The import's id and number, when the very first orders and lines may go at once where they will stay."""


def clean(change: Transaction, reading: Reading, table: Table) -> Layout:
    """Make `told` and `told_lines` from `staged`, and `bad` from what cannot be taken over; the layout as the whole column decided.

    Raises AskError where a table nobody knows can be read in more than one way.
    """
    unsure.gather(change, reading.layout, table.title)
    _own_rows(change, reading.layout)
    zones.tell(change, "reading", reading.zone)
    reading = _written(change, reading, table)
    layout = reading.layout
    _tell(change, layout)
    SQL.run(change, "typed")
    has_id = "order_id" in layout.columns
    if not table.strict:
        SQL.run(change, "unreadable")
    unsure.totals(change, layout)
    if layout.carry:
        SQL.run(change, "carry")
    SQL.run(change, "problems", [has_id, *_ids_are_whole(table, layout)])
    if not has_id:
        SQL.run(change, "number")
    if layout.dated_id:
        SQL.run(change, "dated")
    _words(change, reading, table)
    refund_rows.take(change, layout, reading.shop)
    reading = _grained(change, reading, table.title)
    layout = reading.layout
    change.execute("SET VARIABLE reading_line_shipping = $1", [layout.line_shipping])
    if registry.has_lines(layout):
        SQL.run(change, "lined")
    _fit(change, layout)
    if not layout.lines_only:
        _orders(change, reading)
    if layout.refunds:
        SQL.run(change, "told_refunds", [layout.platform, reading.shop])
    elif registry.has_lines(layout):
        per_line = layout.lines_only or layout.sum_lines
        shop = "" if layout.lines_only and not reading.shop else reading.shop or "default"
        _tell_rows(change, reading, "told_lines", ("told_lines", "told_line_rows", "line_rows"), [layout.platform, shop, per_line])
    return layout


def _tell_rows(change: Transaction, reading: Reading, statement: str, names: tuple[str, str, str], values: list[Any]) -> None:
    """Make the view `names[0]` of what the file tells: its rows stand apart in the table `names[1]`, the very first in `names[2]`."""
    view, aside, kept = (quoted(name) for name in names)
    told = SQL.text(statement)
    if reading.keep is None or change.rows(f"SELECT 1 FROM {kept} LIMIT 1"):  # noqa: S608 (names only)
        change.execute(f"CREATE TEMP TABLE {aside} AS {told}", values)
        change.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS FROM {aside}")
    else:
        marks = f"${len(values) + 1} AS import_id, ${len(values) + 2} AS import_seq"
        change.execute(f"INSERT INTO {kept} BY NAME SELECT *, {marks} FROM ({told})", [*values, *reading.keep])  # noqa: S608 (names only)
        change.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT * EXCLUDE (import_id, import_seq) FROM {kept}")  # noqa: S608 (names only)


def _fit(change: Transaction, layout: Layout) -> None:
    """Reject the rows of orders whose sums no amount can hold; it is looked for only where all cells together are more than that."""
    in_parts = layout.sum_lines and line_level.exist(change)
    most = change.rows(SQL.text("sums"), [in_parts])[0]
    if not (most["amount"] < TOO_MUCH and most["items"] < TOO_MANY):  # also where a cell says "nan"
        SQL.run(change, "too_large", [layout.grain == "line"])
        if in_parts:
            SQL.run(change, "too_large_parts")


def _tell(change: Transaction, layout: Layout) -> None:
    """What the statements ask of the layout, as variables."""
    told = {
        "no_amounts": layout.no_amounts, "carry": layout.carry, "heads": layout.heads, "masks": layout.masks, "line_by": layout.line_by,
        "lines": registry.has_lines(layout), "known": layout.known, "told_amounts": not layout.known and "paid_amount" in layout.columns,
    }  # fmt: skip
    for name, value in told.items():
        change.execute(f"SET VARIABLE reading_{name} = $1", [value])


def _own_rows(change: Transaction, layout: Layout) -> None:
    """Before anything is decided by a whole column: rows that are the export's own go, and a date gets the time beside it."""
    if layout.furniture:
        SQL.run(change, "furniture", [list(layout.furniture)])
    if "clock" in layout.columns:
        SQL.run(change, "clock")


def _ids_are_whole(table: Table, layout: Layout) -> tuple[bool, bool]:
    """Whether long order ids are texts that no spreadsheet takes for numbers, and whether they are numbers that none has rounded.

    Then zeros at their end are their own. In a workbook a rounded number comes in powers of ten, so what is written out is a text.
    Rows that were refused before stay refused.
    """
    cells = [row[place] for row in table.rows for place in layout.columns.get("order_id", []) if place < len(row)]
    long = [cell for cell in cells if len(strip(cell)) >= LONG]
    texts = bool(long) and all(cell.lstrip().startswith(("=", "'")) or cell.endswith("\t") for cell in long)
    exact = any(re.fullmatch(r"\d{15}[1-9]\.0", strip(cell)) for cell in long)
    return (texts or table.encoding == WORKBOOK) and not mapping.is_mended(table.names), exact


def _written(change: Transaction, reading: Reading, table: Table) -> Reading:
    """How dates and numbers are written, as only the whole column can tell; asked where it cannot and nobody said it."""
    layout = reading.layout
    if layout.extra.get("language") in DAY_FIRST:
        layout = layout.with_(extra={"date_order": "dmy", **layout.extra})
    order = moments.settle(change, layout, table.since_1904)
    styles = amounts.settle(change, layout)
    if layout.extra.get("ask"):
        unsure.ask_written(change, table, order.ambiguous, styles, layout.extra.get("language"))
    amounts.hundredths(change, layout, table.names)
    unsure.owed(change, layout, table.title)
    told = {"dates_ambiguous": order.ambiguous, "numbers": styles}
    return replace(reading, layout=layout.with_(date_order=order.name, extra={**layout.extra, **told}))


def _grained(change: Transaction, reading: Reading, title: str) -> Reading:
    """One row per order or per line, amounts once or per line: what the ids of the whole column say."""
    layout = reading.layout
    if layout.grain == "auto":
        facts = change.rows(SQL.text("grain"))[0]
        named = bool({"item_title", "sku_code", "line_id", "unit_price", "line_amount"} & set(layout.columns))
        counted = layout.extra.get("amounts", "auto")
        lines = bool(facts["repeated"]) and (named or (counted == "once" and bool(facts["summary"])))
        if facts["repeated"] and not lines and layout.extra.get("ask") and counted == "auto":
            unsure.ask_repeats(change, title)
        if lines and layout.extra.get("ask") and counted == "auto":
            unsure.ask_totals(change, title)
        layout = layout.with_(grain="line" if lines else "order")
        layout.extra["constant"] = not facts["priced"] and bool(facts["constant"] or facts["summary"])
    if layout.grain == "line" and not layout.known and _per_line(layout):
        change.execute("UPDATE staged SET line_amount = coalesce(paid_amount, line_amount), paid_amount = NULL")
        layout = layout.with_(sum_lines=True)
    return replace(reading, layout=layout)


def _per_line(layout: Layout) -> bool:
    told = layout.extra.get("amounts", "auto")
    return told == "sum" or (told == "auto" and "paid_amount" in layout.columns and not layout.extra.get("constant", False))


def _orders(change: Transaction, reading: Reading) -> None:
    layout = reading.layout
    SQL.run(change, _collapse(change, layout))
    SQL.run(change, "bare_orders")
    _places(change)
    identity = [name in layout.identity for name in ("account", "email", "phone")]
    values = [layout.platform, reading.shop or "default", layout.currency or "", layout.country,
              "status_raw" in staging.kept(layout), "paid_at" in layout.columns, layout.sum_lines,
              *identity]  # fmt: skip
    _tell_rows(change, reading, "told_orders", ("tellings", "told_rows", "order_rows"), values)
    if layout.sum_lines:
        change.execute("CREATE TEMP TABLE told_whole AS " + line_level.whole("tellings"))
    change.execute("CREATE OR REPLACE TEMP VIEW told AS FROM " + ("told_whole" if layout.sum_lines else "tellings"))


def _collapse(change: Transaction, layout: Layout) -> str:
    if layout.grain == "line":
        return "collapse_parts" if layout.sum_lines else "collapse_lines"
    counted = change.rows("SELECT count(*) - count(DISTINCT order_id) AS n FROM cells WHERE order_id IS NOT NULL")
    return "collapse_orders" if counted[0]["n"] else "collapse_unique"


def _words(change: Transaction, reading: Reading, table: Table) -> None:
    """The file's distinct status texts, each with our word for it."""
    if "currency" in reading.layout.columns:
        _currencies(change, reading.currency)
    layout = reading.layout
    seen = change.frame(
        "SELECT status_raw AS raw, fulfillment_raw AS fulfilment, count(*) FILTER (row_no NOT IN (SELECT row_no FROM bad)) AS n "
        "FROM cells WHERE status_raw IS NOT NULL GROUP BY ALL"
    )
    seen["status"] = [unsure.status(raw, layout) for raw in seen["raw"]]
    seen["shipped"] = [statuses.fulfilment(raw, layout.statuses) if isinstance(raw, str) else None for raw in seen["fulfilment"]]
    if layout.extra.get("ask"):
        unsure.ask_words(seen, table.title)
    _keep(change, "status_words", "raw TEXT, fulfilment TEXT, status TEXT, shipped TEXT", seen[["raw", "fulfilment", "status", "shipped"]])
    refunds = change.frame("SELECT DISTINCT refund_status_raw AS raw FROM cells WHERE refund_status_raw IS NOT NULL")
    refunds["status"] = [unsure.refund(raw, layout) for raw in refunds["raw"]]
    _keep(change, "refund_words", "raw TEXT, status TEXT", refunds)
    _keep(change, "ranks", "status TEXT, rank INTEGER", pd.DataFrame({"status": list(statuses.RANK), "rank": list(statuses.RANK.values())}))
    countries = change.frame("SELECT DISTINCT country AS raw FROM cells WHERE country IS NOT NULL")
    countries["code"] = [regions.country(raw) for raw in countries["raw"]]
    _keep(change, "country_words", "raw TEXT, code TEXT", countries)
    _keep(change, "consent_words", "raw TEXT, granted BOOLEAN", agreement.words(change))


def _currencies(change: Transaction, own: str) -> None:
    """The file's words for currencies as codes, so that `rmb` and `CNY` are one. A word that is none stays as it is, in capitals."""
    seen = change.frame("SELECT DISTINCT currency AS raw FROM cells WHERE currency IS NOT NULL")
    seen["code"] = [currencies.code(raw, own) or raw.upper() for raw in seen["raw"]]
    other = seen[seen["raw"] != seen["code"]]
    if len(other):
        _keep(change, "currency_words", "raw TEXT, code TEXT", other)
        change.execute("UPDATE staged SET currency = code FROM currency_words WHERE bare(currency) = raw")


def _places(change: Transaction) -> None:
    """The distinct beginnings of addresses, each read once. Lists, not series: those would be laid beside rows they do not belong to."""
    seen = [row["place"] for row in change.rows("SELECT DISTINCT place FROM collapsed WHERE place IS NOT NULL")]
    found = [regions.parse(place) for place in seen]
    frame = pd.DataFrame(
        {"place": seen} | {name: [place[number] for place in found] for number, name in enumerate(("province", "city", "district"))},
        dtype="object",
    )
    _keep(change, "places", "place TEXT, province TEXT, city TEXT, district TEXT", frame)


def _keep(change: Transaction, table: str, columns: str, frame: pd.DataFrame) -> None:
    change.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(table)} ({columns})")
    if len(frame):
        change.insert(table, frame)
