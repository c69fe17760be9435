"""Migrations go forward only: each once, after a copy, whole or not at all; what a released one says never changes."""

import shutil
from pathlib import Path

import pytest

from crm import database
from crm.database import Store, disk, migrations
from crm.errors import CrmError
from crm.settings import Shop
from tests.conftest import crm

DIGESTS = {
    "0001_first": "1dec35512196b9cf",
    "0002_accounts": "577ed851fc377023",
    "0003_privacy": "a3aa9b750ee3fa76",
    "0004_settings": "625a1af2fef54703",
    "0007_approvals": "24eac38000200a82",
    "0008_segments": "680b68fd38d63f3e",
    "0012_by_hand": "82360ba47809f25f",
}
"""How the digest of each step begins. Databases bear it: a released step that says something else afterwards locks every shop out."""
RELEASED = sorted(DIGESTS)
MORE = "ALTER TABLE segments ADD COLUMN colour TEXT;\nINSERT INTO settings (key, value) VALUES ('name', '\"from 0900\"');"
BROKEN = MORE + "\nALTER TABLE no_such_table ADD COLUMN x TEXT;"


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of steps of one's own, with the released ones in it."""
    folder = Path(shutil.copytree(migrations.VERSIONS, tmp_path / "versions"))
    monkeypatch.setattr(migrations, "VERSIONS", folder)
    return folder


@pytest.fixture
def shop(versions: Path, tmp_path: Path) -> Path:
    """A database as the released steps make it, with something in it."""
    folder = tmp_path / "shop"
    store = database.open_store(folder)
    database.change_shop(store, {"from_name": "before"})
    store.close()
    return folder


def columns(store: Store, table: str) -> list[str]:
    return [row["column_name"] for row in store.rows("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [table])]


def known(store: Store) -> list[str]:
    return [row["version"] for row in store.rows("SELECT version FROM schema_versions ORDER BY version")]


def test_every_step_still_says_the_same() -> None:
    digests = {file.stem: migrations.digest(file)[:16] for file in migrations.VERSIONS.glob("*.sql")}
    assert digests == DIGESTS, "a released step changes no more: write the next one. The digest of one that no tag has yet goes up there."


def test_a_new_step_is_applied_once_and_nothing_is_lost(shop: Path, versions: Path) -> None:
    (versions / "0900_more.sql").write_text(MORE, encoding="utf-8")
    for _ in range(2):
        store = database.open_store(shop)
        assert database.load_shop(store) == Shop(name="from 0900", from_name="before")
        assert columns(store, "segments")[-1] == "colour"
        assert known(store) == [*RELEASED, "0900_more", "derived"]
        assert not store.derived_is_stale
        store.close()


def test_a_copy_from_before_the_step_is_kept(shop: Path, versions: Path, tmp_path: Path) -> None:
    assert not (shop / "backups").exists()
    (versions / "0900_more.sql").write_text(MORE, encoding="utf-8")
    (versions / "0901_nothing.sql").write_text("SELECT 1", encoding="utf-8")
    database.open_store(shop).close()
    database.open_store(shop).close()
    copy = shop / "backups" / "before-0900_more.duckdb"
    assert sorted(file.name for file in copy.parent.iterdir()) == [copy.name, f"{copy.name}.sha256"]
    assert copy.stat().st_mode & 0o777 == 0o600
    for file in versions.glob("090[01]*"):
        file.unlink()
    put_back = tmp_path / "put_back"
    put_back.mkdir()
    shutil.copy(shop / "backups" / "before-0900_more.duckdb", put_back / "shop.duckdb")
    store = database.open_store(put_back)
    assert database.load_shop(store) == Shop(from_name="before")
    assert known(store) == [*RELEASED, "derived"]
    store.close()


def test_a_step_that_fails_leaves_the_database_as_it_was(shop: Path, versions: Path, caplog: pytest.LogCaptureFixture) -> None:
    (versions / "0900_more.sql").write_text(BROKEN, encoding="utf-8")
    with pytest.raises(CrmError, match="step 0900_more"):
        database.open_store(shop)
    assert "migration 0900_more failed" in caplog.text
    assert (shop / "backups" / "before-0900_more.duckdb").exists()
    (versions / "0900_more.sql").unlink()
    store = database.open_store(shop)
    assert database.load_shop(store) == Shop(from_name="before")
    assert "colour" not in columns(store, "segments")
    assert known(store) == [*RELEASED, "derived"]
    store.close()


def test_a_disk_without_room_for_the_copy_changes_nothing(shop: Path, versions: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (versions / "0900_more.sql").write_text(MORE, encoding="utf-8")

    with monkeypatch.context() as patch, pytest.raises(CrmError, match=r"not enough room .* Nothing was changed"):
        patch.setattr(disk, "free", lambda folder: 1000)
        database.open_store(shop)
    assert not list((shop / "backups").glob("*.duckdb"))
    (versions / "0900_more.sql").unlink()
    store = database.open_store(shop)
    assert known(store) == [*RELEASED, "derived"]
    store.close()


def test_the_derived_tables_are_made_anew_when_their_file_changes(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    derived = tmp_path / "derived.sql"
    derived.write_text(migrations.DERIVED.read_text(encoding="utf-8").replace("tag TEXT NOT NULL", "tag TEXT NOT NULL, since DATE"))
    monkeypatch.setattr(migrations, "DERIVED", derived)
    store = database.open_store(shop)
    assert store.derived_is_stale
    assert columns(store, "customer_tags")[-1] == "since"
    assert not (shop / "backups").exists(), "what is derived needs no copy"
    store.close()


def test_line_ends_are_no_change(shop: Path, versions: Path) -> None:
    first = versions / "0001_first.sql"
    first.write_bytes(first.read_bytes().replace(b"\n", b"\r\n"))
    database.open_store(shop).close()


def test_a_database_from_before_the_first_release_is_refused(tmp_path: Path, versions: Path) -> None:
    """Its first step had the same number and said something else."""
    first = versions / "0001_first.sql"
    released = first.read_text(encoding="utf-8")
    first.write_text(released.replace(", version BIGINT DEFAULT 1", ""), encoding="utf-8")
    (versions / "0001_row_versions.sql").write_text("ALTER TABLE segments ADD COLUMN version BIGINT DEFAULT 1", encoding="utf-8")
    database.open_store(tmp_path / "shop").close()
    before = (tmp_path / "shop" / "shop.duckdb").read_bytes()
    (versions / "0001_row_versions.sql").unlink()
    first.write_text(released, encoding="utf-8")
    with pytest.raises(CrmError, match="from before the first release"):
        database.open_store(tmp_path / "shop")
    done = crm("imports", data=tmp_path / "shop", check=False)
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (1, "", False)
    assert done.stderr.startswith("This database is of a Huitou from before the first release")
    assert (tmp_path / "shop" / "shop.duckdb").read_bytes() == before
    assert not (tmp_path / "shop" / "backups").exists()
