"""The terminal: everything a screen shows can be had as JSON. One file per area; `base` holds what they share."""

import importlib

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Huitou: keep your customers.")
AREAS = ("orders", "customers", "products", "same", "campaigns", "sending", "results", "settings", "demo", "serve")


def main() -> None:
    """Entry point of the command `crm`."""
    for area in AREAS:
        importlib.import_module(f"crm.cli.{area}").register(app)
    app()
