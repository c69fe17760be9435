"""Order ids on several rows with different amounts: what the import would ask of the whole file, found out before it is asked for."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from crm.database import Store, Transaction
from crm.errors import AskError, CrmError
from crm.imports import cleaning, opening, previewing, staging
from crm.layouts import mapping
from crm.settings import Shop

ROLE = "repeats"
SHOWN = 4
ANSWERS = ("grain", "amounts")
"""What a map file says to answer it: lines whose amounts are added up, or orders of which the latest row counts."""


@dataclass(frozen=True)
class Repeats:
    """One of the orders that are asked about: the first amounts of its rows in the file's order, that of the latest row, and their sum."""

    order_id: str
    amounts: tuple[Decimal, ...]
    latest: Decimal
    sum: Decimal
    more: bool


def look(store: Store, path: Path, given: dict[str, Any], shop: Shop) -> Repeats | None:
    """Read a file with a map file's content, as the import would; None where it does not ask this. Nothing is written."""
    unsaid = {name: value for name, value in given.items() if name not in ANSWERS}
    with opening.workspace(store.folder) as folder:
        _name, table = opening.copies(path, folder, unsaid)[0]
        layout = mapping.layout(mapping.positions(unsaid, table.names), unsaid)
        with store.transaction() as change:
            try:
                staging.load(change, table, layout)
                cleaning.clean(change, previewing.reading_of(change, layout, shop), table, layout)
            except AskError as refusal:
                asked = next((question for question in refusal.questions if question.role == ROLE), None)
                return _example(change, asked.candidates[0].title) if asked else None
            except CrmError:
                return None  # the dry run says it
    return None


def _example(change: Transaction, order_id: str) -> Repeats:
    rows = change.rows(
        "SELECT m.amount, row_number() OVER (ORDER BY greatest(t.created_at, t.paid_at, t.shipped_at, t.completed_at) DESC NULLS LAST, "
        "t.row_no DESC) = 1 AS latest FROM money_rows AS m JOIN typed AS t USING (row_no) WHERE m.order_id = $1 AND m.amount > 0 "
        "ORDER BY t.row_no",
        [order_id],
    )
    amounts = tuple(row["amount"] for row in rows)
    return Repeats(order_id, amounts[:SHOWN], next(row["amount"] for row in rows if row["latest"]), sum(amounts), len(amounts) > SHOWN)
