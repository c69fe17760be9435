"""`crm same list|join|apart|joined|undo`: accounts that are one person."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from crm import clock
from crm.accounts import masking
from crm.accounts.acting import Right
from crm.accounts.masking import Kind
from crm.cli.base import Data, Json, in_full, opened, verb
from crm.customers import joining, same_people
from crm.customers.same_people import Group
from crm.errors import BadInputError
from crm.orders import crosswalk

Keys = Annotated[list[str] | None, typer.Argument(help="As `crm same list` shows them.", show_default=False)]
Ids = Annotated[list[str], typer.Argument(help="link_id or batch_id, as `crm same joined` shows them.", show_default=False)]
Surest = Annotated[bool, typer.Option("--surest", help="All groups of the surest kind.")]
ACTOR = "terminal"


def register(app: typer.Typer) -> None:
    """Attach the verbs."""
    group = typer.Typer(no_args_is_help=True, help="Accounts that are one person.")
    for name, work in (("list", suggested), ("join", join), ("apart", apart), ("joined", joined), ("undo", undo)):
        verb(group, name, Right.IMPORTS)(work)
    app.add_typer(group, name="same")


def suggested(data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """The groups of customers that share a clear phone number or e-mail address, the surest first."""
    with opened(data) as store:
        result = same_people.suggestions(store)
        effect = same_people.effect(store, result.groups)
        shared = [{"kind": mark.kind, "customers": mark.customers} for mark in result.shared]
        full = in_full(store, "same list")
        rows = [_row(group, full) for group in result.groups]
        return {"groups": rows, "shared": shared, "customers": list(effect.customers), "repeat_buyer_rate": list(effect.rate)}


def _row(group: Group, full: bool) -> dict[str, Any]:
    evidence = sorted({mark.kind for mark in group.marks})
    customers = [one if full else masking.shown(Kind.HIDE, one) for one in group.customers]
    return {"key": group.key, "strength": group.strength, "customers": customers, "evidence": evidence}


def join(keys: Keys = None, surest: Surest = False, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """Join these groups, each into one customer."""
    with opened(data) as store:
        wanted = [group.key for group in same_people.suggestions(store).of("surest")] if surest else list(keys or [])
        if not wanted:
            raise BadInputError(
                "joining.nothing_named", "Nothing was named that could be joined. Nothing was changed. `crm same list` shows the keys."
            )
        return asdict(joining.join(store, wanted, clock.now(), ACTOR))


def apart(keys: Keys = None, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """Say that these groups are not one person: not suggested again until their evidence changes."""
    with opened(data) as store:
        return joining.set_apart(store, list(keys or []), clock.now(), ACTOR)


def joined(data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """What was decided, newest first."""
    with opened(data) as store:
        full = in_full(store, "same joined")
        rows = {state: joining.decisions(store, state) for state in (crosswalk.JOINED, crosswalk.APART)}
        return {state: [row.as_json() if full else _masked(row.as_json()) for row in result] for state, result in rows.items()}


def _masked(decision: dict[str, Any]) -> dict[str, Any]:
    return decision | {"accounts": [masking.row(one) for one in decision["accounts"]]}


def undo(ids: Ids, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """Take decisions back, as if they had never been made."""
    with opened(data) as store:
        return joining.undo(store, ids, clock.now(), ACTOR)
