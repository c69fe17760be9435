"""Open, recognise, read: the tables of a file, each as soon as it is staged. Also map files, which say how to recognise one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm.database import Transaction
from crm.errors import BadInputError, NotFoundError
from crm.imports import fast_csv, opening, staging
from crm.imports.opening import Instructions, Source
from crm.imports.results import Rejection


@dataclass(frozen=True)
class Staged:
    """A table whose rows stand in `staged`, and its rows that have no shape."""

    source: Source
    misshapen: list[Rejection]


def staged(change: Transaction, path: Path, folder: Path, result: Instructions) -> Iterator[Staged]:
    """The tables of a file, each when it is staged: from the file as it is, else from a copy in UTF-8 in `folder`. Raises BadFileError."""
    plain = opening.as_it_is(path, folder, result)
    if plain and fast_csv.load(change, plain.table, plain.layout):
        yield Staged(plain, [])
        return
    for source in opening.read(path, folder, result):
        table = source.table
        large = not plain and table.path.stat().st_size >= opening.LARGE  # what was in warning as it is, is so as a copy
        fits = large and table.strict and table.delimiter in fast_csv.DELIMITERS
        fast = fits and fast_csv.load(change, table, source.layout)
        yield Staged(source, [] if fast else staging.load(change, table, source.layout))


def load_mapping(path: Path) -> dict[str, Any]:
    """A map file. Raises BadInputError when it is no JSON object."""
    if not path.is_file():
        raise NotFoundError("file.missing", "{file} is not there.", file=path.name)
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise BadInputError("mapping.not_json", "{file} is not JSON. Nothing was imported.", file=path.name) from error
    if not isinstance(content, dict):
        raise BadInputError("mapping.not_json", "{file} is not JSON. Nothing was imported.", file=path.name)
    return content
