"""The restore drill: a backup, a damaged file, the way back; every figure is the same to the cent, and nothing is sent by itself."""

import fcntl
import json
import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from crm import campaigns, clock, database, jobs, works
from crm.accounts import sessions
from crm.accounts.acting import Role
from crm.campaigns import restored, saved
from crm.database import copying, migrations, restoring
from crm.errors import BadInputError, BusyError, CrmError
from crm.settings import Environment, Shop
from crm.worker import Worker
from tests.accounts.given import NOW as GIVEN
from tests.accounts.given import add, enter
from tests.campaigns.given import launch, launched
from tests.conftest import crm, serving, wait_for

NOW = datetime(2026, 11, 27, 3)
WORDS = (["kpi"], ["distribution", "province"], ["distribution", "category"], ["products"], ["imports"], ["campaign", "list"])


def figures(data: Path) -> list[str]:
    return [crm(*words, "--json", data=data).stdout for words in WORDS]


def newest(data: Path) -> Path:
    return max((data / "backups").glob("shop-*.duckdb"))


def cut_off(database: Path) -> None:
    os.truncate(database, database.stat().st_size // 2)


def scribbled_over(database: Path) -> None:
    with database.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(200_000))


def removed(database: Path) -> None:
    database.unlink()


@pytest.mark.parametrize("damage", [cut_off, scribbled_over, removed])
def test_the_drill(demo_copy: Path, damage: Callable[[Path], None]) -> None:
    before = figures(demo_copy)
    made = json.loads(crm("backup", "--json", data=demo_copy).stdout)
    damage(demo_copy / "shop.duckdb")
    if (demo_copy / "shop.duckdb").exists():
        refused = crm("kpi", data=demo_copy, check=False)
        assert (refused.returncode, "Traceback" in refused.stderr) == (1, False)
        assert "is damaged or no database of Huitou" in refused.stderr
    said = json.loads(crm("restore", made["path"], "--json", data=demo_copy).stdout)
    assert said["safe_mode"]
    assert (said["set_aside"] is None) == (damage is removed)
    assert figures(demo_copy) == before
    assert json.loads(crm("sending", "state", "--json", data=demo_copy).stdout)["troubles"] == ["safe_mode"]


def test_nothing_is_sent_whatever_was_queued_until_a_person_says_so(tmp_path: Path) -> None:
    """Also where the journal knows of nothing that left after the copy."""
    data = tmp_path / "shop"
    store = database.open_store(data)
    campaign_id = launched(store, 10, clock.now())
    jobs.ask(store, works.Send(campaign_id), clock.now())
    store.close()
    crm("backup", data=data)
    crm("restore", newest(data), data=data)
    store = database.open_store(data)
    worker = Worker(store, Environment())
    worker.start()
    wait_for(lambda: jobs.latest(store, works.Send)[0].state == "failed", 60)
    with pytest.raises(BadInputError, match="all sending is off"):
        launch(store, clock.now())
    with pytest.raises(BadInputError, match="all sending is off"):
        campaigns.send(store, campaign_id, Environment(), clock.now)
    worker.stop()
    assert not list((data / "outbox").glob("*.eml"))
    assert saved.get(store, campaign_id).state == "paused"
    store.close()
    store = database.open_store(data)
    assert restored.state(store).stopped, "it must outlive a restart"
    restored.go_on(store, clock.now())
    assert not restored.state(store).stopped
    assert campaigns.send(store, campaign_id, Environment(), clock.now)["accepted"] == 10
    store.close()


def test_a_session_that_was_ended_since_does_not_come_back(tmp_path: Path) -> None:
    """Signed out everywhere, because the cookie was stolen; then a backup of before is put back."""
    data = tmp_path / "shop"
    store = database.open_store(data)
    user = add(store, "ann", Role.OWNER)
    stolen = enter(store, "ann")
    store.close()
    crm("backup", data=data)
    store = database.open_store(data)
    sessions.end_everywhere(store, user.user_id, clock.now())
    store.close()
    crm("restore", newest(data), data=data)
    store = database.open_store(data)
    assert sessions.actor(store, [stolen], GIVEN) is not None
    campaigns.recover(store, Environment(), clock.now())  # what a server does first
    assert sessions.actor(store, [stolen], GIVEN) is None
    later = enter(store, "ann", now=clock.now())
    campaigns.recover(store, Environment(), clock.now())
    assert sessions.actor(store, [later], clock.now()) is not None
    store.close()


def shops(tmp_path: Path) -> tuple[Path, Path]:
    """A shop that is called present, and a backup of when it was called before."""
    data = tmp_path / "shop"
    for name in ("before", "present"):
        store = database.open_store(data)
        database.change_shop(store, {"name": name})
        store.close()
        if name == "before":
            crm("backup", data=data)
    return data, newest(data)


def name_of(data: Path) -> str:
    store = database.open_store(data)
    try:
        return database.load_shop(store).name
    finally:
        store.close()


def test_what_was_there_is_set_aside_whole_and_can_be_put_back(tmp_path: Path) -> None:
    data, copy = shops(tmp_path)
    store = database.open_store(data)
    shutil.copy(data / "shop.duckdb", tmp_path / "as_it_was.duckdb")
    database.change_shop(store, {"name": "in the log only"})
    shutil.copy(data / "shop.duckdb.wal", tmp_path / "as_it_was.duckdb.wal")
    store.close()
    for ending in ("", ".wal"):  # as a kill leaves it
        shutil.copy(tmp_path / f"as_it_was.duckdb{ending}", data / f"shop.duckdb{ending}")
    aside = restoring.restore(data, copy, NOW).set_aside
    assert aside == data / "set_aside" / "2026-11-27T030000Z"
    assert name_of(data) == "before"
    restoring.restore(data, aside / "shop.duckdb", NOW.replace(hour=4))
    assert name_of(data) == "in the log only"


def test_two_restores_at_the_same_moment_set_aside_apart(tmp_path: Path) -> None:
    data, copy = shops(tmp_path)
    first, second = restoring.restore(data, copy, NOW).set_aside, restoring.restore(data, copy, NOW).set_aside
    assert [path and sorted(one.name for one in path.iterdir())[0] for path in (first, second)] == ["shop.duckdb"] * 2
    assert first != second


def refused(data: Path, file: Path, kind: type[CrmError], match: str) -> None:
    """Nothing but the refusal: the same files, and the same in them."""
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    with pytest.raises(kind, match=match):
        restoring.restore(data, file, NOW)
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before
    assert name_of(data) == "present"


def test_a_running_server_is_left_alone(tmp_path: Path) -> None:
    data, copy = shops(tmp_path)
    with serving(data):
        done = crm("restore", copy, data=data, check=False)
        assert (done.returncode, "already running" in done.stderr) == (1, True)
    assert name_of(data) == "present"


def test_what_is_no_good_copy_is_refused(tmp_path: Path) -> None:
    data, copy = shops(tmp_path)
    refused(data, data / "no_such.duckdb", CrmError, "There is no file")
    refused(data, data / "shop.duckdb", CrmError, "is the database that is there now")
    text = tmp_path / "text.duckdb"
    text.write_text("no database")
    refused(data, text, CrmError, "no database that can be read")
    cut_off(copy)
    refused(data, copy, CrmError, "no database that can be read")


def test_another_content_than_the_checksum_says_is_refused(tmp_path: Path) -> None:
    data, copy = shops(tmp_path)
    other = database.open_store(tmp_path / "other")
    other.checkpoint()
    other.close()
    shutil.copy(tmp_path / "other" / "shop.duckdb", copy)
    refused(data, copy, CrmError, "its checksum is another one")


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    data, _ = shops(tmp_path)
    newer = database.open_store(tmp_path / "newer")
    with newer.transaction() as change:
        change.execute("INSERT INTO schema_versions VALUES ('9999_later', 'x')")
    newer.close()
    refused(data, tmp_path / "newer" / "shop.duckdb", CrmError, "newer Huitou")


def test_an_older_one_is_brought_up_to_date_when_it_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, copy = shops(tmp_path)
    restoring.restore(data, copy, NOW)
    versions = Path(shutil.copytree(migrations.VERSIONS, tmp_path / "versions"))
    (versions / "9998_more.sql").write_text("ALTER TABLE segments ADD COLUMN colour TEXT")
    monkeypatch.setattr(migrations, "VERSIONS", versions)
    store = database.open_store(data)
    assert database.load_shop(store) == Shop(name="before")
    assert restored.state(store).troubles == ["safe_mode"]
    store.close()


def test_while_another_process_puts_a_copy_back_nobody_opens(tmp_path: Path) -> None:
    """Between the decision and the end the file is renamed: another process must not join in."""
    data, copy = shops(tmp_path)
    copying.copied(copy, data / "restore.part")
    (data / "set_aside" / "now").mkdir(parents=True)
    intent = data / "restore.json"
    intent.write_text(json.dumps({"set_aside": "set_aside/now"}))
    with intent.open("r+b") as held:
        fcntl.lockf(held, fcntl.LOCK_EX)
        pid = os.fork()
        if pid == 0:  # a lock is a process's own: another one must meet it
            try:
                restoring.finish(data)
            except BusyError:
                os._exit(7)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    assert name_of(data) == "before"
    assert (data / "safe_mode").exists()
