"""Names, phone numbers, addresses and cells of files as they are seen by whoever may not see them in full; pure functions.

shown(Kind.NAME, "王小明")  '王••'     the hidden part has the same number of signs for everybody, so lengths tell nothing
frame(people)               the personal columns of a table (`COLUMNS`)
found(sentence)             e-mail addresses and phone numbers wherever they stand in a text
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

import pandas as pd

HIDDEN = "••"


class Kind(StrEnum):
    """What a personal text is. HIDE: nothing of it is shown; CELL: any cell of a file, of which dates and amounts stay."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    HIDE = "hide"
    CELL = "cell"


COLUMNS = {
    Kind.NAME: "nickname name buyer account receiver buyer_id receiver_name first_name last_name",
    Kind.PHONE: "phone phone_sms phone_call buyer_phone",
    Kind.EMAIL: "email email_norm buyer_email",
    Kind.HIDE: "customer_id qq wechat receiver_address address remarks family body",
}
"""The personal columns, of the shop's own tables and of the fields of files. A customer's id is made of the account's name: guesses of
a name could be tried on it."""
PERSONAL = {name: kind for kind, names in COLUMNS.items() for name in names.split()}
_DAY = r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?(?:[T ]+[\d:.]{4,15}(?:Z|[AP]M|\s[AP]M|[+-]\d\d:?\d\d)?)?"
_AMOUNT = r"[-+(]?[^\w\s]?\s?(?:\d{1,6}|\d{1,3}(?:[,. ]\d{3}){1,3}[.,]\d{1,2}|\d{1,9}[.,]\d{1,2})\s?[^\w\s]?\)?"
_STAYS = re.compile(f"(?:{_DAY}|{_AMOUNT})")
_EMAIL = re.compile(r"[^\s@<>(),;:，；：“”]+@[^\s@<>(),;，；：“”]+")
_PHONE = re.compile(
    r"(?<!\d)(?:"
    r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}"  # a Chinese mobile
    r"|\+\d[\d ().-]{6,16}\d"  # with a country's code
    r"|0\d{2,3}[- ]\d{7,8}"  # a Chinese landline
    r"|\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}"  # North America
    r")(?!\d)"
)


def _name(text: str) -> str:
    return (text[0] if len(text) > 1 else "") + HIDDEN


def _phone(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    return HIDDEN * 2 + (digits[-4:] if len(digits) >= 8 else "")


def _email(text: str) -> str:
    local, at, domain = text.rpartition("@")
    return _name(local) + at + domain if at else _name(text)


def _cell(text: str) -> str:
    """The shape stays, so that a column can still be recognised: digits and letters after the first sign are hidden."""
    return text if _STAYS.fullmatch(text) else text[0] + re.sub(r"\w", "•", text[1:25])


_MASKS: dict[Kind, Callable[[str], str]] = {
    Kind.NAME: _name,
    Kind.PHONE: _phone,
    Kind.EMAIL: _email,
    Kind.HIDE: lambda _: HIDDEN,
    Kind.CELL: _cell,
}


def shown(kind: Kind, text: str) -> str:
    """A text masked; what is empty stays empty."""
    plain = text.strip()
    return _MASKS[kind](plain) if plain else text


def contact(text: str) -> str:
    """The same of what is an e-mail address or a phone number."""
    return shown(Kind.EMAIL if "@" in text else Kind.PHONE, text)


def found(text: str) -> str:
    """A text with every e-mail address and phone number in it masked. Names cannot be told from words."""
    return _PHONE.sub(lambda match: _phone(match[0]), _EMAIL.sub(lambda match: _email(match[0]), text))


def frame(people: pd.DataFrame) -> pd.DataFrame:
    """The same table with its personal columns masked."""
    kinds = {name: PERSONAL[name] for name in people.columns if name in PERSONAL}
    return people.assign(**{name: people[name].map(_either(kind)) for name, kind in kinds.items()})


def row(told: Mapping[str, Any]) -> dict[str, Any]:
    """The same of one row, by its columns."""
    return {name: _either(PERSONAL[name])(value) if name in PERSONAL else value for name, value in told.items()}


def _either(kind: Kind) -> Callable[[Any], Any]:
    return lambda cell: None if cell is None or cell is pd.NaT or cell != cell else shown(kind, str(cell))


def values(told: Mapping[str, Any]) -> dict[str, Any]:
    """What a refusal or a warning says: the cell of a row, columns with some of their cells, and words in which somebody may be named."""
    cells = ("value", "text") if "row" in told else ("names",) if "column" in told else ()
    return {name: _said(name, value, name in cells) if isinstance(value, str) else value for name, value in told.items()}


def _said(name: str, text: str, cells: bool) -> str:
    if cells:
        return ", ".join(shown(Kind.CELL, part) for part in text.split(", "))
    if name == "candidates":  # “title” (cell, cell) / “title” (cell)
        return re.sub(r"\(([^()]*)\)", lambda match: f"({_said('', match[1], cells=True)})", text)
    return found(text)
