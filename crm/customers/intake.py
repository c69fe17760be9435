"""The entry for order files (`crm.uploads` is the one for files of any kind): import, then the customers' facts, in one transaction."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from crm import database, jobs
from crm.customers import facts, profiles
from crm.database import Store, Transaction
from crm.orders import derive, importing, imports
from crm.orders.importing import ImportOptions
from crm.orders.results import FileResult


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
            rebuild(change)

        return importing.import_files(store, paths, now=now, options=options or ImportOptions(), report=report, after=after)


def rebuild(change: Transaction) -> None:
    """Make what follows from orders and uploads anew: profiles, then facts."""
    profiles.rebuild(change)
    facts.rebuild(change)


def undo(store: Store, import_id: str, now: datetime, actor: str = "screen") -> dict[str, Any]:
    """Take an import back as if it had never been, in one transaction: {import_id, orders_removed, orders_restored}."""
    return imports.undo(store, import_id, now, after=rebuild, actor=actor)


def recategorise(store: Store, report: jobs.Report = jobs.silent) -> None:
    """Make order lines and facts anew after a change of category rules or assignments, in one transaction."""
    with store.transaction(alone=True) as change:
        report("Giving every product its category", 0, 3)
        derive.relabel(change, database.load_shop(store))
        report("Making the customers anew", 1, 3)
        rebuild(change)
        report("Keeping it", 2, 3)


def refresh(store: Store, force: bool = False) -> None:
    """Rebuild what is derived when its tables were made anew (after an update of Huitou), or when forced; otherwise nothing."""
    if store.derived_is_stale or force:
        with store.transaction(alone=True) as change:
            derive.rebuild(change, database.load_shop(store))
            rebuild(change)
        store.derived_is_stale = False
