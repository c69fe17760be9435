"""Words on screen, in the language of the session (`crm.words` has them all).

from crm.ui.words import _
_("Send to {n} people", n=count(1256))
"""

from typing import Any, Protocol

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from crm.errors import CrmError
from crm.ui import personal, session
from crm.ui.text import quoted
from crm.words import LANGUAGES as LANGUAGES
from crm.words import chosen, translate


class Labelled(Protocol):
    """Anything that carries its own two names."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


def language() -> str:
    """The language of this session (`zh_CN` or `en`); English outside a screen."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return "en"
    return session.picked_language() or chosen(st.context.cookies, st.context.locale)


def _(sentence: str, **values: Any) -> str:
    """The sentence in the session's language, its {placeholders} filled."""
    return translate(language(), sentence, **values)


def safely(sentence: str, **values: Any) -> str:
    """The same, and whatever text is filled in stays text, without what the visitor may not see of people and cells.

    For values that a person, a file or the network gave.
    """
    seen = personal.values(values)
    return _(sentence, **{name: quoted(value) if isinstance(value, str) else value for name, value in seen.items()})


def label(thing: Labelled) -> str:
    """The name of a field, dimension or metric in the session's language."""
    return thing.zh if language() == "zh_CN" else thing.en


def sentence(error: CrmError) -> str:
    """A refusal in the session's language."""
    return safely(error.template, **error.values)
