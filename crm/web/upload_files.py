"""Uploads on disk: a folder per browser, in it a folder per file. What is not whole yet ends in .part and is never listed."""

import contextlib
import errno
import os
import re
import shutil
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crm import works
from crm.errors import CrmError
from crm.jobs import Job

STALLED_SECONDS = 3600
RESERVE = 100_000_000
"""Bytes of the disk that uploads leave alone: the database has to go on."""
LOOK_EVERY = 64_000_000
LONGEST_NAME = 120
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')


@dataclass(frozen=True)
class Upload:
    """A file that arrived whole."""

    id: str
    name: str
    bytes: int
    path: Path


def home(data: Path) -> Path:
    """Where uploads are kept."""
    return data.resolve() / "uploads"


def sane(name: str) -> str:
    """A name that is only a name: no folders, no control or direction marks, not hidden, not too long; its ending stays."""
    plain = "".join(sign for sign in unicodedata.normalize("NFC", name) if not unicodedata.category(sign).startswith("C"))
    plain = _NOT_IN_NAMES.sub("_", re.split(r"[\\/]", plain)[-1]).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = plain, "", ""
    return f"{_bytes(stem, LONGEST_NAME) or 'file'}{dot}{ending}"


def _bytes(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")


def listed(data: Path, owner: str) -> list[Upload]:
    """What a browser has uploaded, in the order of arrival."""
    items = []
    with contextlib.suppress(OSError):
        for folder in (home(data) / owner).iterdir():
            for path in folder.iterdir() if folder.is_dir() else ():
                stat = path.stat()
                items.append((stat.st_mtime_ns, Upload(folder.name, path.name, stat.st_size, path)))
    return [upload for _arrived, upload in sorted(items, key=lambda pair: (pair[0], pair[1].id))]


def remove(data: Path, owner: str, id: str) -> None:
    """Drop a file, whole or half; nothing happens where there is none."""
    folder = home(data) / owner
    shutil.rmtree(folder / id, ignore_errors=True)
    with contextlib.suppress(OSError):
        folder.joinpath(f"{id}.part").unlink()


def sweep(data: Path, busy: set[Path], everything_half: bool = False, days: int = 2) -> None:
    """Drop what nobody came back for in so many days and what stopped half-way (at a start of the server: all of that)."""
    now = time.time()
    for entry in home(data).glob("*/*"):
        with contextlib.suppress(OSError):
            age = now - entry.stat().st_mtime
            if entry.suffix == ".part":
                if everything_half or age > STALLED_SECONDS:
                    entry.unlink()
            elif age > days * 24 * 3600 and not any(entry in path.parents for path in busy):
                shutil.rmtree(entry, ignore_errors=True)


def full(size: int, folder: Path) -> CrmError:
    """The refusal when there is no room for a file of so many bytes."""
    return CrmError(
        "upload.no_room",
        "There is not enough room on the server's disk. The file was not kept, nothing else was touched. Please free {n} MB and try again.",
        n=max(1, (size + RESERVE - free(folder)) // 1_000_000),
    )


def free(folder: Path) -> int:
    """Bytes left on the disk of a folder."""
    return shutil.disk_usage(folder).free


class Incoming:
    """One file on its way: written beside the others as .part, renamed when whole, gone when anything goes wrong."""

    def __init__(self, data: Path, owner: str, id: str, size: int) -> None:
        self.folder, self.id, self.size = home(data) / owner, id, size
        self.folder.mkdir(parents=True, exist_ok=True)
        self.part = self.folder / f"{id}.part"
        self._written = 0
        self._look_at = 0
        self._refuse_when_full()
        self._file = self.part.open("xb")

    def _refuse_when_full(self) -> None:
        if free(self.folder) < self.size - self._written + RESERVE:
            raise full(self.size - self._written, self.folder)
        self._look_at = self._written + LOOK_EVERY

    def write(self, content: bytes) -> None:
        """Append. Raises CrmError when the disk is full."""
        if self._written >= self._look_at:
            self._refuse_when_full()
        try:
            self._file.write(content)
        except OSError as error:
            raise self._refusal(error) from error
        self._written += len(content)

    def keep(self, name: str) -> Upload:
        """The file is whole: give it its name in its own folder, another one than its neighbours'."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            target = self.folder / self.id / self._free_name(sane(name))
            target.parent.mkdir()
            self.part.rename(target)
        except OSError as error:
            raise self._refusal(error) from error
        return Upload(self.id, target.name, self._written, target)

    def _free_name(self, name: str) -> str:
        taken = {path.name for path in self.folder.glob("*/*")}
        stem, ending = Path(name).stem, Path(name).suffix
        names = (name if n == 1 else f"{stem} ({n}){ending}" for n in range(1, len(taken) + 2))
        return next(free_one for free_one in names if free_one not in taken)

    @property
    def whole(self) -> bool:
        """Whether as much arrived as was announced."""
        return self._written == self.size

    def drop(self) -> None:
        """Leave nothing behind."""
        with contextlib.suppress(OSError):
            self._file.close()
        with contextlib.suppress(OSError):
            self.part.unlink()

    def _refusal(self, error: OSError) -> Exception:
        return full(self.size - self._written, self.folder) if error.errno in FULL else error


def paths_of(running: Sequence[Job[works.Import]]) -> set[Path]:
    """The files that waiting and running imports will take; a dry run takes none."""
    return {Path(path).resolve() for job in running if not job.args.dry_run for path in job.args.paths}
