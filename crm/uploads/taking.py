"""The one entry for files of any kind: sort them, give order files to the order import, the others to their kind, all or nothing."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from crm import jobs
from crm.accounts import acting
from crm.accounts.acting import Right
from crm.customers import profiles
from crm.database import Store, Transaction, disk
from crm.errors import BadFileError
from crm.imports import agreement, history, opening, rejecting, steps
from crm.imports.file_warnings import FileWarning
from crm.imports.results import FileResult
from crm.imports.steps import ImportOptions, Run
from crm.layouts import answers, mapping
from crm.messaging import consents
from crm.orders import derive
from crm.reading.tables import Table
from crm.uploads import detecting, reading, statements, touches
from crm.uploads.kinds import KINDS, ORDERS
from crm.uploads.upload import Batch, Upload


@dataclass
class _Other:
    """The files that are no order files, with their kinds, and what became of them."""

    files: list[tuple[Path, str]]
    report: jobs.Report
    results: list[tuple[Path, FileResult]] = field(default_factory=list)


@acting.needs(Right.IMPORTS)
def import_files(
    store: Store, paths: Sequence[Path], *, now: datetime, options: ImportOptions | None = None, report: jobs.Report = jobs.silent
) -> list[FileResult]:
    """Import files of any kind, whole or not at all; one result per table, in the order of the files. `now` is UTC."""
    options = options or ImportOptions()
    disk.need(store.folder, sum(path.stat().st_size for path in paths if path.is_file()))
    with disk.watched(store.folder), opening.workspace(store.folder) as folder:
        kinds = [(path, detecting.kind_of(store, path, options, folder)) for path in paths]
        orders = [path for path, kind in kinds if kind == ORDERS]
        other = _Other([(path, kind) for path, kind in kinds if kind != ORDERS], report)
        if not other.files:
            return steps.import_orders(store, orders, now=now, options=options, report=report)
        with steps.begun(store, options, now) as run:
            for number, path in enumerate(orders):
                report("Reading the files", number, len(paths) + 1)
                steps.take(run, path)
            if orders:
                steps.derive_orders(run)
            _take(run, other)
            report("Making the customers anew", len(paths), len(paths) + 1)
            steps.derive_customers(run)
            outcome = run.results
    if options.dry_run:
        for _, result in other.results:
            result.import_id = None
    return _sorted(paths, outcome, other)


def _sorted(paths: Sequence[Path], orders: list[FileResult], other: _Other) -> list[FileResult]:
    names = [path.name for path in paths]
    placed = [(next((at for at, name in enumerate(names) if one.file.startswith(name)), 0), one) for one in orders]
    placed += [(list(paths).index(path), result) for path, result in other.results]
    return [result for _, result in sorted(placed, key=lambda entry: entry[0])]


def _take(run: Run, other: _Other) -> None:
    for number, (path, kind) in enumerate(other.files):
        other.report("Reading the files", number, len(other.files) + 1)
        upload, given = KINDS[kind], detecting.mine(run.options.mapping, path.name) or {}
        held = opening.copies(path, run.folder, given, every=True)
        tables = _usable(upload, held, given)
        if not tables:
            raise BadFileError(
                "file.missing_columns",
                "{file} lacks the columns that such a file needs. Nothing was imported. Please say which they are.",
                file=path.name,
            )
        taken = [_one(run.change, run, path, upload, name, table, places) for name, table, places in tables]
        _something(path, taken)
        other.results += [(path, result) for result in taken]
        other.results[-1][1].left_out = [name for name, _ in held if name not in {used for used, _, _ in tables}]


def _something(path: Path, taken: list[FileResult]) -> None:
    """Refuse a file of which every row is rejected and nothing was kept, with the most frequent reason first."""
    rows, kept = sum(result.rows for result in taken), sum(sum(result.counts.values()) for result in taken)
    refused = {(place, entry.row) for place, result in enumerate(taken) for entry in result.rejections}
    if not refused or len(refused) < rows or kept:
        return
    rejecting.check(FileResult(path.name, "", "", rows=rows, rejections=[entry for result in taken for entry in result.rejections]))


def _usable(upload: Upload, tables: list[tuple[str, Table]], given: dict[str, Any]) -> list[tuple[str, Table, dict[str, int]]]:
    """The tables of a file that have what the kind needs, each with its columns."""
    columns = given.get("columns")
    usable = []
    for name, table in tables:
        known = detecting.listed(table, upload.name)
        placed = reading.named(upload, columns, table.names) if columns else reading.recognised(upload, table, known)
        usable += [] if detecting.lacks(upload, set(placed), known) else [(name, table, placed)]
    return usable


def _one(change: Transaction, run: Run, path: Path, upload: Upload, name: str, table: Table, places: dict[str, int]) -> FileResult:
    known = detecting.listed(table, upload.name)
    result = FileResult(name, known.name if known else upload.name, table.encoding, import_id=uuid.uuid4().hex[:12], kind=upload.name)
    rows, refused = reading.rows(table, places)
    rows = [replace(row, cells={**known.fixed, **row.cells}) for row in rows] if known else rows
    result.rejections = list(refused)
    result.rows = len(rows) + len(refused)
    result.header = table.names if table.header_row else None
    result.mapping = {field: table.names[place] for field, place in places.items()}
    shop = derive.shop_of(change)
    seq = change.rows("SELECT coalesce(max(import_seq), 0) + 1 AS seq FROM imports")[0]["seq"]
    options = run.options
    batch = Batch(rows, result, seq, run.now, shop, options.shop or "", options.timezone or shop.timezone, dict(result.mapping))
    result.timezone = batch.zone
    batch.known = known
    before = profiles.people(change)
    upload.take(change, batch)
    profiles.rebuild(change)
    result.customers_new = profiles.people(change) - before
    more = {"people_new": result.customers_new, "without_order": touches.waiting(change, batch.result.import_id or "")}
    if upload.freed:
        more["affected"] = consents.affected(change) if "opt_outs" in result.counts else 0
    result.counts |= {name: number for name, number in more.items() if number}
    result.warnings = _doubts(batch, table, places)
    result.rejections.sort(key=lambda entry: entry.row)
    _record(change, run, path, table, result)
    return result


def _doubts(batch: Batch, table: Table, places: dict[str, int]) -> list[FileWarning]:
    """What has to be said beside the numbers: a list that could be another, words nobody knows, columns that could be consent."""
    known = batch.known
    items = [FileWarning("unsure_list", {})] if known and known.unsure else []
    items += statements.warnings(batch.unknown)
    beside = agreement.could_be(table, set(places.values()))
    beside = [name for name in beside if not (known and str(answers.question(name)).endswith("_at"))]
    beside += [name for name in table.names if known and name in known.ignores and name not in beside]
    return items + ([FileWarning("consent_column", {"names": ", ".join(beside)})] if beside else [])


def _record(change: Transaction, run: Run, path: Path, table: Table, result: FileResult) -> None:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    origin = history.Origin(digest, "other", run.options.shop or "", run.options.demo, run.options.actor)
    rejecting.fill(change, result.rejections)
    history.keep(change, result, origin, run.now)
    given = detecting.mine(run.options.mapping, path.name)
    if given and table.header_row:
        history.remember(change, mapping.fingerprint(table.names), {"columns": result.mapping} | given | {"kind": result.kind}, run.now)
