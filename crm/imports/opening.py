"""From a path to readable tables with their layouts: container, encoding, sheets, delimiter, known layout or mapping, in this order."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crm.errors import BadFileError, BadInputError, NoTableError
from crm.imports import fast_csv, joined_sheets
from crm.layouts import asking, mapping, registry
from crm.layouts.registry import Layout
from crm.reading import archives, decoding, pages, sniffing, tables, transcoding, workbooks
from crm.reading.sniffing import EXTENSIONS as EXTENSIONS
from crm.reading.tables import Table

LARGE = 1 << 24
"""Bytes from which on a plain text is read as it is: what needs a closer look is small more often than not."""


@dataclass(frozen=True)
class Source:
    """A table that can be staged: where its UTF-8 copy is and how it is read; `left_out` names what its file held besides."""

    file: str
    table: Table
    layout: Layout
    left_out: list[str] = field(default_factory=list)


@dataclass
class Contents:
    """The tables of a file that may be orders, and the names of its sheets and members that are none."""

    tables: list[tuple[str, Table]]
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Instructions:
    """What a person or an earlier import says about how tables are read: a layout's name, a mapping, mappings by header fingerprint.

    `every`: all tables of a file are wanted, not only what may be orders.
    """

    format: str | None = None
    given: dict[str, Any] = field(default_factory=dict)
    remembered: dict[str, Any] = field(default_factory=dict)
    every: bool = False

    def mapping(self, *names: str) -> dict[str, Any]:
        """The mapping that was given for a table (or a file) of this name."""
        if "files" not in self.given:
            return self.given
        return next((self.given["files"][name] for name in names if name in self.given["files"]), {})


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


def copies(path: Path, folder: Path, given: dict[str, Any] | None = None, every: bool = False) -> list[tuple[str, Table]]:
    """The tables of a file: one for text, one per sheet or member that may be orders (or `every`) for a container. Raises BadFileError."""
    return contents(path, folder, Instructions(given=given or {}, every=every)).tables


def contents(path: Path, folder: Path, answer: Instructions) -> Contents:
    """What a file holds. An archive's members are looked at like files, but no archive inside an archive is opened."""
    kind = sniffing.kind(path)
    if kind not in ("zip", "gzip"):
        return _tables(path, kind, path.name, folder, answer)
    result, refusals = Contents([]), []
    for member in archives.unpack(path, kind, folder, path.name):
        try:
            inside = _member(member, folder, answer)
        except NoTableError as refusal:
            result.left_out.append(member.name)
            refusals.append(refusal)
            continue
        finally:
            member.path.unlink(missing_ok=True)
        result.tables += inside.tables
        result.left_out += inside.left_out
    return _among(result, refusals, path.name, answer)


def _member(member: archives.Member, folder: Path, result: Instructions) -> Contents:
    kind = sniffing.kind(member.path, member.name)
    if kind in ("zip", "gzip"):
        raise NoTableError(
            "file.nested_archive", "{file} is an archive inside an archive. Nothing was imported. Please unpack it first.", file=member.name
        )
    return _tables(member.path, kind, member.name, folder, result)


def _among(result: Contents, refusals: list[NoTableError], name: str, answer: Instructions) -> Contents:
    """Of several members those that are orders; where none is, the first of them, so that its columns can be set."""
    if not result.tables:
        if refusals:
            raise refusals[0]
        raise NoTableError("file.empty", "{file} is empty. Nothing was imported. Please export it again.", file=name)
    good = result.tables if answer.every else [entry for entry in result.tables if _usable(*entry, answer)]
    if good:
        result.left_out += [title for title, table in result.tables if not any(table is kept for _, kept in good)]
    return Contents(good or result.tables[:1], result.left_out)


def _tables(path: Path, kind: str, name: str, folder: Path, result: Instructions) -> Contents:
    if kind == "workbook":
        held, old = _sheets(workbooks.sheets(path, folder, name), tables.WORKBOOK, name, result), workbooks.since_1904(path)
        return Contents([(title, replace(table, since_1904=old)) for title, table in held.tables], held.left_out)
    target = folder / f"{uuid.uuid4().hex[:8]}.csv"
    longest = pages.SIZE if kind == "page" else decoding.LINE
    text = decoding.transcode(path, target, registry.is_known, name, result.mapping(name).get("encoding"), longest)
    if kind == "page":
        try:
            return _sheets(pages.tables(target, folder, name), text.encoding, name, result)
        finally:
            target.unlink()
    return Contents([(name, replace(_table(target, text.encoding, result.mapping(name), name), strict=text.strict))])


def _table(target: Path, encoding: str, given: dict[str, Any], name: str) -> Table:
    delimiter = given.get("delimiter") or ("spaces" if given.get("widths") else None)
    if delimiter is None:
        with target.open(encoding="utf-8", newline="") as file:
            delimiter = tables.sniff(file.read(tables.SAMPLE_CHARS))
    if delimiter == "spaces":
        tables.spread(target, target.with_suffix(".tsv"), given.get("widths"))
        target, delimiter = target.with_suffix(".tsv"), "\t"
    return tables.read(target, encoding, given.get("header"), delimiter, name)


def _sheets(sheets: list[tuple[str, Path]], encoding: str, name: str, result: Instructions) -> Contents:
    """Of several sheets the known ones; else those that can be read and have the same header; else the first."""
    items: list[tuple[str, Table]] = []
    spare: list[str] = []
    for sheet, file in sheets:
        title = f"{name} [{sheet}]" if len(sheets) > 1 else name
        try:
            items.append((title, tables.read(file, encoding, result.mapping(title, name).get("header"), ",", name)))
        except NoTableError:
            spare.append(title)
    if not items:
        raise NoTableError("file.no_columns", "{file} has no columns that could be read as orders. Nothing was imported.", file=name)
    chosen = items if result.every else _chosen(items, result)
    joined = joined_sheets.join(chosen, [entry for entry in items if entry not in chosen])
    spare += [title for title, _ in items if title not in {used for used, _ in chosen} | joined]
    return Contents(chosen if len(chosen) > 1 else [(name, chosen[0][1])], spare)


def _chosen(items: list[tuple[str, Table]], result: Instructions) -> list[tuple[str, Table]]:
    known = [entry for entry in items if registry.detect(entry[1].names)] if not result.format and not result.given else []
    good = known or [entry for entry in items if _usable(*entry, result)]
    if good and not known:
        good = [entry for entry in good if entry[1].names == good[0][1].names]
    return good or items[:1]


def _usable(title: str, table: Table, result: Instructions) -> bool:
    try:
        _layout(title, table, result)
    except (BadFileError, BadInputError):
        return False
    return True


def read(path: Path, folder: Path, result: Instructions) -> list[Source]:
    """The sources of a file. Of a mapping per file name (under `files`) the file's own is taken."""
    if "files" in result.given and path.name in result.given["files"]:
        result = replace(result, given=result.given["files"][path.name])
    held = contents(path, folder, result)
    items = [Source(name, table, _layout(name, table, result)) for name, table in held.tables]
    return [replace(source, left_out=[] if number else held.left_out) for number, source in enumerate(items)]


def as_it_is(path: Path, folder: Path, result: Instructions) -> Source | None:
    """A large plain text as a source whose table is the file itself, for `fast_csv.load`; None for everything that is read from a copy."""
    if not path.is_file() or path.stat().st_size < LARGE or sniffing.kind(path) != "text":
        return None
    beginning = folder / f"{uuid.uuid4().hex[:8]}.csv"
    written = decoding.likely(path, beginning, registry.is_known)
    if result.mapping(path.name).keys() & {"encoding", "widths"} or written is None or written[1] not in transcoding.SPLITTABLE:
        return None
    try:
        table = _table(beginning, written[0], result.mapping(path.name), path.name)
        if table.path != beginning or table.delimiter not in fast_csv.DELIMITERS:
            return None
        return Source(path.name, replace(table, path=path, codec=written[1]), _layout(path.name, table, result))
    except (BadFileError, BadInputError):
        return None  # the careful way looks at the whole file before it says so


def _layout(name: str, table: Table, answer: Instructions) -> Layout:
    if given := answer.mapping(name):
        result = _mapped(name, table, given)
    elif answer.format:
        if answer.format not in registry.names():
            raise BadInputError("format.unknown", "There is no format called “{format}”. Nothing was imported.", format=answer.format)
        result = registry.named(answer.format, table.names)
    elif detected := registry.detect(table.names):
        result = detected
    elif saved := answer.remembered.get(mapping.fingerprint(table.names)):
        result = mapping.remembered(mapping.positions(saved, table.names), saved)
    elif not table.rows:
        raise asking.missing(name, "rows")
    else:
        result, questions = mapping.assigned(table)
        if questions:
            raise asking.unanswered(name, table, questions)
    asking.check(name, result)
    return result


def _mapped(name: str, table: Table, given: dict[str, Any]) -> Layout:
    """The layout that a map file makes: its own, or what it adds to what the table is found to be."""
    detected = None if given.get("columns") else registry.detect(table.names)
    if detected:
        mapping.positions(given, table.names)
        return mapping.amended(detected, given)
    whole, questions = mapping.complete(table, given)
    if questions:
        raise asking.unanswered(name, table, questions)
    result = mapping.layout(mapping.positions(whole, table.names), whole)
    return result.with_(extra={**result.extra, "map": whole})
