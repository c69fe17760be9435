"""A full disk: an import is refused with a sentence and leaves nothing; when there is room again everything goes on without a restart."""

import json
import resource
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crm import campaigns, clock, database, demo, uploads
from crm.campaigns import recovery
from crm.database import disk, migrations
from crm.errors import CrmError
from crm.messaging import ledger
from crm.settings import Environment
from crm.worker import Worker
from tests.campaigns.given import Scripted, launched
from tests.conftest import ROOT, crm

MB = 1_000_000


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return demo.write_files(tmp_path_factory.mktemp("exports"), 400, date(2026, 11, 1), 1200)


@pytest.fixture
def data(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with some orders of another time."""
    store = database.open_store(tmp_path)
    uploads.import_files(store, demo.write_files(tmp_path_factory.mktemp("old"), 150, date(2025, 3, 1), 300), now=clock.now())
    store.checkpoint()
    store.close()
    return tmp_path


def run(data: Path, kind: str, most: int, files: list[Path]) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.crash.full_disk", str(data), kind, str(most), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300)
    assert done.returncode == 0, done.stderr
    values: dict[str, Any] = json.loads(done.stdout)
    return values


def size(data: Path) -> int:
    return (data / "shop.duckdb").stat().st_size


@pytest.mark.parametrize("where", ["copy", "commit"])
def test_an_import_on_a_full_disk_is_refused_and_leaves_nothing(data: Path, files: list[Path], where: str) -> None:
    copy = sum(len(file.read_text(encoding="gb18030").encode()) for file in files)
    result = run(data, "import", copy // 10 if where == "copy" else copy, files)
    assert "disk of the server is full" in result["told"]
    assert result["between"] == result["before"]
    assert result["left"] == []
    assert result["again"] == "done"
    assert result["after"] > result["before"] > 0


def test_a_log_that_cannot_be_folded_in_does_not_need_a_restart(data: Path, files: list[Path]) -> None:
    result = run(data, "fold", size(data) + 1, files)
    assert result["told"] == "FatalException"
    assert result["between"] == result["after"] > result["before"]
    assert result["again"] == "done"


def test_an_upload_on_a_full_disk_leaves_nothing(data: Path, files: list[Path]) -> None:
    result = run(data, "upload", 20 * MB, files)
    assert "not enough room on the server" in result["told"]
    assert result["left"] == []


def test_a_backup_on_a_full_disk_leaves_nothing(data: Path, files: list[Path]) -> None:
    result = run(data, "backup", size(data) // 2, files)
    assert "not enough room in" in result["told"]
    assert result["between"] == result["before"]
    assert (result["left"], list((data / "backups").iterdir()), result["again"]) == ([], [], "done")


def limited(data: Path, most: int, *words: str) -> subprocess.CompletedProcess[str]:
    """`crm …` where no file may grow beyond a limit."""
    program = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, -1)); from crm.cli import main; main()"
    command = [sys.executable, "-c", program, *words, "--data", str(data)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300)


def test_a_restore_on_a_full_disk_changes_nothing(data: Path, tmp_path: Path) -> None:
    made = crm("backup", "--json", data=data)
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    done = limited(data, size(data) // 2, "restore", json.loads(made.stdout)["path"])
    assert (done.returncode, "Traceback" in done.stderr, "not enough room in" in done.stderr) == (1, False, True)
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before


def test_a_migration_on_a_full_disk_leaves_the_old_state(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is room for the copy, and not for what the step writes."""
    versions = Path(shutil.copytree(migrations.VERSIONS, tmp_path / "versions"))
    (versions / "9998_more.sql").write_text("CREATE TABLE more AS SELECT hash(range) AS h, hash(range + 7) AS g FROM range(3000000)")
    before = size(data)
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "VERSIONS", versions)
        usual = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (before + 3 * MB, usual[1]))
        try:
            with pytest.raises(CrmError, match="disk of the server is full"):
                database.open_store(data)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    store = database.open_store(data)
    assert store.rows("SELECT table_name FROM duckdb_tables() WHERE table_name = 'more'") == []
    assert (store.one("SELECT count(*) AS n FROM orders") or {})["n"] > 0
    store.close()


def test_a_disk_that_fills_while_sending_is_said_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters have gone: nobody is told that nothing was changed, nobody gets a second one, and the rest can be sent."""
    store = database.open_store(tmp_path / "shop")
    campaign_id = launched(store, 60, clock.now())
    note, full = ledger.note, [False]

    def noted(*told: Any, **named: Any) -> Any:
        full[0] = full[0] or bool(told[3] == "accepted" and told[2])  # after the first batch is gone there is no room to write that down
        if full[0]:
            raise OSError(disk.FULL[0], "No space left on device")
        return note(*told, **named)

    first = Scripted()
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "note", noted)
        with pytest.raises(CrmError) as refusal:
            campaigns.send(store, campaign_id, Environment(), clock.now, channel=first, wait=lambda _: None)
    assert (refusal.value.code, refusal.value.values) == ("campaign.disk_full", {"n": 10})
    monkeypatch.setattr(recovery, "_channel_of", lambda *told: first)
    campaigns.recover(store, Environment(), clock.now())
    assert campaigns.saved.get(store, campaign_id).state == "paused"
    second = Scripted()
    campaigns.send(store, campaign_id, Environment(), clock.now, channel=second, wait=lambda _: None)
    assert (len(first.sent), len(second.sent), len({*first.sent, *second.sent})) == (10, 50, 60)
    store.close()


def test_there_must_be_room_before_anything_is_read(data: Path, files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = disk.TIMES * sum(file.stat().st_size for file in files)
    store = database.open_store(data)
    monkeypatch.setattr(disk, "free", lambda folder: wanted - 1)
    with pytest.raises(CrmError, match="Please free 100 MB"):
        uploads.import_files(store, files, now=clock.now())
    monkeypatch.setattr(disk, "free", lambda folder: wanted)
    assert uploads.import_files(store, files, now=clock.now(), options=None)
    store.close()


def test_the_worker_outlives_a_job_whose_end_cannot_be_written(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from crm import jobs, settings, works
    from tests.conftest import wait_for

    monkeypatch.setattr("crm.worker.RETRY_SECONDS", 0.1)
    store = database.open_store(data)
    finish, failed = jobs.finish, []

    def full(*told: Any) -> None:
        if len(failed) < 3:
            failed.append(told)
            raise disk.refusal(store.folder)
        finish(*told)

    monkeypatch.setattr(jobs, "finish", full)
    worker = Worker(store, settings.Environment(data=data))
    first = jobs.ask(store, works.Rebuild(), clock.now())
    worker.start()
    wait_for(lambda: all(job.state in ("done", "interrupted") for job in jobs.latest(store)) and len(failed) == 3, 60)
    begun = jobs.get(store, first)
    assert begun and begun.state == "interrupted"
    worker.stop()
    store.close()
