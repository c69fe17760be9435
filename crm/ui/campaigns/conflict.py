"""One campaign in two tabs: what changed there is told, both are offered, and what was typed here outlives a launch or deletion there."""

import streamlit as st

from crm import clock
from crm.campaigns import saved
from crm.campaigns.saved import Campaign
from crm.campaigns.spec import CampaignSpec
from crm.ui import components, conflicts, session
from crm.ui.campaigns import state
from crm.ui.campaigns.state import ADDRESS, Key, Seen
from crm.ui.words import _

TEXTS = ("name", "subject", "body", "from_name", "from_email")
CHANGED = "This campaign was changed in another tab or by somebody else while you wrote here. What you changed here is not saved yet."
GONE = "“{name}” was deleted in another tab or by somebody else. What you wrote here is still there."
LAUNCHED = "This campaign was launched in another tab or by somebody else. What you changed here was not sent and is not saved."


def key(campaign_id: str, name: str) -> str:
    """Of an input; another one once theirs was taken, so that it shows what is kept now."""
    seen = state.of(campaign_id).seen
    return Key.INPUT.of(campaign_id, name, *([seen.turn] if seen and seen.turn else []))


def base(campaign: Campaign) -> Seen:
    """What this tab has looked at."""
    one = state.of(campaign.campaign_id)
    if one.seen is None:
        one.seen = Seen(campaign.spec, campaign.version)
    return one.seen


def forget(campaign_id: str) -> None:
    """This tab has nothing of its own left in it."""
    state.of(campaign_id).seen = None


def settle(campaign: Campaign, wanted: CampaignSpec) -> None:
    """The kept draft is another than this tab looked at: take it where nothing was typed here, else offer both."""
    campaign_id, theirs, seen = campaign.campaign_id, campaign.spec, base(campaign)
    here, there = _changed(seen.spec, wanted), _changed(seen.spec, theirs)
    if wanted == theirs:
        seen.look(theirs, campaign.version)
        return
    if not here:
        components.announce(_("This campaign was changed in another tab; you see it as it is now."), ":material/sync:")
        seen.look(theirs, campaign.version, anew=True)
        st.rerun()
    rows = [(_names()[name], getattr(theirs, name), getattr(wanted, name)) for name in sorted(here | there) if name in _names()]
    chosen = conflicts.choose(_(CHANGED), rows, campaign_id, _("Keep what I changed here"), _("Take what is there"))
    if chosen == "theirs":
        seen.look(theirs, campaign.version, anew=True)
    elif chosen == "mine":
        merged = theirs.model_copy(update={name: getattr(wanted, name) for name in here})
        saved.update(session.store(), campaign_id, merged, clock.now(), campaign.version)
        seen.look(merged, campaign.version + 1, anew=True)
    if chosen:
        st.rerun()


def _changed(before: CampaignSpec, after: CampaignSpec) -> set[str]:
    return {name for name in CampaignSpec.model_fields if getattr(before, name) != getattr(after, name)}


def _names() -> dict[str, str]:
    return {
        "name": _("Campaign name"),
        "segment": _("Segment"),
        "rung": _("Rung"),
        "subject": _("Subject"),
        "body": _("Text"),
        "from_name": _("Sender name"),
        "from_email": _("Sender address"),
        "channel": _("Channel"),
        "holdout": _("Held out"),
        "cap_days": _("Cap (days)"),
    }


def _typed(campaign_id: str, seen: Seen) -> CampaignSpec:
    """The words of this tab, with what was typed last."""
    last = {name: session.held(key(campaign_id, name)) for name in TEXTS}
    return seen.spec.model_copy(update={name: text for name, text in last.items() if isinstance(text, str)})


def left_over(campaign_id: str | None, campaign: Campaign | None) -> None:
    """The campaign was launched or deleted elsewhere: what was typed here is shown, with a way to keep it as a draft of its own."""
    seen = state.of(campaign_id).seen if campaign_id else None
    if campaign_id is None or seen is None:
        return
    typed = _typed(campaign_id, seen)
    if campaign and not _changed(campaign.spec, typed) & set(TEXTS):
        return
    names, there = _names(), campaign.spec if campaign else None
    rows = [
        (names[name], getattr(there, name, ""), getattr(typed, name)) for name in TEXTS if getattr(typed, name) != getattr(there, name, "")
    ]
    words = _(LAUNCHED) if campaign else _(GONE, name=components.quoted(components.short(typed.name)))
    chosen = conflicts.choose(words, rows, campaign_id, _("Keep mine as a new draft"), _("Let mine go"))
    seen.look(typed, 0)
    if chosen is None:
        return
    forget(campaign_id)
    if chosen == "mine":
        st.query_params[ADDRESS] = saved.create(session.store(), typed.model_copy(update={"send_at": None}), clock.now())
    elif campaign is None:
        st.query_params.pop(ADDRESS, None)
    st.rerun()
