"""`crm roi` and `crm bench`: what a campaign earned, how fast this machine is."""

from typing import Annotated, Any

import typer

from crm import bench, roi
from crm.accounts.acting import Right
from crm.cli.base import AsOf, Data, Json, day, opened, verb

Campaign = Annotated[str, typer.Argument(help="Id of a campaign (`crm campaign list`).")]
Window = Annotated[int | None, typer.Option("--window-days", help="Days after the message that count (default: the shop's setting).")]
Name = Annotated[
    str, typer.Argument(help="import, growth, xlsx, explore, ladder, segment, together, predict, facts, open, crowd or backup.")
]
Customers = Annotated[int, typer.Option("--customers", min=100, max=5_000_000, help="How many customers to measure with.")]
People = Annotated[int, typer.Option("--people", min=1, max=500, help="crowd: how many people click.")]
Period = Annotated[float, typer.Option("--period", min=0.1, max=600, help="crowd: seconds between the clicks of one person.")]
Seconds = Annotated[float, typer.Option("--seconds", min=1, max=86_400, help="crowd: for how long.")]
Orders = Annotated[int, typer.Option("--orders", min=100, max=20_000_000, help="About how many orders to measure with.")]


def register(app: typer.Typer) -> None:
    """Attach the verbs."""
    verb(app, "roi", Right.OVERVIEW)(result)
    verb(app, "bench", Right.METRICS)(measure)


def result(
    campaign_id: Campaign, data: Data = None, as_of: AsOf = None, as_json: Json = False, window_days: Window = None
) -> dict[str, Any]:
    """What a campaign earned: recipients against those held out, with the interval and a verdict."""
    with opened(data) as store:
        return roi.as_json(roi.report(store, campaign_id, window_days, as_of=day(as_of, store)))


def measure(
    name: Name,
    as_json: Json = False,
    customers: Customers = 200_000,
    orders: Orders = 1_000_000,
    people: People = 50,
    period: Period = 5.0,
    seconds: Seconds = 60.0,
) -> dict[str, Any]:
    """Measure on invented data, beside hand-written DuckDB in the same run."""
    return bench.run(name, customers, orders, people, period, seconds)
