"""`crm backup`, `crm restore`: a copy of the database, and the way back to one."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from crm import backups, clock
from crm.accounts.acting import Right
from crm.cli.base import Data, Json, opened, verb
from crm.settings import Environment

To = Annotated[Path | None, typer.Option("--to", help="A folder that gets the copy as well (a disk that is taken away, say).")]
File = Annotated[Path, typer.Argument(help="The copy: a file of the folder backups, or shop.duckdb of a folder that was copied.")]


def register(app: typer.Typer) -> None:
    """Attach the verbs."""
    verb(app, "backup", Right.BACKUP)(backup)
    verb(app, "restore", Right.RESTORE)(restore)


def backup(to: To = None, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """Copy the database into backups/ and the second folder, open the copy, count and checksum it. A running server has a button for it."""
    with opened(data) as store:
        made = backups.make(store, clock.now(), backups.second(Environment()))
        return {**asdict(made), "path": str(made.path), "also": str(backups.lay_in(to, made.path)) if to else None}


def restore(file: File, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """Put a copy in the place of the database, once it is checked. What is there now is set aside whole; all sending is off afterwards."""
    result = backups.restore(data or Environment().data, file, clock.now())
    return {
        "restored": str(file),
        "set_aside": result.set_aside and str(result.set_aside),
        "rows": result.checked.tables,
        "safe_mode": True,
    }
