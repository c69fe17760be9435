"""Sales day by day, with the big days on them: festivals and shopping days of the calendar, and the campaigns that left."""

from datetime import date, timedelta
from typing import Any

import altair as alt
import streamlit as st

from crm import clock
from crm.customers import coverage, festivals, overview, per_day
from crm.customers.totals import Period
from crm.ui import charts, figures, session
from crm.ui.charts import Palette
from crm.ui.kpi.state import Key
from crm.ui.result import computed
from crm.ui.words import _, language

LEAST, HEIGHT = 30, 240
"""So many days are drawn at least: a week alone shows no course."""


def show(days: int | str) -> None:
    """The days of the period (at least LEAST) up to the last with orders."""
    covered = coverage.of(session.store(), session.as_of())
    if covered is None:
        return
    now = overview.period(days, covered.last)
    first = max(min(now.start, now.end - timedelta(days=LEAST - 1)), covered.first)
    period = Period(first, now.end)
    rows = [*_days(period), *_marks(period)]
    blank: dict[str, Any] = dict.fromkeys(name for row in rows for name in row)
    with st.container(border=True):
        st.markdown(f"**{_('Sales by day')}**")
        charts.show(_lines(), [blank | row for row in rows], HEIGHT, Key.DAYS)


def _days(period: Period) -> list[dict[str, Any]]:
    sold, currency = per_day.of(session.store()), session.shop().currency
    items = []
    for place in range(period.days):
        day = period.start + timedelta(days=place)
        amount = float(sold[day].spend) if day in sold else 0.0
        text = figures.big_money(amount, currency)
        items.append({"kind": "day", "day": day.isoformat(), "amount": amount, "text": text, "name": figures.day(day)})
    return items


def _marks(period: Period) -> list[dict[str, Any]]:
    """One mark per big day inside the period: its last day there, and its name; two on one day share a mark."""
    named: dict[date, list[str]] = {}
    for name in festivals.names():
        for start, end in festivals.windows(name):
            if start <= period.end and end >= period.start:
                big = end if end <= period.end else max(start, period.start)  # what a shopping festival leads up to is its last day
                named.setdefault(big, []).append(festivals.title(name, language()))
    for campaign in computed.launched():
        day = clock.local(campaign.launched_at, session.shop().timezone).date() if campaign.launched_at else None
        if day and period.start <= day <= period.end:
            named.setdefault(day, []).append(_("Campaign: {name}", name=campaign.name))
    return [{"kind": "mark", "day": day.isoformat(), "name": " · ".join(some), "text": figures.day(day)} for day, some in named.items()]


@charts.built_once
def _lines(palette: Palette) -> alt.LayerChart:
    x = alt.X("day:T", axis=alt.Axis(format="%m-%d", labelAngle=0, tickCount=8, labelFlush=True))
    y = alt.Y("amount:Q", axis=charts.amounts(4, grid=True))
    tooltip = charts.tooltip(name=" ", text=" ")
    of = {kind: alt.Chart().transform_filter(alt.datum.kind == kind) for kind in ("day", "mark")}
    rule = of["mark"].mark_rule(strokeDash=[3, 3], color=palette.context, strokeWidth=1.5).encode(x, tooltip)
    name = of["mark"].mark_text(aria=False, angle=270, align="right", dx=-2, dy=-7, fontSize=11, color=palette.quiet, limit=150)
    named = name.encode(x, alt.YValue(2), alt.Text("name:N"))
    line = of["day"].mark_line(aria=False, strokeWidth=2, color=palette.accent, clip=False).encode(x, y)
    dot = of["day"].mark_point(filled=True, size=60, opacity=0, color=palette.accent).encode(x, y, tooltip)
    return alt.LayerChart(layer=[rule, named, line, dot], description=_("Sales by day, with festivals and campaigns"))
