"""The data folder from outside: room, who may read it, copies, and whether the journal can be read to its end."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from crm.backups import making
from crm.database import disk, modes
from crm.database.journal import Journal
from crm.doctor.finding import Finding, _

LEAST, LITTLE = 100_000_000, 1_000_000_000
OLD = timedelta(days=2)


def disk_room(folder: Path) -> Iterator[Finding]:
    """Room for imports, and for a copy of the database."""
    free = disk.free(folder)
    size = sum(file.stat().st_size for file in folder.glob("shop.duckdb*"))
    values = {"free": free // 1_000_000, "wanted": max(LITTLE, 2 * size) // 1_000_000}
    remedy = _("Remove what is not needed from this disk, or move the data folder to a larger one.")
    if free < LEAST:
        yield Finding("disk.full", "wrong", _("The disk of the data folder is full: {free} MB are left."), remedy, values)
    elif free < max(LITTLE, 2 * size):
        sentence = _("The disk of the data folder has {free} MB left; large imports and copies of the database want {wanted} MB.")
        yield Finding("disk.little", "warn", sentence, remedy, values)


def permissions(folder: Path, thorough: bool) -> Iterator[Finding]:
    """What other users of this machine can read."""
    wide = modes.still_open(folder) if thorough else modes.still_open_above(folder)
    if wide:
        yield Finding(
            "permissions.open",
            "wrong",
            _("Other users of this machine can read or change {n} files and folders of the data folder, for example {example}."),
            _("Run as the server's user: chmod -R go= {folder}"),
            {"n": len(wide), "example": wide[0].relative_to(folder) if wide[0] != folder else folder, "folder": folder},
        )


def backups(folder: Path, now: datetime) -> Iterator[Finding]:
    """The newest whole copy; those from before a step of the schema do not count."""
    copies = making.copies(folder / "backups")
    remedy = _("Make a copy now and every night, and keep one on another disk: see “Backup” in docs/how-to/server.md.")
    if not copies:
        yield Finding("backups.none", "warn", _("There is no copy of the database in the folder backups."), remedy)
        return
    age = now - copies[0].made_at
    if age > OLD:
        yield Finding("backups.old", "warn", _("The newest copy of the database is {n} days old."), remedy, {"n": age.days})


def journal(folder: Path, thorough: bool) -> Iterator[Finding]:
    """Whether every line of what left the house and who opted out can be read."""
    result = Journal(folder)
    if thorough and not result.damaged:
        for _entry in result.entries(after=0):
            pass
    if result.damaged:
        yield Finding(
            "journal.damaged",
            "wrong",
            _("The journal of what was sent and who opted out cannot be read whole."),
            _("Put the folder journal back from your latest copy of the data folder; until then nothing is sent without your word."),
        )
