"""A second person's yes to a campaign, before it may be sent: to these words, for this group, by somebody else than who sends."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from crm.accounts import acting, audit, users
from crm.accounts.acting import Right
from crm.campaigns import audience, previews, saved
from crm.campaigns.saved import Campaign
from crm.campaigns.spec import CampaignSpec
from crm.campaigns.templates import Rendered
from crm.database import Store, load_shop
from crm.errors import BadInputError, ChangedError, CrmError
from crm.segments import Definition, references
from crm.segments import saved as segments_saved

LASTS = timedelta(days=7)
GROWN, FEW = 1.2, 10
"""A group that changes by itself may have so many more people than when it was approved."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Who said yes (UTC), and to how many people it would have gone then."""

    user_id: str
    actor: str
    approved_at: datetime
    recipients: int


def words(store: Store, spec: CampaignSpec) -> str:
    """A digest of all that is approved: text, sender, holdout, cap, date, and the group as its segments define it today."""
    shop = load_shop(store)
    group = _defined(store, audience.ladder_of(store, spec), set()) if spec.segment or spec.ladder else []
    told = [spec.model_dump_json(), str(shop.holdout), str(shop.cap_days), *group]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _defined(store: Store, ladder: Definition, seen: set[str]) -> list[str]:
    """The definition, and those of all segments it looks into."""
    inside = sorted(references.used(ladder) - seen)
    seen.update(inside)
    return [ladder.model_dump_json(), *(text for name in inside for text in _defined(store, segments_saved.get(store, name), seen))]


def of(store: Store, campaign_id: str, spec: CampaignSpec, now: datetime) -> Approval | None:
    """The newest approval of exactly this by somebody else than who acts, who still works here; not older than a week."""
    sql = (
        "SELECT user_id, actor, approved_at, recipients FROM approvals JOIN users USING (user_id) WHERE closed_at IS NULL "
        "AND campaign_id = ? AND words = ? AND approved_at > ? AND user_id IS DISTINCT FROM ? ORDER BY approved_at DESC LIMIT 1"
    )
    values = [campaign_id, words(store, spec), now - LASTS, acting.current().user_id]
    return next(iter(store.rows_as(Approval, sql, values)), None)


def waiting(store: Store, now: datetime) -> list[Campaign]:
    """The drafts that wait for a second person, as they are written now."""
    acting.require(Right.APPROVE)
    drafts = [saved.get(store, row.campaign_id) for row in saved.listed(store) if row.state == "draft"]
    return [one for one in drafts if wanted(store, one.spec) and _lacks(store, one, now)]


def _lacks(store: Store, one: Campaign, now: datetime) -> bool:
    try:
        return of(store, one.campaign_id, one.spec, now) is None
    except CrmError:  # its segment is gone: nobody can have approved that
        return True


@acting.needs(Right.APPROVE)
def letter(store: Store, spec: CampaignSpec, as_of: date) -> Rendered:
    """The letter as an example person would get it: nobody's data is in it."""
    with acting.by(replace(acting.current(), rights=frozenset({Right.CAMPAIGNS}))):
        return previews.preview(store, spec.model_copy(update={"segment": "", "ladder": None}), "random", as_of).rendered


@acting.needs(Right.APPROVE)
def approve(store: Store, campaign_id: str, seen: CampaignSpec, as_of: date, now: datetime) -> Approval:
    """Say yes to what was `seen`. Raises ChangedError where it says something else by now, BadInputError where nobody is signed in."""
    who = acting.current()
    if who.user_id is None:
        raise BadInputError("approval.nobody", "Only somebody who is signed in can approve a campaign. Nothing was approved.")
    campaign = saved.get(store, campaign_id)
    if campaign.state != "draft" or campaign.spec != seen:
        raise ChangedError("approval.changed", "The campaign was changed since you looked at it. Nothing was approved. Please look again.")
    recipients = audience.plan(store, campaign_id, as_of).recipients
    with store.transaction() as change:
        change.execute(
            "INSERT INTO approvals VALUES (?, ?, ?, ?, ?, ?)", [campaign_id, words(store, seen), recipients, who.user_id, who.name, now]
        )
        audit.noted(change, now, "screen", "campaign.approve", f"{campaign_id}: {seen.name}, {recipients} recipients")
    return Approval(who.user_id, who.name, now, recipients)


def wanted(store: Store, spec: CampaignSpec) -> bool:
    """Whether a second person has to say yes: this campaign asks for it, or the shop does for all."""
    return spec.approval or load_shop(store).approval


def require(store: Store, campaign_id: str, spec: CampaignSpec, recipients: int, approved_by: str | None, now: datetime) -> None:
    """Before a launch to so many `recipients`. In a shop without users the name of the second person is asked (`approved_by`).

    Raises BadInputError, also where it would go to many more people than were approved: the group has grown meanwhile.
    """
    if not wanted(store, spec):
        return
    if not users.exist(store):
        if not approved_by:
            raise BadInputError(
                "campaign.needs_approval", "This campaign needs a second person's approval. Nothing was sent. Please name who approves it."
            )
        return
    approval = of(store, campaign_id, spec, now)
    if approval is None or recipients > approval.recipients * GROWN + FEW:
        raise BadInputError(
            "campaign.not_approved",
            "A second person has not approved this campaign as it is now. Nothing was sent. Somebody with the right to approve finds it on "
            "the page Approvals.",
        )
