"""Preview: the first orders of a table as the import itself would read them with a mapping, from a sample; nothing is written."""

import csv
from dataclasses import dataclass, field, replace
from typing import Any

from crm.database import Store, Transaction
from crm.imports import cleaning, evidence, opening, rejecting, staging, wording
from crm.imports.evidence import Evidence
from crm.imports.reading import Reading, clock
from crm.imports.results import Rejection
from crm.layouts import mapping
from crm.layouts.registry import Layout
from crm.orders import context
from crm.reading.tables import Table
from crm.settings import Shop

ORDERS = 5
SHOWN = (
    "SELECT order_id, coalesce(buyer, receiver) AS buyer, "
    "timezone($1, make_timestamptz(epoch_us(coalesce(paid_at, created_at)))) AS moment, paid, "
    "refunded, status, concat_ws(' ', province, city) AS place, titles FROM file_orders JOIN (SELECT order_id, "
    "string_agg(item_title, '，' ORDER BY row_no) AS titles, min(row_no) AS row_no FROM typed GROUP BY order_id) USING (order_id) "
    "ORDER BY row_no LIMIT $2"
)


@dataclass(frozen=True)
class Preview:
    """`orders`: the first few as they would be read, `orders_read` how many the `rows` sample rows came to; `rejected`: what could not be.

    `evidence` and `words` (texts of the status, with their rows) are what the sample says where the whole file has not been asked.
    """

    orders: list[dict[str, Any]] = field(default_factory=list)
    orders_read: int = 0
    rows: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    evidence: Evidence | None = None
    words: dict[str, int] = field(default_factory=dict)


def preview(store: Store, table: Table, given: dict[str, Any], shop: Shop, day_first: bool = False) -> Preview:
    """Read the table's sample with a map file's content; what is not certain in it is shown, not asked.

    Raises BadInputError for a mapping that cannot be used.
    """
    places = mapping.positions(given, table.names)
    if mapping.lacks(set(places)):
        return Preview(rows=len(table.rows))
    layout = mapping.layout(places, given)
    layout = layout.with_(extra={**layout.extra, "ask": False})
    with opening.workspace(store.folder) as folder, store.transaction() as change:
        sample = replace(table, path=folder / "sample.csv", delimiter=",", quote='"', header_row=0, width=len(table.names))
        with sample.path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([(row + [""] * sample.width)[: sample.width] for row in table.rows])
        seen = evidence.look(store, sample, places, day_first)
        words = wording.count(store, sample, places)
        refused = staging.load(change, sample, layout)
        reading = reading_of(change, layout, shop)
        cleaned = cleaning.clean(change, reading, sample, layout)
        rejections, _ = rejecting.gather(change, sample, cleaned.layout, refused)
        orders = change.rows(SHOWN, [reading.clock.zone, ORDERS])
        one = change.rows("SELECT count(*) AS n FROM file_orders")[0]["n"]
    rejected = [replace(entry, row=entry.row + table.header_row) for entry in rejections]
    return Preview(orders, one, len(table.rows), rejected, seen, words)


def reading_of(change: Transaction, layout: Layout, shop: Shop) -> Reading:
    """How an import would read a file with this layout."""
    return Reading(clock(change, layout.timezone or shop.timezone), "default", context.of(change, shop))
