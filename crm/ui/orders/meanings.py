"""Import page: the status words of an unknown table, how often each is there, and what it means."""

from pathlib import Path

import streamlit as st

from crm.columns.statuses import UNKNOWN
from crm.imports import wording
from crm.ui import components, personal
from crm.ui.figures import count
from crm.ui.orders import reasons
from crm.ui.orders import wording as orders_words
from crm.ui.orders.state import Key, MappingDraft
from crm.ui.words import _, language

MANY = 40
"""More different words than a status has: it is another column."""


def ask(path: Path, kept: MappingDraft, words: dict[str, int], fields: dict[str, int]) -> bool:
    """Draw what each word means; what is said goes into `kept.statuses`. Whether a word is still open."""
    result = wording.meanings(words, fields, {})
    unknown = [word for word in words if result[word] == UNKNOWN]
    if len(unknown) > MANY:
        st.warning(
            _("{n} different words stand in the status column, and none of them is known. Is it another column?", n=count(len(unknown)))
        )
        return True
    if unknown:
        with st.container(border=True):
            st.markdown(f"**{reasons.question('words')}**")
            st.caption(
                _("These are the file's own words; behind each stands how many rows have it. Unpaid and cancelled orders are no sales.")
            )
            _draw(path, kept, {word: words[word] for word in unknown}, result)
    known = {word: number for word, number in words.items() if word not in unknown}
    if known:
        with st.expander(_("What the known words of the status mean ({n})", n=count(len(known)))):
            _draw(path, kept, dict(list(known.items())[:MANY]), result)
    return any(word not in kept.statuses for word in unknown)


def _draw(path: Path, kept: MappingDraft, words: dict[str, int], values: dict[str, str]) -> None:
    names = {status: text for status, text in orders_words.statuses().items() if status != UNKNOWN}
    options = list(names)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for word, number in words.items():
            now = kept.statuses.get(word, values[word])
            with st.container(width=230):
                chosen = st.selectbox(
                    f"{components.quoted(personal.cell('status_raw', word)[:60])} · {count(number)} ×",
                    options,
                    index=options.index(now) if now in options else None,
                    format_func=lambda status: names[status],
                    placeholder=_("Please choose"),
                    key=Key.WORD.of(path, language(), word),
                )
            if chosen is None or chosen == values[word]:
                kept.statuses.pop(word, None)
            else:
                kept.statuses[word] = chosen
