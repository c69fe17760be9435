"""A checked copy of a database file, made by a process of its own (`copier.py`): what is in it, or a sentence and nothing left."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm.database import disk, durable
from crm.errors import CrmError

log = logging.getLogger(__name__)
COPIER = Path(__file__).with_name("copier.py")
Watch = Callable[[int, int], None]
"""Called with the bytes that are done and all of them. What it raises ends the copy."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a copy holds: found by opening it and reading every cell. `versions`: the steps of the schema it knows, with their digests."""

    sha256: str
    size: int
    tables: dict[str, int]
    versions: dict[str, str]


def unwatched(done: int, total: int) -> None:
    """Nobody looks."""


def copied(source: Path, draft: Path, watch: Watch = unwatched, with_log: bool = False) -> Checked:
    """Copy `source` to `draft` (0600, on the disk) and read the copy to its end; with its log where nobody has the file open.

    Raises CrmError, and leaves no draft, where the disk is full, where the file changed meanwhile, and where the copy cannot be read.
    """
    if not source.is_file():
        raise CrmError("copy.no_file", "There is no file {file}. Nothing was done.", file=source)
    if disk.free(draft.parent) < source.stat().st_size:
        raise full(draft.parent, source.stat().st_size)
    try:
        return _run(source, draft, watch, with_log)
    except BaseException:
        drop(draft)
        raise


def _run(source: Path, draft: Path, watch: Watch, with_log: bool) -> Checked:
    command = [sys.executable, "-P", str(COPIER), str(source), str(draft), str(os.getpid()), *(["log"] if with_log else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:  # noqa: S603 (our own)
        try:
            answer: dict[str, Any] = {}
            for line in child.stdout or ():
                answer = json.loads(line)
                if "done" in answer:
                    watch(answer["done"], answer["total"])
        except BaseException:
            child.kill()
            raise
    if "sha256" in answer:
        return Checked(**answer)
    log.warning("copying the database failed: %s %s", answer.get("error", "the process died"), answer.get("detail", ""))
    if answer.get("error") == "full":
        raise full(draft.parent, source.stat().st_size)
    if answer.get("error") == "unreadable":
        raise CrmError("copy.unreadable", "{file} is no database that can be read to its end. It was not used.", file=source)
    raise CrmError("copy.failed", "{file} could not be copied whole. Nothing was kept of it. Please try again.", file=source)


def keep(draft: Path, target: Path, checked: Checked) -> None:
    """Give a checked draft its name, with its checksum beside it (as `sha256sum -c` reads it)."""
    durable.write(checksum_file(target), f"{checked.sha256}  {target.name}\n".encode())
    draft.replace(target)
    durable.settle(target.parent)


def checksum_file(file: Path) -> Path:
    """Where the checksum of a copy is."""
    return file.with_name(file.name + ".sha256")


def checksum_of(file: Path) -> str | None:
    """The SHA-256 that lies beside a copy, None where there is none."""
    with suppress(OSError):
        return checksum_file(file).read_text().split()[0]
    return None


def full(folder: Path, size: int) -> CrmError:
    """The sentence about a disk without room for a copy."""
    lacking = max(size - disk.free(folder), 100_000_000) // 1_000_000
    return CrmError(
        "copy.disk_full",
        "There is not enough room in {folder} for a copy of the database. Nothing was changed. Please free {n} MB at least and try again.",
        folder=folder,
        n=lacking,
    )


def drop(draft: Path) -> None:
    """Remove what there is of a draft."""
    for path in (draft, draft.with_name(draft.name + ".wal")):
        with suppress(OSError):
            path.unlink(missing_ok=True)
