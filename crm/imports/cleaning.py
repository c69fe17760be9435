"""Cleaning: staged text → the source records of orders, lines and refunds, and the rows that cannot be taken over."""

import re
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from crm.columns import currencies
from crm.database import Transaction
from crm.database.statements import quoted
from crm.imports import agreement, amounts, erasing, moments, refund_rows, staging, unsure
from crm.imports.reading import Kept, Reading, Terms
from crm.imports.reading import terms as terms_of
from crm.imports.refund_rows import Taken
from crm.imports.sql import SQL
from crm.layouts import mapping, registry, statuses
from crm.layouts.registry import Layout
from crm.layouts.vocabulary import RANK
from crm.orders import survivorship, tombstones
from crm.places import regions
from crm.reading.tables import WORKBOOK, Table, strip

DAY_FIRST = ("de", "fr", "es")
"""Languages in which nobody writes the month before the day."""
TOO_MUCH, TOO_MANY = 10**10, 2**31
"""What an amount, and a number of items, cannot hold."""
LONG = 16
"""Digits that are one too many for a spreadsheet's numbers."""


@dataclass(frozen=True)
class Cleaned:
    """What cleaning made of the `rows` of a file: where its records of orders and lines are (None: it has none), and its refunds."""

    layout: Layout
    rows: int
    orders: Kept | None
    lines: Kept | None
    refunds: Taken | None


def clean(change: Transaction, reading: Reading, table: Table, layout: Layout) -> Cleaned:
    """`staged` texts → `file_orders`, `file_lines` and `file_refunds`, and in `rejects` what cannot be taken over.

    Raises AskError where a table nobody knows can be read in more than one way.
    """
    unsure.gather(change, layout, table.title)
    _own_rows(change, layout)
    layout = _written(change, table, layout)
    _typed(change, reading, table, layout)
    _words(change, reading.home.shop_currency, table, layout)
    taken = refund_rows.take(change, layout, reading.shop)
    may_be_lines = registry.has_lines(layout)
    layout = _grained(change, layout, table.title)
    terms = terms_of(layout, reading.shop, "status_raw" in staging.kept(layout), may_be_lines)
    if registry.has_lines(layout):
        SQL.run(change, "line_cells", terms)
    _fit(change, layout)
    orders = None if layout.lines_only else _orders(change, reading, layout, terms)
    lines = None
    if layout.refunds:
        SQL.run(change, "file_refunds", terms)
        taken = Taken()
    elif registry.has_lines(layout):
        SQL.run(change, "lines_read", terms)
        lines = _keep(change, reading, "lines", "line_records")
    staged = change.rows("SELECT count(*) AS n FROM staged")[0]["n"]
    return Cleaned(layout, staged + (taken.rows if taken else 0), orders, lines, taken)


def _typed(change: Transaction, reading: Reading, table: Table, layout: Layout) -> None:
    """The view `typed` of the cells as amounts and moments, and the rows of which a cell is none."""
    SQL.run(change, "typed", reading.clock)
    has_ids = "order_id" in layout.columns
    if not table.strict:
        SQL.run(change, "unreadable")
    unsure.totals(change, layout)
    if layout.carry:
        SQL.run(change, "carry")
    texts, exact = _ids_are_whole(table, layout)
    SQL.run(change, "problems", reading.clock, has_ids=has_ids, ids_are_texts=texts, ids_are_exact=exact)
    if not has_ids:
        SQL.run(change, "number", reading.clock)
    if layout.dated_id:
        SQL.run(change, "dated")


def _keep(change: Transaction, reading: Reading, what: Literal["records", "lines"], table: str) -> Kept:
    """The records of the file, apart from those of others; the very first of a shop at once where they stay."""
    others = change.rows(f"SELECT 1 FROM {quoted(table)} LIMIT 1")  # noqa: S608 (names only)
    if reading.import_id is None or others or tombstones.exist(change):
        SQL.run(change, f"{what}_aside")
        erasing.keep_erased(change, what)
        return "aside"
    SQL.run(change, f"{what}_stored", reading)
    return "stored"


def _fit(change: Transaction, layout: Layout) -> None:
    """Reject the rows of orders whose sums no amount can hold; it is looked for only where all cells together are more than that."""
    in_parts = layout.sum_lines and survivorship.in_parts(change)
    most = SQL.one(change, "sums", in_parts=in_parts)
    if not (most["amount"] < TOO_MUCH and most["items"] < TOO_MANY):  # also where a cell says "nan"
        SQL.run(change, "too_large", rows_are_lines=layout.grain == "line")
        if in_parts:
            SQL.run(change, "too_large_parts")


def _own_rows(change: Transaction, layout: Layout) -> None:
    """Before anything is decided by a whole column: rows that are the export's own go, and a date gets the time beside it."""
    if layout.furniture:
        SQL.run(change, "furniture", beginnings=list(layout.furniture))
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


def _written(change: Transaction, table: Table, layout: Layout) -> Layout:
    """How dates and numbers are written, as only the whole column can tell; asked where it cannot and nobody said it."""
    if layout.extra.get("language") in DAY_FIRST:
        layout = layout.with_(extra={"date_order": "dmy", **layout.extra})
    order = moments.settle(change, layout)
    styles = amounts.settle(change, layout)
    if layout.extra.get("ask"):
        unsure.ask_written(change, table, order.ambiguous, styles, layout.extra.get("language"))
    amounts.hundredths(change, layout, table.names)
    unsure.owed(change, layout, table.title)
    decided = {"dates_ambiguous": order.ambiguous, "numbers": styles}
    return layout.with_(date_order=order.name, extra={**layout.extra, **decided})


def _grained(change: Transaction, layout: Layout, title: str) -> Layout:
    """One row per order or per line, amounts once or per line: what the ids of the whole column say."""
    if layout.grain == "auto":
        facts = SQL.one(change, "grain")
        named = bool({"item_title", "sku_code", "line_id", "unit_price", "line_amount"} & set(layout.columns))
        counted = layout.extra.get("amounts", "auto")
        lines = bool(facts["repeated"]) and (named or (counted == "once" and bool(facts["summary"])))
        if facts["repeated"] and not lines and layout.extra.get("ask") and counted == "auto":
            unsure.ask_repeats(change, title)
        if lines and layout.extra.get("ask") and counted == "auto":
            unsure.ask_totals(change, title)
        constant = not facts["priced"] and bool(facts["constant"] or facts["summary"])
        layout = layout.with_(grain="line" if lines else "order", extra={**layout.extra, "constant": constant})
    if layout.grain == "line" and not layout.known and _per_line(layout):
        change.execute("UPDATE staged SET line_amount = coalesce(paid_amount, line_amount), paid_amount = NULL")
        layout = layout.with_(sum_lines=True)
    return layout


def _per_line(layout: Layout) -> bool:
    match = layout.extra.get("amounts", "auto")
    return match == "sum" or (match == "auto" and "paid_amount" in layout.columns and not layout.extra.get("constant", False))


def _orders(change: Transaction, reading: Reading, layout: Layout, terms: Terms) -> Kept:
    """The view `file_orders`, one row per order, made of `file_records`: one per order, or per line where each has its amount."""
    SQL.run(change, _collapse(change, layout), terms)
    SQL.run(change, "bare_orders", terms)
    _places(change)
    SQL.run(change, "records_read", terms)
    kept = _keep(change, reading, "records", "order_records")
    if layout.sum_lines:
        survivorship.combine_file(change)
    SQL.run(change, "orders_of_lines" if layout.sum_lines else "orders_of_records")
    return kept


def _collapse(change: Transaction, layout: Layout) -> str:
    if layout.grain == "line":
        return "order_cells_in_parts" if layout.sum_lines else "order_cells_by_line"
    counted = change.rows("SELECT count(*) - count(DISTINCT order_id) AS n FROM cells WHERE order_id IS NOT NULL")
    return "order_cells_by_order" if counted[0]["n"] else "order_cells_unique"


def _words(change: Transaction, own: str, table: Table, layout: Layout) -> None:
    """The file's distinct status texts, each with our word for it."""
    if "currency" in layout.columns:
        _currencies(change, own)
    seen = change.frame(
        "SELECT status_raw AS raw, fulfillment_raw AS fulfilment, count(*) FILTER (row_no NOT IN (SELECT row_no FROM rejects)) AS n "
        "FROM cells WHERE status_raw IS NOT NULL GROUP BY ALL"
    )
    seen["status"] = [unsure.status(raw, layout) for raw in seen["raw"]]
    seen["shipped"] = [statuses.fulfilment(raw, layout.statuses) if isinstance(raw, str) else None for raw in seen["fulfilment"]]
    if layout.extra.get("ask"):
        unsure.ask_words(seen, table.title)
    _make(change, "status_words", "raw TEXT, fulfilment TEXT, status TEXT, shipped TEXT", seen[["raw", "fulfilment", "status", "shipped"]])
    refunds = change.frame("SELECT DISTINCT refund_status_raw AS raw FROM cells WHERE refund_status_raw IS NOT NULL")
    refunds["status"] = [unsure.refund(raw, layout) for raw in refunds["raw"]]
    _make(change, "refund_words", "raw TEXT, status TEXT", refunds)
    _make(change, "ranks", "status TEXT, rank INTEGER", pd.DataFrame({"status": list(RANK), "rank": list(RANK.values())}))
    countries = change.frame("SELECT DISTINCT country AS raw FROM cells WHERE country IS NOT NULL")
    countries["code"] = [regions.country(raw) for raw in countries["raw"]]
    _make(change, "country_words", "raw TEXT, code TEXT", countries)
    _make(change, "consent_words", "raw TEXT, granted BOOLEAN", agreement.words(change))


def _currencies(change: Transaction, own: str) -> None:
    """The file's words for currencies as codes, so that `rmb` and `CNY` are one. A word that is none stays as it is, in capitals."""
    seen = change.frame("SELECT DISTINCT currency AS raw FROM cells WHERE currency IS NOT NULL")
    seen["code"] = [currencies.code(raw, own) or raw.upper() for raw in seen["raw"]]
    other = seen[seen["raw"] != seen["code"]]
    if len(other):
        _make(change, "currency_words", "raw TEXT, code TEXT", other)
        change.execute("UPDATE staged SET currency = code FROM currency_words WHERE bare(currency) = raw")


def _places(change: Transaction) -> None:
    """The distinct beginnings of addresses, each read once. Lists, not series: those would be laid beside rows they do not belong to."""
    seen = [row["place"] for row in change.rows("SELECT DISTINCT place FROM order_cells WHERE place IS NOT NULL")]
    items = [regions.parse(place) for place in seen]
    frame = pd.DataFrame(
        {"place": seen} | {name: [place[number] for place in items] for number, name in enumerate(("province", "city", "district"))},
        dtype="object",
    )
    _make(change, "places", "place TEXT, province TEXT, city TEXT, district TEXT", frame)


def _make(change: Transaction, table: str, columns: str, frame: pd.DataFrame) -> None:
    change.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(table)} ({columns})")
    if len(frame):
        change.insert(table, frame)
