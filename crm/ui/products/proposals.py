"""Products page: categories that the shop's own titles propose, looked at before they are saved."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from crm.orders import categories
from crm.products import coverage, proposing
from crm.products.proposing import Proposal
from crm.segments import export
from crm.ui import components, figures, session
from crm.ui.products import changes, rules
from crm.ui.products.state import Key
from crm.ui.words import _, language


def section() -> None:
    """The words that many titles have, to be ticked; what they would do; the button that keeps them."""
    found = proposing.proposed(session.store())
    if not found:
        return
    st.subheader(_("Categories your titles propose"), anchor=False)
    with st.container(border=True), components.guard():
        st.markdown(components.quoted(said(found[0])))
        ticked = _table(found)
        if not ticked:
            st.caption(_("Tick the words that you would use. Nothing is changed before you have seen what they do."))
            return
        _into([found[place] for place in ticked])


def said(one: Proposal) -> str:
    """“mug” in 3 products, ¥144万: use it?"""
    money = figures.big_money(one.spend, session.shop().currency)
    return _("“{word}” in {n} products, {spend}: use it as a category?", word=one.word, n=figures.count(one.products), spend=money)


def _table(found: Sequence[Proposal]) -> list[int]:
    rows = [(one.word, one.products, round(float(one.spend)), " · ".join(one.examples)) for one in found]
    frame = pd.DataFrame(rows, columns=["word", "products", "spend", "examples"])
    key = Key.PROPOSED.of(changes.generation(), hash(tuple(one.word for one in found)))
    event: Any = st.dataframe(
        export.shown(frame),
        key=key,
        hide_index=True,
        width="stretch",
        height="content",
        on_select="rerun",
        selection_mode="multi-row",
        placeholder="",
        column_config={
            "word": st.column_config.TextColumn(_("Word in the title"), width=120),
            "products": st.column_config.NumberColumn(_("Products"), format="localized", width="small"),
            "spend": st.column_config.NumberColumn(_("Spend"), format="localized", width="small"),
            "examples": st.column_config.TextColumn(_("For example"), width="large"),
        },
    )
    return [row for row in event.selection.rows if row < len(frame)]


def _into(chosen: Sequence[Proposal]) -> None:
    """Each word a category of its own, or all of them words of one."""
    seen, known = changes.rules_version(), session.shop().category_rules
    names = list(dict.fromkeys([*known, *coverage.names(session.store())]))
    into = st.selectbox(
        _("Category"),
        names,
        None,
        key=Key.PROPOSED_INTO.of(language(), changes.generation()),
        accept_new_options=True,
        placeholder=_("Each word is a category of its own"),
    )
    after = {name: list(words) for name, words in known.items()}
    for one in chosen:
        name = categories.named(into or one.word)
        after[name] = list(dict.fromkeys([*after.get(name, []), one.word]))
    categories.check(after)
    change = coverage.effect(coverage.titles(session.store()), after)
    rules.preview(change)
    words = _("Use these {n} words ({products} products change)", n=figures.count(len(chosen)), products=figures.count(len(change)))
    if st.button(words, type="primary", key=Key.PROPOSED_SAVE):
        changes.save_rules(after, len(change), seen)
