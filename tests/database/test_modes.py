"""The data folder is its user's alone: what is made, what an older version left open, and what the group of an export may have."""

import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from crm import database
from crm.database import modes
from tests.conftest import ROOT, crm

pytestmark = pytest.mark.skipif(not modes.HAS_MODES, reason="there are no such modes here")


def bits(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def wider(folder: Path) -> list[tuple[str, str]]:
    """Everything with more than 0700 or 0600."""
    allowed = {True: 0o700, False: 0o600}
    return [(str(path), oct(bits(path))) for path in (folder, *folder.rglob("*")) if bits(path) & ~allowed[path.is_dir()]]


def opened_up(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def closed(folder: Path) -> None:
    database.open_store(folder).close()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop with a database and letters, as a version before this rule left it."""
    closed(tmp_path / "shop")
    (tmp_path / "shop/outbox/c1").mkdir(parents=True)
    (tmp_path / "shop/outbox/c1/m1.eml").write_text("Dear Li")
    (tmp_path / "shop/inbox/done").mkdir(parents=True)
    (tmp_path / "shop/inbox/done/orders.csv").write_text("order")
    opened_up(tmp_path / "shop")
    return tmp_path / "shop"


def test_a_shop_that_others_could_read_is_closed_when_opened_and_said_once(shop: Path, caplog: pytest.LogCaptureFixture) -> None:
    closed(shop)
    assert wider(shop) == []
    closed(shop)
    assert [record.getMessage().split(" ", 1)[1][:40] for record in caplog.records] == ["files and folders of this shop could be "]


def test_a_folder_that_was_copied_into_a_closed_shop_is_closed(shop: Path) -> None:
    closed(shop)
    (shop / "backups/old").mkdir(parents=True)
    (shop / "backups/old/shop.duckdb").write_text("copy")
    opened_up(shop / "backups")
    closed(shop)
    assert wider(shop) == []


def test_a_new_shop_is_closed_without_a_word(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "new").mkdir(mode=0o755)
    closed(tmp_path / "new")
    assert (wider(tmp_path / "new"), caplog.records) == ([], [])


def test_the_group_of_an_export_may_reach_the_inbox_and_nothing_else(shop: Path) -> None:
    (shop / "inbox").chmod(0o2777)
    shop.chmod(0o755)
    closed(shop)
    assert (bits(shop), bits(shop / "inbox"), bits(shop / "inbox/done")) == (0o710, 0o2770, 0o700)
    assert {bits(path) for path in shop.glob("*.duckdb")} == {0o600}
    assert modes.still_open(shop) == []


def test_links_are_not_followed_and_a_shared_folder_stays_shared(shop: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    outside.chmod(0o755)
    (shop / "outbox/link").symlink_to(outside)
    closed(shop)
    assert (bits(outside), bits(shop / "outbox")) == (0o755, 0o700)
    (shop / "outbox").chmod(0o755)
    shop.chmod(0o1777)
    (shop / "shop.duckdb").chmod(0o644)
    closed(shop)
    assert (bits(shop / "shop.duckdb"), bits(shop), bits(shop / "outbox")) == (0o600, 0o1777, 0o755)


def test_what_cannot_be_closed_is_said_and_stops_nothing(
    shop: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refuse)
    closed(shop)
    assert [record.getMessage().rpartition(": ")[2] for record in caplog.records] == ["Operation not permitted"]
    assert shop in modes.still_open(shop)


def test_a_file_of_the_exports_user_becomes_the_servers_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does not own a file cannot change its mode: it is copied."""
    path = tmp_path / "orders.csv"
    path.write_bytes(b"order" * 1_000_000)
    path.chmod(0o664)
    number, real = path.stat().st_ino, Path.chmod

    def owners_only(self: Path, mode: int, **more: bool) -> None:
        if self.stat().st_ino == number:
            raise PermissionError
        real(self, mode, **more)

    monkeypatch.setattr(Path, "chmod", owners_only)
    modes.make_private(path)
    assert (bits(path), path.read_bytes(), list(tmp_path.iterdir())) == (0o600, b"order" * 1_000_000, [path])


def test_whatever_the_terminal_writes_is_private_also_with_umask_0(tmp_path: Path, shop: Path) -> None:
    """An import with its staging, and order files outside the data folder as well."""
    shutil.rmtree(shop)
    with_umask_0 = f"import os, sys; os.umask(0); os.execv({sys.executable!r}, [{sys.executable!r}, '-m', 'crm.cli', *sys.argv[1:]])"

    def run(*words: str | Path) -> None:
        command = [sys.executable, "-c", with_umask_0, *map(str, words)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300)

    files, out = tmp_path / "files", tmp_path / "out"
    run("demo", "--files", files, "--customers", "200", "--orders", "400")
    table = next(file for file in sorted(files.rglob("*")) if file.suffix == ".csv")
    run("import", table, "--keep-staging", out / "staging", "--data", shop)
    assert (out / "staging").is_dir()
    assert wider(shop) + wider(files) + wider(out / "staging") == []
    assert crm("kpi", data=shop).stderr == ""
