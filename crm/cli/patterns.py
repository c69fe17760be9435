"""`crm patterns rfm|grid|moves|cohorts|cycle|clock|affinity|first`: when customers come back, after what, and who is late."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

import typer

from crm.accounts.acting import Right
from crm.cli import base
from crm.cli.base import AsOf, Data, Json, verb
from crm.patterns import affinity, classes, cohorts, cycle, firsts, grid, rhythm

Of = Annotated[str, typer.Option("--of", help="category or product.")]
By = Annotated[str, typer.Option("--by", help="month, first_product, first_category, province or source.")]
Before = Annotated[str | None, typer.Option("--before", help="The earlier day, YYYY-MM-DD (default: 90 days before).")]
Days = Annotated[int, typer.Option("--days", help="The second within so many days of the first.")]


def register(app: typer.Typer) -> None:
    """Attach the verbs."""
    group = typer.Typer(no_args_is_help=True, help="When customers come back, after what, and who is late.")
    verb(group, "rfm", Right.CUSTOMERS)(rfm)
    verb(group, "grid", Right.CUSTOMERS)(boxes)
    verb(group, "moves", Right.CUSTOMERS)(moves)
    verb(group, "cohorts", Right.CUSTOMERS)(months)
    verb(group, "cycle", Right.CUSTOMERS)(cycles)
    verb(group, "clock", Right.CUSTOMERS)(late)
    verb(group, "affinity", Right.CUSTOMERS)(pairs)
    verb(group, "first", Right.CUSTOMERS)(beginnings)
    app.add_typer(group, name="patterns")


def rfm(data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """The eight RFM classes: people, spend, mean recency and purchases, and the filter of each."""
    with base.opened(data) as store:
        return {"classes": [asdict(one) | {"where": one.node} for one in classes.compute(store, base.day(as_of, store))]}


def boxes(data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """Days since the last purchase × number of purchases: people, spend, classes and rhythm of each box, and its filter."""
    with base.opened(data) as store:
        found = grid.compute(store, base.day(as_of, store)).boxes.values()
        return {"boxes": [{("where" if key == "node" else key): value for key, value in asdict(one).items()} for one in found]}


def moves(before: Before = None, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """How many have moved from which class to which between two days."""
    with base.opened(data) as store:
        today = base.day(as_of, store)
        start = base.parsed(before) if before else today - timedelta(days=classes.AGO)
        return {"before": start, "day": today, "moves": [asdict(one) for one in classes.moves(store, start, today)]}


def months(by: By = "month", data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """Cohorts: what customers did in the months after their first purchase."""
    with base.opened(data) as store:
        found = cohorts.compute(store, base.day(as_of, store), by)
        return {"since": found.since, "rows": [_row(one) for one in found.rows]}


def _row(row: cohorts.Row) -> dict[str, Any]:
    cells = [asdict(cell) | {"share": cell.share} for cell in row.cells]
    return {"key": row.key, "customers": row.customers, "cells": cells}


def cycles(of: Of = "category", data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """The usual days between buying a category or product and buying it again; who is due, who is late."""
    with base.opened(data) as store:
        return {"cycles": [asdict(one) for one in cycle.compute(store, base.day(as_of, store), of)]}


def late(data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """Buyers by days since the last purchase ÷ their own usual days."""
    with base.opened(data) as store:
        found = rhythm.compute(store, base.day(as_of, store))
        return {"stretches": [{("where" if key == "node" else key): value for key, value in asdict(one).items()} for one in found]}


def pairs(of: Of = "category", days: Days = affinity.DAYS, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """What is bought after what: support, confidence, lift, and how many people it would reach."""
    with base.opened(data) as store:
        found = affinity.compute(store, base.day(as_of, store), of, days)
        return {"pairs": [asdict(one) | {"where": one.node} for one in found]}


def beginnings(of: Of = "category", data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """Which first purchases bring people back, and after which purchases they stay away."""
    with base.opened(data) as store:
        found = firsts.compute(store, base.day(as_of, store), of)
        return {"whole": _item(found.whole), "items": [_item(one) for one in found.items], "ended_days": found.ended_days}


def _item(one: firsts.Item) -> dict[str, Any]:
    return asdict(one) | {"back_share": one.back_share, "ended_share": one.ended_share}
