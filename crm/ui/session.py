"""What every screen stands on: the open database, the shop's settings, today, and proof that the frame is around it."""

import os
from datetime import date
from functools import lru_cache

import streamlit as st

from crm import clock, database
from crm.settings import Environment, Shop, root


def environment() -> Environment:
    """The machine's settings (CRM_… variables)."""
    return _environment(tuple(sorted((name, value) for name, value in os.environ.items() if name.startswith("CRM_"))))


@lru_cache(maxsize=8)
def _environment(told: tuple[tuple[str, str], ...]) -> Environment:
    """Read once as long as they stay the same: a page asks for them thirty times."""
    return Environment()


def store() -> database.Store:
    """The one open database of this process."""
    return database.open_store(environment().data)


def shop() -> Shop:
    """The shop's own settings."""
    return database.load_shop(store())


def as_of() -> date:
    """Today in the shop's time zone."""
    return clock.day_of(clock.now(), shop().timezone)


def require_role() -> None:
    """First line of every page: stops a page that runs without the frame (and so without its menu, language and error net)."""
    if not st.session_state.get("inside_frame"):
        st.stop()


def page_path(page: str) -> str:
    """The absolute path of a page file, for `st.switch_page`."""
    return str(root() / "pages" / page)
