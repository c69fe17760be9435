"""`crm demo`: an invented shop to look at, or only its files."""

from pathlib import Path
from typing import Annotated, Any

import typer

from crm import clock, demo
from crm.accounts.acting import Right
from crm.cli.base import AsOf, Data, Json, day, opened, parsed, verb
from crm.errors import BadInputError
from crm.settings import Environment

Customers = Annotated[int, typer.Option("--customers", min=100, max=5_000_000, help="How many customers.")]
Orders = Annotated[int | None, typer.Option("--orders", min=100, max=20_000_000, help="About how many orders (default: 2.5 per customer).")]
FilesOnly = Annotated[Path | None, typer.Option("--files", help="Only write the order files to this folder; the database is not touched.")]
Remove = Annotated[bool, typer.Option("--remove", help="Take the demo shop out again.")]


def register(app: typer.Typer) -> None:
    """Attach the verb."""
    verb(app, "demo", Right.IMPORTS)(load)


def load(
    data: Data = None,
    as_of: AsOf = None,
    as_json: Json = False,
    customers: Customers = 20_000,
    orders: Orders = None,
    files: FilesOnly = None,
    remove: Remove = False,
) -> dict[str, Any]:
    """Load the demo shop: two years of invented orders up to yesterday and three past campaigns."""
    if orders is not None and orders < customers:
        raise BadInputError(
            "demo.too_few_orders",
            "Every customer has at least one order: {orders} orders are too few for {customers} customers. Nothing was written.",
            orders=orders,
            customers=customers,
        )
    if files is not None:
        today = parsed(as_of) if as_of else clock.day_of(clock.now(), "Asia/Shanghai")
        return {"files": [str(path) for path in demo.write_files(files, customers, today, orders)]}
    with opened(data) as store:
        if remove:
            demo.remove(store, clock.now())
            return {"removed": True}
        folder = (data or Environment().data) / "demo"
        return demo.load(store, folder, day(as_of, store), clock.now(), customers=customers, orders=orders)
