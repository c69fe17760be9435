"""The import: files → tellings → orders, lines, customers, in one transaction that is whole or absent."""

import hashlib
import json
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from crm import database, jobs
from crm.columns import currencies
from crm.database import Store, Transaction
from crm.errors import BadInputError, NotFoundError
from crm.imports import agreement, cautions, cleaning, comparing, fast_csv, history, merging, opening, rejecting, staging
from crm.imports.cautions import Doubt
from crm.imports.opening import Source
from crm.imports.results import FileResult, Rejection
from crm.layouts import mapping, marks, registry
from crm.orders import derive, rates
from crm.places import zones
from crm.settings import Shop

After = Callable[[Transaction], None]


@dataclass(frozen=True)
class ImportOptions:
    """What a person may say. `mapping` is a map file's content (docs/import.md), `timezone` that of times without an offset.

    `actor` is who brought the files: `screen`, `terminal` or `inbox`.
    """

    format: str | None = None
    mapping: dict[str, Any] | None = None
    shop: str | None = None
    timezone: str | None = None
    dry_run: bool = False
    demo: bool = False
    actor: str = "screen"


class _DryRun(Exception):  # noqa: N818 (takes the transaction back; nobody else sees it)
    pass


@dataclass
class _Run:
    change: Transaction
    options: ImportOptions
    shop: Shop
    now: datetime
    results: list[FileResult] = field(default_factory=list)
    first: bool = False
    unsold: bool = False
    digest: Future[str] = field(default_factory=Future)


def import_files(
    store: Store,
    paths: Sequence[Path],
    *,
    now: datetime,
    options: ImportOptions | None = None,
    report: jobs.Report = jobs.silent,
    after: After | None = None,
) -> list[FileResult]:
    """Import order files, all or nothing; one result per table in them. Raises BadFileError when one cannot be read.

    `now` is UTC. `after` is run on the same transaction when orders and customers are made (facts). A dry run keeps nothing.
    """
    options, began = options or ImportOptions(), time.perf_counter()
    steps = len(paths) * 2 + 2
    with ThreadPoolExecutor(1) as aside, opening.workspace(store.folder) as folder, _transaction(store) as change:
        run = _Run(change, options, derive.shop_of(change), now)
        derive.start(change)
        zones.tell(change, "shop", run.shop.timezone)
        rates.tell(change, run.shop.currency)
        run.first, run.unsold = derive.is_empty(change), not change.rows("SELECT 1 FROM orders WHERE paid > 0 LIMIT 1")
        saved = history.mappings(change)
        for number, path in enumerate(paths):
            report("Reading the files", number * 2, steps)
            run.digest = aside.submit(_digest, path)  # while the file is read
            for source, refused in _staged(change, (path, folder, options.format, options.mapping, saved)):
                _one(run, path, source, refused)
                report("Comparing with what is known", number * 2 + 1, steps)
        comparing.lines(change, run.results)
        if options.dry_run:
            run.results = [replace(result, import_id=None) for result in run.results]
            raise _DryRun
        report("Making the customers anew", steps - 2, steps)
        derive.refresh(change, run.shop, everything=run.first)
        if after:
            after(change)
        history.timed(change, run.results, round((time.perf_counter() - began) * 1000))
        report("Keeping it", steps - 1, steps)
    return run.results


@contextmanager
def _transaction(store: Store) -> Iterator[Transaction]:
    try:
        with store.transaction(alone=True) as change:
            yield change
    except _DryRun:
        return


def _staged(change: Transaction, told: tuple[Any, ...]) -> Iterator[tuple[Source, list[Rejection]]]:
    """The sources of a file, each when it is staged, with its rows that have no shape: the file as it is, else its copies."""
    plain = opening.as_it_is(*told)
    if plain and fast_csv.load(change, plain.table, plain.layout):
        yield plain, []
        return
    for source in opening.read(*told):
        table, large = source.table, source.table.path.stat().st_size >= opening.LARGE
        fits = (
            large and not plain and table.strict and table.delimiter in fast_csv.DELIMITERS
        )  # what was in doubt as it is, is so as a copy
        read = fits and fast_csv.load(change, table, source.layout)
        yield source, [] if read else staging.load(change, table, source.layout)


def _one(run: _Run, path: Path, source: Source, refused: list[Rejection]) -> None:
    """Take over what is staged of a source; `refused` are its rows without a shape."""
    change, layout, options = run.change, marks.named(source.table, source.layout), run.options
    shop = options.shop or ("" if layout.lines_only else "default")
    zone = options.timezone or layout.timezone or run.shop.timezone
    import_id = uuid.uuid4().hex[:12]
    seq = change.rows("SELECT coalesce(max(import_seq), 0) + 1 AS seq FROM imports")[0]["seq"]
    reading = cleaning.Reading(layout, zone, shop, run.shop.currency, keep=(import_id, seq))
    decided = cleaning.clean(change, reading, source.table)
    result = FileResult(source.file, layout.name, source.table.encoding, import_id=import_id)
    rejecting.gather(change, source.table, decided, refused, result)
    if source.table.codec is None:
        source.table.path.unlink(missing_ok=True)  # the copy, before it has to be written to disk beside the commit
    result.header = source.table.names if source.table.header_row else None
    result.timezone = zone
    result.tells, result.left_out = registry.tells(layout), source.left_out
    result.mapping = {name: source.table.names[places[0]] for name, places in layout.columns.items()}
    merging.merge(change, result, decided, seq, len(refused))
    rejecting.check(result)
    adopted = _adopt(run, result)
    beside = [str(one.import_id) for one in run.results]
    comparing.compare(change, result, decided, run.digest.result(), run.shop, run.now, beside)
    result.doubts += adopted
    agreement.tell(change, result, source.table, layout)
    result.doubts += cautions.written(decided, result.mapping)
    told = mapping.remarks(source.table, source.layout)
    result.doubts += [Doubt(code, {"names": ", ".join(names)} if names else {}) for code, names in told.items()]
    if marked := marks.marked(source.table, layout, run.shop.currency):
        result.doubts.append(Doubt("sign", {"sign": marked, "own": run.shop.currency}))
    staging.clear(change)
    _record(run, path, source, result, shop)
    run.results.append(result)


def _adopt(run: _Run, result: FileResult) -> list[Doubt]:
    """A shop that never said its currency has that of most orders of its first files with amounts; what was decided is said."""
    most: dict[str, Any] = result.amounts[0] if run.unsold and result.amounts else {"currency": run.shop.currency, "orders": 0}
    found, said = str(most["currency"]), "SELECT 1 FROM settings WHERE key = 'currency'"
    orders = int(most["orders"])
    if found == run.shop.currency or found not in currencies.codes() or orders * 2 <= result.orders or run.change.rows(said):
        return []
    run.shop = run.shop.model_copy(update={"currency": found})
    database.keep_shop(run.change, run.shop)
    run.first = True  # whatever was there before is in this currency, too
    rates.tell(run.change, found)
    merging.amounts(run.change, result)
    return [Doubt("adopted", {"currency": found})]


def _record(run: _Run, path: Path, source: Source, result: FileResult, shop: str) -> None:
    origin = history.Origin(run.digest.result(), source.layout.platform, shop, run.options.demo, run.options.actor)
    history.keep(run.change, result, origin, run.now)
    used = source.layout.extra.get("map")
    if used and source.table.header_row:  # without a header there is nothing to know the table by
        history.remember(run.change, mapping.fingerprint(source.table.names), used, run.now, run.options.actor)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load_mapping(path: Path) -> dict[str, Any]:
    """A map file. Raises BadInputError when it is no JSON object."""
    if not path.is_file():
        raise NotFoundError("file.missing", "{file} is not there.", file=path.name)
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise BadInputError("mapping.not_json", "{file} is not JSON. Nothing was imported.", file=path.name) from error
    if not isinstance(content, dict):
        raise BadInputError("mapping.not_json", "{file} is not JSON. Nothing was imported.", file=path.name)
    return content
