"""The page of all numbers in parts: which days, the three repeat rates side by side, the table of everything."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from crm.customers import comparisons, coverage, kpi
from crm.customers.comparisons import Row, Table
from crm.customers.coverage import Reason
from crm.customers.kpi import Told
from crm.customers.metric import NOTHING, Metric, Window
from crm.customers.totals import Period
from crm.customers.windows import MERGED, SEPARATE
from crm.ui import figures, session
from crm.ui.all_numbers.state import Key
from crm.ui.words import _, label, language

WIDTHS = {"name": 170, "formula": 520}
REPEAT = ("repeat_buyer_rate", "repeat_order_share", "retention_rate", "second_purchase_rate")


def anything() -> bool:
    """Whether there are orders at all."""
    return coverage.of(session.store(), session.as_of()) is not None


def choose() -> tuple[Window, bool]:
    """The days, and whether they are a month so far."""
    store, today = session.store(), session.as_of()
    covered = coverage.of(store, today)
    last = covered.last if covered else today
    names = {"30": _("30 days"), "90": _("90 days"), "365": _("365 days"), "month": _("This month"), "before": _("Last month")}
    names |= {"year": _("This year"), "own": _("Other days")}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            _("Period"), list(names), format_func=names.get, key=Key.PERIOD.of(language()), width=180, persist_state="session"
        )
        start, end = _own(last) if chosen == "own" else _days(chosen, last)
        merged = st.toggle(
            _("Purchases of one day count as one"),
            key=Key.SAME_DAY,
            persist_state="session",
            help=_("Off: a customer's purchases of one day count one by one."),
        )
    return kpi.window(store, today, start, end, MERGED if merged else SEPARATE), chosen == "month"


def _days(chosen: str, last: date) -> tuple[date, date]:
    if chosen == "before":
        end = last.replace(day=1) - timedelta(days=1)
        return end.replace(day=1), end
    firsts = {"month": last.replace(day=1), "year": last.replace(month=1, day=1)}
    return firsts.get(chosen) or last - timedelta(days=int(chosen) - 1), last


def _own(last: date) -> tuple[date, date]:
    typed: Any = st.date_input(
        _("Days"), (last - timedelta(days=29), last), max_value=last, key=Key.DAYS, width=260, persist_state="session"
    )
    days: Sequence[date] = typed if isinstance(typed, Sequence) else (typed,)
    return (days[0], days[-1]) if days else (last, last)


def computed(window: Window, by_month: bool) -> Table:
    """All numbers of these days beside the others; which days these are, in words."""
    table = comparisons.table(session.store(), window, by_month)
    if table.now and table.before and table.last_year:
        words = _(
            "{now}, beside {before} and last year's {year}.",
            now=_shown(table.now),
            before=_shown(table.before),
            year=_shown(table.last_year.period) + (_(" (the same lunar days)") if table.last_year.lunar else ""),
        )
        st.caption(words)
    return table


def _shown(period: Period) -> str:
    return _("{start} to {end}", start=figures.day(period.start), end=figures.day(period.end))


def repeat_rates(table: Table) -> None:
    """Side by side, each with its formula under it: none of them is “the” repeat rate."""
    rows = {row.metric.name: row for row in table.rows}
    with st.grid(len(REPEAT), min_column_width=200, gap="small"):
        for name in REPEAT:
            row = rows[name]
            with st.container(border=True, height="stretch", gap=None):
                change = _change(row, row.before)
                st.metric(
                    label(row.metric),
                    value(row.metric, row.now.value),
                    change or None,
                    delta_description=_("vs prior") if change else None,
                    delta_color="red" if change.startswith("−") else "green",
                    delta_arrow="down" if change.startswith("−") else "up",
                )
                st.caption(why(row.metric, row.now.reason) if row.now.reason else _formula(row.metric))


def everything(table: Table) -> None:
    """One line per number."""
    rows = [_line(row) for row in table.rows]
    texts = ("name", "value", "before", "change", "year", "yearly", "formula")
    titles = (_("Number"), _("This period"), _("Before"), _("Change"), _("Last year"), _("Change in a year"), _("Formula"))
    frame = pd.DataFrame(rows, columns=list(texts))
    config: dict[str, Any] = {
        name: st.column_config.TextColumn(title, alignment="left" if name in ("name", "formula") else "right", width=WIDTHS.get(name))
        for name, title in zip(texts, titles, strict=True)
    }
    st.dataframe(frame, hide_index=True, column_config=config, placeholder="", height="content", key=Key.TABLE.of(language()))
    st.caption(_("“—” is not nothing: it cannot be computed, and the formula's column says why."))


def _line(row: Row) -> tuple[str, ...]:
    metric, reason = row.metric, row.now.reason
    formula = _formula(metric) if reason is None else _("{formula} Here: {why}", formula=_formula(metric) + _("."), why=why(metric, reason))
    return (
        label(metric),
        value(metric, row.now.value),
        value(metric, row.before.value),
        _change(row, row.before) or figures.NOTHING,
        value(metric, row.last_year.value),
        _change(row, row.last_year) or figures.NOTHING,
        formula,
    )


def _formula(metric: Metric) -> str:
    return metric.formula[language() != "zh_CN"]


def _change(row: Row, then: Told) -> str:
    change = row.change(then)
    if change is None:
        return ""
    return _("{n} pp", n=figures.signed(change * 100)) if row.metric.unit == "share" else figures.change(change)


def value(metric: Metric, number: float | None) -> str:
    """A number as its unit is read."""
    if number is None:
        return figures.NOTHING
    if metric.unit == "share":
        return figures.percent(number)
    if metric.unit == "money":
        return figures.big_money(number, session.shop().currency)
    if metric.unit == "days":
        return _("{n} days", n=figures.plain(number, 0))
    return figures.plain(number, 2) if metric.unit == "ratio" else figures.big(number)


def why(metric: Metric, reason: Reason) -> str:
    """Why there is no number, in the session's language; where nothing more is known, when this metric has none."""
    if reason == NOTHING:
        return metric.unknown[language() != "zh_CN"]
    return _(
        reason.template, **{name: figures.day(it) if isinstance(it, date) else figures.count(it) for name, it in reason.values.items()}
    )
