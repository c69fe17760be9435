"""`crm products`: how much of the spend has a category, the categories, and the products that have none, biggest spend first."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import typer

from crm.accounts.acting import Right
from crm.cli.base import AsOf, Data, Json, day, opened, verb
from crm.customers import facts, other_currencies
from crm.database import tables
from crm.products import coverage, proposing

Limit = Annotated[int, typer.Option("--limit", min=0, help="How many of the products without a category to list.")]


def register(app: typer.Typer) -> None:
    """Attach the verb."""
    verb(app, "products", Right.IMPORTS)(products)


def products(limit: Limit = 20, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """Products and their categories, over all purchases; the categories and “unknown” (in none) add up to the shop's spend."""
    with opened(data) as store:
        until = day(as_of, store) if as_of else None
        result, rows = coverage.share(store, until), coverage.page(store, limit=limit, as_of=until).drop(columns="category_from")
        rows, per = rows.astype(object).where(rows.notna(), None), coverage.by_category(store, until)
        named = per.category.notna()
        none = per[~named].drop(columns="category").to_dict("records")
        return {
            "spend": result.spend,
            "spend_with_category": result.spend_with,
            "share_of_spend": result.of_spend,
            "share_of_lines": result.of_lines,
            "products": result.products,
            "products_without_category": result.products_without,
            "spend_without_lines": result.spend_unlined,
            "orders_without_lines": result.orders_without_lines,
            "categories": per[named].to_dict("records"),
            "unknown": none[0] if none else None,
            "uncategorised": rows.to_dict("records"),
            "proposed": [asdict(one) for one in proposing.proposed(store)],
            "other_currencies": [asdict(row) for row in other_currencies.listed(store, facts.until(tables.orders, until or date.max))],
        }
