"""Given files of other kinds: small tables written as people write them, and everything that follows from them as text."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from crm import uploads
from crm.database import Store
from crm.imports.results import FileResult
from crm.imports.steps import ImportOptions

NOW = datetime(2026, 11, 1)
FOLLOWS = (
    "customers",
    "customer_facts",
    "profiles",
    "customer_tags",
    "touches",
    "identities",
    "suppressions",
    "consents",
    "person_records",
    "touch_records",
)


def table(path: Path, *rows: str, encoding: str = "utf-8") -> Path:
    """A csv file."""
    path.write_bytes("\r\n".join([*rows, ""]).encode(encoding))
    return path


def take(store: Store, *paths: Path, **options: Any) -> list[FileResult]:
    """Import."""
    return uploads.import_files(store, paths, now=NOW, options=ImportOptions(**options))


def state(store: Store) -> str:
    """Everything that files said and what follows from it, as text; without the ids of imports."""
    values = {}
    for name in FOLLOWS:
        rows = [{key: str(value) for key, value in row.items() if key != "import_id"} for row in store.rows(f"SELECT * FROM {name}")]  # noqa: S608
        values[name] = sorted({json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows})
    return json.dumps(values, ensure_ascii=False, indent=1)


def agreeing(store: Store, addresses: Sequence[str]) -> set[str]:
    """Which of these (normalised) addresses have a yes of their own to e-mail on record, not taken back."""
    rows = store.rows(
        "SELECT address_norm FROM consents WHERE channel = 'email' AND address_norm IN (SELECT unnest(?::TEXT[])) "
        "GROUP BY address_norm HAVING arg_max(granted, happened_at)",
        [list(addresses)],
    )
    return {row["address_norm"] for row in rows}


def suppressed(store: Store) -> list[dict[str, Any]]:
    """Every address that must not be written to: channel, address_norm, reason, source."""
    return store.rows(
        "SELECT channel, address_norm, any_value(reason) AS reason, any_value(source) AS source "
        "FROM suppressions GROUP BY channel, address_norm ORDER BY min(happened_at) DESC"
    )
