"""After an update: what is new, from the changelog, until somebody has said that it was read."""

import re

import streamlit as st

from crm import __version__
from crm.database import seen
from crm.settings import root
from crm.ui import session
from crm.ui.words import _, language

LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")


class Key(session.Keys):
    READ = "whats_new_read"


def box() -> None:
    """Once after an update, on the overview."""
    folder = session.store().folder
    if folder is None or seen.seen(folder) == __version__:
        return
    text = changes(language()) or changes("en")
    if text:
        with st.container(border=True):
            with st.expander(_("Huitou was updated to {version}: what is new", version=__version__), icon=":material/new_releases:"):
                st.markdown(text)
            if st.button(_("Read"), key=Key.READ):
                seen.mark_seen(folder)
                st.rerun()


def changes(code: str) -> str:
    """The section of this version in the changelog of a language; "" where there is none."""
    name = "CHANGELOG.md" if code == "en" else f"CHANGELOG.{code}.md"
    file = root() / name
    sections = re.split(r"(?m)^## ", file.read_text(encoding="utf-8")) if file.exists() else []
    section = next((one for one in sections if one.split()[:1] == [__version__]), "")
    return LINK.sub(r"\1", section.partition("\n")[2]).replace("\n### ", "\n#### ").strip()
