"""Taking any import back, whatever kind of file it was, and what that would mean."""

from dataclasses import asdict, dataclass
from datetime import datetime

from crm.accounts import acting, audit
from crm.accounts.acting import Right
from crm.customers import derived
from crm.database import Store, Transaction
from crm.imports import history
from crm.uploads.kinds import KINDS, ORDERS


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking an import back would mean, besides its rows: how many people could be written to again, of kinds that tell of that."""

    kind: str
    freed: int | None = None


@acting.needs(Right.IMPORTS)
def undo(store: Store, import_id: str, now: datetime, actor: str = "screen") -> dict[str, str | int]:
    """Take an import back as if it had never been: {import_id, orders_removed, orders_restored} and what its kind adds.

    Raises NotFoundError for an import that is not there or was taken back already.
    """
    sort = history.kind(store, import_id)
    if sort == ORDERS:
        return asdict(history.undo(store, import_id, now, actor))
    with store.transaction(alone=True) as change:
        history.kind(change, import_id)
        freed = _freed(change, sort, import_id)
        values = KINDS[sort].undo(change, import_id) | ({} if freed is None else {"freed": freed})
        history.taken_back(change, import_id, now)
        audit.noted(change, now, actor, "undo", f"{import_id}: {sort}")
        derived.rebuild(change)
    return {"import_id": import_id, "orders_removed": 0, "orders_restored": 0, "kind": sort, **values}


def preview(store: Store, import_id: str) -> Preview:
    """What taking an import back would mean, besides its rows."""
    sort = history.kind(store, import_id)
    if sort == ORDERS:
        return Preview(sort)
    with store.transaction() as change:
        return Preview(sort, _freed(change, sort, import_id))


def _freed(change: Transaction, sort: str, import_id: str) -> int | None:
    freed = KINDS[sort].freed
    return freed(change, import_id) if freed else None
