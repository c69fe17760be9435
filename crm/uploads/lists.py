"""Known lists of people: what shops and mail services export of their customers and subscribers, recognised by header (`lists.json`)."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from crm.layouts.mapping import MARKS
from crm.layouts.registry import plain
from crm.reading.tables import Table, strip

SHAPES = {"epoch": re.compile(r"1\d{9}(\d{3})?(\.\d+)?")}
"""What a column's cells may have to look like: seconds (or milliseconds) since 1970."""


@dataclass(frozen=True)
class KnownList:
    """An entry of `lists.json`. `columns`: field → titles; `fixed`: what every row has; `says`: what a row means that has no answer.

    `needs`: a yes by `says` needs one of these fields. `answers`: words that mean something else here. `ignores`: titles that look like
    consent and are none. `unsure`: another file could have the same header, and the dry run says so.
    """

    name: str
    zh: str
    en: str
    kind: str
    columns: Mapping[str, Sequence[str]]
    fixed: Mapping[str, str] = field(default_factory=dict)
    says: str = ""
    needs: Sequence[str] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    ignores: Sequence[str] = ()
    unsure: bool = False

    def places(self, names: Sequence[str]) -> dict[str, int]:
        """Field → position of the first of its titles that is there."""
        headers = [plain(name) for name in names]
        values = {name: next((plain(one) for one in titles if plain(one) in headers), "") for name, titles in self.columns.items()}
        return {name: headers.index(title) for name, title in values.items() if title}


@cache
def entries() -> list[tuple[KnownList, dict[str, Any]]]:
    """The known lists in the order in which a header is compared with them, each with what its header must have."""
    content = json.loads((Path(__file__).parent / "lists.json").read_text(encoding="utf-8"))
    own = {"from", "all", "any", "none", "exact", "values"}
    return [
        (KnownList(**{key: value for key, value in entry.items() if key not in own}), {key: entry[key] for key in own & set(entry)})
        for entry in content["lists"]
    ]


def detect(table: Table) -> KnownList | None:
    """The first list whose titles a table has, and whose cells look as they must; upper and lower case make no difference."""
    return next((known for known, mark in entries() if _fits(table, mark)), None) if table.header_row else None


def _fits(table: Table, mark: dict[str, Any]) -> bool:
    titles = {plain(name) for name in table.names if name not in MARKS}
    wanted = {plain(title) for title in mark["all"]}
    if not wanted <= titles or {plain(title) for title in mark.get("none", [])} & titles:
        return False
    if "any" in mark and not {plain(title) for title in mark["any"]} & titles:
        return False
    if mark.get("exact") and titles != wanted:
        return False
    return all(_shaped(table, title, SHAPES[shape]) for title, shape in mark.get("values", {}).items())


def _shaped(table: Table, title: str, shape: re.Pattern[str]) -> bool:
    place = [plain(name) for name in table.names].index(plain(title))
    cells = [cell for row in table.rows if place < len(row) and (cell := strip(row[place]))]
    return bool(cells) and 2 * sum(bool(shape.fullmatch(cell)) for cell in cells) > len(cells)
