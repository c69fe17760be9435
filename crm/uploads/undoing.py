"""Taking any import back, whatever kind of file it was, and what that would mean."""

from datetime import datetime
from typing import Any

from crm import jobs
from crm.customers import derived
from crm.database import Store, Transaction
from crm.imports import history
from crm.uploads.kinds import KINDS, ORDERS


def undo(store: Store, import_id: str, now: datetime, actor: str = "screen") -> dict[str, Any]:
    """Take an import back as if it had never been: {import_id, orders_removed, orders_restored} and what its kind adds.

    Raises NotFoundError for an import that is not there or was taken back already.
    """
    sort = history.kind(store, import_id)
    if sort == ORDERS:
        return history.undo(store, import_id, now, actor)
    with store.transaction(alone=True) as change:
        history.kind(change, import_id)
        freed = _freed(change, sort, import_id)
        told = KINDS[sort].undo(change, import_id)
        history.taken_back(change, import_id, now)
        jobs.noted(change, now, actor, "undo", f"{import_id}: {sort}")
        derived.rebuild(change)
    return {"import_id": import_id, "orders_removed": 0, "orders_restored": 0, "kind": sort, **told, **freed}


def preview(store: Store, import_id: str) -> dict[str, Any]:
    """What taking an import back would mean, besides its rows: `freed`, how many people could be written to again."""
    sort = history.kind(store, import_id)
    if sort == ORDERS:
        return {"kind": sort}
    with store.transaction() as change:
        return {"kind": sort, **_freed(change, sort, import_id)}


def _freed(change: Transaction, sort: str, import_id: str) -> dict[str, int]:
    freed = KINDS[sort].freed
    return {"freed": freed(change, import_id)} if freed else {}
