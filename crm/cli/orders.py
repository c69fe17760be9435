"""`crm import`, `crm imports`, `crm undo`: order files in, the list of what came in, and back out again."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from crm import clock, uploads
from crm.accounts import acting, masking
from crm.accounts.acting import Right
from crm.accounts.masking import Kind
from crm.cli.base import Data, Json, in_full, opened, verb
from crm.imports import history, loading
from crm.imports.file_warnings import FileWarning
from crm.imports.steps import ImportOptions
from crm.layouts import registry

Files = Annotated[list[Path], typer.Argument(help="Order files and item files; those of one call belong together.", show_default=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say exactly what would happen and write nothing.")]
Format = Annotated[
    str | None,
    typer.Option("--format", help=f"Read as {', '.join(uploads.KINDS)}, or as this layout of orders: {', '.join(registry.names())}."),
]
Map = Annotated[Path | None, typer.Option("--map", help="JSON file that says which column is what (docs/import.md).")]
ShopName = Annotated[str | None, typer.Option("--shop", help="Name of the shop, for files that do not tell it.")]
Zone = Annotated[str | None, typer.Option("--timezone", help="Time zone of times without an offset (default: the shop's).")]
Keep = Annotated[
    Path | None, typer.Option("--keep-staging", help="Folder for what each step of the import made, as csv. It holds personal data.")
]
ImportId = Annotated[str, typer.Argument(help="As `crm imports` shows it.")]


def register(app: typer.Typer) -> None:
    """Attach the verbs."""
    verb(app, "import", Right.IMPORTS)(take_in)
    verb(app, "imports", Right.IMPORTS)(listed)
    verb(app, "undo", Right.IMPORTS)(undo)


def take_in(
    files: Files,
    data: Data = None,
    dry_run: DryRun = False,
    format: Format = None,
    map_file: Map = None,
    shop: ShopName = None,
    timezone: Zone = None,
    keep_staging: Keep = None,
    as_json: Json = False,
) -> dict[str, Any]:
    """Import order files or what else the shop has of its customers: whole or not at all; rows that cannot be read are listed."""
    for right in (Right.EXPORT, Right.REVEAL) if keep_staging else ():
        acting.require(right)
    mapping = loading.load_mapping(map_file) if map_file else None
    options = ImportOptions(format, mapping, shop, timezone, dry_run=dry_run, actor="terminal", keep_staging=keep_staging)
    with opened(data) as store:
        results = [result.as_json() for result in uploads.import_files(store, files, now=clock.now(), options=options)]
        if not in_full(store, "import"):
            results = [_masked(result) for result in results]
    return {"files": results}


def _masked(result: dict[str, Any]) -> dict[str, Any]:
    """Without what the cells of rejected rows and the warnings say of people."""
    rejections = [row | {"value": masking.shown(Kind.CELL, row["value"] or "")} for row in result["rejections"]]
    warnings = [FileWarning(one["code"], masking.values(one["values"])).as_json() for one in result["warnings"]]
    return result | {"rejections": rejections, "warnings": warnings}


def listed(data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """What was imported, the newest first."""
    with opened(data) as store:
        return {"imports": [asdict(row) for row in history.listed(store)]}


def undo(import_id: ImportId, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """Take an import back as if it had never been."""
    with opened(data) as store:
        return uploads.undo(store, import_id, clock.now(), "terminal")
