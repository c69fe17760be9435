"""The language switch in the menu: remembered in a cookie, so that a reload keeps it."""

import streamlit as st

from crm.ui.words import language
from crm.words import LANGUAGES

REMEMBER = "<script>document.cookie='huitou_language={code}; path=/; max-age=31536000; SameSite=Lax'</script>"


def choose_language() -> None:
    """Draw the switch; a choice takes effect in the same run of the page."""
    st.session_state.setdefault("language", language())
    with st.sidebar:
        before = st.session_state["language"]
        picked = st.segmented_control(
            "语言 Language",
            list(LANGUAGES),
            default=before,
            format_func=LANGUAGES.get,
            key="language_switch",
            label_visibility="collapsed",
            width="stretch",
            required=True,
        )
        if picked and picked != before:
            st.session_state["language"] = picked
            st.session_state["remember_language"] = True
            st.rerun()
        if st.session_state.pop("remember_language", False):
            st.html(REMEMBER.format(code=before), unsafe_allow_javascript=True)
