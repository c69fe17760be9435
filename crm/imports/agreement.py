"""What order files say of marketing: the words of their consent column, how many orders say what, and columns that could be one."""

import pandas as pd

from crm.database import Transaction
from crm.imports.file_warnings import FileWarning
from crm.imports.sql import SQL
from crm.layouts import answers
from crm.layouts.registry import Layout
from crm.reading.tables import Table, strip

FIELD = "marketing_consent"
GRANTED = {"yes": True} | dict.fromkeys(answers.REFUSALS, False)


def words(change: Transaction) -> pd.DataFrame:
    """The distinct texts of the consent column (`raw`), each with its answer (`granted`); None where it is neither yes nor no."""
    seen = change.frame("SELECT DISTINCT marketing_consent AS raw FROM cells WHERE marketing_consent IS NOT NULL")
    seen["granted"] = pd.Series([GRANTED.get(answers.meaning(raw) or "") for raw in seen["raw"]], dtype=object)
    return seen


def counts(change: Transaction, layout: Layout) -> dict[str, int]:
    """How many orders of the file say yes, no and nothing; {} where it has no column for it."""
    return SQL.one(change, "consent_counts") if FIELD in layout.columns else {}


def remarks(change: Transaction, table: Table, layout: Layout, asked: bool) -> list[FileWarning]:
    """Words of the consent column that nobody knows (where it was `asked`), and columns that could be consent and are not used."""
    odd = _unknown(change, table.names[layout.columns[FIELD][0]]) if asked else []
    unused = could_be(table, {place for places in layout.columns.values() for place in places})
    return odd + ([FileWarning("consent_column", {"names": ", ".join(unused)})] if unused else [])


def _unknown(change: Transaction, column: str) -> list[FileWarning]:
    counted = change.rows(
        "SELECT marketing_consent AS raw, count(*) AS n FROM cells WHERE raw IS NOT NULL GROUP BY ALL ORDER BY n DESC, raw"
    )
    odd = [row for row in counted if answers.meaning(row["raw"]) is None]
    if not odd:
        return []
    names = ", ".join(row["raw"][:40] for row in odd[:3])
    return [FileWarning("answers", {"n": sum(row["n"] for row in odd), "column": column, "names": names})]


def could_be(table: Table, used: set[int]) -> list[str]:
    """The titles of columns that are not used, ask for consent and hold answers, as far as the table's sample shows."""
    items = []
    for place, title in enumerate(table.names):
        field = answers.question(title) if place not in used else None
        cells = [cell for row in table.rows if place < len(row) and (cell := strip(row[place]))]
        if field and cells and (field.endswith("_at") or answers.holds(cells)):
            items.append(title)
    return items
