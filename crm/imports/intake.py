"""The entry for order files (`crm.uploads` is the one for files of any kind): import, then the customers' facts, in one transaction."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from crm import jobs
from crm.customers import derived, facts
from crm.database import Store, Transaction
from crm.imports import history, importing
from crm.imports.importing import ImportOptions
from crm.imports.results import FileResult


def import_orders(
    store: Store,
    paths: Sequence[Path],
    *,
    now: datetime,
    options: ImportOptions | None = None,
    report: jobs.Report = jobs.silent,
    also: importing.After | None = None,
) -> list[FileResult]:
    """Import order files and rebuild everything derived, whole or not at all. `now` is UTC. One result per file.

    `also` is done in the same change, when the orders are there and before what follows from them (files of other kinds).
    """

    with ThreadPoolExecutor(1) as aside:
        written = aside.submit(facts.statement)  # once in a process, while the files are read

        def after(change: Transaction) -> None:
            if also:
                also(change)
            written.result()
            derived.rebuild(change)

        return importing.import_files(store, paths, now=now, options=options or ImportOptions(), report=report, after=after)


def undo(store: Store, import_id: str, now: datetime, actor: str = "screen") -> dict[str, Any]:
    """Take an import back as if it had never been, in one transaction: {import_id, orders_removed, orders_restored}."""
    return history.undo(store, import_id, now, after=derived.rebuild, actor=actor)
