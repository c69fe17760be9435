"""`crm kpi`, `crm metrics`, `crm explain`, `crm rivals`: the shop's numbers, why they changed, and whom they stand beside."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import typer

from crm.accounts.acting import Right
from crm.cli import base
from crm.cli.base import AsOf, Data, Json, verb
from crm.customers import alarms, benchmarks, beside, comparisons, coverage, explaining, kpi
from crm.customers.coverage import ENDED, Reason
from crm.customers.totals import Period
from crm.database import Store, load_shop
from crm.errors import BadInputError

From = Annotated[str | None, typer.Option("--from", help="First day of the window, YYYY-MM-DD.")]
First = Annotated[str, typer.Option("--from", help="First day of the period, YYYY-MM-DD.")]
To = Annotated[str | None, typer.Option("--to", help="Last day of the window, YYYY-MM-DD.")]
SameDay = Annotated[str, typer.Option("--same-day", help="separate: purchases of one day count one by one; merged: as one.")]
Compare = Annotated[bool, typer.Option("--compare", help="Also the period before and the same days last year, where the data cover them.")]


def register(app: typer.Typer) -> None:
    """Attach the verbs."""
    verb(app, "kpi", Right.OVERVIEW)(numbers)
    verb(app, "metrics", Right.OVERVIEW)(every_metric)
    verb(app, "explain", Right.OVERVIEW)(explain)
    verb(app, "rivals", Right.OVERVIEW)(rivals)


def numbers(
    data: Data = None,
    as_of: AsOf = None,
    start: From = None,
    end: To = None,
    same_day: SameDay = "separate",
    compare: Compare = False,
    as_json: Json = False,
) -> dict[str, Any]:
    """The shop's numbers with repeat rates; null where they cannot be computed from these files."""
    first, last = (base.parsed(text) if text else None for text in (start, end))
    with base.opened(data) as store:
        today = base.day(as_of, store)
        result = kpi.compute(store, today, first, last, same_day).as_json()
        covered = coverage.of(store, today)
        gone = covered.missing(first, min(last or today, today)) if covered and first else None
        if gone is not None:
            typer.echo(f"These days are not all in the data: {gone.sentence()}.", err=True)
        return result | comparisons.compute(store, today, first, last, same_day) if compare else result


def every_metric(
    data: Data = None, as_of: AsOf = None, start: From = None, end: To = None, same_day: SameDay = "separate", as_json: Json = False
) -> dict[str, Any]:
    """Every number of the registry: words, formula, value beside the days before and last year's; null with its reason."""
    first, last = (base.parsed(text) if text else None for text in (start, end))
    with base.opened(data) as store:
        return comparisons.as_json(comparisons.table(store, kpi.window(store, base.day(as_of, store), first, last, same_day)))


def explain(start: First, end: To = None, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """Why sales changed against the days before, step by step to the cent; and which rates left their usual band."""
    with base.opened(data) as store:
        today = base.day(as_of, store)
        window = kpi.window(store, today, base.parsed(start), base.parsed(end) if end else None)
        now = Period(window.start or window.end, window.end)
        before = beside.before(now)
        _require_covered(store, today, now, before)
        result = explaining.explain(store, today, now, before)
        items = [
            {"name": one.metric.name, **{name: getattr(one, name) for name in ("value", "low", "high", "runs", "bad", "people")}}
            for one in alarms.of(store, today, now)
        ]
        return {
            "period": {"from": now.start, "to": now.end},
            "period_before": {"from": before.start, "to": before.end},
            **asdict(result),
            "alarms": items,
        }


def _require_covered(store: Store, today: date, *periods: Period) -> None:
    covered = coverage.of(store, today)
    reasons = [covered.missing(one.start, one.end) for one in periods] if covered else []
    late = covered is not None and periods[0].start > covered.last
    gone = Reason(ENDED, {"day": covered.last}) if covered and late else next((one for one in reasons if one), None)
    if covered is None or gone:
        why = gone.sentence() if gone else comparisons.NOTHING_YET
        raise BadInputError("explain.not_covered", "These days cannot be compared: {why}. Nothing was computed.", why=why)


def rivals(data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """The shop's repeat rate of the last 365 days beside its trade's and its rivals', with the gap in people and money."""
    with base.opened(data) as store:
        result = benchmarks.standing(store, base.day(as_of, store), load_shop(store))
        items = [asdict(one) | {"name": one.name[1], "source": one.source[1]} for one in result.compared]
        return {"since": result.since, "rate": result.rate, "customers": result.customers, "compared": items}
