"""The trail of what was done, by whom: append-only, each entry chained to the one before (`crm.database.chain` gives number and hash)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.accounts import acting
from crm.accounts.acting import Right
from crm.database import Store, Transaction, chain
from crm.database.chain import BEGINNING, Entry, Note, digest
from crm.errors import BadInputError

SELDOM = timedelta(hours=1)
YOUNGEST = timedelta(days=90)
PRUNED = "audit.pruned"
"""An entry that says up to which number older ones were dropped, and the digest of the last of them."""


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether the trail is whole. `broken_at`: the first entry that is missing or not as it was written; `unchained`: those from before."""

    entries: int
    unchained: int
    broken_at: int | None


def noted(change: Transaction, now: datetime, actor: str, action: str, detail: str) -> None:
    """Note it inside a change: what is told of and the trail are there together, or neither. No personal data in `detail`.

    `actor` is who acts where nobody is signed in: screen, terminal, inbox.
    """
    change.note(Note(now, acting.named(actor), action, detail))


def noted_seldom(change: Transaction, now: datetime, actor: str, action: str, subject: str, name: str) -> None:
    """The same of what is kept as it is typed: an hour of one person's work on one thing is one entry."""
    who = acting.named(actor)
    sql = "SELECT 1 FROM audit WHERE action = ? AND actor = ? AND starts_with(detail, ?) AND happened_at > ? LIMIT 1"
    if not change.rows(sql, [action, who, f"{subject}: ", now - SELDOM]):
        noted(change, now, actor, action, f"{subject}: {name}")


def note(store: Store, now: datetime, actor: str, action: str, detail: str = "") -> None:
    """Note what changes nothing: a sign-in, a refusal, a look at somebody's address."""
    with store.transaction() as change:
        noted(change, now, actor, action, detail)


def refused(store: Store, now: datetime, what: str) -> None:
    """Somebody asked for more than they may."""
    note(store, now, "screen", "refused", what)


def search(store: Store, words: str = "", limit: int = 100, offset: int = 0) -> list[Entry]:
    """The newest entries first whose actor, action or detail has these words; moments are UTC."""
    acting.require(Right.AUDIT)
    sql = f"SELECT * FROM audit WHERE {_MATCH} ORDER BY entry_no DESC LIMIT $limit OFFSET $offset"  # noqa: S608 (our own words)
    return store.rows_as(Entry, sql, {"words": words.strip(), "limit": limit, "offset": offset})


def count(store: Store, words: str = "") -> int:
    """How many entries have these words."""
    row = store.one(f"SELECT count(*) AS n FROM audit WHERE {_MATCH}", {"words": words.strip()})  # noqa: S608 (our own words)
    return int(row["n"]) if row else 0


_MATCH = "contains(lower(concat_ws(' ', actor, action, detail)), lower($words))"


def latest(store: Store, limit: int = 50, actions: Sequence[str] | None = None) -> list[Entry]:
    """The newest entries (of these actions) without a right of its own: for a page that lists what belongs to it, never for all."""
    sql = "SELECT * FROM audit WHERE action IN (SELECT unnest(coalesce(?::TEXT[], [action]))) ORDER BY entry_no DESC LIMIT ?"
    return store.rows_as(Entry, sql, [None if actions is None else list(actions), limit])


def verify(store: Store) -> Verified:
    """Walk the chain from its first entry: every digest follows from the one before and from what the entry says."""
    entries = store.rows_as(Entry, "SELECT * FROM audit ORDER BY entry_no")
    unchained = sum(not entry.digest for entry in entries)
    chained = entries[unchained:]
    expected = _beginning(entries, chained)
    for entry in chained:
        told = Note(entry.happened_at, entry.actor, entry.action, entry.detail)
        follows = (entry.entry_no, entry.previous) == expected
        if not follows or digest(entry.previous, entry.entry_no, told) != entry.digest:
            return Verified(len(entries), unchained, min(entry.entry_no, expected[0]))
        expected = entry.entry_no + 1, entry.digest
    return Verified(len(entries), unchained, None)


def _beginning(entries: list[Entry], chained: list[Entry]) -> tuple[int, str]:
    """The number and the digest before it that the first chained entry must have."""
    unchained = entries[: len(entries) - len(chained)]
    if unchained:
        return unchained[-1].entry_no + 1, BEGINNING
    dropped = [entry for entry in chained if entry.action == PRUNED]
    number, _, last = dropped[-1].detail.partition(" ") if dropped else ("0", "", BEGINNING)
    return int(number) + 1, last


def prune(store: Store, before: datetime, now: datetime) -> int:
    """Drop the entries from before a moment (UTC); how many. What is kept stays a chain."""
    acting.require(Right.SETTINGS)
    if now - before < YOUNGEST:
        raise BadInputError("trail.too_young", "Entries of the last {n} days stay. Nothing was dropped.", n=YOUNGEST.days)
    newest = "(SELECT max(entry_no) FROM audit)"  # the next entry follows from it
    sql = f"SELECT entry_no, digest FROM audit WHERE happened_at < ? AND entry_no < {newest} ORDER BY entry_no DESC LIMIT 1"  # noqa: S608
    with store.transaction(alone=True) as change:
        rows = change.rows(sql, [before])
        if not rows:
            return 0
        last = rows[0]
        dropped = chain.drop(change, last["entry_no"])
        noted(change, now, "terminal", PRUNED, f"{last['entry_no']} {last['digest']}")
    return dropped
