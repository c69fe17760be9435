"""The shop's repeat rate beside its trade and other shops, the gap in people and money; what the shop aims for; both can be edited here."""

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from crm import clock, database
from crm.accounts.acting import Right
from crm.customers import benchmarks, deciding, overview
from crm.customers.benchmarks import Compared, Standing
from crm.errors import BadInputError
from crm.settings import Rival, Shop
from crm.ui import components, figures, session
from crm.ui.all_numbers.state import AllNumbersState, Key
from crm.ui.words import _, label, language

MOST = 10
COLUMNS = ("name", "rate", "source", "day")


def show() -> None:
    """The comparison, and, for those who may change settings, the figures typed in by hand and the targets."""
    shop = session.shop()
    result = benchmarks.standing(session.store(), session.as_of(), shop)
    with st.container(border=True):
        st.markdown(f"#### {_('Beside the trade and other shops')}", anchors=False)
        st.markdown(_own(result))
        for one in result.compared:
            st.markdown(f"- {_told(one)}")
        st.caption(
            _(
                "Gap in people: (their rate − ours) × our customers since then. Gap in money: one more order of our order value "
                "for each of them. Few sources say how they counted: a hint, not a measure."
            )
        )
        if session.may(Right.SETTINGS):
            _edit(shop)


def _own(result: Standing) -> str:
    if result.rate is None:
        return _("Our repeat rate since {day} cannot be computed: no identified customer bought.", day=figures.day(result.since))
    return _(
        "Of the {n} customers since {day}, **{rate}** bought twice or more.",
        day=figures.day(result.since),
        n=figures.count(result.customers),
        rate=figures.percent(result.rate),
    )


def _told(one: Compared) -> str:
    rate = figures.percent(one.low) if one.low == one.high else f"{figures.percent(one.low)}–{figures.percent(one.high)}"
    place = language() != "zh_CN"
    when = str(one.year) if one.year else figures.day(one.day) if one.day else ""
    source = " · ".join(filter(None, (components.quoted(one.source[place]), when)))
    name = f"**{components.quoted(one.name[place])}** {rate}" + (f" :gray[({source})]" if source else "")
    if one.gap_people is None:
        return name
    if one.gap_people == 0:
        return name + " — " + _("we are not behind")
    money = figures.big_money(one.gap_spend, session.shop().currency)
    return name + " — " + _("{n} people short, about {money}", n=figures.count(one.gap_people), money=money)


def _edit(shop: Shop) -> None:
    """The trade, up to ten rivals, and the targets of the overview."""
    turn = session.state(AllNumbersState).turn
    with st.expander(_("Change trade, rivals and targets")):
        known = benchmarks.trades()
        trade = st.selectbox(
            _("Trade"),
            ["", *known],
            ["", *known].index(shop.trade) if shop.trade in known else 0,
            format_func=lambda name: label(known[name]) if name else _("None"),
            key=Key.TRADE.of(turn, language()),
            width=280,
        )
        st.markdown(_("Other shops, at most ten: what you heard, from whom, and when."))
        rows = [(one.name, round(one.rate * 100, 2), one.source, one.day) for one in shop.rivals]
        frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"name": "object", "rate": "float64", "source": "object", "day": "object"})
        edited = st.data_editor(
            frame, num_rows="dynamic", hide_index=True, column_config=_columns(), placeholder="", key=Key.RIVALS.of(turn, language())
        )
        targets = _targets(shop, turn)
        if st.button(_("Save trade, rivals and targets"), type="primary", key=Key.SAVE):
            _save({"trade": trade, "rivals": _rivals(edited), "targets": targets})


def _columns() -> dict[str, Any]:
    return {
        "name": st.column_config.TextColumn(_("Shop"), required=True, max_chars=80),
        "rate": st.column_config.NumberColumn(_("Bought twice or more (%)"), required=True, min_value=0, max_value=100, step=0.1),
        "source": st.column_config.TextColumn(_("Source"), max_chars=200),
        "day": st.column_config.DateColumn(_("As of")),
    }


def _targets(shop: Shop, turn: int) -> dict[str, float]:
    """By metric; an empty box is no target. Shares are typed in percent."""
    st.markdown(_("Targets of the overview, for the period it shows. Empty: beside last year only."))
    found: dict[str, float] = {}
    with st.grid(3, min_column_width=180):
        for kind in overview.KINDS:
            scale = 100 if kind.unit == "share" else 1
            now = shop.targets.get(kind.name)
            name = f"{label(kind)} (%)" if scale == 100 else label(kind)
            start = None if now is None else round(now * scale, 4)
            typed = st.number_input(name, 0.0, None, start, key=Key.TARGET.of(kind.name, turn, language()))
            if typed is not None:
                found[kind.name] = round(typed / scale, 6)
    return found


def _rivals(edited: pd.DataFrame) -> list[Rival]:
    """The rows that were filled in. Raises CrmError for more than ten."""
    items = []
    for name, rate, source, day in edited[list(COLUMNS)].itertuples(index=False, name=None):
        if pd.notna(name) and str(name).strip() and pd.notna(rate):
            when = day if isinstance(day, date) and not pd.isna(day) else None
            items.append(Rival(name=str(name).strip(), rate=float(rate) / 100, source="" if pd.isna(source) else str(source), day=when))
    if len(items) > MOST:
        raise BadInputError(
            "rivals.too_many", "At most {most} other shops can be kept, here are {n}. Nothing was saved.", most=MOST, n=len(items)
        )
    return items


def _save(changes: dict[str, Any]) -> None:
    deciding.change(session.store(), changes, clock.now(), seen=database.settings_seen(session.store()))
    session.state(AllNumbersState).turn += 1
    components.announce(_("Saved."), ":material/check:")
    st.rerun()
