"""From a path to readable tables with their layouts: kind, encoding, sheets, delimiter, known layout or mapping, in this order."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crm.errors import BadFileError, BadInputError
from crm.orders import files, layouts, mapping, tables, workbooks
from crm.orders.layouts import Layout
from crm.orders.tables import Table


@dataclass(frozen=True)
class Source:
    """A table that can be staged: where its UTF-8 copy is and how its columns are read."""

    file: str
    table: Table
    layout: Layout


@contextmanager
def workspace(folder: Path | None) -> Iterator[Path]:
    """A folder for the UTF-8 copies, removed afterwards; what an earlier process left behind is removed first."""
    if folder is None:
        with tempfile.TemporaryDirectory() as made_up:
            yield Path(made_up)
        return
    home = folder / "tmp" / "imports"
    home.mkdir(parents=True, exist_ok=True)
    for left in home.iterdir():
        if not left.name.startswith(f"{os.getpid()}-"):
            shutil.rmtree(left, ignore_errors=True)
    made = home / f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
    made.mkdir()
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def copies(path: Path, folder: Path, given: dict[str, Any] | None = None) -> list[tuple[str, Table]]:
    """The tables of a file: one for text, one per usable sheet for a workbook. Raises BadFileError."""
    given = given or {}
    if files.kind(path) == "workbook":
        return _sheets(path, folder, given)
    target = folder / f"{uuid.uuid4().hex[:8]}.csv"
    text = files.transcode(path, target)
    return [(path.name, replace(_table(target, text.encoding, given, path.name), strict=text.strict))]


def _table(target: Path, encoding: str, given: dict[str, Any], name: str) -> Table:
    delimiter = given.get("delimiter") or ("spaces" if given.get("widths") else None)
    if delimiter is None:
        with target.open(encoding="utf-8", newline="") as file:
            delimiter = tables.sniff(file.read(tables.SAMPLE_CHARS))
    if delimiter == "spaces":
        tables.spread(target, target.with_suffix(".tsv"), given.get("widths"))
        target, delimiter = target.with_suffix(".tsv"), "\t"
    return tables.read(target, encoding, given.get("header"), delimiter, name)


def _sheets(path: Path, folder: Path, given: dict[str, Any]) -> list[tuple[str, Table]]:
    found: list[tuple[str, Table]] = []
    for sheet in workbooks.sheets(path):
        target = folder / f"{uuid.uuid4().hex[:8]}.csv"
        workbooks.write(path, sheet, target)
        try:
            found.append((sheet, tables.read(target, "workbook", given.get("header"), ",", path.name)))
        except BadFileError:
            continue
    if not found:
        raise BadFileError("{file} has no columns that could be read as orders. Nothing was imported.", file=path.name)
    known = [(f"{path.name} [{sheet}]", table) for sheet, table in found if layouts.detect(table.names)]
    return known if len(known) > 1 else [(path.name, next((table for _, table in found if layouts.detect(table.names)), found[0][1]))]


def read(
    path: Path, folder: Path, format: str | None, given: dict[str, Any] | None, remembered: dict[str, Any] | None = None
) -> list[Source]:
    """The sources of a file. `given` is one mapping, or one per file name under `files`; `remembered` are saved ones by fingerprint."""
    if given and "files" in given:
        given = given["files"].get(path.name)
    return [Source(name, table, _layout(name, table, format, given, remembered or {})) for name, table in copies(path, folder, given)]


def _layout(name: str, table: Table, format: str | None, given: dict[str, Any] | None, remembered: dict[str, Any]) -> Layout:
    if given:
        found = mapping.layout(mapping.positions(given, table.names), given)
    elif format:
        if format not in layouts.names():
            raise BadInputError("There is no format called “{format}”. Nothing was imported.", format=format)
        found = layouts.named(format, table.names)
    elif detected := layouts.detect(table.names):
        found = detected
    elif saved := remembered.get(mapping.fingerprint(table.names)):
        found = mapping.layout(mapping.positions(saved, table.names), saved)
    else:
        found = mapping.layout(mapping.chosen(mapping.propose(table)))
    _check(name, found)
    return found


def _check(name: str, found: Layout) -> None:
    if found.refuse:
        raise BadFileError(
            "{file} is a list without order amounts or of refunds only; it cannot be read yet. Nothing was imported.", file=name
        )
    lacking = mapping.lacks(set(found.columns))
    if found.lines_only or not lacking:
        return
    if found.known and "order_id" in found.columns and lacking == []:
        return
    sentences = {
        "moment": "{file} has no column that could be the date of an order. Nothing was imported. Please say which column it is.",
        "amount": "{file} has no column that could be the amount of an order. Nothing was imported. Please say which column it is.",
        "buyer": "{file} has no column that could be the order id or the buyer. Nothing was imported. Please say which column it is.",
    }
    raise BadFileError(sentences[lacking[0]], file=name)
