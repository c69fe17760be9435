"""What kind of file it is, from the header of its beginning: orders first; another kind only when all it needs is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm.columns.assignment import Assignment
from crm.database import Store
from crm.errors import CrmError
from crm.imports import history, opening
from crm.imports.steps import ImportOptions
from crm.layouts import mapping, registry
from crm.reading import sniffing
from crm.reading.tables import Table
from crm.uploads import lists, rates, reading
from crm.uploads.kinds import KINDS, ORDERS
from crm.uploads.upload import Upload

HEAD = 1 << 20
NAMED = ("moment", "amount")


@dataclass(frozen=True)
class Proposal:
    """What a table probably is (`kind`: orders or a name of KINDS), and for another kind the field of each column (None: not used).

    `rows`: how many there are, where the file is small enough to count them while looking. `known`: a layout of orders.
    `listed`: the known list of people it is.
    """

    file: str
    kind: str
    names: list[str]
    fields: list[str | None]
    samples: list[list[str]]
    fingerprint: str
    header: bool = True
    rows: int | None = None
    known: bool = False
    listed: lists.KnownList | None = None

    def mapping(self, fields: Sequence[str | None]) -> dict[str, Any]:
        """The map file that says so of the columns."""
        columns = {field: self.names[place] if self.header else place + 1 for place, field in enumerate(fields) if field}
        return {"kind": self.kind, "columns": columns, "header": self.header}


def kind_of(store: Store | None, path: Path, options: ImportOptions, folder: Path) -> str:
    """`orders` or a name of KINDS: what the person says, what was remembered for this header, what the header says."""
    given = mine(options.mapping, path.name) or {}
    if options.format in KINDS:
        return str(options.format)
    if given.get("kind") in KINDS:
        return str(given["kind"])
    if options.format or given:
        return ORDERS
    try:
        items = [kind(table, _remembered(store, table)) for _, table in peek(path, folder)]
    except CrmError:
        return ORDERS  # there the refusal has its sentence
    return ORDERS if ORDERS in items or not items else items[0]


def mine(mapping_: dict[str, Any] | None, name: str) -> dict[str, Any] | None:
    """The map file's content for one file."""
    values: dict[str, Any] | None = mapping_["files"].get(name) if mapping_ and "files" in mapping_ else mapping_
    return values


def _remembered(store: Store | None, table: Table) -> dict[str, Any] | None:
    return history.remembered(store, mapping.fingerprint(table.names)) if store else None


def kind(table: Table, saved: dict[str, Any] | None = None) -> str:
    """What a table is, by what was said of this header before, else by its header."""
    if saved:
        return str(saved["kind"]) if saved.get("kind") in KINDS else ORDERS
    if _only_rates(table):
        return rates.UPLOAD.name
    if registry.detect(table.names):
        return ORDERS
    if known := lists.detect(table):
        return known.kind
    result = mapping.look(table)
    placed = {upload.name: reading.recognised(upload, table) for upload in KINDS.values()}
    fitting = [name for name, columns in placed.items() if not KINDS[name].lacks(set(columns))]
    asks = "consents" in fitting and "order_id" not in result.columns and set(mapping.lacks(set(result.columns))) & set(NAMED)
    if not fitting or (_like_orders(result) and not asks):
        return ORDERS
    if "people" in fitting and not asks and _come_again(table, placed["people"]):
        return ORDERS  # sales whose columns nobody knows: better asked than taken for people
    if {"consents", "people"} <= set(fitting) and not STATED & set(placed["consents"]):
        return "people"  # a dossier that tells consent too: both are taken over
    return fitting[0]


AGAIN = 0.9
"""In a list of people this many at least are there once only."""


def _come_again(table: Table, columns: dict[str, int]) -> bool:
    """Whether the same people stand on several rows, as those who buy do."""
    place = next((columns[field] for field in ("phone", "email", "account", "buyer", "name") if field in columns), None)
    items = [row[place].strip() for row in table.rows if place is not None and place < len(row) and row[place].strip()]
    return len(items) > 4 and len(set(items)) < AGAIN * len(items)


def _only_rates(table: Table) -> bool:
    """Whether each column is one of a table of rates: such a one has a moment and a number, too, but nobody who bought."""
    result = reading.places(rates.UPLOAD, table.names)
    return not rates.UPLOAD.lacks(set(result)) and len(result) == len([name for name in table.names if name])


STATED = {"granted", "channel", "opted_out_at"}
"""Columns of a list that is about consent and nothing else."""


def lacks(upload: Upload, fields: set[str], known: lists.KnownList | None) -> list[tuple[str, ...]]:
    """The groups of columns of which a table has none; a known list of people who all said the same needs no column for it."""
    groups = upload.lacks(fields)
    return [group for group in groups if group == upload.required[0]] if known and known.says else groups


def listed(table: Table, sort: str) -> lists.KnownList | None:
    """The known list a table is, when it is read as what it is."""
    result = lists.detect(table)
    return result if result and result.kind == sort else None


def _like_orders(assignment: Assignment) -> bool:
    """Whether the header names a moment and an amount, or columns between which only a person can tell."""
    open_ = {question.role for question in assignment.questions if question.candidates}
    return not {name for name in mapping.lacks(set(assignment.columns)) if name not in open_} & set(NAMED)


def peek(path: Path, folder: Path) -> list[tuple[str, Table]]:
    """The tables of a file as far as its beginning shows them, so that a large file is not read twice."""
    home = folder / "peek"
    home.mkdir(exist_ok=True)
    if sniffing.kind(path) == "text" and path.stat().st_size > HEAD:
        with path.open("rb") as file:
            head = file.read(HEAD)
        short = home / path.name
        little = head.startswith(b"\xff\xfe")
        short.write_bytes(head[: head.rfind(b"\n") + 1 + little])
        path = short
    return opening.copies(path, home)


def propose(path: Path, store: Store | None = None, chosen: str | None = None) -> Proposal:
    """Look at a file: its kind and, for another kind than orders (or the one that is `chosen`), its columns. Raises BadFileError."""
    with opening.workspace(store.folder if store else None) as folder:
        _, table = peek(path, folder)[0]
        counted = len(reading.rows(table, {})[0]) if path.stat().st_size <= HEAD else None
    saved = _remembered(store, table)
    sort = chosen or kind(table, saved)
    fields: list[str | None] = [None] * len(table.names)
    if sort in KINDS:
        columns = saved["columns"] if saved and saved.get("kind") == sort else None
        result = (
            reading.named(KINDS[sort], columns, table.names) if columns else reading.recognised(KINDS[sort], table, listed(table, sort))
        )
        for field, place in result.items():
            fields[place] = field
    shown = [_samples(table.rows, place) for place in range(len(table.names))]
    known = registry.detect(table.names) is not None
    return Proposal(
        path.name,
        sort,
        table.names,
        fields,
        shown,
        mapping.fingerprint(table.names),
        table.header_row > 0,
        counted,
        known,
        listed(table, sort),
    )


def _samples(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    return [row[place] for row in rows[:20] if place < len(row) and row[place].strip()][:5]
