"""The shop's own settings, one row each in the table `settings`, and what was changed in them."""

import json
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from crm.database.store import Store, Transaction
from crm.errors import ChangedError, Sentence
from crm.settings import Shop

Seen = dict[str, int]
"""Version of each setting; one that was never set is missing (0)."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What was saved at once: by name the value before and after. `changed_at` is UTC."""

    change_id: str
    changed_at: datetime
    actor: str
    settings: dict[str, tuple[Any, Any]]


_one_at_a_time = threading.Lock()
CHANGED = Sentence(
    "setting.changed_elsewhere",
    "These settings have been changed in another tab or by somebody else since you looked at them. Nothing was overwritten.",
)


_kept: WeakKeyDictionary[Store, tuple[tuple[int, ...], Shop]] = WeakKeyDictionary()
"""The settings as last read of each open database, with how often the table had been written by then."""


def load_shop(store: Store) -> Shop:
    """The shop's settings; what was never set has its default. Read anew only when they were written: a page asks for them often."""
    written = store.written(["settings"])
    known = _kept.get(store)
    if known is None or known[0] != written:
        known = _kept[store] = (written, _read(store))
    return known[1].model_copy(deep=True)


def _read(store: Store) -> Shop:
    stored = {row["key"]: json.loads(row["value"]) for row in store.rows("SELECT key, value FROM settings")}
    return Shop.model_validate({key: value for key, value in stored.items() if key in Shop.model_fields})


def settings_seen(store: Store) -> Seen:
    """In which version each setting is now, for `change_shop`."""
    return {row["key"]: int(row["version"]) for row in store.rows("SELECT key, version FROM settings")}


def change_shop(store: Store, changes: Mapping[str, Any], seen: Mapping[str, int] | None = None) -> Shop:
    """Change these settings and leave the others as they are; all of them as they are now.

    Raises ChangedError, and changes nothing, where one of them is no longer in the version that was `seen` and not what is wanted anyway.
    """
    result = Shop.model_validate(load_shop(store).model_dump() | dict(changes))
    with _one_at_a_time, store.transaction() as change:
        for _ in _put(change, result, list(changes), seen):
            pass
    return load_shop(store)


def require_seen(store: Store, names: Iterable[str], seen: Mapping[str, int]) -> None:
    """Raises ChangedError where one of these settings is no longer in the version that was `seen`."""
    now = settings_seen(store)
    if any(now.get(name, 0) != seen.get(name, 0) for name in names):
        raise ChangedError(*CHANGED)


def save_shop(store: Store, shop: Shop) -> None:
    """Keep all of the shop's settings, whatever they were."""
    change_shop(store, shop.model_dump())


def keep_shop(change: Transaction, shop: Shop, now: datetime, actor: str, seen: Mapping[str, int] | None = None) -> None:
    """The same inside a transaction, where more follows from it; with `seen` as in `change_shop`. Who changed what when is kept."""
    change_id = uuid.uuid4().hex[:12]
    for name, before, after in _put(change, shop, list(Shop.model_fields), seen):
        change.execute("INSERT INTO setting_changes VALUES (?, ?, ?, ?, ?, ?)", [change_id, name, before, after, now, actor])


def setting_changes(store: Store, limit: int) -> list[Changed]:
    """The latest changes of settings, the newest first."""
    sql = (
        "SELECT change_id, max(changed_at) AS changed_at, any_value(actor) AS actor, list([key, before, after]) AS settings "
        "FROM setting_changes GROUP BY change_id ORDER BY changed_at DESC, max(rowid) DESC LIMIT ?"
    )
    return store.rows_as(Changed, sql, [limit], settings=_both)


def setting_before(store: Store, change_id: str) -> dict[str, Any]:
    """The values to set for a change to be as if it had not been. Raises ChangedError where one of them was changed again since."""
    rows = store.rows("SELECT key, before, after FROM setting_changes WHERE change_id = ?", [change_id])
    now = load_shop(store).model_dump(mode="json")
    if not rows or any(json.loads(row["after"]) != now.get(row["key"]) for row in rows):
        raise ChangedError(*CHANGED)
    usual = Shop().model_dump(mode="json")
    return {row["key"]: usual[row["key"]] if row["before"] is None else json.loads(row["before"]) for row in rows}


def _both(rows: Any) -> dict[str, tuple[Any, Any]]:
    usual = Shop().model_dump(mode="json")
    return {key: (usual.get(key) if before is None else json.loads(before), json.loads(after)) for key, before, after in rows}


def _put(change: Transaction, shop: Shop, names: Iterable[str], seen: Mapping[str, int] | None) -> Iterator[tuple[str, str | None, str]]:
    """Writes what is another value than before: name, the value before (None: never set) and after, as JSON."""
    result = shop.model_dump(mode="json")
    stored = {row["key"]: row for row in change.rows("SELECT key, value, version FROM settings")}
    for name in names:
        value, row = json.dumps(result[name], ensure_ascii=False), stored.get(name)
        now = row["version"] if row else 0
        if row and row["value"] == value:
            continue
        if seen is not None and seen.get(name, 0) != now:
            raise ChangedError(*CHANGED)
        change.execute("INSERT OR REPLACE INTO settings (key, value, version) VALUES (?, ?, ?)", [name, value, now + 1])
        if row or getattr(shop, name) != getattr(Shop(), name):
            yield name, row["value"] if row else None, value
