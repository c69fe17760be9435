"""Parts of the distribution page around its cards: what is counted, the summary of what is chosen, the way to a segment."""

from datetime import date

import streamlit as st

from crm.customers import dimensions
from crm.products import coverage, proposing
from crm.segments import bars, explore, periods, saved, scope
from crm.segments.explore import Explored
from crm.segments.scope import Node
from crm.ui import components, currencies, figures, menu, session
from crm.ui.customers import cards, choice
from crm.ui.customers.cards import MOMENT, REGION, Counted
from crm.ui.customers.state import Key
from crm.ui.segments import state
from crm.ui.words import _, label, language

PERIODS = ("last_month", "last_quarter", "this_year", "last_year", "this_time_last_year")
"""Whoever bought in one of these can be compared with."""


def anybody(as_of: date) -> bool:
    """Whether there is any customer to look at."""
    return session.store().one("SELECT 1 AS yes FROM customer_facts LIMIT 1") is not None


def controls() -> tuple[str, list[str], Node | None]:
    """By customers, orders or spend; which dimensions are shown; and whom all is compared with, as a filter (None: nobody)."""
    words = {"customers": _("By customers"), "orders": _("By orders"), "spend": _("By spend")}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.segmented_control(
            _("Count"),
            list(words),
            default="customers",
            required=True,
            label_visibility="collapsed",
            format_func=lambda one: words[one],
            key=Key.BY.of(language()),
            persist_state="session",
        )
        drawn = dimensions.page()
        extra = st.pills(
            _("Also show"),
            [one.name for one in drawn if not one.chart.always],
            selection_mode="multi",
            format_func=lambda name: label(dimensions.get(name)),
            label_visibility="collapsed",
            key=Key.MORE.of(language()),
            persist_state="session",
        )
        beside = _beside()
    return by or "customers", [*[one.name for one in drawn if one.chart.always], *(extra or [])], beside


def _beside() -> Node | None:
    """Whom all is compared with: a saved segment, or whoever bought in a period."""
    segments = [f"segment:{one.name}" for one in saved.listed(session.store())]
    chosen = st.selectbox(
        _("Compare with"),
        [*[f"period:{name}" for name in PERIODS], *segments],
        None,
        _group,
        key=Key.BESIDE.of(language()),
        label_visibility="collapsed",
        placeholder=_("Compare with …"),
        width=260,
        persist_state="session",
    )
    kind, _colon, name = (chosen or "").partition(":")
    if not chosen:
        return None
    return {"in_segment": name} if kind == "segment" else {"bought": {"period": name}}


def _group(one: str) -> str:
    kind, _colon, name = one.partition(":")
    if kind == "segment":
        return _("Segment: {name}", name=name)
    return _("Bought: {period}", period=periods.NAMES[name][0 if language() == "zh_CN" else 1])


def counted(names: list[str], by: str, beside: Node | None, as_of: date) -> Counted:
    """All distributions under what is clicked, everybody's, and the compared group's."""
    wanted = list(dict.fromkeys([*names, *choice.WITHIN]))  # what the map may give way to is always there
    chosen = choice.read(wanted)
    store = session.store()
    within = scope.at(store, as_of)
    everybody = explore.explore(store, {}, within, wanted, by)
    marks = bars.beside(store, within, beside) if beside else {}
    return Counted(explore.explore(store, chosen, within, wanted, by), everybody, by, marks)


def summary(result: Explored, counted: Counted) -> None:
    """Who is chosen, in words and numbers; one button makes a segment of them, one takes everything back."""
    currency = session.shop().currency
    with st.container(border=True):
        st.markdown(f"**{components.quoted(result.sentence(language()) or _('All customers'))}**")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            st.metric(_("People"), figures.count(result.customers), width="content")
            st.metric(_("Orders"), figures.count(result.orders), width="content", help=_("Purchases: paid, and money kept after refunds."))
            st.metric(_("Spend"), figures.big_money(result.spend, currency), width="content")
            st.metric(
                _("Spend per person, buyers or not"),
                figures.money(result.spend / result.customers if result.customers else None, currency),
                width="content",
                help=_("Spend ÷ all people counted here. Who never bought counts with nothing."),
            )
        currencies.notice(result.other_currencies)
        _reading(counted)
        if not result.steps:
            st.caption(_("Click any bar or tile, or drag over several bars: everything else follows. Click again to take it back."))
            return
        with st.container(horizontal=True):
            save = _("Save these {n} customers as a segment", n=figures.count(result.customers))
            if menu.opens("segments") and st.button(save, type="primary", icon=":material/filter_alt:", key=Key.SAVE):
                _to_ladder(result)
            if st.button(_("Show everybody again"), icon=":material/close:", key=Key.CLEAR):
                choice.clear()
                st.rerun()


def _reading(counted: Counted) -> None:
    """How to read the strokes of the compared group."""
    if not counted.marks:
        return
    if counted.by == "customers":
        st.caption(
            _("A stroke: how long the bar would be if these people were spread as in the compared group. Index 100 is the shop's mean.")
        )
    else:
        st.caption(_("Groups are compared by customers: choose “By customers” to see the strokes. Index 100 is the shop's mean."))


def _to_ladder(result: Explored) -> None:
    state.begin([node for _name, node in result.steps])
    st.switch_page(session.page_path("segments.py"))


def others(counted: Counted, names: list[str]) -> None:
    """The charts of these dimensions but the region's and the week's, three in a row; no card is left alone in the last row."""
    drawn = [name for name in names if name not in (REGION, MOMENT, cards.ranking()) and counted.says(name)]
    for columns, some in rows_of(drawn):
        with st.grid(columns, min_column_width=300):
            for name in some:
                cards.dimension(name, counted)


def rows_of(names: list[str]) -> list[tuple[int, list[str]]]:
    """Rows of three; what would be left over fills the last rows in pairs. (columns, names) of each stretch."""
    left = {0: 0, 1: 4, 2: 2}[len(names) % 3]
    cut = max(len(names) - left, 0)
    return [(columns, some) for columns, some in ((3, names[:cut]), (2, names[cut:])) if some]


def always(result: Explored) -> None:
    """The count once more at the foot of the window while something is chosen: the charts below are far from the summary."""
    if not result.steps:
        return
    values = {"n": figures.count(result.customers), "spend": figures.big_money(result.spend, session.shop().currency)}
    with st.bottom, st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key=Key.ALWAYS):
        st.markdown(components.quoted(_("{n} people · {spend}", **values)), width="content")
        if st.button(_("Show everybody again"), icon=":material/close:", key=Key.CLEAR_BELOW, type="tertiary"):
            choice.clear()
            st.rerun()


def silent(counted: Counted, names: list[str]) -> None:
    """Name what the files say nothing about, so that a missing chart is no riddle."""
    empty = [name for name in names if not counted.says(name)]
    if not counted.result.customers:
        return
    if "category" in empty and coverage.share(session.store()).products_without:
        empty.remove("category")
        found = proposing.proposed(session.store())
        st.caption(_("What they bought is in your files, but no product is in a category yet: there is no chart by category."))
        words = _("Your titles propose {n} categories: look at them", n=figures.count(len(found)))
        menu.link("products", words if found else _("Put products in categories"), "sell")
    missing = [label(dimensions.get(name)) for name in empty]
    if missing:
        st.caption(_("Your files say nothing about: {names}.", names=_(", ").join(missing)))
