"""Products and their categories: how much of the spend has one, what has none, what new rules would do. Reads are Ibis expressions."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis
import pandas as pd

from crm.database import Store, tables
from crm.database.scratch import Bench
from crm.orders import categories
from crm.orders.assignments import Product
from crm.orders.categories import Rules

PRODUCT = ("product", "sku")
SOURCES = ("orders", "order_lines", "customer_categories")


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


@dataclass(frozen=True)
class _Sums:
    """Tables in memory, made once per state of the data: `sold` has a row per product, category and whose word that is."""

    sold: Any
    categories: Any
    whole: Any


def _sums(store: Store) -> _Sums:
    found: _Sums = store.scratch.kept(("products", store.written(SOURCES)), _made)
    return found


def _made(bench: Bench) -> _Sums:
    bought = tables.order_lines.filter(tables.order_lines.is_purchase)
    spend, code = (
        bought.amount.fill_null(0) - bought.refunded.fill_null(0),
        bought["product"].isnull().ifelse(bought.sku, ibis.null("string")),
    )
    bought = bought.mutate(spend=spend, sku=code)
    sold = bought.group_by(*PRODUCT, "category", "category_from").aggregate(
        orders=bought.order_key.nunique(), lines=bought.count(), spend=bought.spend.sum(), last_day=bought.day.max()
    )
    known = bought.filter(bought.category.notnull())
    orders = tables.orders.filter(tables.orders.is_purchase)
    bare = orders.mutate(is_bare=~orders.order_key.isin(tables.order_lines.order_key))
    whole = bare.aggregate(orders_spend=bare.spend.sum().fill_null(0), orders_without_lines=bare.is_bare.sum().fill_null(0))
    return _Sums(bench.put(sold), bench.put(known.group_by("category").aggregate(orders=known.order_key.nunique())), bench.put(whole))


def share(store: Store) -> Share:
    """How much of everything bought has a category."""
    sums = _sums(store)
    sold, known = sums.sold, sums.sold.category.notnull()
    told = store.read(
        sold.aggregate(
            spend=sold.spend.sum().fill_null(0),
            spend_with=sold.spend.sum(where=known).fill_null(0),
            lines=sold.lines.sum().fill_null(0),
            lines_with=sold.lines.sum(where=known).fill_null(0),
            products=_name(sold).nunique(),
            products_without=_name(sold).nunique(where=~known),
        )
    ).iloc[0]
    whole = store.read(sums.whole).iloc[0]
    counts = {name: int(told[name]) for name in ("lines", "lines_with", "products", "products_without")}
    return Share(
        told.spend, told.spend_with, orders_spend=whole.orders_spend, orders_without_lines=int(whole.orders_without_lines), **counts
    )


def _name(sold: Any) -> Any:
    return sold["product"].fill_null("").concat("\x1f", sold.sku.fill_null(""))


def listed(store: Store, category: str | None = None, search: str = "") -> Any:
    """One row per product of a category (None: of none): product or sku, orders, lines, spend, last_day, category_from."""
    sold = _sums(store).sold
    sold = sold.filter(sold.category.isnull() if category is None else sold.category == ibis.literal(category))
    for word in search.lower().split():
        sold = sold.filter(ibis.coalesce(sold["product"], sold.sku).lower().contains(word))
    return sold.group_by(*PRODUCT).aggregate(
        orders=sold.orders.sum(), lines=sold.lines.sum(), spend=sold.spend.sum(), last_day=sold.last_day.max(),
        category_from=sold.category_from.min(),
    )  # fmt: skip


def page(store: Store, category: str | None = None, search: str = "", limit: int = 20, offset: int = 0) -> pd.DataFrame:
    """Some rows of `listed`, biggest spend first."""
    found = listed(store, category, search)
    return store.read(found.order_by([ibis.desc("spend"), ibis.desc("orders"), *PRODUCT]).limit(limit, offset=offset))


def count(store: Store, category: str | None = None, search: str = "") -> int:
    """How many rows `listed` has."""
    return int(store.read(listed(store, category, search).count().name("n").as_table()).n[0])


def by_category(store: Store) -> pd.DataFrame:
    """One row per category in use: category, products, orders, customers, spend, share (of all lines' spend); biggest first."""
    sums, per = _sums(store), tables.customer_categories
    known = sums.sold.filter(sums.sold.category.notnull())
    found = known.group_by("category").aggregate(products=_name(known).nunique(), spend=known.spend.sum())
    people = per.group_by("category").aggregate(customers=per.count())
    found = found.left_join(people, "category").drop("category_right").join(sums.categories, "category")
    frame = store.read(found.order_by([ibis.desc("spend"), "category"]))
    frame["customers"] = frame.customers.fillna(0).astype(int)
    whole = float(share(store).spend)
    frame = frame.assign(share=frame.spend.astype(float) / whole if whole else float("nan"))
    return frame[["category", "products", "orders", "customers", "spend", "share"]]


def names(store: Store) -> list[str]:
    """The categories in use, by name."""
    return list(store.read(_sums(store).categories.order_by("category")).category)


def titles(store: Store) -> pd.DataFrame:
    """The products on which rules have a say: product, category (as the last count left it), orders, lines, spend."""
    sold = _sums(store).sold
    free = sold.filter(sold["product"].notnull() & (sold.category_from.isnull() | (sold.category_from == "rule")))
    return store.read(free.select("product", "category", "orders", "lines", "spend").order_by([ibis.desc("spend"), "product"]))


def effect(known: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Of `titles` those whose category these rules would change, with the new one in `after` (None: none)."""
    found = categories.matcher(rules)
    before = pd.Series([None if pd.isna(name) else name for name in known.category], index=known.index, dtype=object)
    after = pd.Series([found(title) for title in known["product"]], index=known.index, dtype=object)
    changed = pd.Series([was != will for was, will in zip(before, after, strict=True)], index=known.index, dtype=bool)
    return known.assign(category=before, after=after)[changed]


def chosen(frame: pd.DataFrame, places: Sequence[int]) -> list[Product]:
    """The products in some rows of `page`, for `assignments.assign`."""
    rows = frame.iloc[list(places)][list(PRODUCT)].itertuples(index=False)
    return [Product(*(None if pd.isna(cell) else str(cell) for cell in row)) for row in rows]
