"""Run as a process of its own, beside a server that goes on working: copies a database file, opens the copy and reads every cell of it.

python -P copier.py SOURCE DRAFT PID [log]     PID: who starts it; log: the write-ahead log as well, folded in (a file that nobody has open)

A process of its own, because closing a file gives up all locks that a process has on it, and so that it can step back behind the clicks.
It says how far it is, and last what it found or what went wrong, each as a line of JSON.
"""

import errno
import hashlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import duckdb

PIECE, FLUSH = 1 << 22, 1 << 25
"""Bytes read at once; bytes after which the disk is waited for, so that nobody else waits long for it."""
HEADER = 3 * 4096
"""Where a DuckDB file says which of its blocks count: another content, and the file has changed under the copy."""
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def say(**what: Any) -> None:
    """One line to whoever started this."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def copy(source: Path, draft: Path, parent: int) -> str:
    """Copy it and wait for the disk; the SHA-256 of what was read. Ends, and leaves nothing, when whoever started this has died."""
    total, done, digest = source.stat().st_size, 0, hashlib.sha256()
    if os.getppid() != parent:
        sys.exit(3)
    with source.open("rb") as given, os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as kept:
        while piece := given.read(PIECE):
            digest.update(piece)
            kept.write(piece)
            done += len(piece)
            if done % FLUSH < PIECE:
                kept.flush()
                os.fsync(kept.fileno())
                say(done=done, total=total)
            if os.getppid() != parent:
                if draft.exists() and os.path.samestat(draft.stat(), os.fstat(kept.fileno())):
                    draft.unlink()
                sys.exit(3)
        kept.flush()
        os.fsync(kept.fileno())
    return digest.hexdigest()


def header(file: Path) -> bytes:
    """Its first bytes."""
    with file.open("rb") as given:
        return given.read(HEADER)


def contents(draft: Path) -> dict[str, Any]:
    """Open the copy and read all of it: how many rows each table has, and which steps of the schema it knows."""
    size = draft.stat().st_size
    config: dict[str, Any] = {"threads": 1, "memory_limit": "300MB", "temp_directory": "", "autoinstall_known_extensions": "false"}
    with duckdb.connect(str(draft), read_only=True, config=config) as copied:
        names = [name for (name,) in copied.execute("SELECT table_name FROM duckdb_tables() ORDER BY ALL").fetchall()]
        if "schema_versions" not in names:
            raise duckdb.Error("no database of Huitou")
        tables = {}
        for name in names:
            say(done=size, total=size)  # so that whoever started this may end it
            row = copied.execute(f'SELECT count(*), sum(hash(t)) FROM "{name}" AS t').fetchone()  # noqa: S608 (a name, never a value)
            tables[name] = row[0] if row else 0
        return {"tables": tables, "versions": dict(copied.execute("SELECT version, digest FROM schema_versions").fetchall())}


def main(source: Path, draft: Path, parent: int, with_log: bool) -> int:
    """Copy and check; what is said last has `error` when it failed."""
    if hasattr(os, "nice"):
        os.nice(10)
    try:
        before, digest = header(source), copy(source, draft, parent)
        if header(source) != before:
            say(error="changed")
            return 1
        log = source.with_name(source.name + ".wal")
        if with_log and log.exists():
            shutil.copyfile(log, draft.with_name(draft.name + ".wal"))
            duckdb.connect(str(draft)).close()
        say(sha256=digest, size=source.stat().st_size, **contents(draft))
    except OSError as error:
        say(error="full" if error.errno in FULL else "failed", detail=type(error).__name__)
        return 1
    except duckdb.Error as error:
        say(error="full" if "no space left" in str(error).lower() else "unreadable", detail=type(error).__name__)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), "log" in sys.argv[4:]))
