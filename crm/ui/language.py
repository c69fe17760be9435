"""The language switch in the menu: remembered in a cookie, so that a reload keeps it."""

import streamlit as st

from crm.ui import session
from crm.ui.words import language
from crm.words import LANGUAGES

REMEMBER = "<script>document.cookie='huitou_language={code}; path=/; max-age=31536000; SameSite=Lax'</script>"


class Key(session.Keys):
    SWITCH = "language_switch"


def choose_language() -> None:
    """Draw the switch; a choice takes effect in the same run of the page."""
    frame, before = session.state(session.FrameState), language()
    session.pick_language(before)
    with st.sidebar:
        picked = st.segmented_control(
            "语言 Language",
            list(LANGUAGES),
            default=before,
            format_func=LANGUAGES.get,
            key=Key.SWITCH,
            label_visibility="collapsed",
            width="stretch",
            required=True,
        )
        if picked and picked != before:
            session.pick_language(picked)
            frame.cookie = True
            st.rerun()
        if frame.cookie:
            st.html(REMEMBER.format(code=before), unsafe_allow_javascript=True)
            frame.cookie = False
