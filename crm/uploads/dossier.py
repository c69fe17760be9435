"""One customer's dossier: what is known, and which file or person said it when.

known(store, customer_id)      every field as text
history(store, customer_id)    every change of a field, by a file or by hand, newest first
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from crm.database.statements import Reader
from crm.uploads import people

TEXTS = (*people.TEXTS, "gender", "tags", "phone", "email")
FIELDS = "name nickname gender birthday phone email qq wechat size colours family tags owner remarks".split()
"""What a dossier says, in the order in which it is shown. A birthday is `1992-05-03`, `05-03` or `1992`, of the lunar calendar
`lunar 1992-03-08`, in a leap month `lunar 1992-闰04-08`; tags are parted by `|`."""


@dataclass(frozen=True, slots=True)
class Change:
    """That a field became something else, at a moment (UTC): by hand (`actor`) or as a `file` told it; what was said at once has one id."""

    field: str
    before: str
    after: str
    at: datetime
    actor: str | None
    file: str | None
    change_id: str

    def as_json(self) -> dict[str, Any]:
        """As `crm customer history` prints it."""
        return asdict(self)


RECORDS = """
SELECT person_records.*, recorded_at, person_sources.actor, import_id, file FROM person_records JOIN person_sources USING (record_id)
JOIN identities USING (identity_key) LEFT JOIN imports USING (import_id) WHERE identities.customer_id = ?
ORDER BY person_sources.import_seq, person_sources.actor IS NOT NULL, row_no, person_records.record_id
"""


def known(reader: Reader, customer_id: str) -> dict[str, str]:
    """Every field as it counts now, as text; empty: not known from a dossier. `customer_id`: that she lives on as."""
    rows = reader.rows("SELECT * FROM profiles WHERE customer_id = ?", [customer_id])
    tags = reader.rows("SELECT tag FROM customer_tags WHERE customer_id = ? ORDER BY tag", [customer_id])
    told = rows[0] if rows else {}
    texts = {name: str(told.get(name) or "") for name in FIELDS}
    return texts | {"tags": "|".join(row["tag"] for row in tags), "birthday": born(told)}


def born(told: Mapping[str, Any]) -> str:
    """A birthday's columns as the text of FIELDS."""
    year, month, day = (told.get(f"birth_{part}") for part in ("year", "month", "day"))
    if month is None:
        return str(year or "")
    text = f"{'闰' if told.get('birth_leap') else ''}{month:02}-{day:02}"
    return ("lunar " if told.get("birth_lunar") else "") + (f"{year}-{text}" if year else text)


def history(reader: Reader, customer_id: str) -> list[Change]:
    """Every change of every field, newest first: what files and people of the shop said, one after the other."""
    state: dict[str, Any] = {}
    changes: list[Change] = []
    for row in reader.rows(RECORDS, [customer_id]):
        before = _texts(state)
        _take(state, row)
        after = _texts(state)
        changes += [
            Change(name, before[name], after[name], row["recorded_at"], row["actor"], row["file"], row["import_id"])
            for name in FIELDS
            if before[name] != after[name]
        ]
    return changes[::-1]


def _take(state: dict[str, Any], row: Mapping[str, Any]) -> None:
    """What counts after one more record: the latest of each field; a clear phone number before any other; all tags."""
    gone = set((row["cleared"] or "").strip("|").split("|"))
    for name in gone & {*TEXTS, "birthday"}:
        for part in [key for key in state if key == name or (name == "birthday" and key.startswith("birth_"))]:
            del state[part]
    if row["birth_month"] is not None:
        state |= {name: row[name] for name in ("birth_month", "birth_day", "birth_lunar", "birth_leap")}
    if row["birth_year"] is not None:
        state["birth_year"] = row["birth_year"]
    if row["tags"]:
        state["tags"] = sorted({*state.get("tags", ()), *row["tags"].split("|")})
    if row["phone"] and (row["phone_quality"] == "clear" or state.get("phone", ("", ""))[1] != "clear"):
        state["phone"] = (row["phone"], row["phone_quality"])
    if row["email_norm"]:
        state["email"] = row["email"]
    state |= {name: row[name] for name in (*people.TEXTS, "gender") if row[name] is not None}


def _texts(state: Mapping[str, Any]) -> dict[str, str]:
    texts = {name: str(state.get(name) or "") for name in FIELDS if name not in ("tags", "phone", "birthday")}
    return texts | {"tags": "|".join(state.get("tags", ())), "phone": state.get("phone", ("", ""))[0], "birthday": born(state)}
