"""What people of the shop write of one customer by hand: her dossier, notes. Kept as the records of files are, by the same writer.

edit(store, customer_id, values, now, seen=…)    say what fields are, or that they are not known
note(store, customer_id, body, now)              what somebody noted
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from crm.accounts import acting, audit
from crm.accounts.acting import Right
from crm.customers import derived
from crm.database import Store, Transaction
from crm.errors import BadInputError, ChangedError, NotFoundError
from crm.imports.results import FileResult
from crm.orders import derive, tombstones
from crm.orders.sql import SQL
from crm.uploads import dates, dossier, people, records, touches
from crm.uploads.upload import Batch

LONGEST = 500
"""Characters of a field."""
NOTE = 2000
"""Characters of a note."""


@acting.needs(Right.IMPORTS)
def edit(
    store: Store, customer_id: str, values: Mapping[str, str], now: datetime, actor: str = "screen", seen: Mapping[str, str] | None = None
) -> list[str]:
    """Say what these fields are (empty: not known); the fields that changed. What files say later counts again from then on.

    `seen`: the fields as they were looked at: where somebody changed one of them meanwhile, ChangedError names it and nothing is written.
    Raises BadInputError for what cannot be a value, NotFoundError for who is not there or was erased.
    """
    with store.transaction(alone=True) as change:
        SQL.run(change, "macros")
        key = _key_of(change, customer_id)
        before = dossier.known(change, customer_id)
        told = {name: text for name, text in values.items() if text != before.get(name) and text != (seen or {}).get(name)}
        wanted = {name: after for name, text in told.items() if (after := _checked(change, name, text, now)) != before[name]}
        _unchanged(change, customer_id, wanted, before, seen)
        if wanted:
            written = _written(wanted)
            _write(change, key, written, [*people.KEPT, "cleared"], "person", now, actor)
            _follow(change, customer_id, key, wanted)
            audit.noted(change, now, actor, "edit dossier", ", ".join(wanted))
    return list(wanted)


def _key_of(change: Transaction, customer_id: str) -> str:
    """The key under which something is told of a customer: her account, else her phone number or e-mail address."""
    if tombstones.erased_at(change, customer_id):
        raise NotFoundError("customer.erased", "This customer was erased. Nothing was written, and nothing can be.")
    rows = change.rows(KEYS, {"who": customer_id})
    if not rows:
        raise NotFoundError("customer.not_found", "There is no customer {customer_id}.", customer_id=customer_id[:40])
    return str(rows[0]["key"])


KEYS = """
SELECT key FROM (
    SELECT 'account:' || platform || '|' || shop || '|' || buyer AS key, 0 AS place FROM customers
    WHERE customer_id = $who AND buyer IS NOT NULL
    UNION ALL SELECT identity_key, list_position(['account', 'phone', 'email'], split_part(identity_key, ':', 1)) FROM identities
    WHERE customer_id = $who AND NOT starts_with(identity_key, 'order:'))
ORDER BY place, key LIMIT 1
"""


def _checked(change: Transaction, name: str, text: str, now: datetime) -> str:
    """A value as it is kept; empty for none."""
    plain = " ".join(text.split()) if name != "remarks" else text.strip()
    if name == "tags":
        return "|".join(sorted({one.strip() for one in people.TAGS.split(plain) if one.strip()}))
    if not plain:
        return ""
    if name == "birthday":
        told = dates.birthday(plain.replace("lunar ", "农历"))
        good = dossier.born(people.birth(told)) if told and (told.year or 0) <= now.year else ""
    elif name == "gender":
        good = people.gender(plain) or ""
    elif name in ("phone", "email"):
        sql = {
            "phone": "SELECT CASE WHEN phone_quality($1) = 'clear' THEN dial($1) END AS good",
            "email": "SELECT address_norm($1) AS good",
        }
        good = change.rows(sql[name], [plain])[0]["good"] or ""
    else:
        good = plain if name in dossier.FIELDS and len(plain) <= LONGEST else ""
    if not good:
        raise BadInputError(
            "dossier.value",
            "“{text}” cannot be the {field} of a customer. Nothing was saved. Please write it otherwise.",
            text=plain[:40],
            field=name,
        )
    return good


def _unchanged(
    change: Transaction, customer_id: str, wanted: Mapping[str, str], before: Mapping[str, str], seen: Mapping[str, str] | None
) -> None:
    lost = [name for name in wanted if seen is not None and name in seen and seen[name] != before[name]]
    if lost:
        last = next((one for one in dossier.history(change, customer_id) if one.field in lost), None)
        raise ChangedError(
            "dossier.changed_meanwhile",
            "{who} changed the {field} of this customer while you were writing. Nothing was saved. Please look at it again.",
            who=(last and (last.actor or last.file)) or "?",
            field=", ".join(lost),
        )


def _written(wanted: Mapping[str, str]) -> dict[str, Any]:
    """The columns of the record that says so; every field it names takes back what was said of it before."""
    row: dict[str, Any] = {name: text or None for name, text in wanted.items() if name not in ("birthday", "email")}
    if born := dates.birthday(wanted.get("birthday", "").replace("lunar ", "农历")):
        row |= people.birth(born)
    if wanted.get("phone"):
        row["phone_quality"] = "clear"
    if wanted.get("email"):
        row |= {"email": wanted["email"], "email_norm": wanted["email"]}
    return row | {"cleared": f"|{'|'.join(sorted(wanted))}|"}


def _write(change: Transaction, key: str, row: Mapping[str, Any], columns: list[str], kind: str, now: datetime, actor: str) -> None:
    """Keep one record as the rows of a file are kept, after all that was told so far. `kind`: person or touch."""
    rows, sources = f"{kind}_records", f"{kind}_sources"
    seq = change.rows("SELECT coalesce(max(import_seq), 0) AS seq FROM imports")[0]["seq"]
    place = change.rows(f"SELECT coalesce(max(row_no), 0) + 1 AS place FROM {sources} WHERE actor IS NOT NULL")[0]["place"]  # noqa: S608
    names = ["row_no", "identity_key", *columns]
    like = f"SELECT 0::BIGINT AS row_no, identity_key, {', '.join(columns)} FROM {rows} LIMIT 0"  # noqa: S608 (names only)
    change.execute(f"CREATE OR REPLACE TEMP TABLE upload_people AS {like}")
    cells = _who(key) | dict(row) | {"identity_key": key, "row_no": place}
    change.insert("upload_people", pd.DataFrame([[cells.get(name) for name in names]], columns=names, dtype=object))
    result = FileResult("", "", "", import_id="hand-" + uuid.uuid4().hex[:12])
    batch = Batch([], result, int(seq), now, derive.shop_of(change), actor=acting.named(actor))
    records.keep(change, batch, rows, sources, columns)


def _who(key: str) -> dict[str, Any]:
    """The identity columns of a key."""
    kind, _, text = key.partition(":")
    if kind == "account":
        return dict(zip(("platform", "shop", "account"), text.split("|", 2), strict=True))
    mark = {"phone": text, "phone_quality": "clear"} if kind == "phone" else {"email": text, "email_norm": text}
    return {"platform": "", "shop": ""} | mark


TOLD_ELSEWHERE = """
SELECT 1 FROM (
    SELECT identity_key, phone, email_norm FROM person_records UNION ALL SELECT identity_key, phone, email_norm FROM touch_records
    UNION ALL SELECT address_norm, substring(address_norm, 7), substring(address_norm, 7) FROM consents
    UNION ALL SELECT address_norm, substring(address_norm, 7), substring(address_norm, 7) FROM suppressions
) WHERE identity_key <> $key AND (phone = $phone OR email_norm = $email) LIMIT 1
"""


def _follow(change: Transaction, customer_id: str, key: str, wanted: Mapping[str, str]) -> None:
    """She alone is made anew; everybody, where a number or address that was told names somebody else as well or could."""
    phone, email = wanted.get("phone", ""), wanted.get("email", "")
    shared = (phone or email) and (
        not key.startswith("account:") or change.rows(TOLD_ELSEWHERE, {"key": key, "phone": phone or None, "email": email or None})
    )
    if not shared:
        derived.renew(change, customer_id, key)
        return
    derived.rebuild(change)
    if not change.rows("SELECT 1 FROM identities WHERE identity_key = ? AND customer_id = ?", [key, customer_id]):
        raise BadInputError(
            "dossier.somebody_else",
            "This number or address is another customer's. Nothing was saved. Where both are one person, please give that customer's "
            "dossier the rest.",
        )


@acting.needs(Right.CUSTOMERS)
def note(store: Store, customer_id: str, body: str, now: datetime, actor: str = "screen") -> None:
    """Keep what somebody of the shop noted about a customer, at this moment. Raises BadInputError where it is empty or too long."""
    text = body.strip()
    if not 0 < len(text) <= NOTE:
        raise BadInputError("note.length", "A note has 1 to {most} characters. Nothing was saved. Please write it again.", most=NOTE)
    with store.transaction(alone=True) as change:
        SQL.run(change, "macros")
        key = _key_of(change, customer_id)
        row = {"kind": "note", "happened_at": now, "body": text}
        _write(change, key, row, touches.KEPT, "touch", now, actor)
        derived.renew(change, customer_id, key)
        audit.noted(change, now, actor, "note", "about a customer")


def forget_demo(change: Transaction) -> None:
    """What was written by hand of the people of the demo goes with them, before their orders do."""
    for rows, sources in (("person_records", "person_sources"), ("touch_records", "touch_sources")):
        change.execute(
            f"DELETE FROM {sources} WHERE actor IS NOT NULL AND record_id IN ("  # noqa: S608 (names only)
            f"SELECT record_id FROM {rows} JOIN identities USING (identity_key) WHERE customer_id IN ("
            "SELECT customer_id FROM orders JOIN imports USING (import_id) WHERE demo))"
        )
        change.execute(f"DELETE FROM {rows} WHERE record_id NOT IN (SELECT record_id FROM {sources})")  # noqa: S608 (names only)
