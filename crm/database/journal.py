"""The journal beside the database: what left the house and who opted out, so that an older copy of the database can be told apart.

journal/key            32 random bytes: the journal's identity, and the key under which people are hashed (it names nobody)
journal/place          where the key lay when this shop last sent: a copied folder has it elsewhere
journal/000…0042.log   one file per process that wrote, named by its first number; a folder put back over this one keeps the later ones

A line is a checksum and a JSON object with a growing number `n`; it is on the disk (fsync) before anything relies on it.
"""

import base64
import hashlib
import json
import os
import secrets
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Any

from crm.database import durable

SIGN = 12
"""Characters of a keyed hash: 72 bits, so that two of ten million people share one with a chance of 1 in 10^8."""
_TAIL = 8_000_000
"""More than the longest line: where the last number of a long file is looked for."""


class Journal:
    """One per open database. `folder` None (a database in memory): nothing is written, everything else works."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder / "journal" if folder else None
        self._lock = threading.RLock()
        self._file: FileIO | None = None
        self._key = self._read_key()
        self.damaged = not self._key and bool(self._files())
        self.trusted = False
        """Set once what this database did not know has been taken up: from then on it may say how far it has seen."""
        self.last = self._last()
        self.taken_up = -1
        """The last number when it was looked at whether there is anything this database does not know."""

    @property
    def identity(self) -> str:
        """Which journal this is; "" when there is none."""
        return hashlib.sha256(self._key).hexdigest()[:16] if self._key else ""

    @property
    def is_elsewhere(self) -> bool:
        """Whether the folder was copied since the shop last sent from it."""
        return bool(self._key) and self.folder is not None and self._place() != _text(self.folder / "place")

    def settle_here(self) -> None:
        """From now on this folder is the one that sends."""
        self._ensure()
        if self.folder is not None:
            durable.write(self.folder / "place", self._place().encode())

    def sign(self, kind: str, text: str) -> str:
        """A keyed hash (12 characters) of an address, a customer or a message; `kind` keeps them apart."""
        self._ensure()
        digest = hashlib.blake2b(f"{kind}|{text}".encode("utf-8", "replace"), key=self._key, digest_size=SIGN * 6 // 8)
        return base64.urlsafe_b64encode(digest.digest()).decode()

    def secret(self) -> str:
        """What keyed hashes that the database itself computes begin with; made of the key, and no way back to it."""
        self._ensure()
        return hashlib.blake2b(b"erasures", key=self._key).hexdigest()

    def append(self, *entries: dict[str, Any]) -> int:
        """Write these and wait for the disk; the last number. Raises OSError when that is not possible."""
        with self._lock:
            if self.folder is None or not entries:
                return self.last
            self._ensure()
            lines = [self._line(self.last + at, entry) for at, entry in enumerate(entries, 1)]
            try:
                file = self._file or self._begin()
                text = memoryview(b"".join(lines))
                while text:
                    text = text[file.write(text) :]
                os.fsync(file.fileno())
            except OSError:
                self._file = None  # what follows goes into a new file: a line that is cut off must be the last of its file
                raise
            finally:
                self.last += len(entries)
            return self.last

    @contextmanager
    def around(self, change: Any) -> Iterator[None]:
        """Around a commit: what the change tells is written first, and changes that tell something are committed in their order."""
        if not change.journal_entries or self.folder is None:
            yield
            return
        with self._lock:
            self.append(*change.journal_entries)
            if self.trusted:
                self.mark_seen(change)
            yield

    def mark_seen(self, change: Any) -> None:
        """This database knows everything up to the last number."""
        change.execute("INSERT INTO journal_seen VALUES (?, ?)", [self.identity, self.last])

    def entries(self, after: int) -> Iterator[dict[str, Any]]:
        """Everything with a higher number, in order. A line cut off at the end of a file never counted; another bad one sets `damaged`."""
        files = self._files()
        following = [int(file.stem) for file in files[1:]] + [self.last + 1]
        for file, until in zip(files, following, strict=False):
            lines = file.read_bytes().split(b"\n") if until > after + 1 else []
            for at, line in enumerate(lines):
                entry = _parsed(line)
                if entry is None and line and at < len(lines) - 1:
                    self.damaged = True
                if entry and entry["n"] > after:
                    yield entry

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._file is not None:
                self._file.close()
            self._file = None

    def _files(self) -> list[Path]:
        return sorted(file for file in self.folder.glob("*.log") if file.stem.isdigit()) if self.folder else []

    def _last(self) -> int:
        highest = 0
        for file in self._files()[-1:]:
            with file.open("rb") as opened:
                opened.seek(max(0, file.stat().st_size - _TAIL))
                known = [entry["n"] for entry in map(_parsed, opened.read().split(b"\n")) if entry]
            highest = max([int(file.stem), *known])
        return highest

    def _read_key(self) -> bytes:
        if self.folder is None:
            return secrets.token_bytes(32)
        with suppress(FileNotFoundError):
            return (self.folder / "key").read_bytes()
        return b""

    def _ensure(self) -> None:
        with self._lock:
            if not self._key and self.folder is not None:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._key = secrets.token_bytes(32)
                durable.write(self.folder / "key", self._key)
                self.settle_here()

    def _place(self) -> str:
        result = (self.folder / "key").stat() if self.folder else None
        return f"{result.st_ino} {result.st_mtime_ns}" if result else ""

    def _begin(self) -> FileIO:
        assert self.folder is not None  # noqa: S101 (for the type checker)
        path = self.folder / f"{self.last + 1:015}.log"
        self._file = FileIO(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w")  # unbuffered: a failed line is not tried again
        durable.settle(self.folder)
        return self._file

    def _line(self, number: int, entry: dict[str, Any]) -> bytes:
        text = json.dumps({"n": number, **entry}, ensure_ascii=False, separators=(",", ":"), default=_moment).encode("utf-8", "replace")
        return b"%08x %s\n" % (zlib.crc32(text), text)


def _moment(value: datetime) -> str:
    return value.isoformat()


def _parsed(line: bytes) -> dict[str, Any] | None:
    """The entry of a line, None when it is not whole."""
    checksum, _, text = line.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(text):
        return None
    values: dict[str, Any] = json.loads(text)
    return values


def _text(path: Path) -> str:
    with suppress(OSError):
        return path.read_text()
    return ""
