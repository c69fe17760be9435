"""Evidence: what whole columns say that a few rows cannot: day or month first, whether order ids repeat, and amounts with them."""

from dataclasses import dataclass
from typing import Any

from crm.database import Store
from crm.orders import sql
from crm.orders.tables import Table

MOMENTS = ("created_at", "paid_at")
AMOUNTS = ("paid_amount", "total_amount")
PRODUCTS = {"item_title", "sku_code", "line_id", "unit_price", "line_amount"}


@dataclass(frozen=True)
class Evidence:
    """`date_order`: ymd, dmy or mdy, because of `date_example`; `date_why`: clear, shown, dots, ambiguous, contradictory or none.

    `grain`: order or line; `repeated` of `orders` ids stand on more than one row. `amounts`: once or sum, for lines.
    """

    date_order: str
    date_why: str
    date_example: str | None
    grain: str
    repeated: int
    orders: int
    amounts: str
    rows: int


def look(store: Store, table: Table, fields: dict[str, int]) -> Evidence:
    """Ask the UTF-8 copy of a table, read once more as text; `fields` are the positions of the fields."""
    moment = next((fields[name] for name in MOMENTS if name in fields), None)
    amount = next((fields[name] for name in AMOUNTS if name in fields), None)
    wanted = {"moment": moment, "id": fields.get("order_id"), "amount": amount}
    row = store.rows(_statement(table, wanted), [str(table.path), table.delimiter, table.quote])[0]
    order, why, example = _dates(row)
    lines = bool(row["repeated"]) and bool(PRODUCTS & set(fields))
    return Evidence(order, why, example, "line" if lines else "order", row["repeated"], row["orders"], _amounts(row, fields), row["total"])


def _statement(table: Table, wanted: dict[str, int | None]) -> str:
    """Our own column names c0, c1 … only; what comes from the file is bound."""
    names = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(table.width))
    picked = ", ".join(f"{'NULL' if place is None else f'c{place}'}::TEXT AS {sql.quoted(name)}" for name, place in wanted.items())
    source = (
        f"SELECT {picked} FROM read_csv($1, columns = {{{names}}}, delim = $2, quote = $3, escape = $3, header = false, "  # noqa: S608
        f"auto_detect = false, ignore_errors = true, null_padding = true, strict_mode = false, skip = {int(table.header_row)})"
    )
    return sql.load("evidence").replace("TABLE_OF_TEXT", source)


def _dates(row: dict[str, Any]) -> tuple[str, str, str | None]:
    if not row["dated"]:
        return ("ymd", "none" if not row["filled"] else "clear", None)
    if row["one"] > 12 and row["two"] > 12:
        return ("dmy", "contradictory", row["day_first"])
    if row["one"] > 12:
        return ("dmy", "shown", row["day_first"])
    if row["two"] > 12:
        return ("mdy", "shown", row["month_first"])
    return ("dmy", "dots", row["example"]) if row["dots"] else ("mdy", "ambiguous", row["example"])


def _amounts(row: dict[str, Any], fields: dict[str, int]) -> str:
    told = "paid_amount" in fields or "line_amount" in fields
    return "sum" if told and row["same"] is not None and row["same"] < 0.95 else "once"
