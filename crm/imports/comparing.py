"""Comparing a file with what is there: earlier imports it overlaps, orders it would change, how large such files usually are."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from crm.database import Transaction
from crm.imports import cautions
from crm.imports.cautions import Doubt
from crm.imports.results import FileResult
from crm.imports.sql import SQL
from crm.layouts import registry
from crm.layouts.mapping import is_mended
from crm.layouts.registry import Layout
from crm.orders import line_level
from crm.settings import Shop

EXAMPLES = 5


def compare(change: Transaction, result: FileResult, layout: Layout, digest: str, shop: Shop, now: datetime, beside: list[str]) -> None:
    """Fill in the result's doubts and the examples of what changes. Asked after the file was merged, before it is written down.

    `beside` are the imports of the same run: the sheets of one workbook are one file.
    """
    found = _same_file(change, digest, shop.timezone, beside)
    if result.orders:
        if result.orders_new < result.orders:
            found += _overlaps(change, result) if not found else []
            examples = SQL.text("changes").replace("TELLINGS", line_level.tellings(change))
            result.changes = change.rows(examples, [EXAMPLES]) if result.orders_changed else []
        seen = cautions.look(change, now, layout.known, shop.currency)
        offset = change.rows("SELECT date_diff('hour', $1, timezone($2, make_timestamptz(epoch_us($1)))) AS h", [now, shop.timezone])[0][
            "h"
        ]
        found += cautions.judged(replace(seen, offset=offset, rows=result.rows, usual_rows=_usual_rows(change, result)))
    result.doubts += found


def lines(change: Transaction, results: list[FileResult]) -> None:
    """Whether the lines of item files belong to orders that are known, once all files of the run are there."""
    for result in results:
        if result.lines and (not result.orders or registry.carries(result.format)):
            row = change.rows(SQL.text("lone_lines"), [result.import_id])[0]
            if result.orders and row["known"] < row["orders"]:
                result.doubts.append(Doubt("further_lines", {"n": row["orders"] - row["known"]}))
            elif row["orders"] and not row["known"]:
                result.doubts.append(Doubt("no_orders", {}))
            elif row["orders"] and row["known"] * 5 < row["orders"] * 4:
                result.doubts.append(Doubt("few_orders", {"percent": round(100 - 100 * row["known"] / row["orders"])}))


def _same_file(change: Transaction, digest: str, zone: str, beside: list[str]) -> list[Doubt]:
    statement = (
        "SELECT file, timezone($2, make_timestamptz(epoch_us(imported_at)))::DATE AS day FROM imports "
        "WHERE file_hash = $1 AND undone_at IS NULL AND NOT list_contains($3::TEXT[], import_id) ORDER BY import_seq DESC LIMIT 1"
    )
    return [Doubt("same_file", {"file": row["file"], "day": str(row["day"])}) for row in change.rows(statement, [digest, zone, beside])]


def _overlaps(change: Transaction, result: FileResult) -> list[Doubt]:
    rows = change.rows(SQL.text("overlaps"), [result.import_id])
    if not rows:
        return []
    names = ", ".join(f"{row['file']} ({row['day']})" for row in rows[:3]) + (" …" if len(rows) > 3 else "")
    return [Doubt("overlaps", {"n": result.orders - result.orders_new, "imports": len(rows), "names": names})]


def _usual_rows(change: Transaction, result: FileResult) -> float | None:
    if is_mended(result.header or []):
        return None
    row: dict[str, Any] = change.rows(
        'SELECT median("rows") AS usual, count(*) AS n FROM imports WHERE format = ? AND undone_at IS NULL AND NOT demo', [result.format]
    )[0]
    return float(row["usual"]) if row["n"] >= 3 else None
