"""Large plain files: the cells of the wanted columns straight from the file's own bytes, block by block, on all cores.

Nothing is written again as UTF-8, and only the columns that mean something are decoded. It reads what is beyond doubt: each line of the
file one row with all its cells, each wanted cell in the file's encoding. At the first thing that is not so it gives up, and the careful
way (transcoding, staging), which can say what is wrong where, reads the file from its beginning.
"""

import os
import re
from codecs import BOM_UTF8
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from crm.database import Transaction
from crm.imports import staging
from crm.layouts.registry import Layout
from crm.reading.tables import BLANKS, Table

SIZE = 1 << 22
"""Bytes of a block: a few of them are in memory at a time."""
UTF8 = "utf-8-sig"
DELIMITERS = (",", "\t", ";")
"""Whose byte is no part of a character in any of the encodings that can be split at line ends."""
_FIRST = np.isin(np.arange(256), [*range(ord("(")), ord("="), 0xC2, 0xE2, 0xE3, 0xEF])
_LAST = np.isin(np.arange(256), [*range(ord(" ") + 1), 0x80, 0x8B, 0xA0, 0xBF])
"""Bytes with which a cell may begin or end that has blanks, `="…"` or an apostrophe around it."""
_QUOTE = ord('"')
_PROBE = 256
"""By so many cells it is guessed whether a column has few different ones."""


class _Unclear(Exception):  # noqa: N818 (never seen outside this file)
    """Something that the careful way has to look at."""


@dataclass(frozen=True)
class _Block:
    """Whole lines of a file, how many they are, and the number of the first row in them."""

    content: bytes
    lines: int
    first: int


def load(change: Transaction, table: Table, layout: Layout) -> bool:
    """Fill `staged` from the file itself as `staging.load` does from a copy; False, and nothing done, where only that can do it."""
    staging.begin(change)
    kept = staging.kept(layout)
    change.execute(f"CREATE TEMP TABLE staged (row_no BIGINT, {', '.join(f'{name} TEXT' for name in kept)})")
    change.execute("CREATE TEMP TABLE rejected_rows (line BIGINT, csv_line TEXT, error_type TEXT)")
    unclear: list[Exception] = []
    schema = pa.schema([("row_no", pa.int64()), *((name, pa.string()) for name in kept)])
    change.execute("SET SESSION preserve_insertion_order = false")  # the rows are numbered; keeping them in order takes half as long again
    change.insert("staged", pa.RecordBatchReader.from_batches(schema, _batches(table, layout, schema, unclear)))
    change.execute("RESET SESSION preserve_insertion_order")
    pa.default_memory_pool().release_unused()
    if unclear:
        staging.begin(change)
        return False
    staging.ready(change, layout)
    return True


def _batches(table: Table, layout: Layout, schema: pa.Schema, unclear: list[Exception]) -> Iterator[pa.RecordBatch]:
    """The cleaned cells of each block, a few blocks ahead. Whoever asks must not see an error: it ends, and `unclear` says why."""
    cores = os.cpu_count() or 1
    read = partial(_read, table, layout, schema)
    with ThreadPoolExecutor(cores) as pool:
        ahead: deque[Future[pa.RecordBatch]] = deque()
        try:
            for block in _blocks(table):
                ahead.append(pool.submit(read, block))
                if len(ahead) > cores:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        except (_Unclear, pa.ArrowInvalid, UnicodeError, OSError) as error:
            unclear.append(error)
            for future in ahead:
                future.cancel()


def _blocks(table: Table) -> Iterator[_Block]:
    """The file behind its header in pieces that end with a line."""
    with table.path.open("rb") as raw:
        raw.seek(len(BOM_UTF8) if raw.read(len(BOM_UTF8)) == BOM_UTF8 else 0)
        rows = sum(1 for _, line in zip(range(table.header_row), raw, strict=False))
        rest = b""
        while part := raw.read(SIZE):
            whole = rest + part
            end = _last_line(whole)
            if not end and len(whole) > SIZE * 2:
                raise _Unclear
            content = whole[: whole.find(b"\n", end) + 1] if end else b""
            rest = whole[len(content) :]
            if content:
                count = content.count(b"\n")
                yield _Block(content, count, rows + 1)
                rows += count
        if rest := rest.rstrip(b"\r\n"):
            yield _Block(rest + b"\n", rest.count(b"\n") + 1, rows + 1)


def _last_line(whole: bytes) -> int:
    """Where the last whole line that is not blank ends, before its line end. Blank lines wait: at the file's end they are none."""
    end = whole.rfind(b"\n")
    while end > 0 and whole[end - 1] in b"\r\n":
        end -= 1
    return max(end, 0)


def _read(table: Table, layout: Layout, schema: pa.Schema, block: _Block) -> pa.RecordBatch:
    places = sorted({place for field in schema.names for place in layout.columns.get(field, [])})
    names = [f"c{number}" for number in range(table.width)]
    wanted = [f"c{place}" for place in places]
    rows = csv.read_csv(
        pa.BufferReader(block.content),
        csv.ReadOptions(use_threads=False, block_size=len(block.content) + 1, column_names=names),
        csv.ParseOptions(delimiter=table.delimiter, quote_char=table.quote or False, ignore_empty_lines=False),
        csv.ConvertOptions(check_utf8=False, include_columns=wanted, column_types=dict.fromkeys(wanted, pa.binary())),
    )
    if rows.num_rows != block.lines or b"\0" in block.content or _lone_returns(block.content):
        raise _Unclear  # a line end inside a cell
    raw = [rows[name].combine_chunks() for name in wanted]
    nulls = staging.nulls(layout)
    cells = {place: _cells(column, table.codec or UTF8, nulls) for place, column in zip(places, raw, strict=True)}
    if any((_parts(cell)[1] == _QUOTE).any() for cell in cells.values()) and _torn(block.content, table.delimiter):
        raise _Unclear
    columns = [_field(layout, name, cells, rows.num_rows) for name in schema.names[1:]]
    numbers = pa.array(np.arange(block.first, block.first + rows.num_rows, dtype=np.int64))
    result = pa.RecordBatch.from_arrays([numbers, *columns], schema=schema)
    filled = _filled(raw, rows.num_rows)
    if filled.all():
        return result
    if re.search(rb"(^|\n)\r?\n", block.content):
        raise _Unclear  # a blank line, which is not counted as a row
    return result.filter(pa.array(filled))


def _field(layout: Layout, name: str, cells: dict[int, pa.Array], count: int) -> pa.Array:
    items = [cells[place] for place in layout.columns.get(name, [])]
    if not items:
        return pa.nulls(count, pa.string())
    return items[0] if len(items) == 1 else pc.coalesce(*items)


def _filled(raw: list[pa.Array], count: int) -> Any:
    """Which rows have anything in any of the columns."""
    filled = np.zeros(count, dtype=bool)
    for column in raw:
        filled |= np.diff(_parts(column)[0]) > 0
        if filled.all():
            break
    return filled


def _cells(raw: pa.Array, encoding: str, nulls: list[str]) -> pa.Array:
    """A column as text without blanks around it, NULL when empty or a null word. What stands in many cells is looked at once."""
    if len(raw) > _PROBE and len(raw[:_PROBE].unique()) < _PROBE // 4:
        words = raw.dictionary_encode()
        if len(words.dictionary) < len(raw) // 4:
            return _cleaned(words.dictionary, encoding, nulls).take(words.indices)
    return _cleaned(raw, encoding, nulls)


def _cleaned(raw: pa.Array, encoding: str, nulls: list[str]) -> pa.Array:
    text = _bare(_text(raw, encoding))
    if (np.diff(_parts(text)[0]) > max((len(word.encode()) for word in nulls), default=0)).all():
        return text
    return pc.if_else(pc.is_in(text, value_set=pa.array(["", *nulls])), pa.scalar(None, pa.string()), text)


def _text(raw: pa.Array, encoding: str) -> pa.Array:
    """Bytes as text: at no cost where they are ASCII, else decoded all at once."""
    _, content = _parts(raw)
    if not len(content) or content.max() < 0x80:
        return pa.StringArray.from_buffers(len(raw), *raw.buffers()[1:], offset=raw.offset)
    if encoding == UTF8:
        return raw.cast(pa.string())
    whole = pc.binary_join(pa.ListArray.from_arrays(pa.array([0, len(raw)], pa.int32()), raw), pa.scalar(b"\n"))[0].as_py()
    return pc.split_pattern(pa.array([whole.decode(encoding)]), "\n").values


def _bare(text: pa.Array) -> pa.Array:
    """What `tables.strip` makes of each cell; only those are looked at whose first or last byte asks for it."""
    offsets, content = _parts(text)
    full = offsets[1:] > offsets[:-1]
    asks = np.zeros(len(text), dtype=bool)
    asks[full] = _FIRST[content[offsets[:-1][full] - offsets[0]]] | _LAST[content[offsets[1:][full] - offsets[0] - 1]]
    if not asks.any():
        return text
    before = text if asks.all() else text.filter(pa.array(asks))
    after = pc.utf8_trim(before, BLANKS + "\n")
    wrapped = pc.starts_with(after, '="')
    if pc.all(wrapped).as_py() and pc.all(pc.ends_with(after, '"')).as_py() and pc.min(pc.binary_length(after)).as_py() > 2:
        after = pc.utf8_trim(pc.utf8_slice_codeunits(after, 2, -1), BLANKS + "\n")
    elif pc.any(wrapped).as_py():
        after = pc.utf8_trim(pc.replace_substring_regex(after, '^(?s:="(.*)")$', r"\1"), BLANKS + "\n")
    after = pc.utf8_ltrim(after, "'")
    if after.equals(before):
        return text
    return after if before is text else pc.replace_with_mask(text, pa.array(asks), after)


def _lone_returns(content: bytes) -> bool:
    """Whether a carriage return stands elsewhere than before a line end."""
    if b"\r" not in content:
        return False
    held = np.frombuffer(content, np.uint8)
    places = np.flatnonzero(held[:-1] == ord("\r"))
    return bool((held[places + 1] != ord("\n")).any())


def _torn(content: bytes, delimiter: str) -> bool:
    """Whether a quotation mark stands where neither a cell begins nor one ends: then rows can be split in more ways than one."""
    held = np.frombuffer(content, np.uint8)
    marks = np.flatnonzero(held[:-1] == _QUOTE)
    begins = np.isin(np.arange(256), [ord(delimiter), ord("\n"), _QUOTE, ord("=")])[held[marks - 1]]
    ends = np.isin(np.arange(256), [ord(delimiter), ord("\r"), ord("\n"), _QUOTE])[held[marks + 1]]
    return bool((~begins & ~ends).any())


def _parts(column: pa.Array) -> tuple[Any, Any]:
    """The offsets of a column and the bytes they point into, which begin at the first offset."""
    _, offsets, content = column.buffers()
    places = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    held = np.frombuffer(content, np.uint8) if content is not None else np.zeros(0, np.uint8)
    return places, held[places[0] : places[-1]]
