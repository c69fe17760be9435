"""The button that shows names, phone numbers and addresses in full: for those who may, until they leave the page; noted in the trail."""

import streamlit as st

from crm import clock
from crm.accounts import acting, audit
from crm.accounts.acting import Right
from crm.ui import personal, session
from crm.ui.personal import RevealState
from crm.ui.words import _


class Key(session.Keys):
    SHOW = "reveal_show"


NO_TAKING_AWAY = "<style>[data-testid=stDataFrame] [data-testid=stElementToolbar] {display: none}</style>"
"""Tables have a download button of their own, which asks for no right and leaves no trace."""


def keep_here() -> None:
    """On every page: tables offer no download to whoever may not take lists away."""
    if not session.may(Right.EXPORT):
        st.html(NO_TAKING_AWAY)


def offer(what: str = "") -> None:
    """On a page: the button, or that everything is shown. `what` of the page is meant: a campaign's id, never anybody's name."""
    session.state(RevealState).what = what
    if _pressed(what):
        st.rerun()


def offer_inside(what: str) -> None:
    """The same in a dialog, for what only the dialog shows."""
    if _pressed(what):
        st.rerun(scope="fragment")


def _pressed(what: str) -> bool:
    if not (personal.asked() and session.may(Right.REVEAL)):
        return False
    kept = session.state(RevealState)
    if personal.full(what):
        st.caption(":material/visibility: " + _("Names and addresses are shown in full until you leave this page."), width="content")
        return False
    help_ = _("Names, phone numbers and addresses are masked. That you look at them is noted in the trail.")
    if not st.button(_("Show in full"), icon=":material/visibility:", key=Key.SHOW.of(kept.page, what), type="tertiary", help=help_):
        return False
    acting.require(Right.REVEAL)
    audit.note(session.store(), clock.now(), "screen", "reveal", f"{kept.page} {what}".strip())
    kept.shown.add(what)
    return True
