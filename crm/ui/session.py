"""What every screen stands on: the open database, the shop's settings, today, the frame around it, and what its page remembers."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from crm import clock, database
from crm.accounts import acting, users
from crm.accounts.acting import Actor, Right
from crm.settings import Shop, root
from crm.settings import environment as environment
from crm.web import door

State = TypeVar("State")


class Keys(StrEnum):
    """Base of the keys of a page's inputs: each is declared once, in the page's `state.py` or at the top of a part that pages share."""

    def of(self, *parts: object) -> str:
        """The key of one input among many of its kind: `Key.UNDO.of(import_id)`."""
        return "_".join([self.value, *map(str, parts)])


@dataclass
class FrameState:
    """What the frame around every page remembers."""

    inside: bool = False  # the page is run by the frame
    page: str = ""  # the page on screen
    arrived: bool = False  # the visitor has just come to it, and it has not heard so yet
    cookie: bool = False  # the language just chosen has still to be written to the cookie
    toast: tuple[str, str] | None = None  # words and icon to be shown in a corner of the next run


def state(kind: type[State]) -> State:
    """What a page remembers of this visitor: the one object of its dataclass, made with the defaults at first, then changed in place.

    It outlives reruns and a change of the page, as widgets do not. A reload begins anew: what must outlive that is in the address, in a
    cookie, beside the file or in the database. Ask for it before something is saved: touching the session may end the run where the
    visitor has typed on, changing an object in hand does not.
    """
    kept = st.session_state.get(kind.__name__)
    if not isinstance(kept, kind):
        kept = st.session_state[kind.__name__] = kind()
    return kept


def fresh(kind: type[State], begun: State) -> State:
    """Let a page begin anew with this."""
    st.session_state[kind.__name__] = begun
    return begun


def held(key: str) -> Any:
    """What an input holds before it is drawn in this run; None where it was not on screen in the last one."""
    return st.session_state.get(key)


def fill(key: str, value: Any) -> None:
    """Put a value in an input before it is drawn."""
    st.session_state[key] = value


def picked_language() -> str:
    """The visitor's language; empty before the frame has settled it. A key of its own, so that a test can begin in a language."""
    return str(st.session_state.get("language") or "")


def pick_language(code: str) -> None:
    """Speak this language from now on."""
    st.session_state["language"] = code


def store() -> database.Store:
    """The one open database of this process. From here on in this run of the page its visitor is the one who acts."""
    opened = database.open_store(environment().data)
    if get_script_run_ctx(suppress_warning=True) is not None:
        acting.become(_visitor(opened))
    return opened


def _visitor(opened: database.Store, mark: str | None = None) -> Actor:
    """Asked anew each time: a session that was ended elsewhere ends here with the next click. `mark`: of a request before."""
    if not users.exist(opened):
        return acting.LOCAL
    return door.visitor(opened, st.context.headers.get(door.WHO, "") if mark is None else mark) or acting.NOBODY


def later() -> Callable[[], AbstractContextManager[None]]:
    """For what is made after the script, as a file when it is asked for: there the visitor acts, with the rights she has then."""
    opened, mark = store(), st.context.headers.get(door.WHO, "")
    return lambda: acting.by(_visitor(opened, mark))


def shop() -> Shop:
    """The shop's own settings."""
    return database.load_shop(store())


def as_of() -> date:
    """Today in the shop's time zone."""
    return clock.day_of(clock.now(), shop().timezone)


def entered(page: str) -> None:
    """The frame is about to run this page."""
    frame = state(FrameState)
    frame.arrived, frame.page = frame.arrived or frame.page != page, page


def arrived() -> bool:
    """Whether the visitor has come from another page; told once. The address cannot tell: what is typed fast is ahead of it."""
    frame = state(FrameState)
    told, frame.arrived = frame.arrived, False
    return told


def require_role(right: Right | None) -> None:
    """First line of every page: stops a page that runs without the frame (and so without its menu, language and error net).

    Raises RightError where the visitor may not see it. None: whoever is signed in may.
    """
    if not state(FrameState).inside:
        st.stop()
    store()
    if right is not None:
        acting.require(right)


def may(right: Right) -> bool:
    """Whether the visitor has this right: what she may not do is not offered."""
    store()
    return acting.may(right)


def page_path(page: str) -> str:
    """The absolute path of a page file, for `st.switch_page`."""
    return str(root() / "pages" / page)
