"""`crm products`: how much of the spend has a category, the categories, and the products that have none, biggest spend first."""

from typing import Annotated, Any

import typer

from crm.cli.base import Data, Json, opened, verb
from crm.customers import other_currencies
from crm.orders import products

Limit = Annotated[int, typer.Option("--limit", min=0, help="How many of the products without a category to list.")]


def register(app: typer.Typer) -> None:
    """Attach the verb."""
    verb(app, "products")(told)


def told(limit: Limit = 20, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """Products and their categories, over all purchases."""
    with opened(data) as store:
        found, rows = products.share(store), products.page(store, limit=limit).drop(columns="category_from")
        rows = rows.astype(object).where(rows.notna(), None)
        return {
            "spend": found.spend, "spend_with_category": found.spend_with, "share_of_spend": found.of_spend,
            "share_of_lines": found.of_lines, "products": found.products, "products_without_category": found.products_without,
            "categories": products.by_category(store).to_dict("records"), "uncategorised": rows.to_dict("records"),
            "other_currencies": other_currencies.listed(store),
        }  # fmt: skip
