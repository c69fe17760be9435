"""A backup of a shop that is being worked on: as of one moment, whole, its owner's only, in both folders; nothing half is left."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crm import backups, database, jobs, uploads, works
from crm.accounts import audit
from crm.backups import making, night
from crm.backups.making import copies
from crm.database import copying, disk
from crm.errors import CrmError
from crm.settings import Environment
from crm.worker import Worker
from tests.conftest import ROOT, wait_for
from tests.imports.given import write_orders

NOW = datetime(2026, 11, 27, 3)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[database.Store]:
    opened = database.open_store(tmp_path / "shop")
    yield opened
    opened.close()


def folder(shop: database.Store) -> Path:
    assert shop.folder is not None
    return shop.folder / "backups"


def notes(path: Path) -> tuple[int, int]:
    """How many notes a copy has, and the sum of their numbers, which says whether any is missing in between."""
    (path.parent / "opened").mkdir()
    target = path.parent / "opened" / "shop.duckdb"
    target.write_bytes(path.read_bytes())
    store = database.open_store(target.parent)
    row = store.one("SELECT count(*) AS n, coalesce(sum(CAST(detail AS INT)), 0) AS total FROM audit WHERE action = 'test'")
    store.close()
    assert row is not None
    return row["n"], int(row["total"])


def test_what_is_written_meanwhile_is_in_it_up_to_one_moment(shop: database.Store) -> None:
    """Four threads write as fast as they can: small changes and such that are large enough to want the log folded into the file."""
    stop, numbers, lock = threading.Event(), iter(range(10**9)), threading.Lock()

    def write() -> None:
        while not stop.is_set():
            with lock:
                audit.note(shop, NOW, "test" * 20_000, "test", str(next(numbers)))

    def grow() -> None:
        while not stop.is_set():
            with shop.transaction() as change:
                change.execute("INSERT INTO import_mappings SELECT uuid(), repeat('x', 900), now() FROM range(5000)")

    crew = [threading.Thread(target=work) for work in (write, grow)]
    for thread in crew:
        thread.start()
    try:
        made = [backups.make(shop, NOW + timedelta(hours=at)) for at in range(3)]
    finally:
        stop.set()
        for thread in crew:
            thread.join()
    total = shop.one("SELECT count(*) AS n FROM audit WHERE action = 'test'")
    assert total and total["n"] > 20
    last = made[-1].path
    n, numbered = notes(last)
    assert 0 < n <= total["n"]
    assert numbered == n * (n - 1) // 2, "one that was acknowledged is missing while a later one is there"


def test_it_is_checked_named_and_closed_to_others(shop: database.Store) -> None:
    made = backups.make(shop, NOW)
    assert made.path.name == "shop-2026-11-27T030000Z.duckdb"
    assert folder(shop).stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder(shop).iterdir()} == {0o600}
    done = subprocess.run(["sha256sum", "--check", f"{made.path.name}.sha256"], cwd=folder(shop), capture_output=True, text=True)
    assert done.stdout == f"{made.path.name}: OK\n"
    assert backups.state(shop, None).newest == made


def test_the_database_stays_locked_against_others(shop: database.Store) -> None:
    """A process that closes a file gives up its locks on it: the copy must not be made by the process that has it open."""
    backups.make(shop, NOW)
    done = subprocess.run(
        [sys.executable, "-m", "crm.cli", "imports", "--data", str(shop.folder)], capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert "already running" in done.stderr


def test_a_file_that_changes_under_the_copy_is_not_kept(shop: database.Store) -> None:
    """Should anything ever fold the log in while a copy is made, that is seen."""
    database.change_shop(shop, {"name": "before"})
    shop.checkpoint()

    def fold(done: int, total: int) -> None:
        database.change_shop(shop, {"name": f"{done}"})
        shop.checkpoint()

    source = folder(shop).parent / "shop.duckdb"
    with source.open("ab") as file:
        file.truncate(200_000_000)  # a hole at its end: long enough to be told of before it is done
    with pytest.raises(CrmError, match="could not be copied whole"):
        copying.copied(source, folder(shop).parent / "draft", fold)
    assert not (folder(shop).parent / "draft").exists()


def test_a_damaged_database_makes_no_backup(shop: database.Store) -> None:
    with shop.transaction() as change:
        change.execute("INSERT INTO import_mappings SELECT uuid(), repeat(uuid()::TEXT, 20), now() FROM range(50000)")
    shop.checkpoint()
    source = folder(shop).parent / "shop.duckdb"
    with source.open("r+b") as file:
        file.seek(source.stat().st_size // 2)
        file.write(b"\xff" * 5000)
    with pytest.raises(CrmError, match="no database that can be read to its end"):
        backups.make(shop, NOW)
    assert list(folder(shop).iterdir()) == []


def test_a_second_folder_gets_the_same_and_one_that_is_missing_is_said(shop: database.Store, tmp_path: Path) -> None:
    second = tmp_path / "second"
    with pytest.raises(CrmError, match=r"was made\. It could not be laid in .*second as well"):
        backups.make(shop, NOW, second)
    assert not second.exists(), "a share that is not mounted must not become a folder of this disk"
    assert [one.made_at for one in copies(folder(shop))] == [NOW]
    second.mkdir()
    made = backups.make(shop, NOW + timedelta(days=1), second)
    assert (second / made.path.name).read_bytes() == made.path.read_bytes()
    result = backups.state(shop, second)
    assert (result.newest, result.second and result.second.path) == (made, second / made.path.name)


def test_older_ones_are_let_go_and_nothing_else(shop: database.Store) -> None:
    folder(shop).mkdir()
    (folder(shop) / "before-0002_more.duckdb").write_text("not ours to remove")
    for hour in (1, 2, 3):
        backups.make(shop, NOW.replace(hour=hour))
    names = sorted(path.name for path in folder(shop).glob("*.duckdb"))
    assert names == ["before-0002_more.duckdb", "shop-2026-11-27T030000Z.duckdb"]


def test_without_room_nothing_is_begun(shop: database.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "free", lambda path: making.LEFT)
    with pytest.raises(CrmError, match=r"not enough room in .*backups for a copy"):
        backups.make(shop, NOW)
    assert list(folder(shop).iterdir()) == []


def test_a_person_can_stop_it(shop: database.Store) -> None:
    def stop(step: str, done: int, total: int) -> None:
        raise jobs.Cancelled

    with pytest.raises(jobs.Cancelled):
        backups.make(shop, NOW, report=stop)
    assert list(folder(shop).iterdir()) == []


def test_one_is_due_since_the_last_three_in_the_night_of_the_shop() -> None:
    shanghai = "Asia/Shanghai"  # three there is 19:00 UTC of the day before
    assert night.due(None, NOW, shanghai)
    assert not night.due(datetime(2026, 11, 26, 19, 1), datetime(2026, 11, 27, 18, 59), shanghai)
    assert night.due(datetime(2026, 11, 26, 18, 59), datetime(2026, 11, 26, 19, 0), shanghai)
    assert night.due(datetime(2026, 11, 20), datetime(2026, 11, 27, 12), shanghai)


def test_the_night_asks_once_and_not_at_the_moment_of_a_start(shop: database.Store) -> None:
    watch = backups.Night(shop, NOW)
    watch.look(NOW + night.SETTLING - timedelta(seconds=1))
    assert jobs.latest(shop, works.Backup) == []
    for minutes in range(0, 50, 10):
        watch.look(NOW + night.SETTLING + timedelta(minutes=minutes))
    asked = jobs.latest(shop, works.Backup)
    assert [job.args.actor for job in asked] == ["night"]
    jobs.finish(shop, asked[0].job_id, "failed", NOW)
    watch.look(NOW + night.SETTLING + night.AGAIN)
    assert len(jobs.latest(shop, works.Backup)) == 2


def test_the_worker_makes_it(shop: database.Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    second = tmp_path / "second"
    second.mkdir()
    monkeypatch.setenv("CRM_BACKUP_DIR", str(second))
    job = jobs.ask(shop, works.Backup(), NOW)
    worker = Worker(shop, Environment())
    worker.start()
    wait_for(lambda: (row := jobs.get(shop, job)) is not None and row.state == "done", 60)
    worker.stop()
    assert len(copies(folder(shop))) == len(copies(second)) == 1


@pytest.mark.parametrize(("days", "made", "overdue"), [(1, None, False), (3, None, True), (30, 1, False), (30, 3, True)])
def test_the_overview_speaks_up_after_two_days(shop: database.Store, days: int, made: int | None, overdue: bool) -> None:
    uploads.import_files(shop, [write_orders(folder(shop).parent / "o.csv", {})], now=NOW - timedelta(days=days))
    if made is not None:
        backups.make(shop, NOW - timedelta(days=made))
    assert backups.overdue(shop, None, NOW) is overdue
    assert backups.overdue(shop, folder(shop).parent / "second", NOW) is (days > 2)
