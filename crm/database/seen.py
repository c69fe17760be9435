"""Of which version somebody has read what is new: a small file in the data folder, so that it is said once after an update."""

from contextlib import suppress
from pathlib import Path

from crm import __version__
from crm.database import durable

NAME = "version_seen"


def seen(folder: Path) -> str:
    """That version; "" where none was kept (a shop of before there was this file)."""
    with suppress(OSError):
        return (folder / NAME).read_text(encoding="utf-8").strip()
    return ""


def mark_seen(folder: Path) -> None:
    """This one was read, or the shop began with it."""
    durable.write(folder / NAME, __version__.encode())
