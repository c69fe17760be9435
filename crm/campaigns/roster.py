"""The frozen audience: one row per person, written once at launch. The only writer of `recipients` and `skipped`."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from crm.accounts import acting, audit
from crm.accounts.acting import Right
from crm.campaigns import approvals, audience, origin, restored, saved, templates, tokens
from crm.campaigns.audience import Plan
from crm.campaigns.spec import CampaignSpec
from crm.database import Store, Transaction, load_shop
from crm.errors import BadInputError
from crm.messaging import ledger
from crm.messaging.handed_over import Addressed
from crm.settings import Environment

_COLUMNS = ["campaign_id", "customer_id", "arm", "address", "address_norm", "message_id", "tokens", "sent_at"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who a message goes to: address as it is written and as it is compared (None: erased), and the values of the letter."""

    message_id: str
    customer_id: str
    address: str
    address_norm: str | None
    tokens: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Placed:
    """A person of the audience as frozen at launch, in one of PLACES. `state`, `detail`: of the message, None for who got none.

    Names are today's, of the customer an account is part of today; None where nobody knows them any more.
    """

    customer_id: str
    place: str
    name: str | None
    buyer: str | None
    address: str | None
    state: str | None
    detail: str | None


@acting.needs(Right.LAUNCH)
def launch(
    store: Store,
    campaign_id: str,
    as_of: date,
    checksum: str,
    now: datetime,
    approved_by: str | None = None,
    env: Environment | None = None,
) -> Plan:
    """Freeze the audience and queue its messages, once. `sent_at` of both arms is now: their windows start together.

    Raises BadInputError when the audience or the words changed since `checksum` was shown, when nobody is left, when it was launched
    already, when it has no sender, when its links point to where no customer can follow (`env`: the machine's settings), and while an
    older copy of the database waits for a decision.
    """
    spec = saved.get(store, campaign_id).spec
    restored.require_decided(store)
    _ready(spec, now)
    origin.require(spec, load_shop(store), env or Environment())
    plan = audience.plan(store, campaign_id, as_of)
    approvals.require(store, campaign_id, spec, plan.recipients, approved_by, now)
    _still(plan, checksum)
    shop = load_shop(store)
    people = plan.people[plan.people.place.isin(audience.ARMS)]
    filled = [json.dumps(tokens.values(row, shop), ensure_ascii=False) for row in people.to_dict("records")]
    rows = people.assign(campaign_id=campaign_id, arm=people.place, address_norm=people.address, tokens=filled, sent_at=now)
    with store.transaction() as change:
        if not saved.mark_launched(change, campaign_id, checksum, as_of, now):
            raise BadInputError("campaign.already_launched", "This campaign has been launched already. Nothing was sent twice.")
        freeze(change, rows)
        change.to_journal("launch", at=now, campaign=campaign_id, name=spec.name, people=plan.recipients)
        left_out = plan.people[plan.people.place.isin(audience.REASONS)]
        change.insert("skipped", left_out.assign(campaign_id=campaign_id, reason=left_out.place)[["campaign_id", "customer_id", "reason"]])
    audit.note(
        store, now, approved_by or "screen", "campaign.launch", f"{campaign_id}: {plan.recipients} recipients, {plan.holdout} held out"
    )
    return plan


def freeze(change: Transaction, rows: pd.DataFrame, state: str = "pending", detail: str = "") -> None:
    """Write the two arms; each recipient gets a message id and a first state. `rows` has all columns but message_id."""
    chosen = rows.arm == "recipients"
    ids = pd.Series([uuid.uuid4().hex if one else None for one in chosen], index=rows.index, dtype="string")
    rows = rows.assign(message_id=ids, tokens=rows.tokens.where(chosen, None))
    change.insert("recipients", rows[_COLUMNS].astype(dict.fromkeys(("tokens", "address", "address_norm"), "string")))
    sent = rows[chosen]
    ledger.note(change, str(rows.campaign_id.iloc[0]), list(sent.message_id), state, sent.sent_at, detail=detail)


def waiting(store: Store, campaign_id: str, message_ids: Sequence[str]) -> list[Recipient]:
    """Who these messages go to, with the values of their letters."""
    return store.rows_as(
        Recipient,
        "SELECT message_id, customer_id, address, address_norm, tokens FROM recipients "
        "WHERE campaign_id = ? AND message_id IN (SELECT unnest(?::TEXT[])) ORDER BY message_id",
        [campaign_id, list(message_ids)],
        tokens=lambda text: json.loads(text or "{}"),
    )


def addressed(store: Store, campaign_id: str, message_ids: Sequence[str]) -> list[Addressed]:
    """Who these messages go to."""
    sql = "SELECT message_id, customer_id, address_norm FROM recipients WHERE campaign_id = ? AND message_id IN (SELECT unnest(?::TEXT[]))"
    return store.rows_as(Addressed, sql, [campaign_id, list(message_ids)])


def left_out(store: Store, campaign_id: str) -> dict[str, int]:
    """How many people were left out at launch, by reason."""
    rows = store.rows("SELECT reason, count(*) AS people FROM skipped WHERE campaign_id = ? GROUP BY reason", [campaign_id])
    return dict.fromkeys(audience.REASONS, 0) | {row["reason"]: row["people"] for row in rows}


def arms(store: Store, campaign_id: str) -> dict[str, int]:
    """How many people are in each arm."""
    rows = store.rows("SELECT arm, count(*) AS people FROM recipients WHERE campaign_id = ? GROUP BY arm", [campaign_id])
    return dict.fromkeys(audience.ARMS, 0) | {row["arm"]: row["people"] for row in rows}


PLACES = (*audience.ARMS, *audience.REASONS)


def people(store: Store, campaign_id: str, place: str | None = None, limit: int = 50, offset: int = 0) -> list[Placed]:
    """Who was in and who was left out, recipients first, then by name. `place`: those only."""
    return store.rows_as(
        Placed,
        "WITH latest AS (SELECT message_id, arg_max(state, seq) AS state, arg_max(detail, seq) AS detail FROM message_states "
        "WHERE campaign_id = ? GROUP BY message_id), "
        "placed AS (SELECT customer_id, arm AS place, address, message_id FROM recipients WHERE campaign_id = ? "
        "UNION ALL SELECT customer_id, reason, NULL, NULL FROM skipped WHERE campaign_id = ?) "
        "SELECT placed.customer_id, place, coalesce(nickname, name) AS name, buyer, address, state, detail FROM placed "
        "LEFT JOIN latest USING (message_id) LEFT JOIN merged_customers AS merged ON merged.customer_id = placed.customer_id "
        "LEFT JOIN customers ON customers.customer_id = coalesce(merged_into, placed.customer_id) "
        "WHERE ? IS NULL OR place = ? "
        "ORDER BY list_position(?::TEXT[], place), name NULLS LAST, placed.customer_id LIMIT ? OFFSET ?",
        [campaign_id, campaign_id, campaign_id, place, place, list(PLACES), limit, offset],
    )


def forget(change: Transaction, campaign_ids: Sequence[str]) -> None:
    """Drop the audiences of these campaigns (demo data)."""
    change.execute("DELETE FROM recipients WHERE campaign_id IN (SELECT unnest(?::TEXT[]))", [list(campaign_ids)])
    change.execute("DELETE FROM skipped WHERE campaign_id IN (SELECT unnest(?::TEXT[]))", [list(campaign_ids)])


def erase(change: Transaction) -> None:
    """The places of the people in `leaving_accounts` go on counting, without their addresses and the words of their letters."""
    change.execute(
        "UPDATE recipients SET address = NULL, address_norm = NULL, tokens = NULL "
        "WHERE (campaign_id, customer_id) IN (SELECT (campaign_id, customer_id) FROM leaving_messages)"
    )
    for table in ("recipients", "skipped"):
        change.execute(
            f"UPDATE {table} SET customer_id = who.new_id FROM leaving_accounts AS who WHERE who.customer_id = {table}.customer_id"  # noqa: S608
        )


def _still(plan: Plan, checksum: str) -> None:
    """Raises BadInputError where the plan is not the one that was looked at, or has nobody left."""
    if plan.checksum != checksum:
        raise BadInputError(
            "campaign.plan_changed",
            "The audience or the text has changed since you looked at it. Nothing was sent. Please look at the plan again.",
        )
    if not plan.recipients:
        raise BadInputError(
            "campaign.nobody_left", "Nobody is left to write to. Nothing was sent. The plan says why each person is left out."
        )


def _ready(spec: CampaignSpec, now: datetime) -> None:
    if not spec.subject.strip() or not spec.body.strip():
        raise BadInputError("message.empty", "The message has no subject or no text yet. Nothing was sent.")
    templates.compiled(spec)
    late = (now - spec.send_at.replace(tzinfo=None)).total_seconds() if spec.send_at else 0.0
    if late < 0:
        raise BadInputError(
            "campaign.too_early", "This campaign is meant for a later moment. Nothing was sent. Take the date out to send it now."
        )
    if late > 1800:
        raise BadInputError(
            "campaign.too_late", "This campaign's date passed more than 30 minutes ago. Nothing was sent. Take the date out to send it now."
        )
