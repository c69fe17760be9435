"""One copy of the database: written under another name, checked, named, laid in a second folder as well, and older ones let go."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from crm import clock, jobs
from crm.accounts import acting, audit
from crm.accounts.acting import Right
from crm.backups.keeping import superfluous
from crm.database import Store, copying, disk, load_shop, restoring
from crm.errors import CrmError
from crm.settings import Environment

log = logging.getLogger(__name__)
NAME = "shop-%Y-%m-%dT%H%M%SZ.duckdb"
DRAFT = "shop.part"
OLD = timedelta(days=2)
LEFT = 100_000_000
"""Bytes of the disk that are left to the shop."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy that is whole. `made_at`: the moment (UTC) as of which it is."""

    path: Path
    made_at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class State:
    """The newest copy in the data folder, and in the second folder where there is one (None: there is no copy)."""

    newest: Kept | None
    second_folder: Path | None
    second: Kept | None

    @property
    def safe_since(self) -> datetime | None:
        """As of when everything is in a copy wherever it should be."""
        items = [self.newest, self.second] if self.second_folder else [self.newest]
        return min((one.made_at for one in items if one), default=None) if all(items) else None


def overdue(store: Store, also: Path | None, now: datetime) -> bool:
    """Whether a shop that is older than two days (and no demo) has no good copy that is newer, or not in both folders."""
    row = store.one("SELECT min(imported_at) AS first, bool_or(demo) AS demo FROM imports WHERE undone_at IS NULL")
    safe = state(store, also).safe_since
    return bool(row and row["first"] and not row["demo"] and now - row["first"] > OLD and (safe is None or now - safe > OLD))


def folder_of(store: Store) -> Path:
    """Where copies are kept."""
    return (store.folder or Path()) / "backups"


def copies(folder: Path) -> list[Kept]:
    """The whole copies in a folder, the newest first."""
    items = []
    for path in folder.glob("shop-*.duckdb"):
        try:
            items.append(Kept(path, datetime.strptime(path.name, NAME), path.stat().st_size))  # noqa: DTZ007 (UTC, as all moments)
        except (ValueError, OSError):
            continue
    return sorted(items, key=lambda one: one.made_at, reverse=True)


def state(store: Store, second: Path | None) -> State:
    """The newest copies."""
    return State(next(iter(copies(folder_of(store))), None), second, next(iter(copies(second)), None) if second else None)


def second(env: Environment) -> Path | None:
    """The second folder, where one is set."""
    return Path(env.backup_dir) if env.backup_dir else None


@acting.needs(Right.BACKUP)
def make(store: Store, now: datetime, also: Path | None = None, report: jobs.Report = jobs.silent, actor: str = "terminal") -> Kept:
    """A checked copy of the database as it is at one moment, also in the second folder; everybody works on meanwhile.

    Raises CrmError where it cannot be made, or where it was made and cannot be laid in the second folder: then the first one is there.
    """
    folder = folder_of(store)
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    target, draft, database = folder / now.strftime(NAME), folder / DRAFT, folder.parent / "shop.duckdb"
    if disk.free(folder) < database.stat().st_size + LEFT:
        raise copying.full(folder, database.stat().st_size + LEFT)
    with store.held() as rows:
        checked = copying.copied(database, draft, _in_mb(report, "Copying"))
    if checked.tables != rows:
        copying.drop(draft)
        raise CrmError(
            "backup.differs",
            "The copy of the database is not what the database was. It was not kept; the earlier backups are there. Please try again.",
        )
    copying.keep(draft, target, checked)
    audit.note(store, now, actor, "backup.made", target.name)
    log.info("backup %s made, %d bytes", target.name, checked.size)
    _let_go(folder, store)
    if also is not None:
        lay_in(also, target, report)
        _let_go(also, store)
    return Kept(target, now, checked.size)


@acting.needs(Right.BACKUP)
def lay_in(folder: Path, made: Path, report: jobs.Report = jobs.silent) -> Path:
    """The same copy in another folder, which must be there: a share that is not mounted is no second disk."""
    try:
        if not folder.is_dir():
            raise NotADirectoryError
        draft, target = folder / DRAFT, folder / made.name
        again = copying.copied(made, draft, _in_mb(report, "Copying to the second folder"))
        if again.sha256 != copying.checksum_of(made):
            copying.drop(draft)
            raise CrmError("copy.failed", "{file} could not be copied whole. Nothing was kept of it. Please try again.", file=made)
        copying.keep(draft, target, again)
        return target
    except (CrmError, OSError) as error:
        log.warning("the backup could not be laid in the second folder: %s", type(error).__name__)
        raise CrmError(
            "backup.second_failed",
            "The backup {file} was made. It could not be laid in {folder} as well: "
            "is that folder there, mounted, writable, and is there room?",
            file=made.name,
            folder=folder,
        ) from error


def _in_mb(report: jobs.Report, step: str) -> copying.Watch:
    """Bytes become megabytes, which people can read."""
    return lambda done, total: report(step, done // 1_000_000, total // 1_000_000)


@acting.needs(Right.RESTORE)
def restore(folder: Path, file: Path, now: datetime) -> restoring.Restored:
    """Put a copy in the place of the database of a folder, once it is checked (`restoring.restore`)."""
    return restoring.restore(folder, file, now)


def _let_go(folder: Path, store: Store) -> None:
    """Remove what need not be kept, and what a process that died left."""
    sums = [file for file in folder.glob("shop-*.duckdb.sha256") if not file.with_suffix("").exists()]
    for stray in (*sums, *folder.glob("shop*.part*")):
        stray.unlink(missing_ok=True)
    zone = load_shop(store).timezone
    items = copies(folder)
    gone = superfluous(clock.local(one.made_at, zone) for one in items)
    for one in items:
        if clock.local(one.made_at, zone) in gone:
            one.path.unlink(missing_ok=True)
            copying.checksum_file(one.path).unlink(missing_ok=True)
