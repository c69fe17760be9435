"""Opening the file: one process at a time, and one sentence where it cannot be opened."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from crm.errors import BusyError, CrmError

MEMORY = "600MB"  # what the database may hold before it writes to tmp/: more made no import faster
DAMAGE = ("corrupt database file", "could not read enough bytes")
FORBIDDEN = ("read-only file system", "permission denied")


def connect(path: Path) -> Any:
    """A connection to this file. Raises BusyError when another process has it, CrmError when it is no database that can be read."""
    config: dict[str, Any] = {
        "memory_limit": MEMORY,
        "temp_directory": str(path.parent / "tmp"),
        "autoinstall_known_extensions": "false",
    }
    with readable(path):
        return duckdb.connect(str(path), config=config)


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Around opening a database and the first look into it: what the database says becomes a sentence."""
    try:
        yield
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise in_use(path.parent) from error
        if any(sign in str(error).lower() for sign in FORBIDDEN):
            raise not_writable(path.parent) from error
        raise _unreadable(path) from error
    except duckdb.Error as error:
        raise _unreadable(path) from error


@contextmanager
def opening(connection: Any, path: Path) -> Iterator[None]:
    """Around bringing up what was just opened: where that fails, the file is let go of."""
    try:
        with readable(path):
            yield
    except BaseException:
        connection.close()
        raise


def in_use(folder: Path) -> BusyError:
    """Another process has the database."""
    return BusyError(
        "database.in_use",
        "Huitou is already running on {folder}. Nothing was done. Use the open page in the browser or stop the server first.",
        folder=folder,
    )


def not_writable(folder: Path) -> CrmError:
    """The folder may be read only."""
    return CrmError(
        "database.not_writable",
        "Nothing can be written in {folder}: the disk is mounted read-only, or its files belong to another user. The data is untouched. "
        "Please make the folder writable and start again.",
        folder=folder,
    )


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Nobody else opens this database meanwhile. Raises BusyError when a process has it open already."""
    try:
        import fcntl
    except ImportError:  # on Windows a file that is open cannot be renamed, which is what this is for
        yield
        return
    if not path.exists():
        yield
        return
    with path.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EAGAIN):
                raise in_use(path.parent) from error
            raise
        yield


def refuse_damage(error: BaseException, folder: Path | None) -> None:
    """Say it, where a part of the file could not be read that was not needed when it was opened."""
    if folder is not None and isinstance(error, duckdb.Error) and any(sign in str(error).lower() for sign in DAMAGE):
        raise _unreadable(folder / "shop.duckdb") from error


def _unreadable(path: Path) -> CrmError:
    return CrmError(
        "database.unreadable",
        "{path} is damaged or no database of Huitou. Nothing was changed. Put the newest copy back: `crm restore FILE`, the copies are in "
        "{folder}/backups.",
        path=path,
        folder=path.parent,
    )
