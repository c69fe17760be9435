"""Joining customers who are one person, setting suggestions apart, and taking either back: one transaction each, facts included."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from crm import jobs
from crm.accounts import acting, audit
from crm.accounts.acting import Right
from crm.customers import derived, same_people
from crm.database import Store, Transaction
from crm.errors import BadInputError, NotFoundError
from crm.orders import crosswalk, derive

LIVE = (
    "SELECT link_id, any_value(batch_id) AS batch_id, any_value(state) AS state, any_value(actor) AS actor, "
    "min(happened_at) AS happened_at, list_sort(list(DISTINCT customer_id)) AS accounts, "
    "list_sort(list(DISTINCT evidence)) AS evidence FROM customer_links "
    "WHERE state = $1 AND link_id NOT IN (SELECT link_id FROM customer_links WHERE state = 'undone') GROUP BY link_id "
)
WHO = (
    "SELECT customer_id, any_value(platform) AS platform, any_value(shop) AS shop, any_value(buyer) AS account, "
    "arg_max(coalesce(receiver, nickname), coalesce(paid_at, created_at)) AS name FROM order_records "
    "WHERE customer_id IN (SELECT unnest(?::TEXT[])) GROUP BY customer_id"
)


@dataclass(frozen=True, slots=True)
class Joined:
    """What joining came to. `gone`: keys whose evidence is no longer what was looked at."""

    batch_id: str
    joined: int
    gone: int
    customers_before: int
    customers_after: int


@dataclass(frozen=True, slots=True)
class Account:
    """Who an account is; of one whose import was taken back only its id is known."""

    customer_id: str
    platform: str | None = None
    shop: str | None = None
    account: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about some accounts, on which evidence, and when (UTC)."""

    link_id: str
    batch_id: str
    state: str
    actor: str
    happened_at: datetime
    accounts: list[Account]
    evidence: list[str]

    def as_json(self) -> dict[str, Any]:
        """As `crm same joined` prints it."""
        accounts = [asdict(one) if one.platform else {"customer_id": one.customer_id} for one in self.accounts]
        return asdict(self) | {"accounts": accounts}


@dataclass(frozen=True, slots=True)
class Batch:
    """Several groups joined with one click, at `happened_at` (UTC)."""

    batch_id: str
    groups: int
    happened_at: datetime
    actor: str


@acting.needs(Right.IMPORTS)
def join(store: Store, keys: Sequence[str], now: datetime, actor: str, report: jobs.Report = jobs.silent) -> Joined:
    """Join the groups with these keys. With nothing left to join, BadInputError and nothing happens."""
    batch, wanted = uuid.uuid4().hex[:12], set(keys)
    with store.transaction(alone=True) as change:
        report("Looking at the evidence again", 0, 3)
        items = [group for group in same_people.suggestions(change).groups if group.key in wanted]
        if not items:
            raise BadInputError(
                "joining.evidence_changed", "The evidence has changed in the meantime. Nothing was joined. Please look at the list again."
            )
        before, after = same_people.effect(change, items).customers
        derive.start(change)
        decisions = {f"{group.key}-{uuid.uuid4().hex[:6]}": group.bonds for group in items}
        crosswalk.decide(change, batch, crosswalk.JOINED, decisions, actor, now)
        _follow(change, report)
        audit.noted(change, now, actor, "join customers", f"{len(items)} groups, {batch}")
    return Joined(batch, len(items), len(wanted) - len(items), before, after)


@acting.needs(Right.IMPORTS)
def set_apart(store: Store, keys: Sequence[str], now: datetime, actor: str) -> dict[str, int]:
    """These are not one person: {set_apart}. They are not suggested again until their accounts or marks change."""
    with store.transaction(alone=True) as change:
        items = [group for group in same_people.suggestions(change).groups if group.key in set(keys)]
        if not items:
            raise BadInputError(
                "joining.evidence_changed_apart",
                "The evidence has changed in the meantime. Nothing was set apart. Please look at the list again.",
            )
        decisions = {f"{group.key}-{uuid.uuid4().hex[:6]}": group.bonds for group in items}
        crosswalk.decide(change, uuid.uuid4().hex[:12], crosswalk.APART, decisions, actor, now)
        audit.noted(change, now, actor, "set customers apart", f"{len(items)} groups")
    return {"set_apart": len(items)}


@acting.needs(Right.IMPORTS)
def undo(store: Store, ids: Sequence[str], now: datetime, actor: str, report: jobs.Report = jobs.silent) -> dict[str, int]:
    """Take decisions back, by link id or batch id, as if they had never been made: {undone}."""
    with store.transaction(alone=True) as change:
        live = [row for state in (crosswalk.JOINED, crosswalk.APART) for row in change.rows_as(Decision, LIVE, [state], accounts=_bare)]
        items = [row for row in live if row.link_id in ids or row.batch_id in ids]
        if not items:
            raise NotFoundError(
                "joining.decision_not_found",
                "There is no decision {id} that could be taken back. Nothing was changed.",
                id=", ".join(ids)[:60],
            )
        derive.start(change)
        crosswalk.take_back(change, [row.link_id for row in items], uuid.uuid4().hex[:12], actor, now)
        if any(row.state == crosswalk.JOINED for row in items):
            _follow(change, report)
        audit.noted(change, now, actor, "take back", f"{len(items)} decisions about customers")
    return {"undone": len(items)}


def _follow(change: Transaction, report: jobs.Report) -> None:
    report("Making the customers anew", 1, 3)
    derive.refresh(change, derive.shop_of(change))
    report("Counting anew", 2, 3)
    derived.rebuild(change)


def count(store: Store, state: str = crosswalk.JOINED) -> int:
    """How many decisions of a kind stand."""
    row = store.one(f"SELECT count(*) AS n FROM ({LIVE})", [state])  # noqa: S608 (our own words)
    return int(row["n"]) if row else 0


def decisions(store: Store, state: str = crosswalk.JOINED, limit: int = 1000, offset: int = 0) -> list[Decision]:
    """The decisions that stand, newest first."""
    sql = LIVE + "ORDER BY happened_at DESC, link_id LIMIT $2 OFFSET $3"
    rows = store.rows_as(Decision, sql, [state, limit, offset], accounts=_bare)
    ids = [one.customer_id for row in rows for one in row.accounts]
    known = {one.customer_id: one for one in store.rows_as(Account, WHO, [ids])}
    return [replace(row, accounts=[known.get(one.customer_id, one) for one in row.accounts]) for row in rows]


def _bare(customer_ids: Sequence[str]) -> list[Account]:
    return [Account(one) for one in customer_ids]


def batches(store: Store, limit: int = 20) -> list[Batch]:
    """What was joined with one click and is more than one group, newest first."""
    return store.rows_as(
        Batch,
        "SELECT batch_id, count(*) AS groups, min(happened_at) AS happened_at, any_value(actor) AS actor "  # noqa: S608 (our own words)
        f"FROM ({LIVE}) GROUP BY batch_id HAVING count(*) > 1 ORDER BY happened_at DESC LIMIT $2",
        [crosswalk.JOINED, limit],
    )
