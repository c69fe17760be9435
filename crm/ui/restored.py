"""An older copy of the database on screen: that nothing is sent, why, and the decision that a person takes about it."""

from dataclasses import replace

import streamlit as st

from crm import clock
from crm.accounts.acting import Right
from crm.campaigns import restored
from crm.campaigns.restored import State
from crm.messaging.handed_over import Waiting
from crm.ui import components, figures, menu, session
from crm.ui.components import quoted
from crm.ui.words import _, sentence


class Key(session.Keys):
    BOX = "restored"
    KEEP = "restored_keep"
    KEEP_ALL = "restored_keep_all"
    FORGET = "restored_forget"
    NUMBER = "restored_number"
    FORGET_SURE = "restored_forget_sure"
    SURE = "restored_sure"
    GO_ON = "restored_go_on"


def banner() -> None:
    """On every page but that of the campaigns: that nothing is sent, and the way to decide."""
    with components.guard():
        if restored.state(session.store()).stopped:
            with st.container(border=True, horizontal=True, vertical_alignment="center"):
                st.markdown(
                    f":material/pause_circle: {_('Sending is stopped: this data is a copy, and you have to decide first.')}",
                    width="stretch",
                )
                menu.link("campaigns", _("Decide"), "arrow_forward")


def panel() -> None:
    """On the campaigns page: what happened, how many of which campaigns, and what may be decided."""
    with components.guard():
        result = restored.state(session.store())
        if result.stopped:
            with st.container(border=True, key=Key.BOX):
                st.subheader(_("Sending is stopped"), anchor=False)
                _older(result) if result.campaigns else None
                _troubles(result) if result.troubles else None


def _older(state: State) -> None:
    st.markdown(
        _(
            "An older copy of the database was put back. **{n} messages** left after it was made; this copy knows nothing of them.",
            n=figures.count(state.messages),
        )
    )
    if state.opt_outs:
        st.caption(_("Opted out meanwhile: {n}. They are not written to, whatever you decide.", n=figures.count(state.opt_outs)))
    for row in state.campaigns:
        _campaign(row, alone=len(state.campaigns) == 1)
    if len(state.campaigns) > 1:
        words = _("Count all {n} as written to", n=figures.count(state.messages))
        if st.button(words, type="primary", key=Key.KEEP_ALL):
            _keep(None)


def _campaign(row: Waiting, alone: bool) -> None:
    zone, one = session.shop().timezone, row.campaign_id
    with st.container(horizontal=True, vertical_alignment="center", key=Key.BOX.of(one)):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(quoted(row.name))
            when = figures.moment(row.last_at, zone)
            st.caption(_("{n} messages, the last ones {when}", n=figures.count(row.messages), when=when))
        weight, meaning = "primary" if alone else "secondary", _("Nobody gets it a second time.")
        if st.button(_("Count them as written to"), key=Key.KEEP.of(one), help=meaning, type=weight):
            _keep(one)
        if st.button(_("Forget …"), type="tertiary", key=Key.FORGET.of(one)):
            st.dialog(_("Write to these people again?"))(_forget)(row)


def _keep(campaign_id: str | None) -> None:
    restored.keep(session.store(), campaign_id, clock.now(), "screen")
    st.rerun()


def _forget(row: Waiting) -> None:
    n = row.messages
    st.text(row.name)
    st.markdown(
        _("These **{n} people** may get it a second time. Only do this if you know that the messages did not arrive.", n=figures.count(n))
    )
    typed = st.text_input(_("Type the number {n} to go on", n=n), key=Key.NUMBER.of(row.campaign_id))
    if st.button(_("Forget that they were written to"), disabled=typed.strip() != str(n), key=Key.FORGET_SURE):
        with components.guard():
            restored.forget(session.store(), row.campaign_id, n, clock.now(), "screen")
            st.rerun()


def _troubles(state: State) -> None:
    for reason in restored.reasons(replace(state, campaigns=[])):
        st.markdown(sentence(reason))
    if not session.may(Right.LAUNCH):
        return
    sure = st.checkbox(_("Messages may be sent from here; no other copy of this shop sends any."), key=Key.SURE)
    if st.button(_("Send from here"), disabled=not sure, key=Key.GO_ON):
        restored.go_on(session.store(), clock.now(), "screen")
        st.rerun()
