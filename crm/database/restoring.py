"""Putting a copy in the place of the database: to its end or not at all, whenever the process dies; afterwards all sending is off.

restore.part     the copy, checked, on this disk. Alone it says nothing: the next opening removes it
restore.json     what is to be done, written once the copy is whole: from here on the next opening does what is left
set_aside/WHEN/  what was there before: the database and its log, as they were
safe_mode        restore.json under its last name: sending is off until a person says otherwise
"""

import json
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

from crm.database import copying, durable, migrations
from crm.database.connecting import locked
from crm.database.copying import Checked, Watch, unwatched
from crm.errors import CrmError

DATABASE, DRAFT, INTENT, SAFE = "shop.duckdb", "restore.part", "restore.json", "safe_mode"
LOGS = (".wal", ".wal.checkpoint", ".wal.recovery")
"""What may lie beside a database and belongs to it."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and where what was there before is now (None: nothing was there)."""

    checked: Checked
    set_aside: Path | None


def restore(folder: Path, file: Path, now: datetime, watch: Watch = unwatched) -> Restored:
    """Check `file`, set aside what is there, put it in its place. Nothing is changed unless all checks are passed.

    Raises BusyError while a server runs on the folder, CrmError where the file cannot be used or the disk is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    database, aside = folder / DATABASE, _unused(folder / "set_aside" / f"{now:%Y-%m-%dT%H%M%SZ}")
    if database.exists() and file.exists() and database.samefile(file):
        raise CrmError("restore.itself", "{file} is the database that is there now. Nothing was changed.", file=file)
    with locked(database):
        finish(folder)
        checked = copying.copied(file, folder / DRAFT, watch, with_log=True)
        try:
            _require(file, checked)
            there = database.exists()
            if there:
                aside.parent.mkdir(mode=0o700, exist_ok=True)
                aside.mkdir(mode=0o700)
            what = {"file": file.name, "at": now.isoformat(), "set_aside": str(aside.relative_to(folder))}
            durable.write(folder / INTENT, json.dumps(what).encode())
        except BaseException:
            copying.drop(folder / DRAFT)
            raise
        finish(folder)
    return Restored(checked, aside if there else None)


def _unused(folder: Path) -> Path:
    """This folder, or one beside it: two restores within a second, or one that was killed, do not meet."""
    others = (folder.with_name(f"{folder.name}-{number}") for number in count(2))
    return next(one for one in chain([folder], others) if not one.exists())


def tidy(folder: Path) -> None:
    """Remove what processes that died left: what did not fit in memory, a restore that was not decided. Only for who has the database."""
    shutil.rmtree(folder / "tmp", ignore_errors=True)
    copying.drop(folder / DRAFT)
    copying.drop(durable.draft_of(folder / INTENT))


def finish(folder: Path) -> None:
    """Do what is left of a restore that was decided. Cheap when there is nothing. Raises BusyError while another process does it."""
    intent = folder / INTENT
    if intent.exists():
        with locked(intent):
            _finish(folder, intent)


def _finish(folder: Path, intent: Path) -> None:
    draft, aside = folder / DRAFT, folder / json.loads(intent.read_bytes())["set_aside"]
    if draft.exists():
        for name in (DATABASE, *(DATABASE + ending for ending in LOGS)):  # the logs after the database: none is left beside the new one
            with suppress(FileNotFoundError):
                (folder / name).rename(aside / name)
        durable.settle(aside) if aside.exists() else None
        durable.settle(folder)
        draft.replace(folder / DATABASE)
    intent.replace(folder / SAFE)
    durable.settle(folder)


def safe_mode(folder: Path | None) -> dict[str, Any] | None:
    """What was put back and when, while sending is off because of it."""
    if folder is None or not (folder / SAFE).exists():
        return None
    with suppress(ValueError):
        values: dict[str, Any] = json.loads((folder / SAFE).read_bytes())
        return values
    return {}


def end_safe_mode(folder: Path | None) -> None:
    """A person says that messages may be sent again."""
    if folder is not None:
        (folder / SAFE).unlink(missing_ok=True)
        durable.settle(folder)


def _require(file: Path, checked: Checked) -> None:
    """The copy is what its checksum says, and this version can read it."""
    migrations.require_readable(checked.versions)
    if copying.checksum_of(file) not in (None, checked.sha256):
        raise CrmError(
            "restore.checksum",
            "{file} is not what it was when it was written: its checksum is another one. Nothing was changed. Please take another copy.",
            file=file,
        )
