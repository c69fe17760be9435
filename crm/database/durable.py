"""Small files that are on the disk whole or not at all, readable by the server's user only; names that are on the disk."""

import os
from contextlib import suppress
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk when this returns."""
    draft = draft_of(path)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    settle(path.parent)


def draft_of(path: Path) -> Path:
    """Under which name it is written."""
    return path.with_name(path.name + ".part")


def settle(folder: Path) -> None:
    """A new name is on the disk only when its folder is, too (where the system lets a folder be flushed)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
