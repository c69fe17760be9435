"""Unknown tables: which column is probably what, from header names (Chinese and English) and values; and the map file a person may give.

A map file is JSON: {"columns": {field: column name, or number from 1}, "header": true, "delimiter": ",", "widths": [[0, 6], …],
"grain": "order" | "line", "amounts": "once" | "sum", "date_order": "ymd" | "dmy" | "mdy", "decimal": "." | ",",
"currency": "CNY", "timezone": "Asia/Shanghai", "platform": "other"}. A map without a date, an amount or who bought answers what was asked
and leaves the rest as found (`complete`).
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from crm.columns import assignment, currencies
from crm.columns.asking import Question
from crm.columns.assignment import Assignment
from crm.columns.values import TOTALS
from crm.errors import BadInputError
from crm.layouts import marks
from crm.layouts.registry import Layout
from crm.layouts.vocabulary import FIELDS, RANK
from crm.reading.tables import Table, strip

KEYS = (
    *(
        "columns",
        "header",
        "delimiter",
        "encoding",
        "widths",
        "grain",
        "amounts",
        "date_order",
        "decimal",
        "carry",
        "hundredths",
        "statuses",
        "currency",
        "timezone",
    ),
    "platform",
)
MAPPED = ("reference_id", "void_raw", "returned_raw", "done_raw", "owed_amount")
"""What a map file may name besides FIELDS."""
MARKS = ("行号 row", "原因 reason")
"""The two columns before the file's own in a file of rejected rows, the same in both languages so that it is known again."""
MOMENTS, AMOUNTS, WHO = (
    ("created_at", "paid_at"),
    ("paid_amount", "total_amount", "line_amount", "unit_price"),
    ("order_id", "buyer_id", "buyer_email", "buyer_phone"),
)


@dataclass(frozen=True)
class Guess:
    """One column of an unknown table: the field it probably is (None: not used), how sure that is (0–1) and why, and some of its values."""

    position: int
    column: str
    field: str | None
    confidence: float
    samples: list[str]
    why: str = ""


def look(table: Table) -> Assignment:
    """What the columns of a table are, from its header and its sample, and what has to be asked."""
    usual = len(table.names)
    rows = [[strip(cell) for cell in row] for row in table.rows if len(row) >= usual]
    titles = table.names if table.header_row else [""] * usual
    return assignment.assign(titles, [row for row in rows if not re.fullmatch(TOTALS, row[0].lower())], MARKS)


def carries(table: Table, columns: dict[str, int]) -> bool:
    """Whether an order's cells stand on its first row only, as the sample shows with these columns."""
    rows = [[strip(cell) for cell in row] for row in table.rows if len(row) >= len(table.names)]
    return assignment.carries(table.names, [row for row in rows if not re.fullmatch(TOTALS, row[0].lower())], columns)


def remarks(table: Table, used: Layout) -> dict[str, list[str]]:
    """What is to be said of how a table's columns were understood (`Assignment.remarks`), also where a person confirmed them."""
    if used.known or "remarks" in used.extra:
        return dict(used.extra.get("remarks", {}))
    result = look(table)
    names = {table.names[place] for places in used.columns.values() for place in places}
    unused = [name for name in result.remarks.get("unused_money", []) if name not in names and "refund_amount" not in used.columns]
    by_names = "names" in result.remarks and used.columns.get("buyer_id") == [result.columns.get("buyer_id")]
    return ({"names": []} if by_names else {}) | ({"unused_money": unused} if unused else {})


def names_people(table: Table) -> bool:
    """Whether a table tells of people: names, addresses, and nothing that is bought."""
    names = set(look(table).columns)
    return bool(names & {"buyer_email", "buyer_phone", "receiver_name", "first_name"}) and not names & {
        "item_title",
        "sku_code",
        "paid_amount",
        "line_amount",
    }


def guesses(table: Table, result: Assignment) -> list[Guess]:
    """A guess per column from what was found; no field is proposed twice."""
    chosen = {items.place: items for items in result.assigned.values()}
    items = [chosen.get(place) for place in range(len(table.names))]
    return [
        Guess(place, title, one.field if one else None, one.confidence if one else 0.0, _samples(table, place)[:5], one.why if one else "")
        for place, (title, one) in enumerate(zip(table.names, items, strict=True))
    ]


def _samples(table: Table, place: int) -> list[str]:
    cells = [strip(row[place]) for row in table.rows if place < len(row)]
    return [cell for cell in cells if cell]


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
        currency=_currency(given.get("currency")),
        date_order=given.get("date_order", "auto"),
        decimal=given.get("decimal"),
        timezone=given.get("timezone"),
        carry=bool(given.get("carry", False)),
        extra={"amounts": given.get("amounts", "auto"), "statuses": given.get("statuses", {}), "ask": True}
        | ({"hundredths": bool(given["hundredths"])} if "hundredths" in given else {}),
        nulls=("null", "-", "——", "--", "nan", "0000-00-00", "0000-00-00 00:00:00"),
    )


def _currency(word: str | None) -> str | None:
    """The code of the currency that a map file names. Raises BadInputError."""
    code = currencies.code(str(word)) if word else None
    if word and not code:
        raise BadInputError(
            "mapping.unknown_currency",
            "“{word}” is no currency that is known. Nothing was imported. Please name one like CNY, USD, EUR.",
            word=word,
        )
    return code


def assigned(table: Table) -> tuple[Layout, list[Question]]:
    """The layout of a table nobody knows, and what has to be asked before it is used."""
    result = look(table)
    made = layout(result.columns, {"carry": result.carry, "currency": marks.currency(table, result.columns)})
    return made.with_(name="unknown", extra={**made.extra, "language": result.language, "remarks": result.remarks}), result.questions


ANSWERS = {
    "amount": AMOUNTS,
    "moment": MOMENTS,
    "order": ("order_id",),
    "buyer": ("buyer_id", "buyer_email", "buyer_phone"),
    "status": ("status_raw",),
}
"""What each question is about; naming one of these fields, or saying that no column is it (null), answers it."""


def complete(table: Table, given: dict[str, Any]) -> tuple[dict[str, Any], list[Question]]:
    """A map file that is the whole mapping as it is; one that only answers something with what was found besides, and what stays open.

    Raises BadInputError.
    """
    named = given.get("columns", {})
    if not isinstance(named, dict) or not lacks({field for field, column in named.items() if column is not None}):
        return given, []
    places = positions(given, table.names)
    result = look(table)
    answered = [fields for fields in ANSWERS.values() if set(fields) & set(named)]
    rest = {
        field: place
        for field, place in result.columns.items()
        if field not in named and place not in places.values() and not any(field in fields for fields in answered)
    }
    columns = {field: place + 1 for field, place in (places | rest).items()}
    open_ = [question for question in result.questions if ANSWERS.get(question.role) not in answered]
    return {"carry": carries(table, places | rest), **given, "columns": columns}, open_


def amended(known: Layout, given: dict[str, Any]) -> Layout:
    """A known layout with what a map file without columns says of how it is written and what its words mean."""
    values = {name: given[name] for name in ("date_order", "decimal", "timezone") if given.get(name)}
    currency = {"currency": _currency(given["currency"])} if given.get("currency") else {}
    return known.with_(**values, **currency, extra={**known.extra, "statuses": given.get("statuses", {})})


def remembered(columns: dict[str, int], saved: dict[str, Any]) -> Layout:
    """The same from what was said of an earlier such table: how it wrote dates and numbers holds where this one does not show how."""
    result = layout(columns, saved)
    values = {name: saved[name] for name in ("date_order", "decimal") if saved.get(name)}
    return result.with_(date_order="auto", decimal=None, extra={**result.extra, **values})


def positions(given: dict[str, Any], names: list[str]) -> dict[str, int]:
    """The positions (from 0) that a map file names by header or by number from 1. Raises BadInputError."""
    unknown = sorted(set(given) - set(KEYS)) + sorted(set(given.get("columns", {})) - {*FIELDS, *MAPPED})
    statuses = given.get("statuses", {})
    unknown += sorted(str(word) for word in statuses.values() if word not in RANK) if isinstance(statuses, dict) else ["statuses"]
    unknown += [f"decimal {given['decimal']}"] if given.get("decimal") not in (None, ".", ",") else []
    if unknown or not given:
        raise BadInputError(
            "mapping.unknown_word",
            "The mapping cannot be used: {word} is not known to it. Nothing was imported.",
            word=", ".join(unknown) or "columns",
        )
    return {field: position(column, names) for field, column in given.get("columns", {}).items() if column is not None}


def position(column: int | str, names: list[str]) -> int:
    """The position (from 0) of a column that a map file names by header or by number from 1. Raises BadInputError."""
    if isinstance(column, int) and 1 <= column <= len(names):
        return column - 1
    if strip(str(column)) in names:
        return names.index(strip(str(column)))
    raise BadInputError(
        "mapping.unknown_column", "The mapping names a column “{column}” that the file does not have. Nothing was imported.", column=column
    )


def is_mended(names: list[str]) -> bool:
    """Whether a header is that of a file of rejected rows (`mending`), which comes back."""
    return tuple(names[: len(MARKS)]) == MARKS


def fingerprint(names: list[str]) -> str:
    """By which a table's mapping is remembered: its header, without the two columns of a file of rejected rows."""
    names = names[len(MARKS) :] if is_mended(names) else names
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest()[:16]
