"""Comparing a file with what is there: earlier imports it overlaps, orders it would change, how large such files usually are."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from crm.database import Transaction
from crm.imports import file_warnings
from crm.imports.file_warnings import FileWarning
from crm.imports.merging import Orders
from crm.imports.reading import Reading
from crm.imports.results import FileResult
from crm.imports.sql import SQL
from crm.layouts import registry
from crm.layouts.mapping import is_mended
from crm.settings import Shop

EXAMPLES = 5


@dataclass(frozen=True)
class FileFacts:
    """Of a file: its sha256, layout, header, number of rows, and `siblings`: other imports of the run (sheets of one workbook)."""

    digest: str
    format: str
    known: bool
    rows: int
    header: list[str] | None
    siblings: list[str]


@dataclass(frozen=True)
class Compared:
    """What comparing found: remarks, and examples of orders that change."""

    warnings: list[FileWarning] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)


def compare(change: Transaction, reading: Reading, file: FileFacts, orders: Orders | None, shop: Shop, now: datetime) -> Compared:
    """Compare a merged file with what was there. Asked before it is written down as an import."""
    warnings, changes = _same_file(change, file.digest, shop.timezone, file.siblings), []
    if orders is None or not orders.orders:
        return Compared(warnings)
    if orders.new < orders.orders:
        warnings += _overlaps(change, reading, orders) if not warnings else []
        changes = SQL.rows(change, "changes", examples=EXAMPLES) if orders.changed else []
    hours = "SELECT date_diff('hour', $1, timezone($2, make_timestamptz(epoch_us($1)))) AS h"
    seen = replace(
        file_warnings.look(change, reading.home, now, file.known),
        offset=change.rows(hours, [now, shop.timezone])[0]["h"],
        rows=file.rows,
        usual_rows=_usual_rows(change, file),
    )
    return Compared(warnings + file_warnings.judged(seen), changes)


def lines(change: Transaction, results: list[FileResult]) -> None:
    """Whether the lines of item files belong to orders that are known, once all files of the run are there."""
    for result in results:
        if result.lines and (not result.orders or registry.carries(result.format)):
            row = SQL.one(change, "lone_lines", import_id=result.import_id)
            if result.orders and row["known"] < row["orders"]:
                result.warnings.append(FileWarning("further_lines", {"n": row["orders"] - row["known"]}))
            elif row["orders"] and not row["known"]:
                result.warnings.append(FileWarning("no_orders", {}))
            elif row["orders"] and row["known"] * 5 < row["orders"] * 4:
                result.warnings.append(FileWarning("few_orders", {"percent": round(100 - 100 * row["known"] / row["orders"])}))


def _same_file(change: Transaction, digest: str, zone: str, siblings: list[str]) -> list[FileWarning]:
    statement = (
        "SELECT file, timezone($2, make_timestamptz(epoch_us(imported_at)))::DATE AS day FROM imports "
        "WHERE file_hash = $1 AND undone_at IS NULL AND NOT list_contains($3::TEXT[], import_id) ORDER BY import_seq DESC LIMIT 1"
    )
    return [
        FileWarning("same_file", {"file": row["file"], "day": str(row["day"])}) for row in change.rows(statement, [digest, zone, siblings])
    ]


def _overlaps(change: Transaction, reading: Reading, orders: Orders) -> list[FileWarning]:
    rows = SQL.rows(change, "overlaps", reading)
    if not rows:
        return []
    names = ", ".join(f"{row['file']} ({row['day']})" for row in rows[:3]) + (" …" if len(rows) > 3 else "")
    return [FileWarning("overlaps", {"n": orders.orders - orders.new, "imports": len(rows), "names": names})]


def _usual_rows(change: Transaction, file: FileFacts) -> float | None:
    if is_mended(file.header or []):
        return None
    row: dict[str, Any] = change.rows(
        'SELECT median("rows") AS usual, count(*) AS n FROM imports WHERE format = ? AND undone_at IS NULL AND NOT demo', [file.format]
    )[0]
    return float(row["usual"]) if row["n"] >= 3 else None
