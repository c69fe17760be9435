"""`crm doctor`: what is wrong with this installation, and what to do about it; exit 1 when anything is."""

import urllib.error
import urllib.request
from pathlib import Path
from typing import Annotated, Any

import typer

from crm import database, doctor
from crm.accounts.acting import Right
from crm.cli.base import Data, Json, as_text, verb
from crm.doctor import Finding, Report
from crm.doctor.finding import _
from crm.errors import BusyError, CrmError
from crm.settings import Environment

Server = Annotated[str, typer.Option("--server", help="Where the server answers when it is running.")]


def register(app: typer.Typer) -> None:
    """Attach the verb."""
    verb(app, "doctor", Right.SETTINGS)(examine)


def examine(data: Data = None, server: Server = "http://127.0.0.1:8501", as_json: Json = False) -> dict[str, Any] | None:
    """Examine disk, permissions, database, clock, backups, sender …; while the server runs, what can be seen from outside."""
    env = Environment()
    folder = data or env.data
    result, left = _examined(folder, env, server)
    answer = {
        "well": result.is_well,
        "checked": result.checked,
        "not_checked": left,
        "findings": [one.as_json() for one in result.findings],
    }
    if not result.is_well:
        typer.echo(as_text(answer, as_json))
        raise typer.Exit(1)
    return answer


def _examined(folder: Path, env: Environment, server: str) -> tuple[Report, list[str]]:
    if not (folder / "shop.duckdb").exists():
        sentence, remedy = _("There is no shop in {folder}."), _("Name the data folder: crm doctor --data DIR, or CRM_DATA.")
        return Report([], [Finding("data.none", "wrong", sentence, remedy, {"folder": folder})]), list(doctor.INSIDE)
    result = doctor.outside(folder, env)
    try:
        store = database.open_store(folder)
    except BusyError:
        return result.joined(_asked(server)), list(doctor.INSIDE)
    except Exception as error:  # whatever is wrong with the file is what was asked for
        damaged = _("The database cannot be opened: its file is damaged.")
        sentence, values = (error.template, error.values) if isinstance(error, CrmError) else (damaged, {})
        remedy = _("Put a copy of the database back, or the version of Huitou that wrote it (docs/how-to/server.md).")
        found = Finding("database.not_opened", "wrong", sentence, remedy, values)
        return result.joined(Report(["opening"], [found])), list(doctor.INSIDE)
    try:
        result = result.joined(doctor.inside(store, env))
        return result, [name for name in doctor.INSIDE if name not in result.checked]
    finally:
        store.close()


def _asked(server: str) -> Report:
    """What the running server says of itself."""
    try:
        with urllib.request.urlopen(f"{server.rstrip('/')}/readyz", timeout=10) as answer:  # noqa: S310 (typed by whoever runs it)
            ready = answer.status == 200
    except (OSError, ValueError) as error:
        ready = False
        if not isinstance(error, urllib.error.HTTPError):
            sentence, remedy = _("The database is in use, and no server answers at {url}."), _("Say where it answers: --server URL.")
            return Report(["server"], [Finding("server.silent", "wrong", sentence, remedy, {"url": server})])
    sentence, remedy = _("The server runs and is not ready to work."), _("Its log says why (“not ready: …”); start it again.")
    return Report(["server"], [] if ready else [Finding("server.not_ready", "wrong", sentence, remedy)])
