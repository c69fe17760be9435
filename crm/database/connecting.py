"""Opening the file: one process at a time, and one sentence where it cannot be opened."""

from pathlib import Path
from typing import Any

import duckdb

from crm.errors import BusyError, CrmError

MEMORY = "600MB"  # what the database may hold before it writes to tmp/: more made no import faster


def connect(path: Path) -> Any:
    """A connection to this file. Raises BusyError when another process has it, CrmError when it is no database that can be read."""
    config: dict[str, Any] = {
        "memory_limit": MEMORY,
        "temp_directory": str(path.parent / "tmp"),
        "autoinstall_known_extensions": "false",
    }
    try:
        return duckdb.connect(str(path), config=config)
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise BusyError(
                "database.in_use",
                "Huitou is already running on {folder}. Nothing was done. Use the open page in the browser or stop the server first.",
                folder=path.parent,
            ) from error
        raise _unreadable(path) from error
    except duckdb.Error as error:
        raise _unreadable(path) from error


def _unreadable(path: Path) -> CrmError:
    return CrmError(
        "database.unreadable",
        "{path} cannot be opened as a database. Nothing was changed. Put a copy from {folder}/backups in its place, or ask for help.",
        path=path,
        folder=path.parent,
    )
