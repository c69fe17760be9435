"""`crm serve`: the dashboard in the browser."""

import os
import runpy
import signal
import sys
import tomllib
from typing import Annotated, Any

import typer

from crm import clock, database, demo, jobs, works
from crm.accounts import invitations, users
from crm.accounts.acting import Right
from crm.cli.base import Data, verb
from crm.settings import Environment, root

Host = Annotated[str, typer.Option("--host", help="Address to listen on.")]
Port = Annotated[int, typer.Option("--port", help="Port to listen on.")]
Demo = Annotated[bool, typer.Option("--demo", help="Load the demo shop when there is no data yet.")]


def register(app: typer.Typer) -> None:
    """Attach the verb."""
    verb(app, "serve", Right.SETTINGS)(serve)


def serve(data: Data = None, host: Host = "127.0.0.1", port: Port = 8501, with_demo: Demo = False) -> dict[str, Any] | None:
    """Start the dashboard; Ctrl-C or SIGTERM ends it cleanly."""
    if data is not None:
        os.environ["CRM_DATA"] = str(data)
    from crm.web.server import listen_on  # the screens take half a second to load: no other verb waits for them

    listen_on(host)
    store = database.open_store(Environment().data)
    if with_demo and demo.wanted(store):
        jobs.ask(store, works.Demo(), clock.now())
    typer.echo(f"Huitou: http://{host}:{port}", err=True)
    if not users.exist(store):
        link = invitations.first_link(store, clock.now())
        typer.echo(f"To let people sign in, make the owner's account within a day: http://{host}:{port}/invite/{link}", err=True)
    _run({**_options(), "server.address": host, "server.port": port, "server.allowedHosts": _names(users.exist(store))})
    return None


def _names(closed: bool) -> list[str]:
    """Without users only this machine's own names open a page, not a foreign site that points its name here."""
    return [] if closed else ["127.0.0.1", "localhost", "::1"]


def _options() -> dict[str, Any]:
    with (root() / ".streamlit" / "config.toml").open("rb") as file:
        return dict(_flat(tomllib.load(file)))


def _flat(table: dict[str, Any], prefix: str = "") -> Any:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _run(options: dict[str, Any]) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # told again by the server after its clean shutdown
    sys.path.insert(0, str(root()))
    application = runpy.run_path(str(root() / "app.py"))["app"]
    application.run(config=options)
