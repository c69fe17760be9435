"""`crm sending state | keep | forget | go-on`: an older copy of the database was put back; what a person decides about it."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from crm import clock
from crm.accounts.acting import Right
from crm.campaigns import restored
from crm.cli.base import Data, Json, opened, verb

group = typer.Typer(no_args_is_help=True, help="May messages leave? After a copy of the database was put back, a person decides.")
Campaign = Annotated[str | None, typer.Argument(help="One campaign's id; without it, all that wait.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to `crm`."""
    app.add_typer(group, name="sending")


@verb(group, "state", Right.CAMPAIGNS)
def state(data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """Whether sending is stopped, why, and what left after the copy was made."""
    with opened(data) as store:
        result = restored.state(store)
        return asdict(result) | {"reasons": [str(reason) for reason in restored.reasons(result)]}


@verb(group, "keep", Right.LAUNCH)
def keep(campaign_id: Campaign = None, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """The safe decision: whoever was written to after the copy counts as written to."""
    with opened(data) as store:
        return {"kept": restored.keep(store, campaign_id, clock.now(), "terminal")}


@verb(group, "forget", Right.LAUNCH)
def forget(
    campaign_id: Campaign = None,
    people: Annotated[int, typer.Option(help="How many messages left after the copy: said again, so that it is meant.")] = -1,
    data: Data = None,
    as_json: Json = False,
) -> dict[str, Any]:
    """Forget what left after the copy: these people may get it a second time."""
    with opened(data) as store:
        return {"forgotten": restored.forget(store, campaign_id, people, clock.now(), "terminal")}


@verb(group, "go-on", Right.LAUNCH)
def go_on(data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """This folder is the one that sends, although its journal is missing or it is a copy of another."""
    with opened(data) as store:
        restored.go_on(store, clock.now(), "terminal")
        return asdict(restored.state(store))
