"""Campaigns as they are kept: drafts (nothing typed is lost), and what happened to them. The only writer of `campaigns`."""

import json
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from crm.accounts import acting, audit
from crm.accounts.acting import Right
from crm.campaigns.spec import CampaignSpec, parse
from crm.database import Store, Transaction
from crm.errors import BadInputError, ChangedError, NotFoundError, Sentence
from crm.segments import references

CHANGED = Sentence(
    "campaign.changed_elsewhere",
    "This campaign has been changed in another tab or by somebody else since you looked at it. Nothing was overwritten.",
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a campaign is paused: an English sentence with {placeholders}, translated on screen, and its values."""

    template: str
    values: dict[str, object]


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as it is kept. Moments are UTC."""

    campaign_id: str
    name: str
    spec: CampaignSpec
    state: str
    reason: Reason | None
    checksum: str | None
    as_of: date | None
    demo: bool
    created_at: datetime
    updated_at: datetime
    launched_at: datetime | None
    finished_at: datetime | None
    version: int

    @property
    def state_reason(self) -> str | None:
        """Why it is paused, in English."""
        return self.reason.template.format(**self.reason.values) if self.reason else None


@dataclass(frozen=True, slots=True)
class Listed:
    """A campaign in the list: to which segment it goes and its text, as they were written; how many people are in its two arms."""

    campaign_id: str
    name: str
    state: str
    demo: bool
    segment: str
    body: str
    updated_at: datetime
    launched_at: datetime | None
    recipients: int
    holdout: int


def new_id() -> str:
    """A fresh campaign id."""
    return uuid.uuid4().hex[:12]


@acting.needs(Right.CAMPAIGNS)
def create(store: Store, spec: CampaignSpec | dict[str, object], now: datetime) -> str:
    """Keep a draft; its id."""
    campaign_id = new_id()
    with store.transaction() as change:
        wanted = spec if isinstance(spec, CampaignSpec) else parse(spec)
        insert(change, campaign_id, wanted, "draft", now)
        audit.noted(change, now, "screen", "campaign.write", f"{campaign_id}: {wanted.name}")
    return campaign_id


def insert(change: Transaction, campaign_id: str, spec: CampaignSpec, state: str, now: datetime, demo: bool = False) -> None:
    """The row of a new campaign, inside a change that is already open."""
    change.execute(
        "INSERT INTO campaigns (campaign_id, name, spec, state, demo, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [campaign_id, spec.name, spec.model_dump_json(), state, demo, now, now],
    )


@acting.needs(Right.CAMPAIGNS)
def update(store: Store, campaign_id: str, spec: CampaignSpec | dict[str, object], now: datetime, seen: int | None = None) -> None:
    """Keep a draft's new wording. Raises BadInputError once it is launched: what was sent stays as it was; ChangedError where the draft
    is no longer in the version `seen` (None: whatever it is)."""
    wanted = spec if isinstance(spec, CampaignSpec) else parse(spec)
    if not wanted.approval and get(store, campaign_id).spec.approval:
        acting.require(Right.APPROVE)  # who writes may ask for a second person, and only such a person may do without
    with store.transaction() as change:
        done = change.execute(
            "UPDATE campaigns SET name = ?, spec = ?, updated_at = ?, version = version + 1 "
            "WHERE campaign_id = ? AND state = 'draft' AND version = coalesce(?, version)",
            [wanted.name, wanted.model_dump_json(), now, campaign_id, seen],
        )
        if done:
            audit.noted_seldom(change, now, "screen", "campaign.write", campaign_id, wanted.name)
    if not done:
        if get(store, campaign_id).state == "draft":
            raise ChangedError(*CHANGED)
        raise BadInputError(
            "campaign.not_a_draft", "This campaign has been launched and cannot be changed any more. Copy it to write a new one."
        )


def get(store: Store, campaign_id: str) -> Campaign:
    """One campaign. Raises NotFoundError."""
    sql = "SELECT * EXCLUDE (state_reason), state_reason AS reason FROM campaigns WHERE campaign_id = ?"
    result = store.rows_as(Campaign, sql, [campaign_id], spec=_spec, reason=_reason)
    if not result:
        raise NotFoundError(
            "campaign.not_found", "There is no campaign {campaign_id}. `crm campaign list` names them.", campaign_id=campaign_id
        )
    return result[0]


def _spec(text: str) -> CampaignSpec:
    return parse(json.loads(text))


def _reason(text: str | None) -> Reason | None:
    return Reason(**json.loads(text)) if text else None


def listed(store: Store) -> list[Listed]:
    """All campaigns, the latest first."""
    sql = (
        "SELECT * FROM (SELECT campaign_id, name, state, demo, spec AS segment, spec AS body, updated_at, launched_at, "
        "count(r.customer_id) FILTER (r.arm = 'recipients') AS recipients, count(r.customer_id) FILTER (r.arm = 'holdout') AS holdout "
        "FROM campaigns c LEFT JOIN recipients r USING (campaign_id) GROUP BY ALL) "
        "ORDER BY coalesce(launched_at, updated_at) DESC, campaign_id"
    )
    return store.rows_as(Listed, sql, segment=lambda spec: json.loads(spec)["segment"], body=lambda spec: json.loads(spec)["body"])


@dataclass(frozen=True, slots=True)
class Writing:
    """A campaign that is not finished: `state` is draft, sending or paused."""

    campaign_id: str
    name: str
    state: str


def writing_to(store: Store, segments: Collection[str]) -> list[Writing]:
    """The drafts that name one of these segments or look into one, and campaigns to one that are being sent, by name."""
    sql = "SELECT campaign_id, name, state, spec FROM campaigns WHERE state IN ('draft', 'sending', 'paused') ORDER BY name, campaign_id"
    rows = [(row, json.loads(row["spec"])) for row in store.rows(sql)]
    meant = [row for row, spec in rows if {spec.get("segment"), *references.named_in(spec.get("ladder"))} & set(segments)]
    return [Writing(row["campaign_id"], row["name"], row["state"]) for row in meant]


def follow(change: Transaction, before: str, after: str, now: datetime) -> None:
    """A segment is called otherwise from now on: drafts that name it go on writing to it. What was sent keeps the name of then."""
    for row in change.rows("SELECT campaign_id, spec FROM campaigns WHERE state = 'draft'"):
        spec = json.loads(row["spec"])
        named = spec | {"segment": after if spec["segment"] == before else spec["segment"]}
        named["ladder"] = references.swapped(spec.get("ladder"), {before: after})
        if named != spec:
            sql = "UPDATE campaigns SET spec = ?, updated_at = ?, version = version + 1 WHERE campaign_id = ?"
            change.execute(sql, [parse(named).model_dump_json(), now, row["campaign_id"]])


@acting.needs(Right.CAMPAIGNS)
def copy(store: Store, campaign_id: str, name: str, now: datetime) -> str:
    """A new draft with the same words. A date is never inherited."""
    spec = get(store, campaign_id).spec
    return create(store, spec.model_copy(update={"name": name, "send_at": None}), now)


@acting.needs(Right.CAMPAIGNS)
def delete_draft(store: Store, campaign_id: str, now: datetime, seen: int | None = None) -> None:
    """Throw a draft away; a launched campaign stays. Raises ChangedError where it is no longer in the version `seen`."""
    with store.transaction() as change:
        sql = "DELETE FROM campaigns WHERE campaign_id = ? AND state = 'draft' AND version = coalesce(?, version)"
        done = change.execute(sql, [campaign_id, seen])
        if done:
            audit.noted(change, now, "screen", "campaign.delete", campaign_id)
    if not done and seen is not None and store.one("SELECT 1 FROM campaigns WHERE campaign_id = ?", [campaign_id]):
        raise ChangedError(*CHANGED)


def mark_launched(change: Transaction, campaign_id: str, checksum: str, as_of: date, now: datetime) -> bool:
    """draft → sending; False when it was no draft any more."""
    sql = (
        "UPDATE campaigns SET state = 'sending', checksum = ?, as_of = ?, launched_at = ?, updated_at = ?, version = version + 1 "
        "WHERE campaign_id = ? AND state = 'draft'"
    )
    return bool(change.execute(sql, [checksum, as_of, now, now, campaign_id]))


def mark_recorded(change: Transaction, campaign_id: str, launched_at: datetime, checksum: str) -> None:
    """The moment of a campaign sent elsewhere, and a checksum over what its file told."""
    sql = "UPDATE campaigns SET launched_at = ?, finished_at = ?, checksum = ? WHERE campaign_id = ?"
    change.execute(sql, [launched_at, launched_at, checksum, campaign_id])


def recorded(store: Store, checksum: str) -> str | None:
    """The id of the campaign that was recorded from the same content, if there is one."""
    row = store.one("SELECT campaign_id FROM campaigns WHERE state = 'recorded' AND checksum = ?", [checksum])
    return str(row["campaign_id"]) if row else None


def mark(change: Transaction, campaign_id: str, state: str, now: datetime, template: str = "", **values: object) -> None:
    """sending, paused or finished, and why: an English sentence with {placeholders} and its values."""
    finished = now if state == "finished" else None
    reason = json.dumps({"template": template, "values": values}, ensure_ascii=False) if template else None
    change.execute(
        "UPDATE campaigns SET state = ?, state_reason = ?, finished_at = ?, updated_at = ? WHERE campaign_id = ?",
        [state, reason, finished, now, campaign_id],
    )


def demo_ids(reader: Store | Transaction) -> list[str]:
    """The campaigns of the demo shop."""
    return [row["campaign_id"] for row in reader.rows("SELECT campaign_id FROM campaigns WHERE demo")]


def forget(change: Transaction, campaign_ids: Sequence[str]) -> None:
    """Drop these campaigns (demo data)."""
    change.execute("DELETE FROM campaigns WHERE campaign_id IN (SELECT unnest(?::TEXT[]))", [list(campaign_ids)])
