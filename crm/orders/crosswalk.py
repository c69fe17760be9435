"""Accounts that are one person: what somebody decided (`customer_links`), whom each account lives on as (`merged_customers`). Writes both.

Source records keep the account they came with; everything derived carries the id of the account that lives on (settled_records.sql).
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from crm.database import Transaction
from crm.orders.sql import SQL

JOINED, APART, UNDONE = "joined", "apart", "undone"


@dataclass(frozen=True, slots=True)
class Bond:
    """An account that carries a mark: the kind of evidence (phone, email) and the mark's digest."""

    customer_id: str
    evidence: str
    mark: str


def decide(change: Transaction, batch_id: str, state: str, decisions: Mapping[str, Iterable[Bond]], actor: str, now: datetime) -> None:
    """Keep decisions (link id → the accounts and marks it is about). What follows from them is made by `derive.refresh`."""
    rows = [
        {"link_id": link, "customer_id": bond.customer_id, "evidence": bond.evidence, "mark": bond.mark}
        for link, bonds in decisions.items()
        for bond in bonds
    ]
    change.insert("customer_links", pd.DataFrame(rows).assign(batch_id=batch_id, state=state, actor=actor, happened_at=now))


def take_back(change: Transaction, link_ids: Iterable[str], batch_id: str, actor: str, now: datetime) -> None:
    """The decisions of these link ids no longer count."""
    rows = pd.DataFrame({"link_id": list(link_ids)})
    change.insert("customer_links", rows.assign(batch_id=batch_id, state=UNDONE, actor=actor, happened_at=now))


def settle(change: Transaction) -> None:
    """Bring `merged_customers` up to the decisions and source records, and the orders that thereby change hands into `touched`.

    Of joined accounts the one lives on that bought first, of several the first by id: a matter of source records and decisions only,
    never of the order in which they came.
    """
    if not change.rows("SELECT 1 FROM customer_links WHERE state = 'joined' LIMIT 1"):
        return
    linked = SQL.rows(change, "linked")
    first = {row["customer_id"]: (str(row["first_at"] or "never"), row["customer_id"]) for row in linked if row["here"]}
    moved = []
    for group in groups((row["customer_id"], row["bond"]) for row in linked):
        here = sorted((account for account in group if account in first), key=first.__getitem__)
        moved += [{"customer_id": account, "merged_into": here[0]} for account in here[1:]]
    change.execute("CREATE OR REPLACE TEMP TABLE links (customer_id TEXT, merged_into TEXT)")
    if moved:
        change.insert("links", pd.DataFrame(moved))
    SQL.run(change, "settle_links")


def erase(change: Transaction) -> None:
    """Decisions about the people in `leaving_accounts` go on holding their random accounts together; their marks lead nowhere any more."""
    change.execute(
        "CREATE OR REPLACE TEMP TABLE leaving_links AS SELECT DISTINCT link_id FROM customer_links "
        "WHERE customer_id IN (SELECT customer_id FROM leaving_accounts)"
    )
    change.execute(
        "UPDATE customer_links SET mark = left(sha256($salt || mark), 16), link_id = left(sha256($salt || link_id), 16) "
        "WHERE link_id IN (SELECT link_id FROM leaving_links)",
        {"salt": secrets.token_hex(16)},
    )
    change.execute(
        "UPDATE customer_links SET customer_id = who.new_id FROM leaving_accounts AS who WHERE who.customer_id = customer_links.customer_id"
    )


def groups(bonds: Iterable[tuple[str, Any]]) -> list[list[str]]:
    """Accounts that hang together because they share a bond, directly or over others; each group and the list sorted."""
    parent: dict[Any, Any] = {}

    def top(one: Any) -> Any:
        above = parent.setdefault(one, one)
        while above is not one:
            parent[one] = one = parent[above]
            above = parent[one]
        return one

    accounts, first = set(), dict[Any, str]()
    for account, bond in bonds:
        accounts.add(account)
        parent[top(first.setdefault(bond, account))] = top(account)
    values: dict[Any, list[str]] = {}
    for account in sorted(accounts):
        values.setdefault(top(account), []).append(account)
    return sorted(values.values())
