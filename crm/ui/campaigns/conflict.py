"""One campaign in two tabs: what changed there is told, both are offered, and what was typed here outlives a launch or deletion there."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from crm import clock
from crm.campaigns import saved
from crm.campaigns.spec import CampaignSpec
from crm.ui import components, conflicts, session
from crm.ui.words import _

TEXTS = ("name", "subject", "body", "from_name", "from_email")
CHANGED = "This campaign was changed in another tab or by somebody else while you wrote here. What you changed here is not saved yet."
GONE = "“{name}” was deleted in another tab or by somebody else. What you wrote here is still there."
LAUNCHED = "This campaign was launched in another tab or by somebody else. What you changed here was not sent and is not saved."


@dataclass
class Seen:
    """The words this tab has looked at, their version, and how often its inputs began anew.

    Changed in place right after saving: whatever touches the session or draws may be cut short by the next thing typed, and then the tab
    would take its own words for another's.
    """

    spec: CampaignSpec
    version: int
    turn: int = 0

    def look(self, spec: CampaignSpec, version: int, anew: bool = False) -> None:
        self.spec, self.version, self.turn = spec, version, self.turn + anew


def key(campaign_id: str, name: str) -> str:
    """Of an input; another one once theirs was taken, so that it shows what is kept now."""
    seen = st.session_state.get(f"campaign_seen_{campaign_id}")
    return f"campaign_{campaign_id}_{name}" + (f"_{seen.turn}" if seen and seen.turn else "")


def base(campaign: dict[str, Any]) -> Seen:
    """What this tab has looked at."""
    found: Seen = st.session_state.setdefault(f"campaign_seen_{campaign['campaign_id']}", Seen(campaign["spec"], campaign["version"]))
    return found


def forget(campaign_id: str) -> None:
    """This tab has nothing of its own left in it."""
    st.session_state.pop(f"campaign_seen_{campaign_id}", None)


def settle(campaign: dict[str, Any], wanted: CampaignSpec) -> None:
    """The kept draft is another than this tab looked at: take it where nothing was typed here, else offer both."""
    campaign_id, theirs, seen = campaign["campaign_id"], campaign["spec"], base(campaign)
    here, there = _changed(seen.spec, wanted), _changed(seen.spec, theirs)
    if wanted == theirs:
        seen.look(theirs, campaign["version"])
        return
    if not here:
        components.tell(_("This campaign was changed in another tab; you see it as it is now."), ":material/sync:")
        seen.look(theirs, campaign["version"], anew=True)
        st.rerun()
    rows = [(_names()[name], getattr(theirs, name), getattr(wanted, name)) for name in sorted(here | there) if name in _names()]
    chosen = conflicts.choose(_(CHANGED), rows, campaign_id, _("Keep what I changed here"), _("Take what is there"))
    if chosen == "theirs":
        seen.look(theirs, campaign["version"], anew=True)
    elif chosen == "mine":
        merged = theirs.model_copy(update={name: getattr(wanted, name) for name in here})
        saved.update(session.store(), campaign_id, merged, clock.now(), campaign["version"])
        seen.look(merged, campaign["version"] + 1, anew=True)
    if chosen:
        st.rerun()


def _changed(before: CampaignSpec, after: CampaignSpec) -> set[str]:
    return {name for name in CampaignSpec.model_fields if getattr(before, name) != getattr(after, name)}


def _names() -> dict[str, str]:
    return {
        "name": _("Campaign name"), "segment": _("Segment"), "rung": _("Rung"), "subject": _("Subject"), "body": _("Text"),
        "from_name": _("Sender name"), "from_email": _("Sender address"), "channel": _("Channel"), "holdout": _("Held out"),
        "cap_days": _("Cap (days)"),
    }  # fmt: skip


def _typed(campaign_id: str) -> CampaignSpec | None:
    """The words of this tab, with what was typed last."""
    seen = st.session_state.get(f"campaign_seen_{campaign_id}")
    if seen is None:
        return None
    last = {name: st.session_state.get(key(campaign_id, name)) for name in TEXTS}
    spec: CampaignSpec = seen.spec.model_copy(update={name: text for name, text in last.items() if isinstance(text, str)})
    return spec


def left_over(campaign_id: str | None, campaign: dict[str, Any] | None) -> None:
    """The campaign was launched or deleted elsewhere: what was typed here is shown, with a way to keep it as a draft of its own."""
    typed = _typed(campaign_id) if campaign_id else None
    if campaign_id is None or typed is None or (campaign and not _changed(campaign["spec"], typed) & set(TEXTS)):
        return
    names, there = _names(), campaign["spec"] if campaign else None
    rows = [
        (names[name], getattr(there, name, ""), getattr(typed, name)) for name in TEXTS if getattr(typed, name) != getattr(there, name, "")
    ]
    words = _(LAUNCHED) if campaign else _(GONE, name=components.quoted(components.short(typed.name)))
    chosen = conflicts.choose(words, rows, campaign_id, _("Keep mine as a new draft"), _("Let mine go"))
    st.session_state[f"campaign_seen_{campaign_id}"].look(typed, 0)
    if chosen is None:
        return
    forget(campaign_id)
    if chosen == "mine":
        st.query_params["campaign"] = saved.create(session.store(), typed.model_copy(update={"send_at": None}), clock.now())
    elif campaign is None:
        st.query_params.pop("campaign", None)
    st.rerun()
