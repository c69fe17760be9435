"""Amounts and counts: how each column of a file writes its numbers, decided from all its cells, and its staged cells made plain numbers.

What a column holds is looked at by shape (`1.234,56 €` is `9.999,99 €`): of those there are few, and the cells of one shape are read alike.
Plain numbers, which nearly all files hold, are left as they stand.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from crm.columns import number_formats
from crm.columns.names import in_hundredths
from crm.columns.number_formats import Decision, Style
from crm.database import Transaction
from crm.database.statements import quoted
from crm.imports.sql import SQL
from crm.layouts.registry import Layout

AMOUNTS = (
    "paid_amount",
    "total_amount",
    "goods_amount",
    "shipping_fee",
    "refund_amount",
    "kept_amount",
    "unit_price",
    "line_amount",
    "owed_amount",
)
COUNT = "item_qty"
FIELDS = (*AMOUNTS, COUNT)
Way = tuple[str, str, int, bool, bool]
"""A shape, and how its cells become plain numbers: sign, their digits times ten to which power, whether they fit their column, and whether
these are the digits of the number and of nothing else (else each cell is read by itself)."""
MISFIT = "\u200b"
"""Behind a cell that would be a number elsewhere but is none in its column; nobody sees it."""
SHAPES = 20_000
"""How many shapes of a file are looked at, the most frequent first: what is written in more ways is no column of numbers."""


def settle(change: Transaction, layout: Layout) -> dict[str, Decision]:
    """Decide the style of every column of numbers that is not plain, and rewrite its cells in `staged`; the decisions by field.

    `layout.decimal` says the sign for all of them, `layout.extra["decimal"]` what was said of an earlier such file.
    """
    fields = [field for field in FIELDS if field in layout.columns]
    if not fields or not _any_odd(change, fields):
        return {}
    change.execute(f"CREATE OR REPLACE TEMP VIEW number_cells AS {_cells(fields)}")
    shapes = SQL.rows(change, "shapes", shapes=SHAPES)
    decided = decide(shapes, layout.decimal, layout.extra.get("decimal"))
    for field, decision in decided.items():
        _rewrite(change, field, [way for row in shapes if row["field"] == field and (way := _way(row, decision.style))], decision.style)
    return {field: one for field, one in decided.items() if one.why not in ("plain", "none")}


def hundredths(change: Transaction, layout: Layout, titles: Sequence[str]) -> None:
    """Amounts whose column is called cents, or which a map file says to be so, become units; the cells are plain numbers by now."""
    match = layout.extra.get("hundredths")
    if layout.known or match is False:
        return
    for field in AMOUNTS:
        places = layout.columns.get(field, [])
        if places and (match or any(in_hundredths(titles[place]) for place in places)):
            name = quoted(field)
            plain = f"try_cast(try_cast({name} AS DECIMAL(18, 4)) / 100 AS DECIMAL(18, 4))"
            change.execute(f"UPDATE staged SET {name} = coalesce({plain}::TEXT, {name}) WHERE {name} IS NOT NULL")  # noqa: S608 (names only)


def decide(shapes: Sequence[dict[Any, Any]], text: str | None = None, usual: str | None = None) -> dict[str, Decision]:
    """The decisions for columns whose cells are given by shape (field, cell, n); `told` is what a person says, `usual` what one said."""
    columns: dict[str, dict[str, int]] = {}
    for row in shapes:
        cell = number_formats.without_unit(row["cell"]) if row["field"] == COUNT else row["cell"]
        columns.setdefault(row["field"], {})[cell] = row["n"]
    if text:
        return {field: Decision(number_formats.of(text), "told") for field in columns}
    return number_formats.together(columns, usual)


def _any_odd(change: Transaction, fields: list[str]) -> bool:
    """Whether any cell is no plain number, or could be one in thousands."""
    text = " OR ".join(f"bool_or({quoted(field)} IS NOT NULL AND odd({quoted(field)}))" for field in fields)
    return bool(change.rows(f"SELECT {text} AS found FROM staged")[0]["found"])  # noqa: S608 (names only)


def _cells(fields: list[str]) -> str:
    return " UNION ALL ".join(f"SELECT '{field}' AS field, {quoted(field)} AS x FROM staged" for field in fields)  # noqa: S608 (names only)


def _rewrite(change: Transaction, field: str, ways: list[Way], style: Style) -> None:
    """Make the cells of a column plain numbers; those that do not fit its style get the mark MISFIT."""
    if not ways:
        return
    name = quoted(field)
    change.execute("CREATE OR REPLACE TEMP TABLE ways (shape TEXT, sign TEXT, exponent INTEGER, fits BOOLEAN, alike BOOLEAN)")
    change.insert("ways", pd.DataFrame(ways, columns=["shape", "sign", "exponent", "fits", "alike"]))
    single = change.rows(f"SELECT DISTINCT {name} AS x FROM staged JOIN ways ON ways.shape = shape({name}) WHERE NOT alike")  # noqa: S608 (names only)
    plain = [(row["x"], f"{value:f}") for row in single if (value := _value(field, row["x"], style)) is not None]
    change.execute("CREATE OR REPLACE TEMP TABLE singles (x TEXT, plain TEXT)")
    if plain:
        change.insert("singles", pd.DataFrame(plain, columns=["x", "plain"]))
    SQL.run(change, "plain_numbers", column=field, misfit=MISFIT)


def _way(row: dict[str, Any], style: Style) -> Way | None:
    """How cells of the shape of `row` become plain; None where they may stay as they are."""
    cell, shape = row["cell"], row["shape"]
    value = _value(row["field"], cell, style)
    if value is None:
        elsewhere = any(_value(row["field"], cell, one) is not None for one in (number_formats.PLAIN, number_formats.EUROPEAN))
        return (shape, "", 0, False, True) if elsewhere else None
    if re.fullmatch(r"-?\d+(\.\d+)?", cell) and Decimal(cell) == value:
        return None
    sign, digits = "-" if value < 0 else "", re.sub(r"\D", "", cell)
    alike = (
        digits == re.sub(r"\D", "", number_formats.without_remark(cell)) and digits.isascii() and not re.search(r"\de[-+]?\d", cell.lower())
    )
    exponent = next((power for power in range(-len(digits), 9) if Decimal(digits).scaleb(power) == abs(value)), None) if alike else None
    return (shape, sign, exponent or 0, True, exponent is not None)


def _value(field: str, cell: str, style: Style) -> Decimal | None:
    return number_formats.parse(number_formats.without_unit(cell) if field == COUNT else cell, style)
