"""A file that is recorded again, in whatever order, is the campaign that is there already; another name or another row is another one."""

from pathlib import Path

import pytest

from crm import campaigns
from crm.campaigns.recording import Recorded
from crm.database import Store
from tests.campaigns.given import NOW, people, person

ROWS = [f"c{number:06},{'holdout' if number % 3 == 0 else 'recipients'},2026-10-01 09:00" for number in range(9)]


def record(store: Store, folder: Path, rows: list[str], name: str = "秋") -> Recorded:
    (folder / "sent.csv").write_text("\n".join(["customer,arm,sent_at", *rows]))
    return campaigns.record(store, folder / "sent.csv", name, "", NOW)


@pytest.fixture
def shop(store: Store) -> Store:
    people(store, [person(number) for number in range(9)])
    return store


def test_the_same_again_is_the_same_campaign(shop: Store, tmp_path: Path) -> None:
    first = record(shop, tmp_path, ROWS)
    assert record(shop, tmp_path, ROWS[::-1]) == record(shop, tmp_path, [*ROWS, ROWS[0]]) == first
    assert len(campaigns.saved.listed(shop)) == 1
    assert len(shop.rows("SELECT * FROM recipients")) == 9


def test_another_name_or_row_is_another_campaign(shop: Store, tmp_path: Path) -> None:
    items = [record(shop, tmp_path, ROWS), record(shop, tmp_path, ROWS, "冬"), record(shop, tmp_path, ROWS[1:])]
    assert len({one.campaign_id for one in items}) == 3
