"""Members as a CSV file for spreadsheets: UTF-8 with BOM, and no cell that a spreadsheet would run as a formula."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import pandas as pd

from crm.database import Store
from crm.segments import scope
from crm.segments.definition import Definition
from crm.segments.ladder import chosen

COLUMNS = [
    "customer_id", "nickname", "name", "platform", "shop", "province", "city", "purchases", "spend", "first_purchase_day",
    "last_purchase_day", "favourite_category", "email_norm", "phone_quality", "call_before",
]  # fmt: skip
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # the wide ones count in Chinese spreadsheets


def safe(cell: Any) -> str:
    """A cell as text; one that a spreadsheet could take for a formula gets a leading apostrophe."""
    text = "" if cell is None or cell is pd.NaT or cell != cell else str(cell)
    return "'" + text if text.startswith(STARTS) else text


def shown(frame: pd.DataFrame) -> pd.DataFrame:
    """The same table for a screen: its own download button writes cells as they are, so its texts must be safe already."""
    texts = [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name])]
    return frame.assign(**{name: frame[name].map(lambda cell: safe(cell) if isinstance(cell, str) else cell) for name in texts})


def export_csv(store: Store, definition: Definition, as_of: date, path: Path, rung: str | None = None) -> int:
    """Write a rung's members (default: the last rung) to a file, highest spend first; the number of rows."""
    with path.open("w", encoding="utf-8-sig", newline="") as lines:
        return write(lines, frame(store, definition, as_of, rung))


def frame(store: Store, definition: Definition, as_of: date, rung: str | None = None) -> pd.DataFrame:
    """The members of a rung with the columns of the file, highest spend first."""
    within = scope.at(store, as_of)
    people = chosen(definition, within, rung)
    listed = people.rename(call_before="phone_until").order_by([ibis.desc("spend"), "customer_id"])
    return store.read(listed.select(*COLUMNS))


def write(lines: Any, frame: pd.DataFrame) -> int:
    """Write header and rows of a frame to an open text file; the number of rows."""
    out = csv.writer(lines)
    out.writerow([safe(name) for name in frame.columns])
    out.writerows([safe(cell) for cell in row] for row in frame.astype(object).itertuples(index=False))
    return len(frame)
