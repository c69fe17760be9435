"""The status words of a whole table: the file's own texts, how often each is there, and what each means to us."""

from collections import Counter
from typing import Any

from crm.columns import statuses
from crm.database import Store
from crm.imports import evidence, unsure
from crm.layouts import mapping
from crm.reading.tables import Table, strip

COLUMNS = ("status_raw", "payment_raw")
MOST = 5_000
"""How many different texts are looked at; a status has a few."""


def count(store: Store, table: Table, fields: dict[str, int]) -> dict[str, int]:
    """Text → rows, the most frequent first, as `unsure.gather` puts status and payment together; `fields` are positions."""
    places = [fields[name] for name in COLUMNS if name in fields]
    nulls = {"", *mapping.layout(fields).nulls}
    if not places:
        return _sorts(store, table, fields, nulls)
    cells = ", ".join(f"c{place}" for place in places)
    asked = f"SELECT [{cells}] AS cells, count(*) AS n FROM {evidence.text(table)} GROUP BY ALL ORDER BY n DESC, cells LIMIT {MOST}"  # noqa: S608 (our own words)
    values: Counter[str] = Counter()
    for row in store.rows(asked):
        texts = [text for cell in row["cells"] if (text := strip(cell or "")).lower() not in nulls]
        if texts:
            values[unsure.BOTH.join(texts)] += row["n"]
    return dict(values.most_common()) | _sorts(store, table, fields, nulls)


def _sorts(store: Store, table: Table, fields: dict[str, int], nulls: set[str]) -> dict[str, int]:
    """Where a column says of each row what sort it is, its words that nobody knows."""
    if "refund_status_raw" not in fields:
        return {}
    place = f"c{fields['refund_status_raw']}"
    asked = f"SELECT {place} AS cell, count(*) AS n FROM {evidence.text(table)} GROUP BY ALL ORDER BY n DESC, cell LIMIT {MOST}"  # noqa: S608 (our own words)
    rows = store.rows(asked)
    values = {text: row["n"] for row in rows if (text := strip(row["cell"] or "")).lower() not in nulls}
    return {text: n for text, n in values.items() if not statuses.sort(text)} if statuses.are_sorts(values) else {}


def meanings(words: dict[str, int], fields: dict[str, int], given: dict[str, Any]) -> dict[str, str]:
    """Each text with our status (`crm.layouts.vocabulary.RANK`), as a map file or else its words say; `unknown` where neither does."""
    layout = mapping.layout(fields, {"statuses": given})
    return {text: unsure.status(text, layout) for text in words}
