"""`crm settings`, `crm rates`: what the shop decides for itself, and what other currencies are worth to it."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from crm import clock, database
from crm.accounts.acting import Right
from crm.cli.base import Data, Json, opened, verb
from crm.customers import deciding
from crm.errors import BadInputError, NotFoundError
from crm.orders import rates
from crm.settings import Shop


class Action(StrEnum):
    """What to do with settings."""

    LIST = "list"
    GET = "get"
    SET = "set"


What = Annotated[Action, typer.Argument(help="list all settings, get one, or set one.")]
Name = Annotated[str | None, typer.Argument(help="The setting, as `list` names it.")]
Value = Annotated[str | None, typer.Argument(help="What it shall be.")]


def register(app: typer.Typer) -> None:
    """Attach the verbs."""
    verb(app, "settings", Right.SETTINGS)(settings)
    verb(app, "rates", Right.SETTINGS)(listed)


def settings(
    action: What = Action.LIST, name: Name = None, value: Value = None, data: Data = None, as_json: Json = False
) -> dict[str, Any]:
    """The shop's settings: all, one, or one changed. A new time zone or currency makes days and sums anew before the verb ends."""
    if action is Action.LIST:
        with opened(data) as store:
            return database.load_shop(store).model_dump()
    if name is None or (action is Action.SET and value is None):
        raise BadInputError(
            "setting.not_named", "Please say which setting, and for `set` what it shall be: crm settings set timezone Europe/Berlin"
        )
    if name not in Shop.model_fields:
        raise NotFoundError(
            "setting.unknown", "There is no setting “{name}”. Known are: {known}.", name=name[:40], known=", ".join(Shop.model_fields)
        )
    with opened(data) as store:
        if action is Action.GET:
            return {name: database.load_shop(store).model_dump()[name]}
        before, after = deciding.change(store, {name: value}, clock.now(), "terminal")
    values = {"setting": name, "before": getattr(before, name), "value": getattr(after, name)}
    return values | {"remade": values["before"] != values["value"] and name in deciding.REMAKES}


def listed(data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """The rates that count: what a unit of each other currency is worth in the shop's own from a day on. `crm import` takes more in."""
    with opened(data) as store:
        own = database.load_shop(store).currency
        return {"currency": own, "rates": rates.known(store, own)}
