"""What the latest campaign earned, and those of its month together, in a sentence each."""

import streamlit as st

from crm import roi
from crm.campaigns.saved import Listed
from crm.ui import components, figures, menu, session
from crm.ui.result import computed
from crm.ui.words import _


def last_result() -> None:
    """What the latest campaign and those of the month earned, with the way to the whole story."""
    campaigns = computed.launched()
    with st.container(border=True):
        if not campaigns:
            st.markdown(
                f"**{_('Last campaign')}**  \n" + _("No campaign has been sent yet. Choose a group of customers and write to them.")
            )
            menu.link("customers", _("Find customers to write to"), "groups")
            return
        newest = campaigns[0]
        day = figures.moment(newest.launched_at, session.shop().timezone)[:10]
        result = computed.sentence(computed.report(newest.campaign_id))
        st.markdown(f"**{_('Last campaign')}** · {components.quoted(newest.name)} · {day}  \n{result}")
        _month(campaigns, day[:7])
        menu.link("result", _("See what it earned"), "query_stats", _wanted(newest))


def _month(campaigns: list[Listed], month: str) -> None:
    """What the campaigns of that month earned together, net; those that cannot be told are counted, not guessed."""
    zone = session.shop().timezone
    some = [one for one in campaigns if figures.moment(one.launched_at, zone)[:7] == month]
    net, currency = roi.net([computed.report(one.campaign_id) for one in some]), session.shop().currency
    if net.profit is None or net.low is None or net.high is None:
        words = _("{n} campaigns in {month}: what they earned net cannot be told.", n=figures.count(net.campaigns), month=month)
    else:
        words = _(
            "{known} of {n} campaigns in {month} can be measured: net {profit} (95 %: {low} to {high}).",
            known=figures.count(net.known),
            n=figures.count(net.campaigns),
            month=month,
            profit=figures.big_money(net.profit, currency),
            low=figures.big_money(net.low, currency),
            high=figures.big_money(net.high, currency),
        )
    st.markdown(words)


def _wanted(campaign: Listed) -> dict[str, str]:
    return {"campaign": campaign.campaign_id}
