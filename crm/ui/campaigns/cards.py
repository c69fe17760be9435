"""All campaigns as cards, and the way into one: the open campaign is in the address, so that a reload stays where it was."""

import streamlit as st

from crm import campaigns, clock
from crm.campaigns import saved
from crm.campaigns.saved import Listed
from crm.messaging import channels
from crm.segments import saved as segments_saved
from crm.ui import components, conflicts, figures, session
from crm.ui.campaigns.state import ADDRESS, CampaignsState, Key
from crm.ui.words import _

STATES = {
    "draft": ("Draft", "gray"),
    "sending": ("Sending", "blue"),
    "paused": ("Paused", "orange"),
    "finished": ("Sent", "green"),
    "recorded": ("Sent elsewhere", "gray"),
}
SHOWN = 20


def opened() -> str | None:
    """The id of the campaign in the address, when it exists; a segment waiting for a campaign becomes a draft first."""
    page = session.state(CampaignsState)
    waiting, page.waiting = page.waiting, None
    if waiting:
        start(waiting.segment, waiting.rung, waiting.named)
    campaign_id = st.query_params.get(ADDRESS)
    known = session.store().one("SELECT campaign_id FROM campaigns WHERE campaign_id = ?", [campaign_id])
    return str(campaign_id) if known else None


def start(segment: str = "", rung: str | None = None, named: bool = True) -> None:
    """A new draft without words, opened. `segment` is a saved name, one that a person gave it where `named`."""
    shop, env = session.shop(), session.environment()
    spec = campaigns.CampaignSpec(
        name=segment if segment and named else _("Campaign of {day}", day=figures.day(session.as_of())),
        segment=segment,
        rung=rung,
        channel=channels.usual(env),
        from_name=shop.from_name or shop.name,
        from_email=shop.from_email,
        holdout=shop.holdout,
        cap_days=shop.cap_days,
    )
    st.query_params[ADDRESS] = conflicts.once(Key.NEW, lambda: saved.create(session.store(), spec, clock.now()))


def new_button() -> None:
    """Write a new one; without any segment, where to make one."""
    if not segments_saved.listed(session.store()) and not saved.listed(session.store()):
        components.empty(
            _("A campaign writes to a segment, and there is none yet. Narrow your customers down to a group first."),
            _("Make a segment"),
            "segments.py",
        )
    elif st.button(_("Write a new campaign"), type="primary", icon=":material/edit:", key=Key.NEW):
        start()
        st.rerun()


def show() -> None:
    """The cards, the latest first."""
    result = saved.listed(session.store())
    everything = len(result) <= SHOWN or st.toggle(_("Show all {n}", n=len(result)), key=Key.ALL)
    unsure = campaigns.recovery.unsure(session.store())
    for row in result if everything else result[:SHOWN]:
        _card(row, unsure.get(row.campaign_id, 0))


def _card(row: Listed, unsure: int) -> None:
    label, colour = STATES[row.state]
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=Key.CARD.of(row.campaign_id)):
        with st.container(width="stretch", gap="xxsmall"):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.text(components.short(row.name), width="content")
                st.badge(_(label), color=colour)
                if unsure:
                    st.badge(_("{n} unknown", n=figures.count(unsure)), color="orange", icon=":material/help:")
            st.caption(_line(row))
        if st.button(_("Open"), key=Key.OPEN.of(row.campaign_id)):
            st.query_params[ADDRESS] = row.campaign_id
            st.rerun()


def _line(row: Listed) -> str:
    if row.state == "draft":
        return _("last changed {when}", when=figures.moment(row.updated_at, session.shop().timezone))
    return _(
        "{when} · {n} people · {held} held out",
        when=figures.moment(row.launched_at, session.shop().timezone),
        n=figures.count(row.recipients),
        held=figures.count(row.holdout),
    )


def back_button() -> None:
    """Back to all campaigns."""
    if st.button(_("All campaigns"), icon=":material/arrow_back:", type="tertiary", key=Key.BACK):
        del st.query_params[ADDRESS]
        st.rerun()
