"""What stands on a rung and on the parts of a split one: people, drop, money, whom each channel reaches. Grey while counted anew."""

import streamlit as st

from crm.segments import splits
from crm.segments.ladder import RungCount
from crm.segments.splits import Split
from crm.ui import components, figures, session
from crm.ui.segments.state import Key, Step
from crm.ui.words import _, language

WIDTH = 112


def show(counted: RungCount | None, everybody: RungCount | None, fresh: bool) -> None:
    """The numbers of a rung; dashes as long as nothing was ever counted."""
    currency, whole = session.shop().currency, everybody.customers if everybody else 0
    people = counted.customers if counted else None
    share = figures.percent(people / whole) if people is not None and whole else figures.NOTHING
    reach = counted.reachable if counted else {}
    with st.grid(7, min_column_width=WIDTH):
        st.metric(_("People"), _grey(figures.count(people), fresh), _drop(counted), delta_color="off", delta_arrow="off")
        st.metric(_("Share of all"), _grey(share, fresh))
        st.metric(_("Spend"), _grey(figures.big_money(counted.spend if counted else None, currency), fresh))
        average = counted.average_order if counted else None
        st.metric(_("Average order"), _grey(figures.money(average, currency), fresh), help=_("Spend ÷ purchases of these people"))
        for channel, words in zip(("email", "sms", "call"), (_("By e-mail"), _("By SMS"), _("By call")), strict=True):
            st.metric(words, _grey(figures.count(reach.get(channel)), fresh), help=_reach_help())
    if counted and counted.capped:
        st.caption(_("{n} more were written to within your cap and are not counted as reachable.", n=figures.count(counted.capped)))


def _reach_help() -> str:
    return _("With an address that may be used: without unsubscribed ones, dead virtual numbers and people within the contact cap")


def _grey(text: str, fresh: bool) -> str:
    return text if fresh else f":gray[{text}]"


def _drop(step: RungCount | None) -> str:
    if step is None:
        return ""
    return f"−{figures.count(step.dropped)}" if step.dropped else _("nobody dropped")


def parts(step: Step, counted: RungCount, fresh: bool) -> str | None:
    """The siblings of a split rung, which add up to it; the key of the one that is to be written to."""
    if step.split is None:
        return None
    cut, currency = Split.model_validate(step.split), session.shop().currency
    spend, average = (f"{words} ({currency})" for words in (_("Spend"), _("Average order")))
    shown = [
        {
            _("Part"): splits.label(cut, part.name, language()),
            _("People"): part.customers,
            _("Share"): part.customers / counted.customers if counted.customers else None,
            spend: float(part.spend),
            average: None if part.average_order is None else float(part.average_order),
            _("By e-mail"): part.reachable["email"],
            _("By SMS"): part.reachable["sms"],
            _("By call"): part.reachable["call"],
        }
        for part in counted.parts
    ]
    number = st.column_config.NumberColumn
    columns = {_("Share"): number(format="percent")} | {
        name: number(format="localized") for name in (_("People"), spend, average, _("By e-mail"), _("By SMS"), _("By call"))
    }
    st.dataframe(shown, hide_index=True, width="stretch", column_config=columns, height="content", placeholder="")
    with st.container(horizontal=True):
        for part in counted.parts:
            title = _(
                "Write to “{part}”: {n}", part=components.quoted(splits.label(cut, part.name, language())), n=figures.count(part.customers)
            )
            if part.customers and st.button(
                title, key=Key.WRITE.of(step.id, part.name), type="tertiary", icon=":material/send:", disabled=not fresh
            ):
                return part.name
    return None
