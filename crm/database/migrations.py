"""Forward-only migrations of the durable tables (versions/NNNN_name.sql) and the remaking of the derived ones (derived.sql)."""

import hashlib
import logging
import re
import shutil
from pathlib import Path
from typing import Any

from crm.errors import CrmError

log = logging.getLogger(__name__)
HERE = Path(__file__).parent
VERSIONS = HERE / "versions"
DERIVED = HERE / "derived.sql"


def apply(connection: Any, folder: Path | None) -> bool:
    """Bring the schema up to date; True when the derived tables were made anew and must be rebuilt from the durable ones."""
    connection.execute("CREATE TABLE IF NOT EXISTS schema_versions (version TEXT PRIMARY KEY, digest TEXT NOT NULL)")
    done = dict(connection.execute("SELECT version, digest FROM schema_versions").fetchall())
    files = sorted(VERSIONS.glob("*.sql"))
    unknown = set(done) - {file.stem for file in files} - {"derived"}
    if unknown:
        raise CrmError(
            "database.newer_version",
            "The database was written by a newer Huitou (it knows {version}). Nothing was changed. Please update this installation.",
            version=max(unknown),
        )
    missing = [file for file in files if file.stem not in done]
    if done and missing and folder is not None:
        _back_up(connection, folder, missing[0].stem)
    for file in missing:
        _run(connection, file, file.stem)
    return _remake_derived(connection, done.get("derived"))


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _run(connection: Any, file: Path, version: str) -> None:
    connection.begin()
    connection.execute(file.read_text(encoding="utf-8"))
    connection.execute("INSERT OR REPLACE INTO schema_versions VALUES (?, ?)", [version, _digest(file)])
    connection.commit()


def _remake_derived(connection: Any, known: str | None) -> bool:
    if known == _digest(DERIVED):
        return False
    for table in re.findall(r"CREATE TABLE (\w+)", DERIVED.read_text(encoding="utf-8")):
        connection.execute(f'DROP TABLE IF EXISTS "{table}"')
    _run(connection, DERIVED, "derived")
    return known is not None


def _back_up(connection: Any, folder: Path, version: str) -> None:
    connection.execute("CHECKPOINT")
    target = folder / "backups"
    target.mkdir(exist_ok=True)
    shutil.copy2(folder / "shop.duckdb", target / f"before-{version}.duckdb")
    log.info("backed up before migration %s", version)
