"""Erasing people from source records of orders and from rejected rows, and keeping them erased when an old file comes again."""

from datetime import datetime

from crm.database import Store, Transaction
from crm.imports.sql import SQL
from crm.orders import tombstones


def erase(change: Transaction) -> None:
    """Take what is personal out of all records of the people in the `leaving_…` tables."""
    SQL.run(change, "erase_records")


def keep_erased(change: Transaction, what: str) -> None:
    """Of what a file tells (`records`, `lines` or `rejections`), take what belongs to people who were erased over without their data."""
    if tombstones.exist(change):
        change.execute(tombstones.HASHED)
        name = {"records": "erased_again", "lines": "erased_lines", "rejections": "erased_rejections"}[what]
        SQL.run(change, name, secret=change.journal.secret())


def clear_rejections(store: Store, before: datetime) -> int:
    """Drop the cells of rows that were not taken over, of imports from before a moment (UTC); how many rows. Their reasons stay."""
    with store.transaction() as change:
        return change.execute(
            "UPDATE import_rejections SET value = NULL, cells = NULL WHERE (value IS NOT NULL OR cells IS NOT NULL) "
            "AND import_id IN (SELECT import_id FROM imports WHERE imported_at < ?)",
            [before],
        )
