"""Erasing people: what is personal goes from every table and folder, what was bought stays, under accounts that nobody can tell any more.

It outlives old files (`tombstones`), the undoing of imports, and an older copy of the database that is put back (`adopt`). docs/privacy.md
"""

import hashlib
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from crm import jobs, works
from crm.accounts import acting, audit
from crm.accounts.acting import Right
from crm.campaigns import roster
from crm.customers import derived
from crm.database import Store, Transaction, rewriting
from crm.errors import BadInputError, NotFoundError
from crm.imports import erasing as records_of_orders
from crm.messaging import consents, events, handed_over
from crm.orders import crosswalk, derive, tombstones
from crm.privacy import people
from crm.privacy.people import Held, Person
from crm.privacy.sql import SQL
from crm.segments import lists
from crm.uploads import records

ASKED, RETENTION = "asked", "retention"
FEW = 200
"""People of whom every job is looked through word by word."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: of how many people, and how much of them. `letters`: files of letters that are gone."""

    people: int
    held: Held
    letters: int


@acting.needs(Right.ERASE)
def erase(store: Store, who: Sequence[Person], orders: int | None, now: datetime, actor: str = "screen", reason: str = ASKED) -> Erased:
    """Erase these people for good. `orders` repeats how many orders they have, so that it is not done by accident (None: by the rule).

    Who asked for it is never written to again; whom the retention rule erased may be once she buys again. Raises BadInputError.
    """
    with store.transaction(alone=True) as change:
        people.stage(change, who)
        held = people.counted(change)
        if orders is not None and orders != held.orders:
            raise BadInputError(
                "erasure.number_not_confirmed",
                "This person has {n} orders, not {given}. Nothing was erased. Please look again, and say the number of orders.",
                n=held.orders,
                given=orders,
            )
        if not who:
            raise NotFoundError("erasure.nobody", "Nobody is known by that. Nothing was erased.")
        _rename(change, {})
        SQL.run(change, "renamed")
        tombstones.bury(change, uuid.uuid4().hex[:12], len(who), held.orders, reason, now)
        messages = _everywhere(change, now, barred=reason == ASKED, words=reason == ASKED)
        audit.noted(change, now, actor, "erase", f"{len(who)} customers, {held.orders} orders, {reason}")
    return Erased(len(who), held, _files(store, messages))


def adopt(store: Store, now: datetime) -> int:
    """Put erasures into effect that the journal knows and this database does not, because it is an older copy; how many."""
    handed_over.adopt(store)
    if not (entries := tombstones.heard(store)):
        return 0
    with store.transaction(alone=True) as change:
        change.execute(tombstones.HASHED)
        change.execute("CREATE OR REPLACE TEMP TABLE heard (kind TEXT, mark TEXT, token TEXT, customer_id TEXT, platform TEXT, shop TEXT)")
        rows = [row for entry in entries for row in entry["who"]]
        if rows:
            change.insert("heard", pd.DataFrame(rows, columns=list(tombstones.COLUMNS), dtype="string"))
        people.macros(change)
        SQL.run(change, "heard", secret=change.journal.secret())
        people.fill(change)
        known = change.rows("SELECT customer_id, token, new_id, platform, shop FROM heard_ids")
        _rename(change, {row["customer_id"]: row for row in known})
        SQL.run(change, "renamed")
        messages = _everywhere(change, now, barred=False, words=len(known) <= FEW)
        tombstones.take_over(change, entries)
        audit.noted(change, now, "terminal", "erase", f"{len(entries)} erasures again, after a copy was put back")
    _files(store, messages)
    return len(entries)


def _rename(change: Transaction, given: dict[str, dict[str, str]]) -> None:
    """Fill `leaving_accounts`: a random account for each, or the `given` one."""
    rows = change.rows("SELECT customer_id, platform, shop FROM leaving_about")
    named = [given.get(row["customer_id"]) or row | _random(row["platform"], row["shop"]) for row in rows]
    columns = ["customer_id", "token", "new_id", "platform", "shop"]
    change.execute(f"CREATE OR REPLACE TEMP TABLE leaving_accounts ({', '.join(f'{name} TEXT' for name in columns)})")
    if named:
        change.insert("leaving_accounts", pd.DataFrame(named)[columns])


def _random(platform: str, shop: str) -> dict[str, str]:
    """An account and its customer id."""
    token = uuid.uuid4().hex
    return {"token": token, "new_id": hashlib.sha256(f"{platform}|{shop}|{token}".encode()).hexdigest()[:16]}


def _everywhere(change: Transaction, now: datetime, *, barred: bool, words: bool) -> list[str]:
    """Each table's owner takes out what is hers; then everything derived is made anew. The messages whose letters are to go."""
    messages = [row["message_id"] for row in change.rows("SELECT message_id FROM leaving_messages WHERE message_id IS NOT NULL")]
    derive.start(change)
    change.execute("INSERT INTO touched SELECT DISTINCT order_key FROM leaving_orders")
    change.execute("INSERT INTO touched SELECT DISTINCT order_key FROM order_records SEMI JOIN leaving_accounts USING (customer_id)")
    consents.erase(change, barred, now)
    handed_over.erase(change)
    events.erase(change)
    roster.erase(change)
    lists.erase(change)
    records.erase(change)
    records_of_orders.erase(change)
    crosswalk.erase(change)
    if words:
        jobs.erase(change)
    derive.refresh(change, derive.shop_of(change))
    derived.rebuild(change)
    return messages


def _files(store: Store, messages: Sequence[str]) -> int:
    """Letters to her, test letters and uploads that lie there go; the database file is written anew when it is opened next."""
    if store.folder is None:
        return 0
    rewriting.ask(store.folder)
    letters = [path for message in messages if (path := store.folder / "outbox" / f"{message}.eml").exists()]
    for path in letters:
        path.unlink(missing_ok=True)
    shutil.rmtree(store.folder / "outbox" / "test", ignore_errors=True)
    busy = {path for job in jobs.running(store, works.Import) for path in job.args.paths}
    for path in (store.folder / "uploads").glob("*/*/*"):
        if str(path) not in busy:
            path.unlink(missing_ok=True)
    return len(letters)
