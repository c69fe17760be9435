"""The terminal: everything a screen shows can be had as JSON. One file per area; `base` holds what they share."""

import importlib
from functools import cache
from typing import Annotated

import typer

from crm import __version__
from crm.database import modes

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
AREAS = tuple(
    """
    orders metrics customers prediction patterns products same campaigns sending results settings users customer backups doctor demo serve
    """.split()
)


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"Huitou {__version__}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Which version this is.")]


@app.callback()
def about(version: Version = False) -> None:
    """Huitou: keep your customers."""


@cache
def whole() -> typer.Typer:
    """The command with all its verbs."""
    for area in AREAS:
        importlib.import_module(f"crm.cli.{area}").register(app)
    return app


def main() -> None:
    """Entry point of the command `crm`."""
    modes.keep_private()
    whole()()
