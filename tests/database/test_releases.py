"""A database of every released version is opened by this one and says the same numbers as it did there.

releases/X.Y.Z.duckdb.xz is a small demo shop as that version wrote it, X.Y.Z.json what its terminal said of it, by verb.
"""

import json
import lzma
from pathlib import Path
from typing import Any

import pytest

from crm import database
from crm.database import migrations
from tests.conftest import crm

HERE = Path(__file__).parent / "releases"
RELEASES = sorted(path.stem for path in HERE.glob("*.json"))


def shop(version: str, folder: Path) -> Path:
    folder.mkdir()
    (folder / "shop.duckdb").write_bytes(lzma.decompress((HERE / f"{version}.duckdb.xz").read_bytes()))
    return folder


def among(before: Any, now: Any) -> Any:
    """What is said now, without what was not said yet: an answer may say more than it did, never something else."""
    if isinstance(before, dict):
        return {key: among(value, now.get(key)) for key, value in before.items()}
    if isinstance(before, list):
        return [among(*pair) for pair in zip(before, now, strict=True)]
    return now


@pytest.mark.parametrize("version", RELEASES)
def test_it_says_the_same_numbers(version: str, tmp_path: Path) -> None:
    data = shop(version, tmp_path / "shop")
    for verb, before in json.loads((HERE / f"{version}.json").read_text(encoding="utf-8")).items():
        assert among(before, json.loads(crm(*verb.split(), "--json", data=data).stdout)) == before, verb


@pytest.mark.parametrize("version", RELEASES)
def test_it_is_brought_up_to_date_with_a_copy_from_before(version: str, tmp_path: Path) -> None:
    data = shop(version, tmp_path / "shop")
    database.open_store(data).close()
    steps = {file.stem for file in migrations.VERSIONS.glob("*.sql")}
    store = database.open_store(data)
    known = {row["version"] for row in store.rows("SELECT version FROM schema_versions")}
    store.close()
    assert known == {*steps, "derived"}
    assert len(list(data.glob("backups/before-*.duckdb"))) == min(len(steps) - 1, 1)


def test_every_released_version_is_here() -> None:
    text = (Path(__file__).parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")
    released = [line.split()[1] for line in text.splitlines() if line.startswith("## ") and line.split()[1][0].isdigit()]
    assert sorted(released) == RELEASES
