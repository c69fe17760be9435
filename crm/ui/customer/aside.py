"""Beside a customer's time line: the segments she is in and why, what she said about being written to, her accounts."""

import streamlit as st

from crm.accounts.acting import Right
from crm.customers import lookup
from crm.customers.joining import Account
from crm.messaging import standing
from crm.segments import saved, why
from crm.ui import components, figures, joined, menu, personal, session
from crm.ui.customer import parts
from crm.ui.customer.person import Person
from crm.ui.customer.state import CustomerState, Key
from crm.ui.segments import reasons, state
from crm.ui.words import _


def segments(of: Person) -> None:
    """The saved segments she is in, each with why, and the way to its ladder."""
    if not session.may(Right.SEGMENTS):
        return
    st.markdown(f"**{_('Saved segments')}**")
    page = session.state(CustomerState)
    for one in parts.segments(of.customer_id):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/check: {components.quoted(one.name)}", width="stretch")
            if st.button(_("Why"), key=Key.WHY.of(one.segment_id), type="tertiary"):
                page.why = "" if page.why == one.segment_id else one.segment_id
            if st.button(_("Ladder"), key=Key.LADDER.of(one.segment_id), type="tertiary"):
                kept = saved.find(session.store(), one.segment_id)
                state.show(kept.definition, one.segment_id, kept.version)
                st.switch_page(session.page_path("segments.py"))
        if page.why == one.segment_id:
            told = why.explain(session.store(), saved.find(session.store(), one.segment_id).definition, of.customer_id, session.as_of())
            for place, rung in enumerate(told.rungs, 1):
                st.markdown(reasons.rung(place, rung, told.failed))


def consents(of: Person) -> None:
    """By which channels she may be reached, and what was said of that, by whom and when."""
    st.markdown(f"**{_('May be reached')}**")
    parts.reach(of.told, of.numbers)
    ways = {"email": _("by e-mail"), "sms": _("by SMS"), "call": _("by phone")}
    meanings = {
        "granted": _("agreed"),
        "unsubscribed": _("opted out"),
        "complained": _("complained"),
        "bounced": _("does not arrive"),
    }
    said = standing.of(session.store(), of.customer_id)
    for one in said:
        source = one.file or one.source or ""
        meant = meanings.get(one.meaning) or components.quoted(one.meaning)
        when = figures.moment(one.happened_at, session.shop().timezone)
        st.caption(f"{ways.get(one.channel, '')} {meant} · {when} · {components.quoted(source)}")
    silent = [ways[channel] for channel in ways if channel not in {one.channel for one in said}]
    if silent:
        st.caption(_("Nothing was ever said about: {ways}.", ways=_("; ").join(silent)))


def accounts(of: Person) -> None:
    """Under which names she bought, on which platforms and in which shops; joined ones with the way to part them."""
    rows = lookup.accounts(session.store(), of.customer_id)
    if not rows:
        return
    st.markdown(f"**{_('Accounts')}**")
    for row in rows:
        where = joined.platform(Account("", row["platform"], row["shop"]))
        called = components.quoted(personal.account(str(row["account"]))) if row["account"] else figures.NOTHING
        st.markdown(f"{called}  \n:gray[{where} · {_('{n} orders', n=figures.count(row['orders']))} · {figures.day(row['last'])}]")
    if len(rows) > 1:
        menu.link("same_people", _("Joined by the shop: take apart again"), "arrow_forward")
