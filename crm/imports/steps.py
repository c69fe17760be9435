"""The import of order files, from top to bottom, in one transaction that is whole or absent.

open, recognise, read   loading.staged      a path → `staged`: its tables with their layouts, each row as text        Staged
clean                   cleaning.clean      `staged` → `file_records`, `file_lines`, `file_refunds`, `rejects`        Cleaned
reject                  rejecting.gather    `rejects` → `refusals`: rows not taken over, each with its reason         rejections
merge                   merging.merge       → `order_records`, `line_records`, `refund_records`, and which are `touched`       Merged
compare                 comparing.compare   what is odd about the file, beside what was there                         Compared
report                  reporting.report    all that is said about the file; written down in `imports`                FileResult
derive                  derive.refresh      `touched` → orders, order lines, customers
                        derived.rebuild     → profiles and facts

The first lines of each .sql file (crm/imports/sql, crm/orders/sql) name what it reads and makes; `crm import --keep-staging DIR`
writes down what each step made.
"""

import hashlib
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from crm import database, jobs
from crm.columns import currencies
from crm.customers import derived, facts
from crm.database import Store, Transaction
from crm.imports import cleaning, comparing, history, loading, merging, opening, rejecting, reporting, staging
from crm.imports.comparing import FileFacts
from crm.imports.file_warnings import FileWarning
from crm.imports.loading import Staged
from crm.imports.merging import Merged
from crm.imports.opening import Instructions, Source
from crm.imports.reading import Reading, clock
from crm.imports.results import FileResult
from crm.imports.tracing import SILENT, Trace
from crm.layouts import mapping, marks
from crm.layouts.registry import Layout
from crm.orders import context, derive
from crm.settings import Shop


@dataclass(frozen=True)
class ImportOptions:
    """What a person may say. `mapping` is a map file's content (docs/import.md), `timezone` that of times without an offset.

    `actor` is who brought the files: `screen`, `terminal` or `inbox`. `keep_staging`: a folder for what each step made.
    """

    format: str | None = None
    mapping: dict[str, Any] | None = None
    shop: str | None = None
    timezone: str | None = None
    dry_run: bool = False
    demo: bool = False
    actor: str = "screen"
    keep_staging: Path | None = None


@dataclass
class Run:
    """One import of one or more files: its transaction, and what changes from file to file. `first`: there was no order before."""

    change: Transaction
    options: ImportOptions
    now: datetime
    folder: Path
    shop: Shop
    saved: dict[str, Any]
    first: bool
    unsold: bool
    aside: ThreadPoolExecutor
    trace: Trace = SILENT
    results: list[FileResult] = field(default_factory=list)


class _DryRun(Exception):  # noqa: N818 (takes the transaction back; nobody else sees it)
    pass


def import_orders(
    store: Store,
    paths: Sequence[Path],
    *,
    now: datetime,
    options: ImportOptions | None = None,
    report: jobs.Report = jobs.silent,
) -> list[FileResult]:
    """Import order files and all that follows from them, whole or not at all; one result per table. Raises BadFileError. `now` is UTC."""
    steps = len(paths) * 2 + 2
    with begun(store, options or ImportOptions(), now) as run:
        for number, path in enumerate(paths):
            report("Reading the files", number * 2, steps)
            take(run, path)
            report("Comparing with what is known", number * 2 + 1, steps)
        report("Making the customers anew", steps - 2, steps)
        derive_orders(run)
        derive_customers(run)
        report("Keeping it", steps - 1, steps)
    return run.results


@contextmanager
def begun(store: Store, options: ImportOptions, now: datetime) -> Iterator[Run]:
    """The transaction of an import. A dry run is taken back at its end, and its results have no import."""
    began = time.perf_counter()
    with ThreadPoolExecutor(2) as aside, opening.workspace(store.folder) as folder:
        aside.submit(facts.statement)  # once in a process, while the files are read
        try:
            with store.transaction(alone=True) as change:
                run = _run(change, options, now, folder, aside)
                yield run
                if options.dry_run:
                    raise _DryRun
                history.timed(change, run.results, round((time.perf_counter() - began) * 1000))
        except _DryRun:
            run.results[:] = [replace(result, import_id=None) for result in run.results]


def _run(change: Transaction, options: ImportOptions, now: datetime, folder: Path, aside: ThreadPoolExecutor) -> Run:
    derive.start(change)
    unsold = not change.rows("SELECT 1 FROM orders WHERE paid > 0 LIMIT 1")
    trace = Trace(options.keep_staging) if options.keep_staging else SILENT
    shop, saved = derive.shop_of(change), history.mappings(change)
    return Run(change, options, now, folder, shop, saved, derive.is_empty(change), unsold, aside, trace)


def take(run: Run, path: Path) -> list[FileResult]:
    """The steps of one file up to its report; one result per table in it. Raises BadFileError where it cannot be read."""
    digest = run.aside.submit(_digest, path)  # while the file is read
    instructions = Instructions(run.options.format, run.options.mapping or {}, run.saved)
    taken = [_table(run, staged, digest) for staged in loading.staged(run.change, path, run.folder, instructions)]
    run.results += taken
    return taken


def derive_orders(run: Run) -> None:
    """What follows from the files for orders, order lines and customers. A dry run needs none of it."""
    comparing.lines(run.change, run.results)
    if not run.options.dry_run:
        derive.refresh(run.change, run.shop, everything=run.first)
        run.trace.keep(run.change, "derive")


def derive_customers(run: Run) -> None:
    """What follows for profiles and facts, once files of all kinds are taken. A dry run needs none of it."""
    if not run.options.dry_run:
        derived.rebuild(run.change)


def _table(run: Run, staged: Staged, digest: Future[str]) -> FileResult:
    change, source, table = run.change, staged.source, staged.source.table
    layout = marks.named(table, source.layout)
    reading = _reading(run, layout, table.since_1904)
    run.trace.keep(change, "read", source.file)
    cleaned = cleaning.clean(change, reading, table, layout)
    run.trace.keep(change, "clean", source.file)
    rejections, unlisted = rejecting.gather(change, table, cleaned.layout, staged.misshapen)
    if table.codec is None:
        table.path.unlink(missing_ok=True)  # the copy, before it has to be written to disk beside the commit
    rows = cleaned.rows + len(staged.misshapen)
    merged = merging.merge(change, reading, cleaned)
    run.trace.keep(change, "merge", source.file)
    result = reporting.report(change, source, reading, cleaned, merged, rows)
    result.rejections, result.unlisted = rejections, unlisted
    rejecting.check(result)
    adopted = _adopt(run, result, merged)
    siblings = [str(one.import_id) for one in run.results]
    file = FileFacts(digest.result(), result.format, cleaned.layout.known, rows, result.header, siblings)
    home = context.of(change, run.shop)  # it may just have got its currency
    compared = comparing.compare(change, replace(reading, home=home), file, merged.orders, run.shop, run.now)
    result.changes = compared.changes
    result.warnings += [*compared.warnings, *adopted, *reporting.remarks(change, source, cleaned, result, run.shop.currency)]
    staging.clear(change)
    _record(run, staged.source, result, reading.shop, digest.result())
    return result


def _reading(run: Run, layout: Layout, since_1904: bool) -> Reading:
    seq = run.change.rows("SELECT coalesce(max(import_seq), 0) + 1 AS seq FROM imports")[0]["seq"]
    zone = run.options.timezone or layout.timezone or run.shop.timezone
    shop = run.options.shop or ("" if layout.lines_only else "default")
    return Reading(clock(run.change, zone, since_1904), shop, context.of(run.change, run.shop), uuid.uuid4().hex[:12], seq)


def _adopt(run: Run, result: FileResult, merged: Merged) -> list[FileWarning]:
    """A shop that never said its currency has that of most orders of its first files with amounts; what was decided is said."""
    if not run.unsold or not result.amounts or merged.orders is None:
        return []
    currency, orders = str(result.amounts[0]["currency"]), int(result.amounts[0]["orders"])
    text = "SELECT 1 FROM settings WHERE key = 'currency'"
    if currency == run.shop.currency or currency not in currencies.codes() or orders * 2 <= result.orders or run.change.rows(text):
        return []
    run.shop = run.shop.model_copy(update={"currency": currency})
    database.keep_shop(run.change, run.shop, run.now, run.options.actor)
    run.first = True  # whatever was there before is in this currency, too
    reporting.price(result, merging.amounts(run.change, context.of(run.change, run.shop)))
    return [FileWarning("adopted", {"currency": currency})]


def _record(run: Run, source: Source, result: FileResult, shop: str, digest: str) -> None:
    origin = history.Origin(digest, source.layout.platform, shop, run.options.demo, run.options.actor)
    history.keep(run.change, result, origin, run.now)
    used = source.layout.extra.get("map")
    if used and source.table.header_row:  # without a header there is nothing to know the table by
        history.remember(run.change, mapping.fingerprint(source.table.names), used, run.now, run.options.actor)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
