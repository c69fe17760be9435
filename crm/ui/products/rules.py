"""Products page: words in titles that decide a category, and what they would do before they are saved."""

import pandas as pd
import streamlit as st

from crm.errors import BadInputError
from crm.orders import categories
from crm.products import coverage
from crm.segments import export
from crm.ui import components, conflicts, figures, session
from crm.ui.products import changes
from crm.ui.products.state import Base, Key, ProductsState
from crm.ui.words import _, language

SHOWN = 8


def section() -> None:
    """One more word, or all rules at once."""
    st.subheader(_("Words in titles"), anchor=False)
    st.caption(_("The longest word found in a title decides. The file's own category and what you chose by hand count over it."))
    known = coverage.titles(session.store())
    with st.container(border=True), components.guard():
        _one_more(known)
    rules = session.shop().category_rules
    with st.expander(_("All words ({n} categories)", n=figures.count(len(rules)))), components.guard():
        _all(known)


def _one_more(known: pd.DataFrame) -> None:
    seen, rules, version = changes.rules_version(), session.shop().category_rules, changes.generation()
    names = list(dict.fromkeys([*rules, *coverage.names(session.store())]))
    with st.grid(2, min_column_width=220):
        typed = st.text_input(
            _("Word in the title"),
            key=Key.WORD.of(version),
            live=True,
            persist_state="session",
            placeholder=_("for example: gift box"),
            help=_("Several words: separate them with commas."),
        )
        category = st.selectbox(
            _("Category"),
            names,
            None,
            key=Key.WORD_INTO.of(language(), version),
            accept_new_options=True,
            persist_state="session",
            placeholder=_("Choose one or type a new name"),
        )
    words = next(iter(categories.read(f"x = {typed or ''}")[0].values()), [])
    if not words:
        return
    name = category or _("new category")
    after = {**rules, name: [*rules.get(name, []), *words]}
    if category:
        categories.check(after)
    change = coverage.effect(known, after)
    preview(change)
    if st.button(
        _("Save this word ({n} products change)", n=figures.count(len(change))),
        type="primary",
        key=Key.WORD_SAVE,
        disabled=not category,
    ):
        changes.save_rules({categories.named(key): result for key, result in after.items()}, len(change), seen)


def _all(known: pd.DataFrame) -> None:
    base = _base()
    text = st.text_area(
        _("One category per line: category = words that occur in product titles"),
        categories.as_text(base.rules),
        height="content",
        key=Key.RULES.of(base.generation),
        placeholder=_("Gifts = gift box, gift card"),
        persist_state="session",
    )
    after, problems = categories.read(text or "")
    if problems:
        raise BadInputError(
            "category.malformed_rule", "This line is not “category = word, word”: {line}. Nothing was saved.", line=problems[0]
        )
    if base.seen != changes.rules_version():
        _settle(base.rules, after)
        return
    if after == base.rules:
        return
    categories.check(after)
    change = coverage.effect(known, after)
    preview(change)
    if st.button(_("Save all words ({n} products change)", n=figures.count(len(change))), type="primary", key=Key.RULES_SAVE):
        changes.save_rules(after, len(change), base.seen)


def _base() -> Base:
    """The words this visitor's text began with."""
    page = session.state(ProductsState)
    if page.base is None or page.base.generation != page.generation:
        page.base = Base(changes.rules_version(), session.shop().category_rules, page.generation)
    return page.base


def _settle(before: categories.Rules, mine: categories.Rules) -> None:
    """The words were changed elsewhere: shown as they are now where nothing was typed here, else both are offered."""
    page, theirs = session.state(ProductsState), session.shop().category_rules
    chosen = "theirs"
    if mine not in (before, theirs):
        names = [name for name in {**theirs, **mine} if theirs.get(name) != mine.get(name)]
        rows = [(components.quoted(name), ", ".join(theirs.get(name, [])), ", ".join(mine.get(name, []))) for name in names]
        words = _("These words were changed in another tab or by somebody else while you wrote here. Nothing of yours is saved yet.")
        chosen = conflicts.choose(words, rows, Key.RULES_CONFLICT, _("Go on with mine"), _("Take what is there")) or ""
    if chosen == "mine":
        page.base = Base(changes.rules_version(), theirs, page.generation)
    elif chosen == "theirs":
        changes.forget_ticks()
    if chosen:
        st.rerun()


def preview(change: pd.DataFrame) -> None:
    """What would change, in a sentence and in the biggest products."""
    currency, whole = session.shop().currency, float(coverage.share(session.store()).spend)
    for rows, words in (
        (change[change.category.isna()], _("Would catch {n} products without a category: {spend}, {share} of all spend.")),
        (
            change[change.category.notna() & change.after.notna()],
            _("Would move {n} products from one category to another: {spend}, {share} of all spend."),
        ),
        (change[change.after.isna()], _("Would leave {n} products without a category: {spend}, {share} of all spend.")),
    ):
        if len(rows):
            spend = float(rows.spend.astype(float).sum())
            share = figures.percent(spend / whole) if whole else figures.NOTHING
            st.markdown(
                words.format(n=f"**{figures.count(len(rows))}**", spend=components.quoted(figures.money(spend, currency)), share=share)
            )
    if change.empty:
        st.caption(_("No product would change."))
        return
    shown = change.assign(spend=change.spend.astype(float).round())[["product", "category", "after", "spend"]].head(SHOWN)
    st.dataframe(
        export.shown(shown),
        hide_index=True,
        width="stretch",
        height="content",
        placeholder="",
        column_config={
            "product": st.column_config.TextColumn(_("Product"), width="medium"),
            "category": st.column_config.TextColumn(_("Now")),
            "after": st.column_config.TextColumn(_("Then")),
            "spend": st.column_config.NumberColumn(_("Spend"), format="localized"),
        },
    )
    if len(change) > SHOWN:
        st.caption(_("and {n} more", n=figures.count(len(change) - SHOWN)))
