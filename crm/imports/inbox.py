"""Watching the inbox: whole files are asked for together, files of an ended import are moved to done/ or refused/.

Nothing is kept but the jobs: each names the files it takes with their size and time of change. After a kill the same files are found
again; an import that had ended is only filed, one that was cut off is done again, which changes nothing.
"""

import contextlib
import logging
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from crm import clock, database, jobs, works
from crm.database import Store, modes
from crm.imports import history, inbox_report
from crm.imports.inbox_report import Say
from crm.jobs import Job

log = logging.getLogger(__name__)
QUIET = timedelta(seconds=5)
"""How long a file must not have changed: exports are written little by little."""
PATIENCE = timedelta(seconds=60)
"""How long whole files wait for a neighbour that is still growing, so that order file and item file go together."""
TRIES = 3
REMEMBERED = 500
FILED = ("done", "refused")
HALF = (".part", ".tmp", ".crdownload", ".filepart", ".swp")
Mark = tuple[int, int]
"""Size and time of change: the same file again, or another one of that name."""


@dataclass(frozen=True)
class Waiting:
    """A file in the inbox. `shop` is the folder it lies in, empty for the inbox itself."""

    path: Path
    shop: str
    mark: Mark


class Inbox:
    """Call `look` every few seconds from the thread that does the jobs. `say` puts the reports into the shop's language."""

    def __init__(self, store: Store, say: Say) -> None:
        self._store = store
        self._say = say
        self.home = (store.folder or Path()) / "inbox"
        self._seen: dict[Path, tuple[Mark, datetime]] = {}
        self._complained: set[str] = set()
        self._asked: dict[tuple[str, Mark], list[str]] = {}
        for job in reversed(jobs.latest(store, works.Import, REMEMBERED)):
            self._note(job.job_id, job.args)

    def _note(self, job_id: str, args: works.Import) -> None:
        for path, mark in (args.inbox or {}).items():
            self._asked.setdefault((path, (mark[0], mark[1])), []).append(job_id)

    def look(self, now: datetime) -> None:
        """File what has ended, ask for what has come to rest. A folder that cannot be used is complained about once."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            waiting = self._waiting()
        except OSError as error:
            self._complain(f"the inbox cannot be read: {error.strerror}")
            return
        fresh = [file for file in waiting if self._unsettled(file, now)]
        self._seen = {file.path: self._first_seen(file, now) for file in fresh}
        for shop in sorted({file.shop for file in fresh}):
            self._take([file for file in fresh if file.shop == shop], shop, now)

    def _waiting(self) -> list[Waiting]:
        items = []
        for entry in sorted(entry for entry in self.home.iterdir() if entry.name not in FILED):
            if entry.is_dir() and not entry.is_symlink() and _proper(entry.name):
                items += [(path, entry.name) for path in sorted(entry.iterdir())]
            else:
                items.append((entry, ""))
        usable = [(_readable(path), shop) for path, shop in items if _proper(path.name) and path.is_file() and not path.is_symlink()]
        stats = [(path, shop, path.stat()) for path, shop in usable]
        return [Waiting(path, shop, (stat.st_size, stat.st_mtime_ns)) for path, shop, stat in stats]

    def _unsettled(self, file: Waiting, now: datetime) -> bool:
        """File it when its import has ended for good; whether it still has to be asked for."""
        asked = [job for job_id in self._asked.get((str(file.path), file.mark), []) if (job := jobs.get(self._store, job_id, works.Import))]
        if not asked:
            return True
        last = asked[-1]
        if last.state in jobs.OPEN:
            return False
        alone = len(last.args.paths) == 1
        stopped = sum(job.state == "interrupted" for job in asked)
        if last.state == "done" or last.state == "cancelled" or (alone and (last.state == "failed" or stopped >= TRIES)):
            self._file(file, last, now)
            return False
        return True

    def _first_seen(self, file: Waiting, now: datetime) -> tuple[Mark, datetime]:
        known = self._seen.get(file.path)
        return known if known and known[0] == file.mark else (file.mark, now)

    def _take(self, files: list[Waiting], shop: str, now: datetime) -> None:
        ready = [file for file in files if now - self._seen[file.path][1] >= QUIET]
        if not ready or (len(ready) < len(files) and now - self._seen[ready[0].path][1] < PATIENCE):
            return
        together = [file for file in ready if (str(file.path), file.mark) not in self._asked]
        refused = [file for file in ready if file not in together]  # a bad one among them: each by itself, so that it holds nobody back
        for group in [*([together] if together else []), *([file] for file in refused)]:
            marks = {str(file.path): list(file.mark) for file in group}
            args = works.Import(list(marks), shop=shop or None, actor="inbox", inbox=marks)
            self._note(jobs.ask(self._store, args, now), args)

    def _file(self, file: Waiting, job: Job[works.Import], now: datetime) -> None:
        """Move a file and lay its report beside it."""
        wall = clock.local(now, database.load_shop(self._store).timezone)
        folder = self.home / FILED[job.state != "done"] / file.shop
        try:
            folder.mkdir(parents=True, exist_ok=True)
            target = _free(folder, f"{wall:%Y-%m-%d %H%M} ", file.path)
            file.path.rename(target)
            modes.make_private(target)
            result = inbox_report.results_of(job, file.path.name)
            rejected = [row for one in result if one.import_id for row in history.rejections(self._store, one.import_id)]
            text = inbox_report.write(self._say, file.path.name, f"{wall:%Y-%m-%d %H:%M}", job, rejected)
            target.with_name(f"{target.name}.txt").write_text(text, encoding="utf-8")
        except OSError as error:
            self._complain(f"a file of the inbox cannot be filed: {error.strerror}")

    def _complain(self, sentence: str) -> None:
        if sentence not in self._complained:
            self._complained.add(sentence)
            log.warning(sentence)


def _proper(name: str) -> bool:
    """Not hidden, not a lock and not half written."""
    return not name.startswith((".", "~")) and not name.lower().endswith(HALF)


def _readable(path: Path) -> Path:
    """A name in the Chinese encoding of old programs is written again in the system's own."""
    try:
        path.name.encode()
    except UnicodeEncodeError:
        better = path.with_name(os.fsencode(path.name).decode("gb18030", errors="replace"))
        with contextlib.suppress(OSError):
            if not better.exists():
                return path.rename(better)
    return path


def _free(folder: Path, day: str, path: Path) -> Path:
    """A name nobody has: the day, the old name, a number where that is taken already."""
    stem, ending = path.stem.encode(errors="replace")[:160].decode(errors="ignore"), path.suffix[:20]
    numbers = ("" if n == 1 else f" ({n})" for n in range(1, 100_000))
    names = (f"{day}{stem}{number}{ending}" for number in numbers)
    return next(folder / name for name in names if not (folder / name).exists() and not (folder / f"{name}.txt").exists())
