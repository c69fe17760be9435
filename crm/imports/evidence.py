"""Evidence: what whole columns say that a few rows cannot: day or month first, whether order ids repeat, and amounts with them."""

import re
from dataclasses import dataclass
from typing import Any

from crm.columns.number_formats import Decision
from crm.database import Store, Transaction
from crm.database.statements import literal, quoted
from crm.imports import amounts
from crm.imports.sql import SQL
from crm.orders.sql import SQL as ORDERS
from crm.reading.tables import Table

MOMENTS = ("created_at", "paid_at")
AMOUNTS = ("paid_amount", "total_amount")
PRODUCTS = {"item_title", "sku_code", "line_id", "unit_price", "line_amount"}


@dataclass(frozen=True)
class Evidence:
    """`date_order`: ymd, dmy or mdy, because of `date_example`; `date_why`: clear, shown, dots, language, ambiguous, contradictory or none.

    `grain`: order or line; `repeated` of `orders` ids stand on more than one row. `amounts`: once or sum, for lines.

    `decimal`: the sign that parts decimals in the columns of numbers (`.` or `,`; "" where they write both), because of `decimal_example`;
    `decimal_why` as in `crm.columns.number_formats.Decision`, and `differ` where one column shows another sign than the others.
    """

    date_order: str
    date_why: str
    date_example: str | None
    grain: str
    repeated: int
    orders: int
    amounts: str
    rows: int
    decimal: str = "."
    decimal_why: str = "plain"
    decimal_example: str | None = None


def look(store: Store, table: Table, fields: dict[str, int], day_first: bool = False) -> Evidence:
    """Ask the UTF-8 copy of a table, read once more as text; `fields` are the positions of the fields.

    `day_first`: the language of its header is one in which nobody writes the month before the day.
    """
    moment = next((fields[name] for name in MOMENTS if name in fields), None)
    amount = next((fields[name] for name in AMOUNTS if name in fields), None)
    wanted = {"moment": moment, "id": fields.get("order_id"), "amount": amount}
    with store.transaction() as change:
        ORDERS.run(change, "macros")
        change.execute(_columns(table, wanted))
        row = SQL.one(change, "evidence")
        numbers = _numbers(change, table, fields)
    order, why, example = _dates(row, day_first)
    lines = bool(row["repeated"]) and bool(PRODUCTS & set(fields))
    items = (row["repeated"], row["orders"], _amounts(row, fields), row["total"])
    return Evidence(order, why, example, "line" if lines else "order", *items, *numbers)


def _numbers(change: Transaction, table: Table, fields: dict[str, int]) -> tuple[str, str, str | None]:
    """The sign of decimals in the columns of numbers, why, and a cell that shows it (or could be either)."""
    wanted = {name: fields[name] for name in amounts.FIELDS if name in fields}
    if not wanted:
        return ".", "none", None
    names, places = ", ".join(f"'{name}'" for name in wanted), ", ".join(f"c{place}" for place in wanted.values())
    rows = f"SELECT unnest([{names}]) AS field, unnest([{places}]) AS x FROM {text(table)}"  # noqa: S608 (our own words)
    change.execute(f"CREATE OR REPLACE TEMP VIEW number_cells AS SELECT field, nullif(trim(x), '') AS x FROM ({rows})")  # noqa: S608 (our own words)
    items = list(amounts.decide(SQL.rows(change, "shapes", shapes=amounts.SHAPES)).values())
    return _summed({why: [one for one in items if one.why == why] for why in ("mixed", "doubt", "shown")})


def _summed(values: dict[str, list[Decision]]) -> tuple[str, str, str | None]:
    for why in ("mixed", "doubt"):
        if values[why]:
            return values[why][0].style.decimal, why, values[why][0].example
    shown = sorted(values["shown"], key=lambda one: one.style.decimal)  # a comma says more than a point
    if not shown or all(_plain(one.example or "") for one in shown):
        return ".", "plain", None
    return shown[0].style.decimal, "shown" if len({one.style.decimal for one in shown}) == 1 else "differ", shown[0].example


def _plain(cell: str) -> bool:
    return re.fullmatch(r"[-+]?\d+\.\d+", cell) is not None


def text(table: Table) -> str:
    """The table as text, for a view: our own column names c0, c1 … only."""
    names = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(table.width))
    return (
        f"read_csv({literal(str(table.path))}, columns = {{{names}}}, delim = {literal(table.delimiter)}, quote = {literal(table.quote)}, "
        f"escape = {literal(table.quote)}, header = false, auto_detect = false, ignore_errors = true, null_padding = true, "
        f"strict_mode = false, skip = {int(table.header_row)})"
    )


def _columns(table: Table, wanted: dict[str, int | None]) -> str:
    """The view `text_columns`: the columns that are looked at, as text."""
    picked = ", ".join(f"{'NULL' if place is None else f'c{place}'}::TEXT AS {quoted(name)}" for name, place in wanted.items())
    return f"CREATE OR REPLACE TEMP VIEW text_columns AS SELECT {picked} FROM {text(table)}"  # noqa: S608 (names only)


def _dates(row: dict[str, Any], day_first: bool) -> tuple[str, str, str | None]:
    if not row["dated"]:
        return ("ymd", "none" if not row["filled"] else "clear", None)
    if row["one"] > 12 and row["two"] > 12:
        return ("dmy", "contradictory", row["day_first"])
    if row["one"] > 12:
        return ("dmy", "shown", row["day_first"])
    if row["two"] > 12:
        return ("mdy", "shown", row["month_first"])
    if row["dots"] or day_first:
        return ("dmy", "dots" if row["dots"] else "language", row["example"])
    return ("mdy", "ambiguous", row["example"])


def _amounts(row: dict[str, Any], fields: dict[str, int]) -> str:
    result = "paid_amount" in fields or "line_amount" in fields
    return "sum" if result and row["same"] is not None and row["same"] < 0.95 else "once"
