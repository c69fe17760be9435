"""What a person pastes from a spreadsheet: ids, order numbers, phone numbers, e-mail addresses, accounts and nicknames, each looked up.

"13800000000\\n小鹿\\t1.23E+17"   → found, not found, belongs to several, damaged by a spreadsheet; an entry is in exactly one of them
"""

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crm.accounts import acting
from crm.accounts.acting import Right
from crm.database import Store
from crm.errors import BadInputError, NotFoundError
from crm.orders.sql import SQL as ORDERS
from crm.reading import decoding
from crm.segments.sql import SQL

MOST = 100_000
"""Entries that are looked up at once."""
_EDGES = "".join(map(chr, (9, 10, 13, 32, 160, 0x3000, 0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060)))
_ENTRY = re.compile(r'[ \u00a0\u3000]*(=?"(?:[^"\r\n]|"")*"[ \u00a0\u3000]*(?=[\r\n\t,;，；]|$)|[^\r\n\t,;，；]+)')
_FLOAT = re.compile(r"(\d+)\.0")


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Whom the entries are. Different entries as typed: `not_found`, `ambiguous` (of several customers), `damaged` (1.23E+17).

    `given`: how many different entries there are; `repeated`: how many stood there again. `found`: the customer ids, each once, sorted;
    `matched`: how many entries are them, which is more where somebody is named by her phone number and by her nickname.
    """

    given: int
    repeated: int
    matched: int
    found: list[str]
    not_found: list[str]
    ambiguous: list[str]
    damaged: list[str]


def entries(text: str) -> list[tuple[str, str]]:
    """Each entry as it stands there and as it is compared: without quotes, ="…", apostrophe and blanks around it, in plain signs."""
    typed = [match.strip(_EDGES) for match in _ENTRY.findall(text)]
    return [(one, plain) for one in typed if (plain := _plain(one))]


def _plain(typed: str) -> str:
    text = unicodedata.normalize("NFKC", typed).strip(_EDGES).removeprefix("=")
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1].replace('""', '"')
    text = text.strip(_EDGES).lstrip("'").strip(_EDGES)
    whole = _FLOAT.fullmatch(text)
    return whole[1] if whole else text


def from_file(path: Path) -> str:
    """The text of a file, in UTF-8, UTF-16 or GB18030. Raises NotFoundError."""
    if not path.is_file():
        raise NotFoundError("list.no_file", "There is no file {path}. No list was made.", path=path)
    raw = path.read_bytes()
    for encoding in (decoding.wide(raw) or "utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return raw.decode("gb18030", errors="replace")


def look_up(store: Store, text: str) -> LookedUp:
    """Who is meant, each entry by itself. Nothing is kept. Raises BadInputError where nothing or too much was pasted."""
    acting.require(Right.SEGMENTS)
    given = entries(text)
    if not given:
        raise BadInputError("list.empty", "There is nothing to look up. Please paste one entry per line.")
    first = {plain.lower(): (typed, plain) for typed, plain in reversed(given)}
    if len(first) > MOST:
        raise BadInputError(
            "list.too_long",
            "These are {n} entries; {most} can be looked up at once. Nothing was looked up. Please paste them in parts.",
            n=len(first),
            most=MOST,
        )
    asked = list(first.values())[::-1]
    frame = pd.DataFrame({"place": range(len(asked)), "plain": [plain for _, plain in asked]})
    with store.transaction() as change:
        ORDERS.run(change, "macros")
        change.execute("CREATE OR REPLACE TEMP TABLE pasted (place BIGINT, plain TEXT)")
        change.insert("pasted", frame)
        rows = SQL.rows(change, "looked_up")
    return _sorted(asked, rows, len(given) - len(asked))


def _sorted(asked: list[tuple[str, str]], rows: list[dict[str, object]], repeated: int) -> LookedUp:
    kinds: dict[str, list[str]] = {"one": [], "several": [], "damaged": [], "none": []}
    found = set[str]()
    for (typed, _), row in zip(asked, rows, strict=True):
        kind = "one" if row["people"] == 1 else "several" if row["people"] else "damaged" if row["is_damaged"] else "none"
        kinds[kind].append(typed)
        if kind == "one":
            found.add(str(row["customer_id"]))
    return LookedUp(len(asked), repeated, len(kinds["one"]), sorted(found), kinds["none"], kinds["several"], kinds["damaged"])
