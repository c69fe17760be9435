"""kill -9 in a backup, a restore, a migration, a rebuild: the file opens, what was acknowledged is there, nothing is half done."""

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crm import backups, clock, database
from crm.backups import making
from crm.campaigns import restored
from crm.database import copying, migrations
from crm.errors import CrmError
from tests.conftest import ROOT
from tests.crash.kills import kills
from tests.crash.test_import_crash import AGREE

CALLS = 24
"""More than a restore makes of calls that change names on the disk."""
SLOW = "ALTER TABLE segments ADD COLUMN colour TEXT;\nCREATE TABLE more AS SELECT range AS n, hash(range) AS h FROM range({rows});\n"


def start(kind: str, data: Path, file: Path, *call: int) -> subprocess.Popen[str]:
    """The process, when it has begun."""
    command = [sys.executable, "-m", "tests.crash.doing", kind, str(data), str(file), *map(str, call)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", process.communicate()[1]
    return process


def killed_after(process: subprocess.Popen[str], seconds: float) -> list[str]:
    """What it said until then."""
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    return process.communicate()[0].split()


def named(data: Path) -> tuple[str, bool]:
    """What the shop is called, and whether sending is off because a backup was put back."""
    store = database.open_store(data)
    try:
        assert [claim for claim in AGREE if not next(iter((store.one(f"SELECT {claim} AS holds") or {}).values()))] == []
        return database.load_shop(store).name, "safe_mode" in restored.state(store).troubles
    finally:
        store.close()


def called(data: Path, name: str) -> None:
    store = database.open_store(data)
    database.change_shop(store, {"name": name})
    store.close()


@pytest.mark.parametrize("turn", range(kills(2)))
def test_a_killed_backup_leaves_the_shop_and_only_whole_copies(demo_copy: Path, tmp_path: Path, turn: int) -> None:
    said = killed_after(start("backup", demo_copy, demo_copy), random.Random(turn).uniform(0.2, 6))
    assert int(named(demo_copy)[0] or 0) - int(said[-1] if said else 0) in (0, 1), "an acknowledged change is missing"
    for number, copy in enumerate(making.copies(demo_copy / "backups")):
        checked = copying.copied(copy.path, tmp_path / f"{number}.duckdb")
        assert checked.sha256 == copying.checksum_of(copy.path)
    store = database.open_store(demo_copy)
    backups.make(store, clock.now())
    store.close()
    assert not list((demo_copy / "backups").glob("*.part*"))


@pytest.fixture
def two(demo_copy: Path) -> tuple[Path, Path]:
    """A shop that is called present, and a backup of when it was called before."""
    called(demo_copy, "before")
    store = database.open_store(demo_copy)
    copy = backups.make(store, clock.now()).path
    store.close()
    called(demo_copy, "present")
    return demo_copy, copy


def whole_or_not_at_all(data: Path) -> None:
    """After the kill: either state with all that belongs to it, and nothing left over."""
    result = named(data)
    assert result in (("present", False), ("before", True))
    assert not [path for path in data.iterdir() if path.name.startswith("restore.")]
    if result[1]:
        (aside,) = [path for path in (data / "set_aside").iterdir() if any(path.iterdir())]
        shutil.copytree(aside, data.parent / "aside")
        assert named(data.parent / "aside")[0] == "present"


@pytest.mark.parametrize("turn", range(kills(2)))
def test_a_killed_restore_is_done_or_undone(two: tuple[Path, Path], turn: int) -> None:
    data, copy = two
    killed_after(start("restore", data, copy), random.Random(turn).uniform(0, 1.5))
    whole_or_not_at_all(data)
    process = start("restore", data, copy)
    assert (process.wait(120), process.communicate()[1]) == (0, "")
    assert named(data) == ("before", True)


def test_killed_before_each_step_of_a_restore_it_is_done_or_undone(two: tuple[Path, Path], tmp_path: Path) -> None:
    """Random moments hardly ever hit the few microseconds between two renames: here each of them is hit."""
    ends = []
    for call in range(1, CALLS + 1):
        data = tmp_path / f"turn{call}" / "shop"
        shutil.copytree(two[0], data)
        code = start("restore", data, two[1], call).wait(120)
        ends.append(code)
        whole_or_not_at_all(data)
        shutil.rmtree(data.parent)
        if code == 0:
            break
    assert set(ends[:-1]) == {-signal.SIGKILL}
    assert ends[-1] == 0, "there are more steps than were tried"


@pytest.mark.parametrize("turn", range(kills(2)))
def test_a_killed_migration_leaves_the_old_state_or_the_new_one(
    demo_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turn: int
) -> None:
    called(demo_copy, "before")
    versions = Path(shutil.copytree(migrations.VERSIONS, tmp_path / "versions"))
    (versions / "9998_more.sql").write_text(SLOW.format(rows=6_000_000))
    killed_after(start("migrate", demo_copy, versions), random.Random(turn).uniform(0.1, 4))
    with monkeypatch.context() as patch:
        try:
            result = named(demo_copy)
        except CrmError as refusal:  # the step was whole already
            assert refusal.code == "database.newer_version"
            patch.setattr(migrations, "VERSIONS", versions)
            result = named(demo_copy)
        assert result == ("before", False)
    monkeypatch.setattr(migrations, "VERSIONS", versions)
    assert named(demo_copy) == ("before", False)
    store = database.open_store(demo_copy)
    assert store.one("SELECT count(*) AS n FROM more") == {"n": 6_000_000}
    store.close()
    checked = copying.copied(demo_copy / "backups" / "before-9998_more.duckdb", tmp_path / "copy")
    assert "9998_more" not in checked.versions


@pytest.mark.parametrize("turn", range(kills(2)))
def test_a_killed_rebuild_leaves_what_agrees(demo_copy: Path, turn: int) -> None:
    said = killed_after(start("rebuild", demo_copy, demo_copy), random.Random(turn).uniform(0.2, 6))
    assert int(named(demo_copy)[0] or 0) - int(said[-1] if said else 0) in (0, 1), "an acknowledged change is missing"
