"""The one DuckDB file: opening it, reading it (Ibis for analysis), changing it (SQL with bound parameters, in a transaction).

store = database.open_store(Path("data/shop"))      one per process; `database.memory()` for tests
store.read(expression)                              an Ibis expression → DataFrame
store.rows(sql, [value]) / store.one(…)             plain SQL reads of state, as dicts
store.rows_as(Job, sql, [value], args=json.loads)   the same as frozen dataclasses, a field for each column
with store.transaction() as change: change.execute(sql, [value]); change.insert("table", frame)
"""

from crm.database import tables
from crm.database.shop import (
    Seen,
    change_shop,
    keep_shop,
    load_shop,
    require_seen,
    save_shop,
    setting_before,
    setting_changes,
    settings_seen,
)
from crm.database.store import Store, Transaction, memory, open_store

__all__ = [
    "Seen",
    "Store",
    "Transaction",
    "change_shop",
    "keep_shop",
    "load_shop",
    "memory",
    "open_store",
    "require_seen",
    "save_shop",
    "setting_before",
    "setting_changes",
    "settings_seen",
    "tables",
]
