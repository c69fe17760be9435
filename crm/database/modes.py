"""Who may read the data folder: the server's user alone (folders 0700, files 0600), also where an older version left more."""

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

log = logging.getLogger(__name__)
HAS_MODES = os.name == "posix"
"""On Windows the folder's own list of who may enter it counts."""
OTHERS = stat.S_IRWXG | stat.S_IRWXO
INBOX, FILED = "inbox", ("done", "refused")


def keep_private() -> None:
    """Once, when a process starts: whatever it makes from now on is its user's alone."""
    os.umask(OTHERS)


def mend(folder: Path) -> int:
    """Take from others what they may not have: the folder and what lies in it; what lies deeper only in folders that were open. How many.

    Below a folder that is closed nobody gets anywhere, so not every letter is looked at on each start.
    """
    if not HAS_MODES:
        return 0
    if folder.stat().st_mode & stat.S_ISVTX:  # a folder for everybody, like /tmp: only the database in it is ours
        below = list(folder.glob("shop.duckdb*"))
    elif _is_open(folder, folder):
        below = [folder]
    else:
        below = still_open_above(folder)
    wide = [path for top in below for path in walked(top) if _is_open(folder, path)]
    allowed = {path: _allowed(folder, path) for path in wide}
    failed = [error for path in wide if (error := _close(path, allowed[path]))]
    if failed:
        log.warning("other users of this machine can read %d files and folders of the data folder: %s", len(failed), failed[0])
    return len(wide) - len(failed)


def walked(top: Path) -> Iterator[Path]:
    """A folder or file, and everything below it; links are not followed."""
    yield top
    if top.is_dir() and not top.is_symlink():
        for folder, folders, files in os.walk(top):
            yield from (Path(folder) / name for name in (*folders, *files))


def still_open(folder: Path) -> list[Path]:
    """Everything in the data folder that others may read, write or enter."""
    return [path for path in walked(folder) if _is_open(folder, path)] if HAS_MODES else []


def still_open_above(folder: Path) -> list[Path]:
    """The same of the folder itself and what lies in it directly: quick, and below what is closed nobody gets anywhere."""
    return [path for path in (folder, *folder.iterdir()) if _is_open(folder, path)] if HAS_MODES else []


def make_private(path: Path) -> None:
    """A file that came from elsewhere (the inbox) is the server's alone, whoever wrote it."""
    if not HAS_MODES or not path.stat().st_mode & OTHERS:
        return
    try:
        path.chmod(0o600)
    except PermissionError:  # it belongs to the user of the export: a copy is ours
        draft = path.with_name(f".{path.name}.part")
        draft.write_bytes(b"")
        draft.chmod(0o600)
        with path.open("rb") as source, draft.open("wb") as out:
            while piece := source.read(1 << 22):
                out.write(piece)
        draft.replace(path)


def _allowed(folder: Path, path: Path) -> int:
    """What others may have: where the inbox is a group's (setgid), it may go through the data folder and put files there."""
    inbox = folder / INBOX
    if path not in (folder, inbox) and path.parent != inbox:
        return 0
    is_shared = inbox.is_dir() and inbox.stat().st_mode & stat.S_ISGID
    if not is_shared or path.name in FILED or not path.is_dir():
        return 0
    return stat.S_IXGRP if path == folder else stat.S_IRWXG


def _is_open(folder: Path, path: Path) -> bool:
    try:
        state = path.lstat()
    except OSError:
        return False
    foreign = state.st_uid != os.geteuid() and folder / INBOX in path.parents  # waits to be taken; it belongs to the export
    return not stat.S_ISLNK(state.st_mode) and not foreign and bool(state.st_mode & OTHERS & ~_allowed(folder, path))


def _close(path: Path, allowed: int) -> str | None:
    try:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~(OTHERS & ~allowed))
    except OSError as error:
        return error.strerror
    return None
