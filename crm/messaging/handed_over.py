"""What the journal knows and this database does not, because it is an older copy: batches that left, people who opted out.

`adopt` takes it up once per opening. From then on it is in the database: batches wait for a person's decision, opt-outs count at once.
The only writer of `handed_over`, `handed_over_people` and `refusals_heard`.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from crm.database import Store, Transaction
from crm.database.journal import SIGN
from crm.messaging import suppressions
from crm.orders import tombstones

MISSING, COPIED = "missing", "copied"
ERASED = "erased"
"""Instead of an attempt: letters to people whose data was erased."""
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Addressed:
    """Who a message goes to."""

    message_id: str
    customer_id: str
    address_norm: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A campaign that waits for a decision: how many of its messages left after the copy, and when (UTC)."""

    campaign_id: str
    name: str
    messages: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Handed:
    """Who was written to after the copy, as hashes, in which attempt, and whether the provider had accepted it."""

    address: str
    person: str
    accepted: bool
    attempt_id: str


def intend(store: Store, campaign_id: str, name: str, attempt: str, people: Sequence[Addressed], now: datetime) -> None:
    """Write into the journal who is about to be written to, before the wire.

    Raises OSError when the journal cannot be written: then nothing may leave.
    """
    sign = store.journal.sign
    signs = [sign("email", one.address_norm) + sign("person", one.customer_id) + sign("message", one.message_id) for one in people]
    store.journal.append({"kind": "batch", "at": now, "campaign": campaign_id, "name": name, "attempt": attempt, "who": "".join(signs)})


def journal_outcome(change: Transaction, attempt: str, accepted: bool, not_sent: Iterable[str]) -> None:
    """What became of it; `not_sent`: the messages that certainly did not leave."""
    change.to_journal("done", attempt=attempt, accepted=accepted, who="".join(change.journal.sign("message", one) for one in not_sent))


def adopt(store: Store) -> None:
    """Take up what the journal knows and this database does not. Cheap when there is nothing; safe to repeat."""
    journal = store.journal
    if journal.trusted or store.folder is None or journal.taken_up == journal.last:
        return
    row = store.one("SELECT max(number) AS n FROM journal_seen WHERE journal = ?", [journal.identity]) or {}
    entries = list(journal.entries(after=row["n"] or 0))
    with _one_at_a_time, store.transaction() as change:
        _adopt_batches(change, entries)
        _adopt_refusals(change, entries)
        tombstones.hear(change, entries)
        if troubles(change):
            journal.taken_up = journal.last
            return
        if not journal.identity:
            _journal_known_refusals(change)
        elif entries:
            journal.mark_seen(change)
    if journal.is_elsewhere:  # a copy of a shop that has never sent anything: it starts here
        journal.settle_here()
    journal.trusted = True


def troubles(reader: Store | Transaction) -> list[str]:
    """Why the journal cannot be relied on: `missing` (not the one this database knows, or damaged), `copied` (the folder is a copy)."""
    journal, known = reader.journal, _known_journals(reader)
    items = [MISSING] if journal.damaged or (known and journal.identity not in known) else []
    launched = "SELECT 1 FROM campaigns WHERE launched_at IS NOT NULL AND state <> 'recorded' LIMIT 1"
    return [*items, COPIED] if journal.is_elsewhere and reader.rows(launched) else items


def waiting(reader: Store | Transaction) -> list[Waiting]:
    """The campaigns that wait for a decision, the latest first."""
    return reader.rows_as(
        Waiting,
        "SELECT campaign_id, any_value(name) AS name, count(*) AS messages, min(happened_at) AS first_at, max(happened_at) AS last_at "
        "FROM handed_over JOIN handed_over_people USING (attempt_id) WHERE decision IS NULL GROUP BY campaign_id ORDER BY last_at DESC",
    )


def opt_outs(reader: Store | Transaction) -> int:
    """How many opt-outs came from the journal."""
    rows = reader.rows(
        "SELECT (SELECT count(DISTINCT address_norm) FROM suppressions WHERE source = 'journal') "
        "+ (SELECT count(DISTINCT sign) FROM refusals_heard) AS n"
    )
    return int(rows[0]["n"])


def person_of(reader: Store | Transaction, message_id: str) -> str | None:
    """The hashed address of a message that left after the copy; None for one that the journal does not know."""
    rows = reader.rows("SELECT address FROM handed_over_people WHERE message = ?", [reader.journal.sign("message", message_id)])
    return str(rows[0]["address"]) if rows else None


def hear(change: Transaction, address: str, now: datetime) -> bool:
    """The reader of such a message opted out: their (hashed) address is never written to again. True when it was new."""
    if change.rows("SELECT 1 FROM refusals_heard WHERE sign = ?", [address]):
        return False
    change.execute("INSERT INTO refusals_heard VALUES (?, ?)", [address, now])
    change.to_journal("no", at=now, who=address)
    return True


def erase(change: Transaction) -> None:
    """The links in letters to the people in `leaving_messages` still work: with each its hashed address is kept."""
    rows = change.rows("SELECT message_id, address_norm FROM leaving_messages WHERE message_id IS NOT NULL AND address_norm IS NOT NULL")
    sign = change.journal.sign
    values = [(ERASED, sign("email", row["address_norm"]), "", sign("message", row["message_id"])) for row in rows]
    if values:
        change.insert("handed_over_people", pd.DataFrame(values, columns=["attempt_id", "address", "person", "message"]))


def people(reader: Store | Transaction, campaign_id: str) -> list[Handed]:
    """Who was handed over in the batches of a campaign that wait for a decision."""
    return reader.rows_as(
        Handed,
        "SELECT address, person, accepted, attempt_id FROM handed_over JOIN handed_over_people USING (attempt_id) "
        "WHERE campaign_id = ? AND decision IS NULL",
        [campaign_id],
    )


def decide(change: Transaction, campaign_id: str, decision: str, now: datetime) -> None:
    """Keep a person's decision (`kept` or `forgotten`) on these batches."""
    change.execute(
        "UPDATE handed_over SET decision = ?, decided_at = ? WHERE campaign_id = ? AND decision IS NULL", [decision, now, campaign_id]
    )


def written_to(store: Store, campaign_id: str, since: datetime) -> set[str]:
    """Hashes of the people and addresses that the journal says were written to by this campaign, or by any since then (UTC)."""
    rows = store.rows(
        "SELECT address, person FROM handed_over JOIN handed_over_people USING (attempt_id) "
        "WHERE decision IS DISTINCT FROM 'forgotten' AND (campaign_id = ? OR happened_at >= ?)",
        [campaign_id, since],
    )
    return {row["address"] for row in rows} | {row["person"] for row in rows}


def go_on_here(store: Store) -> None:
    """A person says that this folder is the one that sends, whatever its journal lacks."""
    store.journal.settle_here()
    store.journal.damaged = False
    with store.transaction() as change:
        store.journal.mark_seen(change)
    store.journal.trusted = True


def _known_journals(reader: Store | Transaction) -> set[str]:
    return {row["journal"] for row in reader.rows("SELECT DISTINCT journal FROM journal_seen")}


def _adopt_batches(change: Transaction, entries: Sequence[dict[str, Any]]) -> None:
    values = {entry["attempt"]: entry for entry in entries if entry["kind"] == "batch"}
    known = change.rows(
        "SELECT attempt_id FROM message_states WHERE attempt_id IN (SELECT unnest($1::TEXT[])) "
        "UNION SELECT attempt_id FROM handed_over WHERE attempt_id IN (SELECT unnest($1::TEXT[]))",
        [list(values)],
    )
    done = {entry["attempt"]: entry for entry in entries if entry["kind"] == "done"}
    for attempt in values.keys() - {row["attempt_id"] for row in known}:
        batch, end = values[attempt], done.get(attempt, {})
        never = set(_cut(end.get("who", ""), SIGN))
        left = [one for one in _cut(batch["who"], 3 * SIGN) if one[2 * SIGN :] not in never]
        if left:
            parts = {"address": [one[:SIGN] for one in left], "person": [one[SIGN : 2 * SIGN] for one in left]}
            change.insert(
                "handed_over_people", pd.DataFrame({**parts, "message": [one[2 * SIGN :] for one in left], "attempt_id": attempt})
            )
            change.execute(
                "INSERT INTO handed_over (attempt_id, campaign_id, name, happened_at, accepted) VALUES (?, ?, ?, ?, ?)",
                [attempt, batch["campaign"], batch["name"], datetime.fromisoformat(batch["at"]), bool(end.get("accepted"))],
            )


def _adopt_refusals(change: Transaction, entries: Sequence[dict[str, Any]]) -> None:
    """The last word on each counts; of addresses that are known here it becomes an ordinary suppression."""
    values: dict[str, datetime | None] = {}
    for entry in entries:
        if entry["kind"] in ("no", "yes"):
            values |= dict.fromkeys(_cut(entry["who"], SIGN), datetime.fromisoformat(entry["at"]) if entry["kind"] == "no" else None)
    refused = {sign: at for sign, at in values.items() if at}
    if not refused:
        return
    here = [(channel, address, sign) for channel, address, sign in _addresses(change) if sign in refused]
    suppressions.adopt(change, [(channel, address, refused.pop(sign)) for channel, address, sign in here])
    heard = {row["sign"] for row in change.rows("SELECT sign FROM refusals_heard")}
    for sign in sorted(refused.keys() - heard):
        change.execute("INSERT INTO refusals_heard VALUES (?, ?)", [sign, refused[sign]])


def _addresses(change: Transaction) -> Iterable[tuple[str, str, str]]:
    """Every address known here on every channel, with its hash."""
    rows = change.rows(
        "SELECT 'email' AS channel, email_norm AS address FROM customers WHERE email_norm IS NOT NULL "
        "UNION SELECT 'email', address_norm FROM recipients WHERE address_norm IS NOT NULL "
        "UNION SELECT channel, address_norm FROM consents UNION SELECT channel, address_norm FROM suppressions "
        "UNION SELECT channel, identity_key FROM identities CROSS JOIN (SELECT unnest(['email', 'sms', 'call']) AS channel)"
    )
    for row in rows:
        yield row["channel"], row["address"], change.journal.sign(row["channel"], row["address"])


def _journal_known_refusals(change: Transaction) -> None:
    """A journal that begins beside a database with opt-outs begins with those."""
    rows = change.rows("SELECT DISTINCT channel, address_norm, min(happened_at) AS at FROM suppressions GROUP BY ALL")
    if rows:
        suppressions.refuse(change, [(row["channel"], row["address_norm"]) for row in rows], max(row["at"] for row in rows))


def _cut(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]
