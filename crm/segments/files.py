"""Segments as JSON files."""

import json
from pathlib import Path

from crm.database import Store
from crm.errors import BadInputError, NotFoundError
from crm.segments import filters, saved
from crm.segments.definition import Definition, parse

BIGGEST = 1_000_000


def load(store: Store, file_or_name: str) -> Definition:
    """A definition from a JSON file (a path ending in .json) or a kept segment's name or id."""
    path = Path(file_or_name)
    if path.suffix.lower() != ".json":
        return saved.get(store, file_or_name)
    return from_file(path)


def from_file(path: Path) -> Definition:
    """A definition from a JSON file; raises NotFoundError or BadInputError with a sentence."""
    if not path.is_file():
        raise NotFoundError("segment_file.missing", "There is no file {path}. Nothing was counted.", path=path)
    if path.stat().st_size > BIGGEST:
        raise BadInputError("segment_file.too_large", "{path} is too large for a segment file. Nothing was counted.", path=path)
    try:
        return parse(json.loads(path.read_text(encoding="utf-8-sig")))
    except (ValueError, RecursionError) as error:
        raise BadInputError(
            "segment_file.not_json", "{path} is not a JSON file ({reason}). Nothing was counted.", path=path, reason=filters.short(error)
        ) from error
