"""Which category a person or an uploaded table put a product in, and taking that back. The only writer of `product_assignments`."""

import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from crm.accounts import acting
from crm.accounts.acting import Right
from crm.database import Store, Transaction
from crm.errors import BadInputError, ChangedError, NotFoundError, Sentence
from crm.orders import categories

CHANGED = Sentence(
    "product.changed_elsewhere",
    "{n} of these products were put elsewhere in another tab or by somebody else since you looked, for example “{product}” in {category}. "
    "Nothing was changed. Press again to put yours over it, or leave theirs.",
)
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Product:
    """What an order line calls its product: the title, or the shop's code where it has no title."""

    product: str | None = None
    sku: str | None = None


@acting.needs(Right.IMPORTS)
def assign(store: Store, products: Sequence[Product], category: str | None, now: datetime, actor: str, seen: int | None = None) -> str:
    """Put products in a category (None: back to what files and rules say); the change's id, for `take_back`. `now` is UTC.

    Raises ChangedError where one of them was put elsewhere since `seen` (a `version`; None: whatever was said).
    """
    if not products:
        raise BadInputError("product.none_chosen", "No product is chosen. Nothing was changed. Please tick one or more in the table.")
    name = categories.named(category) if category is not None else None
    rows = frame([{"product": one.product, "sku": None if one.product else one.sku, "category": name} for one in products])
    with _one_at_a_time, store.transaction() as change:
        if seen is not None:
            _unchanged(change, products, name, seen)
        return add(change, rows, uuid.uuid4().hex[:12], now, actor)


def version(store: Store) -> int:
    """Changes with everything that is said of products."""
    return int(store.rows("SELECT coalesce(max(seq), 0) AS seq FROM product_assignments")[0]["seq"])


def _unchanged(change: Transaction, products: Sequence[Product], category: str | None, seen: int) -> None:
    sql = (
        "SELECT coalesce(product, sku) AS name, arg_max(category, seq) AS category FROM product_assignments "
        "WHERE seq > ? GROUP BY product, sku"
    )
    wanted = {one.product or one.sku for one in products}
    other = [row for row in change.rows(sql, [seen]) if row["name"] in wanted and row["category"] != category]
    if other:
        raise ChangedError(*CHANGED, n=len(other), product=other[0]["name"], category=other[0]["category"] or "—")


@dataclass(frozen=True, slots=True)
class Assigned:
    """What was put in a category (None: taken out) with one click, at `assigned_at` (UTC): how many products, and one of them."""

    change_id: str
    category: str | None
    products: int
    example: str
    assigned_at: datetime
    actor: str


def frame(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Rows of product, sku, category as `add` takes them."""
    return pd.DataFrame(list(rows), columns=["product", "sku", "category"], dtype=object)


def add(change: Transaction, rows: pd.DataFrame, change_id: str, now: datetime, actor: str, import_id: str | None = None) -> str:
    """Append rows (product or sku, category) as one change; its id."""
    seq = change.rows("SELECT coalesce(max(seq), 0) + 1 AS seq FROM product_assignments")[0]["seq"]
    own = {"change_id": change_id, "seq": seq, "assigned_at": now, "actor": actor}
    change.insert("product_assignments", rows.assign(**own, import_id=pd.Series(import_id, index=rows.index, dtype=object)))
    return change_id


@acting.needs(Right.IMPORTS)
def take_back(store: Store, change_id: str) -> int:
    """Drop a change as if it had never been; how many products. Raises NotFoundError for one that is not there any more."""
    with store.transaction() as change:
        dropped = drop(change, change_id)
    if not dropped:
        raise NotFoundError("product.taken_back_already", "This was taken back already. Nothing was changed.")
    return dropped


def drop(change: Transaction, change_id: str) -> int:
    """The same inside a transaction, for the undo of an import (whose id is the change's)."""
    return change.execute("DELETE FROM product_assignments WHERE change_id = ?", [change_id])


def latest(store: Store, limit: int = 5) -> list[Assigned]:
    """What people assigned last."""
    return store.rows_as(
        Assigned,
        "SELECT change_id, any_value(category) AS category, count(*) AS products, min(coalesce(product, sku)) AS example, "
        "any_value(assigned_at) AS assigned_at, any_value(actor) AS actor FROM product_assignments "
        "WHERE import_id IS NULL GROUP BY change_id ORDER BY max(seq) DESC LIMIT ?",
        [limit],
    )
