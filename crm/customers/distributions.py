"""Distributions: customers, their orders and their spend per bin of a dimension. Ibis expressions; many dimensions go in one query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis

from crm.customers import dimensions, place_names
from crm.customers.attribute import Dimension
from crm.customers.bins import UNKNOWN, Words
from crm.customers.context import Context
from crm.database import Store


@dataclass(frozen=True)
class Bin:
    """One bar: its key (language-neutral), its name in both languages, people in it, their purchases and what they spent.

    Where a customer can be in several, `orders` and `spend` are what was bought there: in that category, at that node, at that hour.
    """

    bin: str
    label_zh: str
    label_en: str
    customers: int
    orders: int
    spend: Decimal

    @property
    def zh(self) -> str:
        """For `crm.ui.words.label`."""
        return self.label_zh

    @property
    def en(self) -> str:
        """For `crm.ui.words.label`."""
        return self.label_en


def compute(store: Store, dimension_name: str, who: Any, context: Context) -> list[Bin]:
    """The bins of one dimension over some customers (`who`: a table of facts rows, such as `segments.members`)."""
    dimension = dimensions.get(dimension_name)
    rows = store.read(counts(dimension, who, context))
    abroad = place_names.named(store.read(place_names.abroad(context)).itertuples(index=False, name=None))
    return arranged(dimension, rows.itertuples(index=False, name=None), context, abroad)


def counts(dimension: Dimension, who: Any, context: Context) -> Any:
    """bin, customers, orders, spend of one dimension over `who`."""
    everyone = who.equals(context.facts)
    if dimension.bins.several:
        rows = dimension.per_bin(context)
        rows = rows if everyone else rows.semi_join(who, "customer_id")
        return rows.group_by("bin").aggregate(customers=rows.count(), orders=rows.orders.sum(), spend=rows.spend.sum())
    within = dimensions.counted(context, [dimension])
    rows = within.facts.select("customer_id", "spend", orders="purchases", bin=dimension.bins.bin(within))
    rows = rows if everyone else rows.semi_join(who, "customer_id")
    return rows.group_by("bin").aggregate(customers=rows.count(), orders=rows.orders.sum(), spend=rows.spend.sum())


def arranged(dimension: Dimension, rows: Iterable[Sequence[Any]], context: Context, abroad: Mapping[str, Words] | None = None) -> list[Bin]:
    """Rows of (bin, customers, orders, spend) as Bins: in the dimension's own order, else the biggest first; unknown last.

    `abroad` (of `place_names.named`) names regions outside China; their key stays the file's own word, which the filter knows.
    """
    names = abroad if abroad and dimension.name == "province" else {}
    order = {key: place for place, key in enumerate(dimension.bins.order(context.shop))}
    bins = [
        Bin(key, *(names.get(key) or dimension.bins.label(key, context.shop)), int(people), int(orders), Decimal(str(spend)))
        for key, people, orders, spend in rows
    ]
    return sorted(bins, key=lambda one: (order.get(one.bin, 0 if not order else len(order)), one.bin == UNKNOWN, -one.customers, one.bin))


def everybody(context: Context) -> Any:
    """All customers, as `who`."""
    return context.facts


def total(who: Any) -> Any:
    """One row: customers, orders (purchases), spend of a table of facts rows."""
    orders = who.purchases.sum().fill_null(ibis.literal(0))
    return who.aggregate(customers=who.count(), orders=orders, spend=who.spend.sum().fill_null(ibis.literal(0)))
