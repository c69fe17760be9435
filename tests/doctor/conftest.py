"""A shop for the doctor."""

from datetime import datetime
from pathlib import Path

import pytest

from crm import clock, database
from crm.backups import making


def copy(shop: Path, made_at: datetime) -> Path:
    """A copy of the database of that moment (UTC)."""
    path = shop / "backups" / made_at.strftime(making.NAME)
    path.touch(mode=0o600)
    return path


@pytest.fixture
def shop(demo_copy: Path) -> Path:
    """A shop in order, with a copy of its database."""
    store = database.open_store(demo_copy)
    database.change_shop(store, {"from_email": "shop@example.com"})
    store.checkpoint()
    store.close()
    (demo_copy / "backups").mkdir(mode=0o700, exist_ok=True)
    copy(demo_copy, clock.now())
    return demo_copy
