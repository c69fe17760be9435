"""GET /metrics: figures about the running of the server in Prometheus' text format, none about people."""

import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from crm import __version__, clock
from crm.accounts.acting import Right, needs
from crm.backups import making
from crm.database import Store, disk
from crm.web.health import Health, Running

CLASSES = {
    "/upload": "upload",
    "/hooks/": "hook",
    "/u/": "unsubscribe",
    "/preview/": "preview",
    "/login": "login",
    "/_stcore/": "frame",
    "/static/": "frame",
    "/media/": "frame",
    "/component/": "frame",
    "/healthz": "probe",
    "/readyz": "probe",
    "/metrics": "probe",
}
BOUNDS = (0.01, 0.05, 0.25, 1.0, 5.0)
"""Seconds up to which answers are counted."""
STARTED = (clock.now() - clock.EPOCH).total_seconds()
Sample = tuple[dict[str, str], float]


class Requests:
    """How many requests of which kind were answered how, and how fast; how many pages are open."""

    def __init__(self) -> None:
        self.answered: Counter[tuple[str, str]] = Counter()
        self.within: dict[str, list[int]] = {}
        self.seconds: dict[str, float] = {}
        self.open_pages = 0

    def count(self, path: str, status: int, seconds: float) -> None:
        """One answer."""
        name = kind(path)
        self.answered[name, str(status)] += 1
        self.within.setdefault(name, [0] * (len(BOUNDS) + 1))[bisect_left(BOUNDS, seconds)] += 1
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds


requests = Requests()


def kind(path: str) -> str:
    """The class of a route: few, and without anything a visitor wrote."""
    return next((name for start, name in CLASSES.items() if path.startswith(start)), "page")


@needs(Right.METRICS)
def text(serving: Health) -> str:
    """Everything, as Prometheus reads it. Asks the database."""
    return "".join(f"{line}\n" for line in [*_of_the_process(serving), *_of_requests(), *_of_the_shop(serving.running)])


def _of_the_process(serving: Health) -> Iterator[str]:
    yield from _metric("huitou_info", "gauge", "which version runs", [({"version": __version__}, 1)])
    yield from _one("process_start_time_seconds", "when the process started", STARTED)
    if (memory := _memory()) is not None:
        yield from _one("process_resident_memory_bytes", "memory in use", memory)
    yield from _one("huitou_ready", "1 when /readyz says so", serving.trouble() is None)


def _of_requests() -> Iterator[str]:
    answered = [({"route": name, "code": code}, n) for (name, code), n in sorted(requests.answered.items())]
    yield from _metric("huitou_requests_total", "counter", "answers by class of route and status", answered)
    yield from _metric("huitou_request_seconds", "histogram", "how long answers took", [])
    for name, within in sorted(requests.within.items()):
        upto = [sum(within[: at + 1]) for at in range(len(within))]
        for bound, n in zip([*map(str, BOUNDS), "+Inf"], upto, strict=True):
            yield _sample("huitou_request_seconds_bucket", {"route": name, "le": bound}, n)
        yield _sample("huitou_request_seconds_sum", {"route": name}, requests.seconds[name])
        yield _sample("huitou_request_seconds_count", {"route": name}, upto[-1])
    yield from _one("huitou_open_pages", "pages that are open in browsers", requests.open_pages)


def _of_the_shop(running: Running | None) -> Iterator[str]:
    if running is None:
        return
    store = running.store
    for name, words, table in (("jobs", "long works by state", "jobs"), ("letters", "messages by state", "messages")):
        counted = store.rows(f"SELECT state, count(*) AS n FROM {table} GROUP BY state ORDER BY state")  # noqa: S608 (two names of ours)
        yield from _metric(f"huitou_{name}", "gauge", words, [({"state": row["state"]}, row["n"]) for row in counted])
    row = store.one("SELECT max(imported_at) AS at FROM imports") or {}
    yield from _moment("huitou_last_import_timestamp_seconds", "when a file was imported last", row.get("at"))
    yield from _one("huitou_worker_silent_seconds", "since when the worker has not said anything", running.worker.silent_for())
    if store.folder:
        yield from _of_the_folder(store, store.folder)


def _of_the_folder(store: Store, folder: Path) -> Iterator[str]:
    sizes = [file.stat().st_size for file in folder.glob("shop.duckdb*") if file.is_file()]
    yield from _one("huitou_database_bytes", "the database and its log on disk", sum(sizes))
    yield from _one("huitou_disk_free_bytes", "room on the disk of the data folder", disk.free(folder))
    copies = making.copies(folder / "backups")
    yield from _moment(
        "huitou_last_backup_timestamp_seconds", "when a copy of the database was made last", copies[0].made_at if copies else None
    )


def _moment(name: str, words: str, moment: datetime | None) -> Iterator[str]:
    if moment is not None:
        yield from _one(name, words, (moment - clock.EPOCH).total_seconds())


def _one(name: str, words: str, value: float) -> Iterator[str]:
    return _metric(name, "gauge", words, [({}, value)])


def _metric(name: str, sort: str, words: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} {sort}"
    yield from (_sample(name, labels, value) for labels, value in samples)


def _sample(name: str, labels: dict[str, str], value: float) -> str:
    inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
    return f"{name}{{{inside}}} {float(value)!r}" if inside else f"{name} {float(value)!r}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _memory() -> int | None:
    """Bytes, where the system says so."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
