"""Unknown tables: which column is probably what, from header names (Chinese and English) and values; and the map file a person may give.

A map file is JSON: {"columns": {field: column name, or number from 1}, "header": true, "delimiter": ",", "widths": [[0, 6], …],
"grain": "order" | "line", "amounts": "once" | "sum", "date_order": "ymd" | "dmy" | "mdy", "decimal": "." | ",",
"currency": "CNY", "timezone": "Asia/Shanghai", "platform": "other"}; only `columns` is needed.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from crm.errors import BadInputError
from crm.orders import layouts
from crm.orders.layouts import FIELDS, Layout, plain
from crm.orders.tables import Table, strip

KEYS = (
    *("columns", "header", "delimiter", "encoding", "widths", "grain", "amounts", "date_order", "decimal", "currency", "timezone"),
    "platform",
)
MARKS = ("行号 row", "原因 reason")
"""The two columns before the file's own in a file of rejected rows, the same in both languages so that it is known again."""
DATE = re.compile(r"^(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])$)")
AMOUNT = re.compile(r"^[¥￥$€£]?\s*-?[\d,]*\d\.\d{1,2}(元)?$")
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
MOMENTS, AMOUNTS, WHO = (
    ("created_at", "paid_at"),
    ("paid_amount", "total_amount", "line_amount", "unit_price"),
    ("order_id", "buyer_id", "buyer_email", "buyer_phone"),
)


@dataclass(frozen=True)
class Guess:
    """One column of an unknown table: the field it probably is (None: not used), how sure that is (0–1), and some of its values."""

    position: int
    column: str
    field: str | None
    confidence: float
    samples: list[str]


@cache
def synonyms() -> dict[str, str]:
    """Header name without punctuation → field."""
    known: dict[str, str] = {}
    for names in (layouts.meanings()["synonyms"], layouts.formats()["canonical_fields"]):
        for name, titles in names.items():
            if name in FIELDS:
                for title in titles:
                    known.setdefault(plain(title), name)
                known.setdefault(plain(name), name)
    return known


def propose(table: Table) -> list[Guess]:
    """A guess per column; no field is proposed twice, the surer column gets it."""
    columns = [_samples(table, place) for place in range(len(table.names))]
    ranked = sorted(
        ((score, place, name) for place, title in enumerate(table.names) for name, score in _candidates(title, columns[place])),
        key=lambda entry: (-entry[0], entry[1]),
    )
    chosen: dict[int, tuple[str, float]] = {}
    for score, place, name in ranked:
        if place not in chosen and name not in {taken for taken, _ in chosen.values()}:
            chosen[place] = (name, score)
    return [
        Guess(place, title, chosen.get(place, (None, 0.0))[0], chosen.get(place, (None, 0.0))[1], columns[place][:5])
        for place, title in enumerate(table.names)
    ]


def _samples(table: Table, place: int) -> list[str]:
    cells = [strip(row[place]) for row in table.rows if place < len(row)]
    return [cell for cell in cells if cell]


def _candidates(title: str, cells: list[str]) -> list[tuple[str, float]]:
    wanted = plain(title)
    found: list[tuple[str, float]] = []
    if title in MARKS:
        return found
    if wanted in synonyms():
        name = synonyms()[wanted]
        found.append((name, 0.95 if _agrees(name, cells) else 0.2))
    inside = [word for word in synonyms() if len(word) >= (2 if ord(word[0]) > 255 else 4) and word in wanted]
    if inside:
        name = synonyms()[max(inside, key=len)]
        if _agrees(name, cells):
            found.append((name, 0.6))
    found += [
        (name, 0.4)
        for name, pattern in (("created_at", DATE), ("paid_amount", AMOUNT), ("buyer_email", EMAIL))
        if _share(cells, pattern) > 0.8
    ]
    return found


def _agrees(name: str, cells: list[str]) -> bool:
    """Whether the values look like the field, as far as that can be seen."""
    if name.endswith("_at"):
        return _share(cells, re.compile(r"\d")) > 0.5 and _share(cells, re.compile(r"^\d{1,4}$")) < 0.5
    if name.endswith(("_amount", "_price", "_fee", "_qty")):
        return _share(cells, re.compile(r"^[¥￥$€£(]?\s*[-+]?\d")) > 0.5
    return True


def _share(cells: list[str], pattern: re.Pattern[str]) -> float:
    return sum(bool(pattern.search(cell)) for cell in cells) / len(cells) if cells else 0.0


def chosen(guesses: list[Guess]) -> dict[str, int]:
    """Field → position of a proposal."""
    return {guess.field: guess.position for guess in guesses if guess.field and guess.confidence >= 0.3}


def lacks(fields: set[str]) -> list[str]:
    """What an order table cannot do without and these fields do not have: `moment`, `amount`, `buyer`."""
    groups = {"moment": MOMENTS, "amount": AMOUNTS, "buyer": WHO}
    return [name for name, group in groups.items() if not fields & set(group)]


def layout(columns: dict[str, int], given: dict[str, Any] | None = None) -> Layout:
    """A layout for an unknown table, from positions and what else the map file says. Grain `auto`: decided by repeated ids."""
    given = given or {}
    return Layout(
        name="mapped" if given else "unknown",
        platform=given.get("platform", "other"),
        grain=given.get("grain", "auto"),
        columns={name: [place] for name, place in columns.items()},
        currency=given.get("currency"),
        date_order=given.get("date_order", "auto"),
        decimal=given.get("decimal"),
        timezone=given.get("timezone"),
        extra={"amounts": given.get("amounts", "auto")},
        nulls=("null", "-", "——", "--", "nan"),
    )


def remembered(columns: dict[str, int], saved: dict[str, Any]) -> Layout:
    """The same from what was said of an earlier such table: how it wrote dates and numbers holds where this one does not show how."""
    found = layout(columns, saved)
    told = {name: saved[name] for name in ("date_order", "decimal") if saved.get(name)}
    return found.with_(date_order="auto", decimal=None, extra={**found.extra, **told})


def positions(given: dict[str, Any], names: list[str]) -> dict[str, int]:
    """The positions (from 0) that a map file names by header or by number from 1. Raises BadInputError."""
    unknown = sorted(set(given) - set(KEYS)) + sorted(set(given.get("columns", {})) - set(FIELDS))
    unknown += [f"decimal {given['decimal']}"] if given.get("decimal") not in (None, ".", ",") else []
    if unknown or not given.get("columns"):
        raise BadInputError(
            "The mapping cannot be used: {word} is not known to it. Nothing was imported.", word=", ".join(unknown) or "columns"
        )
    return {field: position(column, names) for field, column in given["columns"].items()}


def position(column: int | str, names: list[str]) -> int:
    """The position (from 0) of a column that a map file names by header or by number from 1. Raises BadInputError."""
    if isinstance(column, int) and 1 <= column <= len(names):
        return column - 1
    if strip(str(column)) in names:
        return names.index(strip(str(column)))
    raise BadInputError("The mapping names a column “{column}” that the file does not have. Nothing was imported.", column=column)


def is_mended(names: list[str]) -> bool:
    """Whether a header is that of a file of rejected rows (`mending`), which comes back."""
    return tuple(names[: len(MARKS)]) == MARKS


def fingerprint(names: list[str]) -> str:
    """By which a table's mapping is remembered: its header, without the two columns of a file of rejected rows."""
    names = names[len(MARKS) :] if is_mended(names) else names
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest()[:16]
