"""Forward-only migrations of the durable tables (versions/NNNN_name.sql) and the remaking of the derived ones (derived.sql)."""

import contextlib
import hashlib
import logging
import re
from pathlib import Path
from typing import Any

from crm.database import disk, seen
from crm.database.copying import copied, keep
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
    require_readable(done)
    missing = [file for file in files if file.stem not in done]
    with disk.watched(folder):
        if done and missing and folder is not None:
            _back_up(connection, folder, missing[0].stem)
        for file in missing:
            _run(connection, file, file.stem)
        if not done and folder is not None:
            seen.mark_seen(folder)
        return _remake_derived(connection, done.get("derived"))


def digest(file: Path) -> str:
    """What a file says, however its lines end (on Windows a checkout ends them otherwise than the wheel)."""
    return hashlib.sha256(file.read_text(encoding="utf-8").encode()).hexdigest()


def require_readable(done: dict[str, str]) -> None:
    """Refuse what a later version wrote, and what was written before the first release: there the same numbers said something else."""
    files = sorted(VERSIONS.glob("*.sql"))
    if any(done.get(file.stem, digest(file)) != digest(file) for file in files):
        raise CrmError(
            "database.before_first_release",
            "This database is of a Huitou from before the first release, and this version cannot read it. Nothing was changed. "
            "Please leave its folder as it is, start with an empty one and import your files there again.",
        )
    unknown = set(done) - {file.stem for file in files} - {"derived"}
    if unknown:
        raise CrmError(
            "database.newer_version",
            "The database was written by a newer Huitou (it knows {version}). Nothing was changed. Please update this installation.",
            version=max(unknown),
        )


def _run(connection: Any, file: Path, version: str) -> None:
    """One step, whole or not at all."""
    connection.begin()
    try:
        connection.execute(file.read_text(encoding="utf-8"))
        connection.execute("INSERT OR REPLACE INTO schema_versions VALUES (?, ?)", [version, digest(file)])
        connection.commit()
    except Exception as error:
        with contextlib.suppress(Exception):  # there may be nothing left to roll back
            connection.rollback()
        if disk.is_full(error):
            raise
        log.exception("migration %s failed", version)
        raise CrmError(
            "database.step_failed",
            "The database could not be brought to this version of Huitou (step {version}). Nothing of that step was kept, and a copy from "
            "before is in the folder backups. Please go back to the version you had, and tell us what the log says.",
            version=version,
        ) from error


def _remake_derived(connection: Any, known: str | None) -> bool:
    if known == digest(DERIVED):
        return False
    for table in re.findall(r"CREATE TABLE (\w+)", DERIVED.read_text(encoding="utf-8")):
        connection.execute(f'DROP TABLE IF EXISTS "{table}"')
    _run(connection, DERIVED, "derived")
    return known is not None


def _back_up(connection: Any, folder: Path, version: str) -> None:
    """A checked copy of the file as it is before this step; under its name only once it is whole."""
    connection.execute("CHECKPOINT")
    target = folder / "backups" / f"before-{version}.duckdb"
    target.parent.mkdir(mode=0o700, exist_ok=True)
    draft = target.with_suffix(".part")
    keep(draft, target, copied(folder / "shop.duckdb", draft))
    log.info("the database was copied to backups before migration %s", version)
