"""`crm distribution`, `crm segment count|members|why|list|freeze`: the same numbers as on the pages."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from crm import clock, segments
from crm.accounts.acting import Right
from crm.cli import base, together
from crm.cli.base import AsOf, Customer, Data, Json, verb
from crm.customers import distributions, other_currencies, searching
from crm.database import load_shop
from crm.segments import export, lists, pasted, saved, scope, why

Segment = Annotated[str | None, typer.Option("--segment", help="A saved segment or the path of a ladder file.")]
Rung = Annotated[str | None, typer.Option("--rung", help="The rung whose members are meant (default: the last).")]
Language = Annotated[str | None, typer.Option("--language", help="Headers in zh_CN or en (default: the column names).")]
ListName = Annotated[str, typer.Option("--name", help="What it is to be called.")]
Out = Annotated[Path, typer.Option("--out", help="The CSV file to write.")]


def register(app: typer.Typer) -> None:
    """Attach the verbs."""
    verb(app, "distribution", Right.CUSTOMERS)(distribution)
    group = typer.Typer(no_args_is_help=True, help="Groups of customers.")
    verb(group, "count", Right.SEGMENTS)(count)
    verb(group, "members", Right.EXPORT)(members)
    verb(group, "why", Right.SEGMENTS)(why_of)
    verb(group, "list", Right.SEGMENTS)(listed)
    verb(group, "freeze", Right.SEGMENTS)(freeze)
    together.register(group)
    app.add_typer(group, name="segment")


def distribution(dimension: str, segment: Segment = None, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """Customers and their spend per bin of a dimension (province, spend, lapse, frequency …)."""
    with base.opened(data) as store:
        within = scope.at(store, base.day(as_of, store))
        who = segments.chosen(segments.load(store, segment), within) if segment else distributions.everybody(within)
        bins = distributions.compute(store, dimension, who, within)
        missing = other_currencies.listed(store, within.orders, who)
        items = [{"bin": one.bin, "customers": one.customers, "spend": one.spend} for one in bins]
        return {"bins": items} | ({"other_currencies": [asdict(row) for row in missing]} if missing else {})


def count(file_or_name: str, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """Customers, drop, spend and reachable people on every rung of a ladder."""
    with base.opened(data) as store:
        rungs = segments.count(store, segments.load(store, file_or_name), base.day(as_of, store))
        return {"rungs": [rung.as_json() for rung in rungs]}


def members(
    file_or_name: str,
    out: Out,
    rung: Rung = None,
    language: Language = None,
    data: Data = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> dict[str, Any]:
    """Write the members of a segment to a CSV file that is safe to open in a spreadsheet."""
    with base.opened(data) as store:
        now = clock.now()
        file = out.with_name(export.named(out.name, load_shop(store).timezone, now))
        definition = segments.load(store, file_or_name)
        rows = segments.export_csv(store, definition, base.day(as_of, store), file, now, rung, language)
        return {"rows": rows} | ({"file": str(file)} if file != out else {})


def why_of(file_or_name: str, customer: Customer, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """Why one customer is in a segment or not: each rung, each condition, what is known of the customer, the first rung that stops."""
    with base.opened(data) as store:
        definition = segments.load(store, file_or_name)
        found = searching.one(store, customer)
        return base.masked(store, "segment why", why.explain(store, definition, found.customer_id, base.day(as_of, store)).as_json())


def listed(file: Path, name: ListName, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """Look up the ids, order numbers, phones, e-mails, accounts and nicknames in a text file, and keep who was found as a list."""
    with base.opened(data) as store:
        found = pasted.look_up(store, pasted.from_file(file))
        made = lists.keep(store, name, found, clock.now())
        rest = {key: getattr(found, key) for key in ("not_found", "ambiguous", "damaged")}
        return {"list_id": made.list_id, "name": made.name, "given": made.given, "found": made.found} | rest


def freeze(
    name_or_id: str, rung: Rung = None, name: ListName = "", data: Data = None, as_of: AsOf = None, as_json: Json = False
) -> dict[str, Any]:
    """Keep who is in a saved segment as a list, and a new segment that is exactly that list."""
    with base.opened(data) as store:
        return asdict(saved.freeze(store, name_or_id, base.day(as_of, store), clock.now(), rung, name or None))
