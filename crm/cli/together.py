"""`crm segment overlap|compare|history`: several segments beside each other, and one over time."""

from datetime import date
from typing import Annotated, Any

import typer

from crm import segments
from crm.accounts.acting import Right
from crm.cli import base
from crm.cli.base import AsOf, Data, Json, verb
from crm.database import Store
from crm.segments import comparing, over_time
from crm.segments import overlap as overlaps
from crm.segments.definition import Definition

Names = Annotated[list[str], typer.Argument(help="Two to five saved segments or paths of ladder files.")]
Weeks = Annotated[int, typer.Option("--weeks", help="So many points, one a week, the last of them today.")]
Other = Annotated[str | None, typer.Argument(help="A second one (default: all customers).")]


def register(group: typer.Typer) -> None:
    """Attach the verbs to those of segments."""
    verb(group, "overlap", Right.SEGMENTS)(overlap)
    verb(group, "compare", Right.SEGMENTS)(compare)
    verb(group, "history", Right.SEGMENTS)(history)


def overlap(names: Names, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """How two to five segments lie over each other: people and spend of every combination that occurs."""
    with base.opened(data) as store:
        found = overlaps.compute(store, [_named(store, name) for name in names], base.day(as_of, store))
        return found.as_json()


def compare(a: str, b: Other = None, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """Two segments, or one and all customers, on all dimensions, the strongest differences first."""
    with base.opened(data) as store:
        return comparing.compute(store, _named(store, a), _named(store, b) if b else None, base.day(as_of, store)).as_json()


def history(name: str, weeks: Weeks = over_time.WEEKS, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """The size of a segment week by week, each counted as of its day; weeks that no orders cover are left out."""
    with base.opened(data) as store:
        today: date = base.day(as_of, store)
        points = list(over_time.compute(store, _named(store, name), today, weeks))
        return {"points": [point.as_json() for point in reversed(points)]}


def _named(store: Store, given: str) -> Definition:
    """A segment; a file that gives no name is called by its path."""
    found = segments.load(store, given)
    return found if found.name else found.model_copy(update={"name": given[-100:]})
