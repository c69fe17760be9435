"""The worker: one thread that does the long works of the `jobs` table, one after the other, for as long as the server lives."""

import gc
import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from crm import backups, campaigns, clock, database, demo, jobs, privacy, uploads, works
from crm.accounts import acting
from crm.customers import deciding, derived, joining
from crm.database import Store
from crm.errors import CrmError
from crm.imports import outcomes
from crm.imports.steps import ImportOptions
from crm.jobs import Job
from crm.orders.rates import Rate
from crm.ready import Ready
from crm.settings import Environment

log = logging.getLogger(__name__)
Look = Callable[[datetime], None]
LOOK_SECONDS, RETRY_SECONDS, COLLECT_SECONDS = 3.0, 20.0, 60.0
IDLE_SECONDS, SILENT_SECONDS = 60.0, 1800.0
"""A worker that has not said anything for so long has stopped: without a job, and in the middle of one."""
REPEATED = works.Demo | works.RemoveDemo | works.Rebuild | works.Settings | works.Rates
"""Works that are simply started again when the process died in them."""


def _do(store: Store, args: works.Args, started: datetime, report: jobs.Report) -> object:
    """What is done for each kind of job; its answer, which is kept as JSON."""
    match args:
        case works.Import():
            return _import(store, args, started, report)
        case works.Undo():
            return uploads.undo(store, args.import_id, clock.now())
        case works.Merge():
            return asdict(joining.join(store, args.keys, clock.now(), args.actor, report))
        case works.Unmerge():
            return joining.undo(store, args.ids, clock.now(), args.actor, report)
        case works.Send():
            return campaigns.send(store, args.campaign_id, Environment(), clock.now, report)
        case works.Demo():
            now = clock.now()
            folder = (store.folder or Path()) / "demo"
            return demo.load(store, folder, clock.day_of(now, database.load_shop(store).timezone), now, report)
        case works.Rates():
            table = [Rate(currency, date.fromisoformat(day), Decimal(rate)) for currency, day, rate in args.rates]
            return {"rates": deciding.set_rates(store, table, clock.now(), args.actor, report)}
        case works.Backup():
            made = backups.make(store, clock.now(), backups.second(Environment()), report, args.actor)
            return {"file": made.path.name, "size": made.size}
        case works.RemoveDemo():
            demo.remove(store, clock.now())
        case works.Rebuild(only="categories"):
            derived.recategorise(store, report)
        case works.Rebuild():
            derived.refresh(store, force=True)
        case works.Settings():
            deciding.change(store, args.values, clock.now(), args.actor, report)
    return None


def _import(store: Store, args: works.Import, started: datetime, report: jobs.Report) -> object:
    options = ImportOptions(args.format, args.mapping, args.shop, args.timezone, args.dry_run, actor=args.actor)
    paths = [Path(path) for path in args.paths]
    results = uploads.import_files(store, paths, now=started, options=options, report=report)
    for path in paths if not options.dry_run else ():
        _used_up(store, path)
    return {"files": [_without_cells(result.details()) for result in results], "dry_run": options.dry_run}


def _without_cells(details: dict[str, Any]) -> dict[str, Any]:
    """What a file came to; what stood in its rejected cells is beside the import, where it is cleared."""
    return details | {"rejections": [row | {"value": None} for row in details["rejections"]]}


def _used_up(store: Store, path: Path) -> None:
    """What was uploaded is here only for its import; a file anywhere else is not ours to remove."""
    if store.folder and (store.folder / "uploads") in path.resolve().parents:
        path.unlink(missing_ok=True)


class Worker:
    """Start it once per process; `stop` waits for the running work to reach a safe point.

    `look` is called every few seconds and after each work: what watches folders and asks for jobs.
    """

    def __init__(self, store: Store, env: Environment, look: Look | None = None) -> None:
        self._store = store
        self._look = look
        self._look_at = 0.0
        self._collect_at = time.monotonic() + COLLECT_SECONDS
        self._env = env
        self._beat = time.monotonic()
        self._is_busy = self._is_broken = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)
        self._ready = Ready(store)
        self._nightly = privacy.Nightly(store)
        self._night = backups.Night(store, clock.now())

    def start(self) -> None:
        """Tidy up after a crash, then work."""
        with acting.by(acting.LOCAL):
            self._pick_up()
            derived.refresh(self._store)
            privacy.adopt(self._store, clock.now())
            campaigns.recover(self._store, self._env, clock.now())
        self._thread.start()
        self._ready.start()

    def _pick_up(self) -> None:
        for job in jobs.interrupt_open(self._store, clock.now()):
            log.warning("job %s (%s) was interrupted", job.job_id, job.args.kind)
            self._settle(job)

    def _settle(self, job: Job[works.Args]) -> None:
        """Start again what can be; tell the truth about an import that was whole before its job could say so."""
        if isinstance(job.args, REPEATED):
            jobs.ask(self._store, job.args, clock.now())
        if isinstance(job.args, works.Import) and job.started_at and (kept := outcomes.written_down(self._store, job.started_at)):
            files = {"files": [_without_cells(result.details()) for result in kept], "dry_run": False}
            jobs.finish(self._store, job.job_id, "done", clock.now(), files)

    def stop(self) -> None:
        """Ask the running work to stop at its next report; wait for it a short while."""
        self._stopping.set()
        jobs.wake.set()
        self._ready.stop()
        self._thread.join(timeout=5)

    def silent_for(self) -> float:
        """Seconds since it last began a turn or reported on a job."""
        return time.monotonic() - self._beat

    def trouble(self) -> str | None:
        """Why nothing that is asked for would be done now; None while it works."""
        if not self._thread.is_alive():
            return "the worker has ended"
        if self._is_broken:
            return "the worker cannot write down how a job ended"
        return "the worker does not go on" if self.silent_for() > (SILENT_SECONDS if self._is_busy else IDLE_SECONDS) else None

    def _run(self) -> None:
        """For as long as the server lives; when not even the end of a job can be written (a full disk), that is made up for later."""
        acting.become(acting.LOCAL)
        while not self._stopping.is_set():
            self._beat = time.monotonic()
            try:
                if self._is_broken:
                    self._pick_up()
                    campaigns.recover(self._store, self._env, clock.now())
                self._is_broken = False
                self._turn()
            except Exception:
                log.exception("a job could not be written down; trying again in a while")
                self._is_broken = True
                self._stopping.wait(RETRY_SECONDS)

    def _turn(self) -> None:
        self._look_around()
        self._at_night()
        self._collect()
        job = jobs.next_waiting(self._store)
        if job is None:
            jobs.wake.wait(timeout=1)
            jobs.wake.clear()
        else:
            self._is_busy = True
            try:
                self.work(job)
            finally:
                self._is_busy = False
            self._look_at = 0.0

    def _look_around(self) -> None:
        """Never more often than every few seconds; what fails here must not stop the works nor fill the log."""
        if time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + LOOK_SECONDS
        try:
            self._night.look(clock.now())
            if self._look is not None:
                self._look(clock.now())
        except Exception:
            log.exception("looking for new files or a backup that is due failed; it is tried again in ten minutes")
            self._look_at = time.monotonic() + 600

    def _at_night(self) -> None:
        """What is kept long enough goes."""
        self._is_busy = True
        self._nightly.look(clock.now())
        self._is_busy = False

    def _collect(self) -> None:
        """Give back what closed pages held in circles, now and then: the frame would do so after every click, and everybody would wait."""
        if time.monotonic() >= self._collect_at:
            gc.collect()
            self._collect_at = time.monotonic() + COLLECT_SECONDS

    def work(self, job: Job[works.Args]) -> None:
        """Do one job to its end, whatever that is; nothing escapes."""
        job_id = job.job_id
        started = clock.now()
        jobs.start(self._store, job_id, started)
        try:
            with acting.by(acting.machine(job.actor or "")):
                result = _do(self._store, job.args, started, lambda *progress: self._report(job_id, *progress))
            jobs.finish(self._store, job_id, "done", clock.now(), result)
            log.info("job %s (%s) done in %.1f s", job_id, job.args.kind, (clock.now() - started).total_seconds())
        except jobs.Cancelled:
            state = "interrupted" if self._stopping.is_set() else "cancelled"
            jobs.finish(self._store, job_id, state, clock.now())
        except CrmError as refusal:
            log.info("job %s (%s) refused: %s", job_id, job.args.kind, refusal.code)
            self._fail(job_id, refusal)
            if isinstance(job.args, works.Send):
                campaigns.recover(self._store, self._env, clock.now())
        except Exception:
            reference = uuid.uuid4().hex[:8]
            log.exception("job %s failed, reference %s", job_id, reference)
            self._fail(
                job_id,
                CrmError(
                    "job.broken",
                    "Something went wrong on our side (reference {reference}). Nothing of this work was kept.",
                    reference=reference,
                ),
            )

    def _fail(self, job_id: str, refusal: CrmError) -> None:
        """The code is for programs, the template and its values are for every language."""
        kept = {name: jobs.discreet(name, value) for name, value in refusal.values.items()}
        values = {"code": refusal.code, "template": refusal.template, "values": kept}
        jobs.finish(self._store, job_id, "failed", clock.now(), values, refusal.template.format(**kept))

    def _report(self, job_id: str, step: str, done: int, total: int) -> None:
        self._beat = time.monotonic()
        if self._stopping.is_set():
            raise jobs.Cancelled
        jobs.progress(self._store, job_id, step, done, total)
