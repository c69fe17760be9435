"""What is kept no longer than the settings say: rejected rows, letters, uploads, the data of customers long lost."""

import os
import time
from datetime import date, datetime, timedelta
from pathlib import Path

from crm import clock, database, privacy
from crm.accounts import audit
from crm.messaging import ledger
from crm.privacy import keeping
from crm.web import upload_files
from tests.privacy.given import ACCOUNT, NOW, PHONE, naming, numbers, shop


def test_customers_long_lost_are_erased_by_the_rule_and_by_nothing_else(tmp_path: Path) -> None:
    store = shop(tmp_path)
    before, people = numbers(store), store.rows("SELECT count(*) AS n FROM customers WHERE name IS NOT NULL")[0]["n"]
    assert keeping.tidy(store, NOW) == keeping.Tidied(0, 0, 0)
    today = date(2026, 11, 1)
    lost = store.rows("SELECT customer_id FROM customer_facts WHERE last_placed_day < ?", [today - timedelta(days=100)])
    assert 0 < len(lost) < people
    assert privacy.leaving_soon(store, 100, today) == len(lost)
    privacy.keep_for(store, {"retention_days": 100}, NOW, "me")
    assert keeping.tidy(store, NOW).people == len(lost)
    assert keeping.tidy(store, NOW).people == 0
    assert store.rows("SELECT count(*) AS n FROM customers WHERE name IS NOT NULL") == [{"n": people - len(lost)}]
    assert numbers(store) == before
    assert naming(store, (ACCOUNT,))
    assert [one.reason for one in privacy.erasing.tombstones.listed(store)] == ["retention"]
    privacy.keep_for(store, {"retention_days": 10}, NOW, "me")
    keeping.tidy(store, NOW)
    assert naming(store, (ACCOUNT, PHONE)) == {}
    store.close()


def test_rejected_rows_lose_their_cells_and_keep_their_reasons(tmp_path: Path) -> None:
    store = shop(tmp_path)
    before = store.rows('SELECT "row", reason FROM import_rejections ORDER BY ALL')
    assert keeping.tidy(store, NOW + timedelta(days=179)).rejected == 0
    assert keeping.tidy(store, NOW + timedelta(days=181)).rejected == len(before) > 1
    assert store.rows('SELECT "row", reason FROM import_rejections ORDER BY ALL') == before
    assert store.rows("SELECT 1 FROM import_rejections WHERE value IS NOT NULL OR cells IS NOT NULL") == []
    store.close()


def test_letters_go_once_it_is_known_what_became_of_them(tmp_path: Path) -> None:
    store = shop(tmp_path)
    letters = sorted((tmp_path / "shop" / "outbox").glob("*.eml"))
    old = time.time() - 91 * 24 * 3600
    for path in letters[1:]:
        os.utime(path, (old, old))
    row = store.rows("SELECT campaign_id FROM recipients LIMIT 1")[0]
    with store.transaction() as change:
        ledger.note(change, row["campaign_id"], [letters[1].stem], "unknown", NOW)
    assert len(letters) > 3
    assert keeping.tidy(store, clock.now()).letters == len(letters) - 2
    assert sorted((tmp_path / "shop" / "outbox").glob("*.eml")) == letters[:2]
    store.close()


def test_uploads_go_after_as_many_days_as_the_shop_says(tmp_path: Path) -> None:
    for name, days in (("new", 1), ("old", 4)):
        folder = upload_files.home(tmp_path) / "me" / name
        folder.mkdir(parents=True)
        (folder / "a.csv").write_text("x")
        at = time.time() - days * 24 * 3600
        os.utime(folder, (at, at))
    upload_files.sweep(tmp_path, set(), days=5)
    assert len(list(upload_files.home(tmp_path).glob("*/*/*"))) == 2
    upload_files.sweep(tmp_path, set(), days=3)
    assert [path.parent.name for path in upload_files.home(tmp_path).glob("*/*/*")] == ["new"]


def test_it_is_done_once_a_day_after_three_in_the_morning(tmp_path: Path) -> None:
    store = shop(tmp_path)
    privacy.keep_for(store, {"retention_days": 10}, NOW, "me")
    night = keeping.Nightly(store)
    night.look(datetime(2026, 11, 30, 18, 30))  # half past two in Shanghai
    assert naming(store, (ACCOUNT,))
    night.look(datetime(2026, 11, 30, 19, 5))
    assert naming(store, (ACCOUNT,)) == {}
    taken = store.rows("SELECT count(*) AS n FROM audit")[0]["n"]
    night.look(datetime(2026, 11, 30, 23, 5))
    assert store.rows("SELECT count(*) AS n FROM audit") == [{"n": taken}]
    store.close()


def test_the_settings_page_of_the_rule_says_what_it_would_do(tmp_path: Path) -> None:
    store = database.open_store(tmp_path / "shop")
    assert database.load_shop(store).retention_days == 0
    assert privacy.leaving_soon(store, 0, date(2026, 11, 1)) == 0
    store.close()


def test_old_entries_of_the_trail_are_dropped_and_the_rest_is_whole(tmp_path: Path) -> None:
    store = database.open_store(tmp_path)
    for days in (1100, 1096, 1094, 0):
        audit.note(store, NOW - timedelta(days=days), "screen", "test", f"{days} days ago")
    keeping.tidy(store, NOW)
    keeping.tidy(store, NOW)
    assert [entry.detail for entry in audit.search(store)][1:] == ["0 days ago", "1094 days ago"]
    assert audit.verify(store).broken_at is None
    database.change_shop(store, {"trail_days": 0})
    keeping.tidy(store, NOW + timedelta(days=9999))
    assert audit.count(store, "days ago") == 2
    store.close()
