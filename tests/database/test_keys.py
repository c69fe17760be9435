"""Keys of orders are numbers made of where the order was placed and its id; databases from before get the same ones."""

import hashlib
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from crm import database
from crm.database import migrations
from crm.database.store import Store
from tests.imports.given import take, write_orders


def key(platform: str, shop: str, order_id: str) -> int:
    """63 bits of the MD5, worked out without the database."""
    return int.from_bytes(hashlib.md5(f"{platform}|{shop}|{order_id}".encode(), usedforsecurity=False).digest(), "little") >> 65


@pytest.fixture
def before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A database as it was when keys were texts: one order told by import a and again by b, another by b; a line."""
    with monkeypatch.context() as patch:
        versions = tmp_path / "versions"
        versions.mkdir()
        for file in sorted(migrations.VERSIONS.glob("*.sql")):
            if file.name < "0012":
                shutil.copy2(file, versions)
        patch.setattr(migrations, "VERSIONS", versions)
        store = database.open_store(tmp_path / "shop")
    with store.transaction() as change:
        for text, order_id, by in (("aa", "1", "a"), ("bb", "2", "b")):
            change.execute(
                "INSERT INTO order_rows BY NAME SELECT $1 AS order_key, 7 AS telling, 'taobao' AS platform, '默认' AS shop, "
                "$2 AS order_id, $3 AS import_id, 1 AS import_seq, '张三' AS receiver, 'completed' AS status, 5 AS status_rank, "
                "'CNY' AS currency, 12.5 AS paid, $4 AS paid_at",
                [text, order_id, by, datetime(2026, 7, 8)],
            )
        change.execute("INSERT INTO order_repeats VALUES ('aa', 7, 'b', 2)")
        change.execute(
            "INSERT INTO line_rows BY NAME SELECT 'taobao' AS platform, '' AS shop, '1' AS order_id, 'h-1' AS line_id, 9 AS telling, "
            "'a' AS import_id, 1 AS import_seq, '锅' AS product, 0 AS status_rank"
        )
    store.close()
    return database.open_store(tmp_path / "shop")


def test_a_database_with_texts_as_keys_is_taken_over(before: Store) -> None:
    told = before.rows(
        "SELECT order_key, telling, order_id, import_id, receiver, paid::DOUBLE AS paid, paid_at FROM order_rows ORDER BY order_id"
    )
    shared = {"telling": 7, "receiver": "张三", "paid": 12.5, "paid_at": datetime(2026, 7, 8)}
    assert told == [
        {"order_key": key("taobao", "默认", "1"), "order_id": "1", "import_id": "a"} | shared,
        {"order_key": key("taobao", "默认", "2"), "order_id": "2", "import_id": "b"} | shared,
    ]
    assert before.rows("FROM order_repeats") == [{"order_key": key("taobao", "默认", "1"), "telling": 7, "import_id": "b", "import_seq": 2}]
    assert [row["product"] for row in before.rows("FROM line_rows")] == ["锅"]
    assert not before.rows("SELECT 1 FROM duckdb_tables() WHERE table_name IN ('told', 'told_again', 'told_lines')")
    before.close()


def test_an_import_makes_the_same_keys(tmp_path: Path) -> None:
    store = database.memory()
    take(store, write_orders(tmp_path / "o.csv", {}), shop="默认")
    told = store.rows("SELECT order_key, shop, order_id FROM orders")
    assert [row["order_key"] for row in told] == [key("taobao", row["shop"], row["order_id"]) for row in told]
    assert len(told) == 1
