"""Products and their categories: how much of the spend has one, what has none, what new rules would do. Reads are Ibis expressions."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis
import pandas as pd

from crm.database import Store, tables
from crm.orders import categories
from crm.orders.assignments import Product
from crm.orders.categories import Rules

PRODUCT = ("product", "sku")


@dataclass(frozen=True)
class Share:
    """Purchases' lines and spend, and how much of both has a category. `orders_spend` is that of all purchases, lines or not."""

    spend: Decimal
    spend_with: Decimal
    lines: int
    lines_with: int
    products: int
    products_without: int
    orders_spend: Decimal
    orders_without_lines: int

    @property
    def of_spend(self) -> float | None:
        """The share of spend that has a category, or None without any spend."""
        return float(self.spend_with / self.spend) if self.spend else None

    @property
    def of_lines(self) -> float | None:
        """The share of order lines that has a category."""
        return self.lines_with / self.lines if self.lines else None


def lines() -> Any:
    """The lines of purchases with their spend; `sku` stands only where the product has no title."""
    bought = tables.order_lines.filter(tables.order_lines.is_purchase)
    return bought.mutate(
        spend=bought.amount.fill_null(0) - bought.refunded.fill_null(0),
        sku=bought["product"].isnull().ifelse(bought.sku, ibis.null("string")),
    )


def share(store: Store) -> Share:
    """How much of everything bought has a category."""
    bought, all_orders = lines(), tables.orders.filter(tables.orders.is_purchase)
    known = bought.category.notnull()
    told = store.read(
        bought.aggregate(
            spend=bought.spend.sum().fill_null(0),
            spend_with=bought.spend.sum(where=known).fill_null(0),
            lines=bought.count(),
            lines_with=bought.count(where=known),
            products=_name(bought).nunique(),
            products_without=_name(bought).nunique(where=~known),
        )
    ).iloc[0]
    bare = all_orders.anti_join(tables.order_lines, "order_key")
    orders = store.read(all_orders.aggregate(spend=all_orders.spend.sum().fill_null(0))).iloc[0]
    without = store.read(bare.aggregate(n=bare.count())).iloc[0]
    counts = {name: int(told[name]) for name in ("lines", "lines_with", "products", "products_without")}
    return Share(told.spend, told.spend_with, orders_spend=orders.spend, orders_without_lines=int(without.n), **counts)


def _name(bought: Any) -> Any:
    return bought["product"].fill_null("").concat("\x1f", bought.sku.fill_null(""))


def listed(category: str | None = None, search: str = "") -> Any:
    """One row per product of a category (None: of none): product or sku, orders, lines, spend, last_day, category_from."""
    bought = lines()
    bought = bought.filter(bought.category.isnull() if category is None else bought.category == ibis.literal(category))
    for word in search.lower().split():
        bought = bought.filter(ibis.coalesce(bought["product"], bought.sku).lower().contains(word))
    return bought.group_by(*PRODUCT).aggregate(
        orders=bought.order_key.nunique(), lines=bought.count(), spend=bought.spend.sum(), last_day=bought.day.max(),
        category_from=bought.category_from.max(),
    )  # fmt: skip


def page(store: Store, category: str | None = None, search: str = "", limit: int = 20, offset: int = 0) -> pd.DataFrame:
    """Some rows of `listed`, biggest spend first."""
    found = listed(category, search)
    return store.read(found.order_by([ibis.desc("spend"), ibis.desc("orders"), *PRODUCT]).limit(limit, offset=offset))


def count(store: Store, category: str | None = None, search: str = "") -> int:
    """How many rows `listed` has."""
    return int(store.read(listed(category, search).count().name("n").as_table()).n[0])


def by_category(store: Store) -> pd.DataFrame:
    """One row per category in use: category, products, orders, customers, spend, share (of all lines' spend); biggest first."""
    bought = lines()
    known = bought.filter(bought.category.notnull())
    found = known.group_by("category").aggregate(
        products=_name(known).nunique(), orders=known.order_key.nunique(), customers=known.customer_id.nunique(), spend=known.spend.sum()
    )
    frame = store.read(found.order_by([ibis.desc("spend"), "category"]))
    whole = share(store).spend
    return frame.assign(share=frame.spend.astype(float) / float(whole) if whole else float("nan"))


def names(store: Store) -> list[str]:
    """The categories in use, by name."""
    found = tables.order_lines.filter(tables.order_lines.category.notnull()).select("category").distinct()
    return list(store.read(found.order_by("category")).category)


def titles(store: Store) -> pd.DataFrame:
    """The products on which rules have a say: product, category (as the last count left it), orders, lines, spend."""
    bought = lines()
    free = bought.filter(bought["product"].notnull() & (bought.category_from.isnull() | (bought.category_from == "rule")))
    found = free.group_by("product", "category").aggregate(orders=free.order_key.nunique(), lines=free.count(), spend=free.spend.sum())
    return store.read(found.order_by([ibis.desc("spend"), "product"]))


def effect(known: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Of `titles` those whose category these rules would change, with the new one in `after` (None: none)."""
    found = categories.matcher(rules)
    before = pd.Series([None if pd.isna(name) else name for name in known.category], index=known.index, dtype=object)
    after = pd.Series([found(title) for title in known["product"]], index=known.index, dtype=object)
    return known.assign(category=before, after=after)[[was != will for was, will in zip(before, after, strict=True)]]


def chosen(frame: pd.DataFrame, places: Sequence[int]) -> list[Product]:
    """The products in some rows of `page`, for `assignments.assign`."""
    rows = frame.iloc[list(places)][list(PRODUCT)].itertuples(index=False)
    return [Product(*(None if pd.isna(cell) else str(cell) for cell in row)) for row in rows]
