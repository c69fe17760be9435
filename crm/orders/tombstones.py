"""Who was erased, as keyed hashes, so that nobody comes back with an old file. Only writer of `tombstones`, `erasures`, `erasures_heard`.

SQL that looks for them binds `$secret` (the installation's own) and uses the macro `buried(kind, text, secret)`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from crm.database import Store, Transaction
from crm.database.statements import Reader

COLUMNS = ("kind", "mark", "token", "customer_id", "platform", "shop")
CHUNK = 20_000
"""Tombstones in one entry of the journal: a line of 3 MB at most."""
HASHED = "CREATE OR REPLACE TEMP MACRO buried(kind, text, secret) AS left(sha256(secret || '|' || kind || '|' || text), 24)"


def exist(reader: Reader) -> bool:
    """Whether anybody was ever erased: without that nothing has to be looked for."""
    return bool(reader.rows("SELECT 1 FROM tombstones LIMIT 1"))


def erased_at(reader: Reader, customer_id: str) -> datetime | None:
    """When (UTC) the customer of this id was erased; None for everybody else."""
    rows = reader.rows("SELECT max(erased_at) AS at FROM tombstones WHERE customer_id = ?", [customer_id])
    return rows[0]["at"] if rows else None


def bury(change: Transaction, erasure_id: str, people: int, orders: int, reason: str, now: datetime) -> None:
    """Keep what is in the temporary table `leaving_tombstones` (kind, text and the columns above), and tell the journal."""
    change.execute(HASHED)
    change.execute(
        "INSERT INTO tombstones SELECT DISTINCT kind, buried(kind, text, $secret), token, customer_id, platform, shop, $now::TIMESTAMP "
        "FROM leaving_tombstones",
        {"secret": change.journal.secret(), "now": now},
    )
    change.execute("INSERT INTO erasures VALUES (?, ?, ?, ?, ?)", [erasure_id, now, people, orders, reason])
    rows = change.rows("SELECT kind, mark, token, customer_id, platform, shop FROM tombstones WHERE erased_at = ?", [now])
    values = [[row[name] for name in COLUMNS] for row in rows]
    for start in range(0, max(len(values), 1), CHUNK):
        part = values[start : start + CHUNK]
        change.to_journal("erased", at=now, erasure=erasure_id, people=people, orders=orders, reason=reason, who=part)


@dataclass(frozen=True, slots=True)
class Erasure:
    """That so many people were erased, when (UTC), and why: asked or retention."""

    erasure_id: str
    erased_at: datetime
    people: int
    orders: int
    reason: str


def listed(reader: Store, limit: int = 50) -> list[Erasure]:
    """The latest erasures, newest first."""
    return reader.rows_as(Erasure, "SELECT * FROM erasures ORDER BY erased_at DESC LIMIT ?", [limit])


def hear(change: Transaction, entries: Sequence[dict[str, Any]]) -> None:
    """Keep the erasures among entries of the journal that this database does not know: somebody puts them into effect."""
    known = {row["erasure_id"] for row in change.rows("SELECT erasure_id FROM erasures")} | {entry["erasure"] for entry in heard(change)}
    for entry in entries:
        if entry["kind"] == "erased" and entry["erasure"] not in known:
            change.execute("INSERT INTO erasures_heard VALUES (?)", [json.dumps(entry, ensure_ascii=False)])


def heard(reader: Reader) -> list[dict[str, Any]]:
    """The erasures that wait for being put into effect, as the journal wrote them."""
    return [json.loads(row["entry"]) for row in reader.rows("SELECT entry FROM erasures_heard")]


def take_over(change: Transaction, entries: Sequence[dict[str, Any]]) -> None:
    """These are in effect now: keep their tombstones as the journal has them."""
    for entry in entries:
        at = datetime.fromisoformat(entry["at"])
        if entry["who"]:
            frame = pd.DataFrame(entry["who"], columns=list(COLUMNS), dtype="string").assign(erased_at=at)
            change.insert("tombstones", frame)
        change.execute(
            "INSERT OR IGNORE INTO erasures VALUES (?, ?, ?, ?, ?)",
            [entry["erasure"], at, entry["people"], entry["orders"], entry["reason"]],
        )
    change.execute("DELETE FROM erasures_heard")
