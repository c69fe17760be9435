"""What each step of an import made, written down for whoever looks for a mistake: `crm import --keep-staging DIR`.

A folder per file and step, in it a csv per relation. They hold personal data.
"""

import re
from pathlib import Path

from crm.database import Transaction
from crm.database.statements import literal, quoted

MADE = {
    "read": ("staged", "rejected_rows"),
    "clean": (
        "typed",
        "status_words",
        "refund_words",
        "country_words",
        "consent_words",
        "places",
        "line_cells",
        "order_cells",
        "file_records",
        "file_orders",
        "file_lines",
        "file_refunds",
        "refund_matches",
        "rejects",
    ),
    "merge": ("orders_in_file", "winners_before", "winners_after", "touched"),
    "derive": ("touched", "winning_lines", "line_spend", "orders", "order_lines", "customers"),
}
"""The relations of each step that say most about it."""
THERE = "SELECT table_name AS name FROM duckdb_tables() UNION SELECT view_name FROM duckdb_views()"


class Trace:
    """Keeps what the steps make in a folder."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def keep(self, change: Transaction, step: str, file: str = "") -> None:
        """Write down what a step made of a file."""
        if self.folder is None:
            return
        name = re.sub(r"[^\w.-]+", "_", file)[:80]
        home = self.folder / name / f"{list(MADE).index(step) + 1}-{step}"
        home.mkdir(parents=True, exist_ok=True)
        there = {row["name"] for row in change.rows(THERE)}
        for relation in MADE[step]:
            if relation in there:
                target = literal(str(home / f"{relation}.csv"))
                change.execute(f"COPY (FROM {quoted(relation)}) TO {target} (HEADER)")


SILENT = Trace(None)
