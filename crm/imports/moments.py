"""Moments: in which order a file writes day and month, decided from all its cells, and its staged cells made plain moments.

Nearly all files write `2026-01-31 09:30:00`; these are left as they stand. Of others there are many moments, but few days and few times
of day: each of them is read once (`crm.columns.dates`).
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from crm.columns import dates
from crm.database import Transaction
from crm.database.statements import quoted
from crm.imports.sql import SQL
from crm.layouts.registry import Layout

FIELDS = ("created_at", "paid_at", "completed_at", "shipped_at", "cancelled_at")


@dataclass(frozen=True)
class Order:
    """`dmy`, `mdy` or `ymd`, and whether the dates could be read in another order and nothing shows which."""

    name: str
    ambiguous: bool = False


def settle(change: Transaction, layout: Layout) -> Order:
    """Decide the order of day and month where the layout leaves it open, and rewrite the cells in `staged` that are no plain moments."""
    fields = _odd(change, [field for field in FIELDS if field in layout.columns])
    if not fields:
        return Order("mdy" if layout.date_order == "auto" else layout.date_order)
    for field in fields:
        SQL.run(change, "plain_epochs", column=field)
    cells = " UNION ALL ".join(f"SELECT {quoted(field)} AS x FROM staged" for field in fields)  # noqa: S608 (names only)
    change.execute(f"CREATE OR REPLACE TEMP VIEW moment_cells AS {cells}")
    result = _order(SQL.one(change, "dates_seen"), layout.extra.get("date_order"))
    if layout.date_order != "auto":
        result = Order(layout.date_order)
    _plain(change, "day_forms", "day_part", result.name)
    _plain(change, "clock_forms", "clock_part", result.name)
    for field in fields:
        SQL.run(change, "plain_moments", column=field)
    return result


def _order(seen: dict[str, Any], usual: str | None) -> Order:
    """What the whole columns say; `usual` is what was said of an earlier file with this header."""
    if seen["one"] > 12:
        return Order("dmy")
    if seen["two"] > 12:
        return Order("mdy")
    if usual or seen["points"]:
        return Order(usual or "dmy")
    return Order("mdy", ambiguous=seen["differ"])


def _odd(change: Transaction, fields: list[str]) -> list[str]:
    """The columns with a cell that is written in another way than most are."""
    if not fields:
        return []
    counted = ", ".join(
        f"coalesce(bool_or({name} NOT LIKE '____-__-__ __:__:__'), false) AS {name}" for name in (quoted(field) for field in fields)
    )
    row = change.rows(f"SELECT {counted} FROM staged")[0]  # noqa: S608 (names only)
    return [field for field in fields if row[field]]


def _plain(change: Transaction, table: str, part: str, order: str) -> None:
    """The distinct days (or times of day) of the cells, each with its plain form; what cannot be read is left out."""
    seen = change.rows(f"SELECT DISTINCT {part}(x) AS x FROM moment_cells WHERE x IS NOT NULL AND NOT plain_moment(x)")  # noqa: S608 (our own words)
    plain = _day if part == "day_part" else _clock
    forms = [(row["x"], text) for row in seen if (text := plain(row["x"], order)) is not None]
    change.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(table)} (x TEXT, plain TEXT)")
    if forms:
        change.insert(table, pd.DataFrame(forms, columns=["x", "plain"]))


def _day(text: str, order: str) -> str | None:
    rows = dates.read(text, order)
    return None if rows is None else f"{rows:%Y-%m-%d}" if not dates.split(text)[1] else rows.isoformat(" ")


def _clock(text: str, _order: str) -> str | None:
    """A time of day as `09:30:00+08:00`; "" for none, which is midnight."""
    if not text:
        return ""
    result = dates.clock_of(dates.split(f"2000-01-01 {text}")[1])
    if result is None:
        return None
    clock, ahead = result
    if ahead is None:
        return clock.isoformat()
    minutes = round(ahead.total_seconds() / 60)
    return f"{clock.isoformat()}{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
