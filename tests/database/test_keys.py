"""Keys of orders are numbers made of where the order was placed and its id."""

import hashlib
from pathlib import Path

from crm import database
from tests.imports.given import take, write_orders


def key(platform: str, shop: str, order_id: str) -> int:
    """63 bits of the MD5, worked out without the database."""
    return int.from_bytes(hashlib.md5(f"{platform}|{shop}|{order_id}".encode(), usedforsecurity=False).digest(), "little") >> 65


def test_an_import_makes_the_same_keys(tmp_path: Path) -> None:
    store = database.memory()
    take(store, write_orders(tmp_path / "o.csv", {}), shop="默认")
    rows = store.rows("SELECT order_key, shop, order_id FROM orders")
    assert [row["order_key"] for row in rows] == [key("taobao", row["shop"], row["order_id"]) for row in rows]
    assert len(rows) == 1
