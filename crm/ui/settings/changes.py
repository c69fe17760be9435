"""What was changed in the settings, by whom and when, with the way back; and a test letter under the sender."""

from typing import Any

import streamlit as st

from crm import database
from crm.accounts import acting
from crm.campaigns import sender_check
from crm.ui import components, figures, session
from crm.ui.audit.view import by
from crm.ui.settings import conflict
from crm.ui.settings.state import Key
from crm.ui.words import _, language

MOST = 10


def sender() -> None:
    """Does it arrive? A letter to oneself, the way messages leave."""
    with st.container(border=True):
        st.subheader(_("Does it arrive?"), anchor=False)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            address = st.text_input(_("Your own e-mail address"), key=Key.TEST_ADDRESS)
            pressed = st.button(_("Send a test letter"), key=Key.TEST)
        if pressed:
            with components.guard():
                sent = sender_check.try_sender(session.store(), address, session.environment(), session.as_of(), language())
                st.success(_(sent))


def history() -> None:
    """The latest changes, each with both values and a way back."""
    items = database.setting_changes(session.store(), MOST)
    if not items:
        return
    with st.expander(_("What was changed, and by whom")):
        zone = session.shop().timezone
        for item in items:
            with st.container(border=True, horizontal=True, vertical_alignment="center"):
                lines = [f"{conflict.name(key)}: {_shown(before)} → {_shown(after)}" for key, (before, after) in item.settings.items()]
                st.markdown("  \n".join(map(components.quoted, lines)), width="stretch")
                who = by(item.actor) or _("in the terminal")
                st.caption(f"{components.quoted(who)} · {figures.moment(item.changed_at, zone)}", width="content")
                if st.button(_("Take back"), key=Key.TAKE_BACK.of(item.change_id)):
                    _take_back(item.change_id)


def _take_back(change_id: str) -> None:
    with components.guard():
        acting.require(acting.Right.SETTINGS)
        values = database.setting_before(session.store(), change_id)
        conflict.put(values, database.settings_seen(session.store()))
        st.rerun()


def _shown(value: Any) -> str:
    return "—" if value in (None, "", [], {}) else components.short(str(value), 60)
