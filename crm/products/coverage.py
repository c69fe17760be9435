"""Products and their categories: how much of the spend has one, what has none, what new rules would do. Reads are Ibis expressions.

Money is net and adds up: every category and what has none come to the shop's spend (crm/orders/money.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import ibis
import pandas as pd

from crm.customers import categories as per_customer
from crm.database import Store, tables
from crm.database.scratch import Bench
from crm.orders import categories, money
from crm.orders.categories import Rules
from crm.products.assignments import Product

PRODUCT = ("product", "sku")
SOURCES = ("orders", "order_lines", "customer_categories")


@dataclass(frozen=True)
class Share:
    """All purchases' spend, and how much of it has a category; of their lines and products too.

    `spend_unlined` is what no line has: of `orders_unlined` purchases, `orders_without_lines` of which have no line at all.
    """

    spend: Decimal
    spend_with: Decimal
    spend_unlined: Decimal
    lines: int
    lines_with: int
    products: int
    products_without: int
    orders_unlined: int
    orders_without_lines: int

    @property
    def spend_of_products(self) -> Decimal:
        """What the products without a category brought."""
        return self.spend - self.spend_with - self.spend_unlined

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
    """Tables in memory, made once per state of the data and day: `sold` has a row per product, category and whose word that is.

    `categories` has a row per category, and one (null) for what has none.
    """

    sold: Any
    categories: Any
    whole: Any


def _sums(store: Store, as_of: date | None) -> _Sums:
    latest = (store.one("SELECT max(day) AS day FROM orders") or {"day": None})["day"]
    day = None if as_of is None or latest is None or as_of >= latest else as_of
    made = partial(_made, day, tables.customer_categories if day is None else per_customer.table(store, day))
    result: _Sums = store.scratch.kept(("products", store.written(SOURCES), day), made)
    return result


def _made(as_of: date | None, customers: Any, bench: Bench) -> _Sums:
    orders, lines = (
        source if as_of is None else source.filter(source.day <= ibis.literal(as_of)) for source in (tables.orders, tables.order_lines)
    )
    bought, code = lines.filter(lines.is_purchase), lines["product"].isnull().ifelse(lines.sku, ibis.null("string"))
    bought = bought.mutate(spend=bought.spend.fill_null(0), sku=code)
    sold = bought.group_by(*PRODUCT, "category", "category_from").aggregate(
        orders=bought.order_key.nunique(), lines=bought.count(), spend=bought.spend.sum(), last_day=bought.day.max()
    )
    rest = bench.put(money.unlined(orders, lines))
    every = money.bought(orders, lines, rest)
    spent = every.group_by("category").aggregate(orders=every.order_key.nunique(), spend=every.spend.sum())
    who = customers.group_by(of="category").aggregate(customers=customers.count())
    per = spent.left_join(who, spent.category.identical_to(who.of)).select(
        "category", "orders", "spend", customers=ibis._.customers.fill_null(0)
    )
    whole = rest.aggregate(
        spend_unlined=rest.spend.sum().fill_null(0), orders_unlined=rest.count(), orders_without_lines=rest.count(where=rest.lines == 0)
    )
    return _Sums(bench.put(sold), bench.put(per), bench.put(whole))


def share(store: Store, as_of: date | None = None) -> Share:
    """How much of everything bought has a category; `as_of`: of the orders up to that shop day."""
    sums = _sums(store, as_of)
    sold, known, per = sums.sold, sums.sold.category.notnull(), sums.categories
    entry = store.read(
        sold.aggregate(
            lines=sold.lines.sum().fill_null(0),
            lines_with=sold.lines.sum(where=known).fill_null(0),
            products=_name(sold).nunique(),
            products_without=_name(sold).nunique(where=~known),
        )
    ).iloc[0]
    spent = per.aggregate(spend=per.spend.sum().fill_null(0), spend_with=per.spend.sum(where=per.category.notnull()).fill_null(0))
    amounts, whole = store.read(spent).iloc[0], store.read(sums.whole).iloc[0]
    counts = {str(name): int(value) for name, value in entry.items()}
    rest = {name: int(whole[name]) for name in ("orders_unlined", "orders_without_lines")}
    return Share(_cents(amounts.spend), _cents(amounts.spend_with), spend_unlined=_cents(whole.spend_unlined), **counts, **rest)


def _cents(amount: float) -> Decimal:
    return Decimal(str(amount)).quantize(Decimal("0.01"))


def _name(sold: Any) -> Any:
    return sold["product"].fill_null("").concat("\x1f", sold.sku.fill_null(""))


def listed(store: Store, category: str | None = None, search: str = "", as_of: date | None = None) -> Any:
    """One row per product of a category (None: of none): product or sku, orders, lines, spend, last_day, category_from."""
    sold = _sums(store, as_of).sold
    sold = sold.filter(sold.category.isnull() if category is None else sold.category == ibis.literal(category))
    for word in search.lower().split():
        sold = sold.filter(ibis.coalesce(sold["product"], sold.sku).lower().contains(word))
    return sold.group_by(*PRODUCT).aggregate(
        orders=sold.orders.sum(),
        lines=sold.lines.sum(),
        spend=sold.spend.sum(),
        last_day=sold.last_day.max(),
        category_from=sold.category_from.min(),
    )


def page(
    store: Store, category: str | None = None, search: str = "", limit: int = 20, offset: int = 0, as_of: date | None = None
) -> pd.DataFrame:
    """Some rows of `listed`, biggest spend first."""
    result = listed(store, category, search, as_of)
    return store.read(result.order_by([ibis.desc("spend"), ibis.desc("orders"), *PRODUCT]).limit(limit, offset=offset))


def count(store: Store, category: str | None = None, search: str = "") -> int:
    """How many rows `listed` has."""
    return int(store.read(listed(store, category, search).count().name("n").as_table()).n[0])


def by_category(store: Store, as_of: date | None = None) -> pd.DataFrame:
    """One row per category in use: category, products, orders, customers, spend, share (of the shop's spend); biggest first.

    The last row (category None) is what has none, orders without lines included, where there is any: the spend adds up to the shop's.
    """
    sums = _sums(store, as_of)
    frame = store.read(sums.categories.order_by([sums.categories.category.isnull(), ibis.desc("spend"), "category"]))
    counted = store.read(sums.sold.group_by("category").aggregate(products=_name(sums.sold).nunique()))
    known = dict(zip(counted.category.astype(object).where(counted.category.notna(), None), counted.products, strict=True))
    frame["category"] = frame.category.astype(object).where(frame.category.notna(), None)
    frame["products"] = [int(known.get(name, 0)) for name in frame.category]
    frame["spend"] = frame.spend.map(_cents).astype(object)
    whole = sum(frame.spend, Decimal(0))
    frame["share"] = [float(amount / whole) if whole else float("nan") for amount in frame.spend]
    return frame[["category", "products", "orders", "customers", "spend", "share"]]


def names(store: Store) -> list[str]:
    """The categories in use, by name."""
    known = _sums(store, None).categories
    return list(store.read(known.filter(known.category.notnull()).order_by("category")).category)


def titles(store: Store) -> pd.DataFrame:
    """The products on which rules have a say: product, category (as the last count left it), orders, lines, spend."""
    sold = _sums(store, None).sold
    free = sold.filter(sold["product"].notnull() & (sold.category_from.isnull() | (sold.category_from == "rule")))
    return store.read(free.select("product", "category", "orders", "lines", "spend").order_by([ibis.desc("spend"), "product"]))


def effect(known: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Of `titles` those whose category these rules would change, with the new one in `after` (None: none)."""
    result = categories.matcher(rules)
    before = pd.Series([None if pd.isna(name) else name for name in known.category], index=known.index, dtype=object)
    after = pd.Series([result(title) for title in known["product"]], index=known.index, dtype=object)
    changed = pd.Series([was != will for was, will in zip(before, after, strict=True)], index=known.index, dtype=bool)
    return known.assign(category=before, after=after)[changed]


def chosen(frame: pd.DataFrame, places: Sequence[int]) -> list[Product]:
    """The products in some rows of `page`, for `assignments.assign`."""
    rows = frame.iloc[list(places)][list(PRODUCT)].itertuples(index=False)
    return [Product(*(None if pd.isna(cell) else str(cell) for cell in row)) for row in rows]
