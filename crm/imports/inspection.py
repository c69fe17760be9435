"""Looking at a file before anything is imported: what it is, and how its columns would be read."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from crm.columns.asking import Question
from crm.database import Store
from crm.imports import evidence, history, opening, wording
from crm.imports.cleaning import DAY_FIRST
from crm.imports.evidence import Evidence
from crm.layouts import mapping, registry
from crm.layouts.mapping import Guess
from crm.reading.tables import Table


@dataclass(frozen=True)
class Proposal:
    """What a file probably is. `format` is a layout's name (`layouts.label` says it in words), None for an unknown table.

    `lacks` names what no column could be (moment, amount, buyer).

    `grain` is one row per `order` or per `line`. `mapping` is a map file's content; `remembered_at` (UTC) when it was used last.
    `table` holds the sample a preview is made of (its file is gone), `evidence` what the whole columns say, `questions` what they do not.
    `words` are the texts of its status column with how many rows each is on; `day_first`: its language writes the day before the month.
    """

    file: str
    format: str | None
    encoding: str
    grain: str
    guesses: list[Guess]
    lacks: list[str]
    mapping: dict[str, Any]
    names: list[str]
    sample: list[list[str]]
    table: Table | None = None
    evidence: Evidence | None = None
    remembered_at: datetime | None = None
    questions: tuple[Question, ...] = ()
    words: dict[str, int] = field(default_factory=dict)
    day_first: bool = False


def inspect_file(path: Path, store: Store | None = None, given: dict[str, Any] | None = None) -> Proposal:
    """Look at a file. `store` is asked for a remembered mapping. Raises BadFileError when it is no table."""
    with opening.workspace(store.folder if store else None) as folder:
        name, table = opening.copies(path, folder, given)[0]
        result = registry.detect(table.names)
        if result is None:
            return _unknown(name, table, store, given or {})
    guesses = [_guess(table, result.columns, place) for place in range(len(table.names))]
    return Proposal(name, result.name, table.encoding, result.grain, guesses, [], {}, table.names, table.rows[:10])


def _unknown(name: str, table: Table, store: Store | None, given: dict[str, Any]) -> Proposal:
    kept = history.remembered_at(store, mapping.fingerprint(table.names)) if store and not given else None
    saved, saved_at = kept if kept and "kind" not in kept[0] else (None, None)
    result = mapping.look(table)
    guesses = mapping.guesses(table, result)
    if saved:
        places = mapping.positions(saved, table.names)
        guesses = [_guess(table, {field: [place] for field, place in places.items()}, place) for place in range(len(table.names))]
    fields = mapping.chosen(guesses)
    day_first = result.language in DAY_FIRST
    seen = evidence.look(store, table, fields, day_first) if store else None
    return Proposal(
        file=name,
        format=None,
        encoding=table.encoding,
        grain=seen.grain if seen else _grain(table, fields),
        guesses=guesses,
        lacks=mapping.lacks(set(fields)),
        mapping=saved or as_mapping(table, fields) | ({"carry": True} if result.carry else {}),
        names=table.names,
        sample=table.rows[:10],
        table=table,
        evidence=seen,
        remembered_at=saved_at,
        questions=() if saved else tuple(result.questions),
        words=wording.count(store, table, fields) if store else {},
        day_first=day_first,
    )


def as_mapping(table: Table, fields: dict[str, int]) -> dict[str, Any]:
    """A map file's content for chosen positions."""
    columns = {field: place + 1 if table.header_row == 0 else table.names[place] for field, place in fields.items()}
    return {"columns": columns, "header": table.header_row > 0}


def _guess(table: Table, columns: dict[str, list[int]], place: int) -> Guess:
    name = next((name for name, places in columns.items() if place in places), None)
    samples = [row[place] for row in table.rows[:5] if place < len(row)]
    return Guess(place, table.names[place], name, 1.0 if name else 0.0, samples)


def _grain(table: Table, fields: dict[str, int]) -> str:
    if "order_id" not in fields:
        return "order"
    ids = Counter(row[fields["order_id"]] for row in table.rows if fields["order_id"] < len(row))
    return "line" if any(number > 1 for number in ids.values()) else "order"
