"""The shop's own settings, one row each in the table `settings`. The only writer of that table."""

import json

from crm.database.store import Store, Transaction
from crm.settings import Shop


def load_shop(store: Store) -> Shop:
    """The shop's settings; what was never set has its default."""
    stored = {row["key"]: json.loads(row["value"]) for row in store.rows("SELECT key, value FROM settings")}
    return Shop.model_validate({key: value for key, value in stored.items() if key in Shop.model_fields})


def save_shop(store: Store, shop: Shop) -> None:
    """Keep all of the shop's settings."""
    with store.transaction() as change:
        keep_shop(change, shop)


def keep_shop(change: Transaction, shop: Shop) -> None:
    """The same inside a transaction, where more follows from it."""
    for key, value in shop.model_dump(mode="json").items():
        change.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [key, json.dumps(value, ensure_ascii=False)])
