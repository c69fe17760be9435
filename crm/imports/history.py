"""What was imported: the list, the rejected rows, remembered mappings, and taking an import back as if it had never been."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from crm.accounts import acting, audit
from crm.accounts.acting import Right
from crm.customers import derived
from crm.database import Store, Transaction
from crm.database.statements import quoted
from crm.errors import NotFoundError
from crm.imports import rejecting
from crm.imports.results import FileResult, Rejection
from crm.imports.sql import SQL
from crm.orders import derive


@dataclass(frozen=True)
class Origin:
    """Where an import came from: the file's sha256, the platform and shop it tells of, and who brought it."""

    digest: str
    platform: str
    shop: str
    demo: bool
    actor: str


@dataclass(frozen=True, slots=True)
class Imported:
    """An import as it was written down. Moments are UTC; `undone_at` where it was taken back, `amounts` JSON by currency."""

    import_id: str
    import_seq: int
    file: str
    file_hash: str
    format: str
    encoding: str
    platform: str
    shop: str
    rows: int
    orders: int
    orders_new: int
    orders_changed: int
    orders_unchanged: int
    lines: int
    customers_new: int
    rejected: int
    first_day: date | None
    last_day: date | None
    demo: bool
    imported_at: datetime
    undone_at: datetime | None
    kind: str | None
    amount: Decimal | None
    currency: str | None
    without_buyer: int | None
    took_ms: int | None
    actor: str | None
    amounts: str | None
    timezone: str | None


@dataclass(frozen=True, slots=True)
class Undoing:
    """What taking an import back would mean: orders that go, that get back what was said before, that stay; later imports."""

    removed: int
    restored: int
    shared: int
    later: int


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking an import back did to the orders."""

    import_id: str
    orders_removed: int
    orders_restored: int


def keep(change: Transaction, result: FileResult, origin: Origin, now: datetime) -> None:
    """Write an import, its rejected rows (gathered by `rejecting`) and who did it down."""
    SQL.run(
        change,
        "keep_import",
        result,
        file_hash=origin.digest,
        platform=origin.platform,
        shop=origin.shop,
        demo=origin.demo,
        actor=origin.actor,
        imported_at=now,
        rejected=result.rejected,
        mapping=json.dumps(result.mapping, ensure_ascii=False),
        header=json.dumps(result.header, ensure_ascii=False) if result.header else None,
        amounts=json.dumps(result.amounts, default=str) if result.amounts else None,
    )
    rejecting.keep(change, result.import_id or "")
    audit.noted(change, now, origin.actor, "import", f"{result.import_id}: {result.rows} rows, {result.rejected} rejected")


def timed(change: Transaction, results: Sequence[FileResult], took_ms: int) -> None:
    """Write down how long the imports of one run took, each its share by rows."""
    rows = sum(result.rows for result in results) or 1
    for result in results:
        result.took_ms = round(took_ms * result.rows / rows)
        change.execute("UPDATE imports SET took_ms = ? WHERE import_id = ?", [result.took_ms, result.import_id])


def names(store: Store, import_ids: list[str]) -> dict[str, str]:
    """The files of some imports, by import."""
    rows = store.rows("SELECT import_id, file FROM imports WHERE list_contains(?::TEXT[], import_id)", [import_ids])
    return {row["import_id"]: row["file"] for row in rows}


def number(store: Store) -> int:
    """How many imports there were."""
    return int(store.rows("SELECT count(*) AS n FROM imports")[0]["n"])


def listed(store: Store, limit: int | None = None, offset: int = 0) -> list[Imported]:
    """Imports (all, or a page of them), the newest first."""
    sql = "SELECT * EXCLUDE (mapping, header) FROM imports ORDER BY import_seq DESC LIMIT coalesce(?, 1000000000) OFFSET ?"
    return store.rows_as(Imported, sql, [limit, offset])


def rejections(store: Store, import_id: str, limit: int | None = None) -> list[Rejection]:
    """The rows of an import that were not taken over (all, or the first few), without their cells."""
    return store.rows_as(
        Rejection,
        'SELECT "row", "column", value, reason, NULL AS cells FROM import_rejections WHERE import_id = ? AND reason <> \'\' '
        'ORDER BY "row" LIMIT coalesce(?, 1000000000)',
        [import_id, limit],
    )


def undo_preview(store: Store, import_id: str) -> Undoing:
    """What taking an import back would mean. Nothing is changed.

    Orders that only it told go; of those that others told too, some get back what was said before, the rest stay as they are.
    """
    return store.rows_as(Undoing, SQL.query("undo_preview"), {"import_id": import_id})[0]


@acting.needs(Right.IMPORTS)
def undo(store: Store, import_id: str, now: datetime, actor: str = "screen") -> Undone:
    """Take an import back as if it had never been. What another import says as well stays.

    Raises NotFoundError for an import that is not there or was taken back already.
    """
    with store.transaction(alone=True) as change:
        answer = _undo(change, import_id, now)
        done = f"{import_id}: {answer.orders_removed} orders removed, {answer.orders_restored} restored"
        audit.noted(change, now, actor, "undo", done)
        derived.rebuild(change)
    return answer


def _undo(change: Transaction, import_id: str, now: datetime) -> Undone:
    if not change.rows("SELECT 1 FROM imports WHERE import_id = ? AND undone_at IS NULL", [import_id]):
        raise NotFoundError(
            "import.cannot_be_undone", "There is no import {import_id} that could be undone. Nothing was changed.", import_id=import_id
        )
    derive.start(change)
    change.execute(
        "CREATE OR REPLACE TEMP TABLE in_import AS SELECT order_key FROM order_records WHERE import_id = $1 "
        "UNION SELECT order_key FROM order_repeats WHERE import_id = $1",
        [import_id],
    )
    change.execute(
        "CREATE OR REPLACE TEMP TABLE before_undo AS SELECT order_key, record_id FROM orders SEMI JOIN in_import USING (order_key)"
    )
    change.execute("INSERT INTO touched SELECT order_key FROM in_import")
    SQL.run(change, "touch_import_lines", import_id=import_id)
    for name in ("hand_over_orders", "hand_over_lines"):
        SQL.run(change, name, import_id=import_id)
    for table in ("order_records", "order_repeats", "line_records", "line_repeats", "refund_records"):
        change.execute(f"DELETE FROM {quoted(table)} WHERE import_id = ?", [import_id])  # noqa: S608 (names only)
    taken_back(change, import_id, now)
    derive.refresh(change, derive.shop_of(change))
    return change.rows_as(
        Undone,
        "SELECT ? AS import_id, count(*) FILTER (a.order_key IS NULL) AS orders_removed, "
        "count(*) FILTER (a.record_id <> b.record_id) AS orders_restored FROM before_undo AS b LEFT JOIN orders AS a USING (order_key)",
        [import_id],
    )[0]


def kind(reader: Store | Transaction, import_id: str) -> str:
    """What kind of file an import was. Raises NotFoundError for one that is not there or was taken back already."""
    rows = reader.rows("SELECT coalesce(kind, 'orders') AS kind FROM imports WHERE import_id = ? AND undone_at IS NULL", [import_id])
    if not rows:
        raise NotFoundError(
            "import.cannot_be_undone", "There is no import {import_id} that could be undone. Nothing was changed.", import_id=import_id
        )
    return str(rows[0]["kind"])


def taken_back(change: Transaction, import_id: str, now: datetime) -> None:
    """Write down that an import was taken back."""
    change.execute("UPDATE imports SET undone_at = ? WHERE import_id = ?", [now, import_id])


@acting.needs(Right.IMPORTS)
def remove_demo(store: Store, now: datetime) -> int:
    """Take back every import that was marked as demo; how many."""
    with store.transaction(alone=True) as change:
        rows = change.rows("SELECT import_id FROM imports WHERE demo AND undone_at IS NULL ORDER BY import_seq DESC")
        for row in rows:
            _undo(change, row["import_id"], now)
        change.execute("DELETE FROM import_rejections WHERE import_id IN (SELECT import_id FROM imports WHERE demo)")
        change.execute("DELETE FROM imports WHERE demo")
        derived.rebuild(change)
    return len(rows)


def mappings(change: Transaction) -> dict[str, Any]:
    """Saved mappings of unknown tables by header fingerprint."""
    return {row["fingerprint"]: json.loads(row["mapping"]) for row in change.rows("SELECT fingerprint, mapping FROM import_mappings")}


def remember(change: Transaction, fingerprint: str, mapping: dict[str, Any], now: datetime, actor: str = "screen") -> None:
    """Keep a mapping for the next file with this header; a new or changed one is told in the audit trail."""
    kept = change.rows("SELECT mapping FROM import_mappings WHERE fingerprint = ?", [fingerprint])
    if not kept or json.loads(kept[0]["mapping"]) != mapping:
        audit.noted(change, now, actor, "mapping", f"{fingerprint}: {len(mapping.get('columns', {}))} columns")
    change.execute("INSERT OR REPLACE INTO import_mappings VALUES (?, ?, ?)", [fingerprint, json.dumps(mapping, ensure_ascii=False), now])


def remembered(store: Store, fingerprint: str) -> dict[str, Any] | None:
    """The mapping that was used for the last table with this header, or None."""
    result = remembered_at(store, fingerprint)
    return result[0] if result else None


def remembered_at(store: Store, fingerprint: str) -> tuple[dict[str, Any], datetime] | None:
    """The same with the moment (UTC) at which it was used last."""
    row = store.one("SELECT mapping, saved_at FROM import_mappings WHERE fingerprint = ?", [fingerprint])
    return (json.loads(row["mapping"]), row["saved_at"]) if row else None
