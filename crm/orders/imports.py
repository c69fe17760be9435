"""What was imported: the list, the rejected rows, remembered mappings, and taking an import back as if it had never been."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pandas as pd

from crm.database import Store, Transaction
from crm.errors import NotFoundError
from crm.orders import derive, sql
from crm.orders.results import FileResult


def keep(change: Transaction, result: FileResult, digest: str, platform: str, shop: str, demo: bool, now: datetime) -> None:
    """Write an import and its rejected rows down."""
    sql.run(
        change, "keep_import",
        [result.import_id, result.file, digest, result.format, result.encoding, platform, shop, result.rows, result.orders,
         result.orders_new, result.orders_changed, result.orders_unchanged, result.lines, result.customers_new, result.rejected,
         result.first_day, result.last_day,
         json.dumps(result.mapping, ensure_ascii=False), demo, now],
    )  # fmt: skip
    if result.rejections:
        frame = pd.DataFrame([rejection.as_json() for rejection in result.rejections]).astype({"column": "str", "value": "str"})
        change.insert("import_rejections", frame.assign(import_id=result.import_id))


def listed(store: Store) -> list[dict[str, Any]]:
    """All imports, the newest first; `undone_at` is filled where one was taken back. Moments are UTC."""
    return store.rows("SELECT * EXCLUDE (mapping) FROM imports ORDER BY import_seq DESC")


def rejections(store: Store, import_id: str) -> list[dict[str, Any]]:
    """The rows of an import that were not taken over: row, column, value, reason."""
    return store.rows('SELECT "row", "column", value, reason FROM import_rejections WHERE import_id = ? ORDER BY "row"', [import_id])


def undo(store: Store, import_id: str, now: datetime, after: Callable[[Transaction], None] | None = None) -> dict[str, Any]:
    """Take an import back: {import_id, orders_removed, orders_restored}. What another import told as well stays.

    `after` is run on the same transaction (facts). Raises NotFoundError for an import that is not there or was taken back already.
    """
    with store.transaction() as change:
        answer = _undo(change, import_id, now)
        if after:
            after(change)
    return answer


def _undo(change: Transaction, import_id: str, now: datetime) -> dict[str, Any]:
    if not change.rows("SELECT 1 FROM imports WHERE import_id = ? AND undone_at IS NULL", [import_id]):
        raise NotFoundError("There is no import {import_id} that could be undone. Nothing was changed.", import_id=import_id)
    derive.start(change)
    change.execute(
        "CREATE OR REPLACE TEMP TABLE in_import AS SELECT order_key FROM order_rows WHERE import_id = $1 "
        "UNION SELECT order_key FROM order_repeats WHERE import_id = $1",
        [import_id],
    )
    change.execute(
        "CREATE OR REPLACE TEMP TABLE before_undo AS SELECT order_winners.* FROM order_winners SEMI JOIN in_import USING (order_key)"
    )
    change.execute("INSERT INTO touched SELECT order_key FROM in_import")
    sql.run(change, "touch_import_lines", [import_id])
    for name in ("hand_over_orders", "hand_over_lines"):
        sql.run(change, name, [import_id])
    for table in ("order_rows", "order_repeats", "line_rows", "line_repeats"):
        change.execute(f"DELETE FROM {sql.quoted(table)} WHERE import_id = ?", [import_id])  # noqa: S608 (names only)
    change.execute("UPDATE imports SET undone_at = ? WHERE import_id = ?", [now, import_id])
    derive.refresh(change, derive.shop_of(change))
    counts = change.rows(
        "SELECT count(*) FILTER (a.order_key IS NULL) AS removed, count(*) FILTER (a.telling <> b.telling) AS restored "
        "FROM before_undo AS b LEFT JOIN order_winners AS a USING (order_key)"
    )[0]
    return {"import_id": import_id, "orders_removed": counts["removed"], "orders_restored": counts["restored"]}


def remove_demo(store: Store, now: datetime, after: Callable[[Transaction], None] | None = None) -> int:
    """Take back every import that was marked as demo; how many."""
    with store.transaction() as change:
        found = change.rows("SELECT import_id FROM imports WHERE demo AND undone_at IS NULL ORDER BY import_seq DESC")
        for row in found:
            _undo(change, row["import_id"], now)
        change.execute("DELETE FROM import_rejections WHERE import_id IN (SELECT import_id FROM imports WHERE demo)")
        change.execute("DELETE FROM imports WHERE demo")
        if after:
            after(change)
    return len(found)


def mappings(change: Transaction) -> dict[str, Any]:
    """Saved mappings of unknown tables by header fingerprint."""
    return {row["fingerprint"]: json.loads(row["mapping"]) for row in change.rows("SELECT fingerprint, mapping FROM import_mappings")}


def remember(change: Transaction, fingerprint: str, mapping: dict[str, Any], now: datetime) -> None:
    """Keep a mapping for the next file with this header."""
    change.execute("INSERT OR REPLACE INTO import_mappings VALUES (?, ?, ?)", [fingerprint, json.dumps(mapping, ensure_ascii=False), now])


def remembered(store: Store, fingerprint: str) -> dict[str, Any] | None:
    """The mapping that was used for the last table with this header, or None."""
    row = store.one("SELECT mapping FROM import_mappings WHERE fingerprint = ?", [fingerprint])
    return json.loads(row["mapping"]) if row else None
