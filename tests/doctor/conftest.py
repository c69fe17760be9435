"""A shop for the doctor."""

from pathlib import Path

import pytest

from crm import database


@pytest.fixture
def shop(demo_copy: Path) -> Path:
    """A shop in order, with a copy of its database."""
    store = database.open_store(demo_copy)
    database.change_shop(store, {"from_email": "shop@example.com"})
    store.checkpoint()
    store.close()
    (demo_copy / "backups").mkdir(mode=0o700, exist_ok=True)
    (demo_copy / "backups/one.duckdb").touch(mode=0o600)
    return demo_copy
