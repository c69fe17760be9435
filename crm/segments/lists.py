"""Lists of customers, pasted or taken from a segment on a day: the only writer of `customer_lists` and `customer_list_members`.

Of what was pasted only customer ids are kept, never the text.
"""

import json
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import ibis
import pandas as pd

from crm.accounts import acting, audit
from crm.accounts.acting import Right
from crm.database import Store, Transaction
from crm.errors import BadInputError
from crm.segments.pasted import LookedUp

LONGEST = 100
PASTED, FROZEN = "pasted", "frozen"


@dataclass(frozen=True, slots=True)
class Kept:
    """A list: its `name` is its own. `given`: entries looked up, `found`: people on it when it was made (UTC).

    `origin`: of a frozen list {segment, rung, as_of}. `actor`: who made it.
    """

    list_id: str
    name: str
    kind: str
    origin: dict[str, str]
    given: int
    found: int
    actor: str
    made_at: datetime


@acting.needs(Right.SEGMENTS)
def keep(store: Store, name: str, looked_up: LookedUp, now: datetime) -> Kept:
    """Keep the people who were found; a name that is taken gets a number. Raises BadInputError where nobody was found."""
    if not looked_up.found:
        raise BadInputError(
            "list.nobody_found",
            "None of these entries belongs to exactly one customer. No list was made. Please check the column you copied.",
        )
    with store.transaction(alone=True) as change:  # nobody is erased meanwhile
        change.execute("CREATE OR REPLACE TEMP TABLE looked_up (customer_id TEXT)")
        change.insert("looked_up", pd.DataFrame({"customer_id": looked_up.found}, dtype="string"))
        still = "SELECT customer_id FROM looked_up SEMI JOIN customer_facts USING (customer_id)"
        found = int(change.rows(f"SELECT count(*) AS people FROM ({still})")[0]["people"])  # noqa: S608 (our own words)
        made = _insert(change, name, PASTED, {}, looked_up.given, found, now)
        change.execute(f"INSERT INTO customer_list_members (list_id, customer_id) SELECT ?, customer_id FROM ({still})", [made.list_id])  # noqa: S608
    return made


def freeze(change: Transaction, name: str, people: Any, origin: dict[str, str], as_of: date, now: datetime) -> Kept:
    """The people of an Ibis table with `customer_id` as a list, inside a change that is open; they never leave the database."""
    list_id = uuid.uuid4().hex[:12]
    found = change.fill("customer_list_members", people.select("customer_id", list_id=ibis.literal(list_id)))
    if not found:
        raise BadInputError("list.nobody_on_rung", "Nobody stands on this rung. No list was made.")
    return _insert(change, name, FROZEN, origin | {"as_of": as_of.isoformat()}, found, found, now, list_id)


def _insert(
    change: Transaction, name: str, kind: str, origin: dict[str, str], given: int, found: int, now: datetime, list_id: str | None = None
) -> Kept:
    taken = {row["name"] for row in change.rows("SELECT name FROM customer_lists")}
    short = " ".join(name.split())[: LONGEST - 8] or now.date().isoformat()
    own = next(one for one in (short, *(f"{short} ({number})" for number in range(2, len(taken) + 3))) if one not in taken)
    made = Kept(list_id or uuid.uuid4().hex[:12], own, kind, origin, given, found, acting.named("screen"), now)
    change.execute(
        "INSERT INTO customer_lists (list_id, name, kind, origin, given, found, actor, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [made.list_id, own, kind, json.dumps(origin, ensure_ascii=False), given, found, made.actor, now],
    )
    audit.noted(change, now, "screen", "list.keep", f"{made.list_id}: {found} people")
    return made


def listed(store: Store) -> list[Kept]:
    """All lists, newest first."""
    sql = "SELECT * FROM customer_lists ORDER BY made_at DESC, name"
    return store.rows_as(Kept, sql, origin=json.loads)


def erase(change: Transaction) -> None:
    """The people in `leaving_accounts` are on no list any more."""
    change.execute("DELETE FROM customer_list_members WHERE customer_id IN (SELECT customer_id FROM leaving_accounts)")
