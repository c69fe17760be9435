"""Products page: how much of the spend has a category, products to tick and put in one, the categories as they are."""

from math import ceil
from typing import Any

import pandas as pd
import streamlit as st

from crm.products import coverage
from crm.products.coverage import Share
from crm.segments import export
from crm.ui import components, currencies, figures, session
from crm.ui.products import changes
from crm.ui.products.state import Key
from crm.ui.words import _, language

PAGE = 20
NONE, SHOWN = "", 30


def anything() -> bool:
    """Is there a product at all? Otherwise the page says what to import."""
    result = coverage.share(session.store())
    if result.lines:
        return True
    if result.orders_without_lines:
        what = _(
            "The imported files name no products. Import the item file as well (Taobao, Tmall: 宝贝报表); this page then fills itself."
        )
    else:
        what = _("No orders yet. Drop in the files that your shop exports, and this page fills itself.")
    components.empty(what, _("Import orders"), "orders.py")
    return False


def shares() -> None:
    """How much of spend and lines has a category, how many products have none and what they cost the picture."""
    result, currency = coverage.share(session.store()), session.shop().currency
    with st.grid(4, min_column_width=150, gap="small"):
        for name, value, formula in _numbers(result, currency):
            with st.container(border=True):
                st.metric(name, value, help=formula)
    currencies.notice(currencies.everything())
    if result.orders_unlined:
        st.caption(
            _(
                "{n} purchases name no product, or do not say what each of theirs cost: {spend} that belong to no category. "
                "If their item file is missing, it can be imported at any time.",
                n=figures.count(result.orders_unlined),
                spend=components.quoted(figures.money(result.spend_unlined, currency)),
            )
        )


def _numbers(share: Share, currency: str) -> list[tuple[str, str, str]]:
    return [
        (
            _("Spend sorted"),
            figures.percent(share.of_spend),
            _(
                "What the order lines with a category brought ÷ all sales: {part} of {whole}. Refunds, discounts and shipping of an order "
                "are spread over its lines by their amounts.",
                part=figures.money(share.spend_with, currency),
                whole=figures.money(share.spend, currency),
            ),
        ),
        (
            _("Lines sorted"),
            figures.percent(share.of_lines),
            _("{part} of {whole} order lines of purchases.", part=figures.count(share.lines_with), whole=figures.count(share.lines)),
        ),
        (
            _("Not sorted yet"),
            figures.count(share.products_without),
            _("Of {n} products, told apart by title (by code where there is no title).", n=figures.count(share.products)),
        ),
        (
            _("Their spend"),
            figures.big_money(share.spend_of_products, currency),
            _("What the products without a category brought, after refunds and discounts."),
        ),
    ]


def table() -> None:
    """Products of one category or of none, biggest spend first; the ticked ones go into a category."""
    st.subheader(_("Put products in a category"), anchor=False)
    category, search = _which()
    total = coverage.count(session.store(), category, search)
    if not total:
        st.caption(_("Every product has a category.") if category is None and not search else _("No product fits."))
        return
    pages = ceil(total / PAGE)
    place = f"{category or NONE}_{search}_{pages}"
    page = components.page(pages, Key.PAGE.of(place))
    frame = coverage.page(session.store(), category, search, PAGE, (page - 1) * PAGE)
    shown = hash(tuple(frame["product"].fillna(frame.sku)))  # ticks are places in the table: other rows, no ticks
    ticked = _rows(frame, Key.TABLE.of(place, page, changes.generation(), shown))
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(_("{n} in all, biggest spend first", n=figures.count(total)))
        if pages > 1:
            st.pagination(pages, key=Key.PAGE.of(place))
    _into(frame, ticked, category)


def _which() -> tuple[str | None, str]:
    names = [NONE, *coverage.names(session.store())]
    with st.grid(2, min_column_width=220):
        chosen = st.selectbox(
            _("Show"),
            names,
            format_func=lambda name: name or _("Products without a category"),
            key=Key.WHICH.of(language(), hash(tuple(names))),
        )
        search = st.text_input(
            _("Words in the title or code"), key=Key.SEARCH, live=True, persist_state="session", icon=":material/search:"
        )
    return chosen or None, (search or "").strip()


def _rows(frame: pd.DataFrame, key: str) -> list[int]:
    shown = frame.assign(product=frame["product"].fillna(frame.sku), spend=frame.spend.astype(float).round())
    event: Any = st.dataframe(
        export.shown(shown[["product", "spend", "orders", "last_day"]]),
        key=key,
        hide_index=True,
        width="stretch",
        height="content",
        on_select="rerun",
        selection_mode="multi-row",
        placeholder="",
        column_config={
            "product": st.column_config.TextColumn(_("Product"), width="medium"),
            "orders": st.column_config.NumberColumn(_("Orders"), format="localized", width="small"),
            "spend": st.column_config.NumberColumn(_("Spend"), format="localized", width="small"),
            "last_day": st.column_config.DateColumn(_("Last sold"), format="YYYY-MM-DD", width="small"),
        },
    )
    return [row for row in event.selection.rows if row < len(frame)]


def _into(frame: pd.DataFrame, ticked: list[int], now: str | None) -> None:
    """Where the ticked products go: a category that is there, a new one, or back to what files and rules say."""
    names = [name for name in coverage.names(session.store()) if name != now]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = st.selectbox(
            _("Category"),
            names,
            None,
            key=Key.INTO.of(language(), hash(tuple(names))),
            accept_new_options=True,
            placeholder=_("Choose one or type a new name"),
        )
        part = frame.iloc[ticked]
        values = {"n": figures.count(len(ticked)), "category": components.quoted(wanted or ""), "spend": components.quoted(_money(part))}
        words = _("Put {n} in {category} ({spend})", **values) if ticked and wanted else _("Put in this category")
        if st.button(words, type="primary", key=Key.PUT, disabled=not (ticked and wanted)):
            changes.put(coverage.chosen(frame, ticked), wanted)
        own = [place for place in ticked if frame.category_from.iloc[place] == "chosen"]
        if own and st.button(
            _("Take {n} out again", n=figures.count(len(own))),
            key=Key.OUT,
            help=_("The file's own column and the words in titles then decide."),
        ):
            changes.put(coverage.chosen(frame, own), None)
    if not ticked:
        st.caption(
            _("Tick products on the left of the table. What you choose here counts over the file's own category and over words in titles.")
        )


def _money(part: pd.DataFrame) -> str:
    return figures.money(float(part.spend.astype(float).sum()), session.shop().currency)


def categories() -> None:
    """All categories in use with what they brought."""
    frame = coverage.by_category(session.store())
    st.subheader(_("Categories"), anchor=False)
    if not frame.category.notna().any():
        st.caption(_("No product has a category yet. Tick some above, or write down words that occur in their titles."))
        return
    frame = pd.concat([frame[frame.category.notna()].head(SHOWN), frame[frame.category.isna()]])
    names = frame.category.where(frame.category.notna(), _("Uncategorised"))
    shown = frame.assign(category=names, spend=frame.spend.astype(float).round(), share=frame.share * 100)
    st.dataframe(
        export.shown(shown),
        hide_index=True,
        width="stretch",
        height="content",
        placeholder="",
        column_config={
            "category": st.column_config.TextColumn(_("Category"), width=120),
            "products": st.column_config.NumberColumn(_("Products"), format="localized"),
            "orders": st.column_config.NumberColumn(_("Orders"), format="localized"),
            "customers": st.column_config.NumberColumn(_("Customers who bought"), format="localized"),
            "spend": st.column_config.NumberColumn(_("Spend"), format="localized"),
            "share": st.column_config.ProgressColumn(_("Share of spend"), format="%.1f%%", min_value=0, max_value=100),
        },
    )
