"""Writing the file anew: DuckDB gives the room of what was deleted free, but leaves its bytes there until it needs the room."""

import contextlib
import logging
from pathlib import Path
from typing import Any

import duckdb

from crm.database.connecting import connect

log = logging.getLogger(__name__)
ASKED = "rewrite.asked"


def ask(folder: Path) -> None:
    """At the next opening: until then what was deleted may still lie in the file."""
    (folder / ASKED).touch(mode=0o600)


def is_asked(folder: Path) -> bool:
    """Whether it is still to be done."""
    return (folder / ASKED).exists()


def done(connection: Any, path: Path) -> Any:
    """The same connection; where it was asked for, one to the file written anew. What fails is tried again at the next opening."""
    if not is_asked(path.parent):
        return connection
    draft = path.with_suffix(".rewritten")
    try:
        _copy(connection, path, draft)
    except (duckdb.Error, OSError) as error:
        log.warning("the database file could not be written anew (%s); it is tried again at the next start", type(error).__name__)
        for left in (draft, draft.with_name(draft.name + ".wal")):
            left.unlink(missing_ok=True)
        return connection
    connection.close()
    path.with_name(path.name + ".wal").unlink(missing_ok=True)
    draft.replace(path)
    (path.parent / ASKED).unlink(missing_ok=True)
    log.info("the database file was written anew without what had been deleted")
    return connect(path)


def _copy(connection: Any, path: Path, draft: Path) -> None:
    draft.unlink(missing_ok=True)
    connection.execute("CHECKPOINT")
    quoted = str(draft).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS rewritten")
    try:
        connection.execute(f'COPY FROM DATABASE "{path.stem}" TO rewritten')
        connection.execute("CHECKPOINT rewritten")
    finally:
        with contextlib.suppress(duckdb.Error):
            connection.execute("DETACH rewritten")
    draft.chmod(path.stat().st_mode)
