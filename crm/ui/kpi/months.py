"""Sales by month beside those a year earlier: a line through whole months, hollow dots for others, nothing where nothing is known."""

from typing import Any

import altair as alt
import streamlit as st

from crm.customers.months import Month
from crm.ui import charts, figures, session
from crm.ui.charts import Palette
from crm.ui.kpi.state import Key
from crm.ui.result import computed
from crm.ui.words import _

HEIGHT = 320


def show() -> None:
    """The last twelve months, as far as the files cover them."""
    rows = computed.months()
    if len([row for row in rows if row.spend]) < 2:
        return
    first = next(place for place, row in enumerate(rows) if row.spend is not None or row.before is not None)
    marks = _marks(rows[first:])
    with st.container(border=True):
        st.markdown(f"**{_('Sales by month')}**")
        months, earlier = tuple(row.month for row in rows[first:]), any(row.before is not None for row in rows[first:])
        charts.show(_lines(months, earlier), marks, HEIGHT, Key.MONTHS)
        if not all(mark["whole"] for mark in marks):
            st.caption(_("Hollow dots: months that are not whole, because the orders begin or end inside them or are missing in between."))


def _marks(rows: list[Month]) -> list[dict[str, Any]]:
    """One mark per month and year that is covered at all; `run` numbers the whole months that follow each other."""
    items: list[dict[str, Any]] = []
    earlier = [(row.month, row.before, row.before_whole) for row in rows]
    last = [(row.month, row.spend, row.whole) for row in rows]
    for column, name, points in (("before", _("A year earlier"), earlier), ("spend", _("Last 12 months"), last)):
        run = 0
        for month, amount, whole in points:
            run += not whole
            if amount is not None:
                items.append(_mark(month, name, amount, whole) | {"run": f"{column}{run}"})
    return items


def _mark(month: str, name: str, amount: float, whole: bool) -> dict[str, Any]:
    text = figures.big_money(amount, session.shop().currency)
    shown = text if whole else _("{amount} (not a whole month)", amount=text)
    return {"month": month, "amount": amount, "year": name, "text": shown, "whole": whole}


@charts.built_once
def _lines(palette: Palette, months: tuple[str, ...], earlier: bool) -> alt.LayerChart:
    colours = {_("Last 12 months"): palette.accent} | ({_("A year earlier"): palette.context} if earlier else {})
    tooltip = charts.tooltip(month=_("Month"), year=" ", text=_("Sales"))
    whole = alt.Chart().transform_filter(alt.datum.whole)
    line = whole.mark_line(aria=False, interpolate="monotone", strokeWidth=2.5, clip=False).encode(alt.Detail("run:N"))
    dot = whole.mark_point(filled=True, size=40, opacity=1).encode(tooltip)
    part = alt.Chart().transform_filter(~alt.datum.whole)
    hollow = part.mark_point(filled=False, size=80, strokeWidth=2, opacity=1).encode(tooltip)
    text = _("Sales by month, the last twelve months and those a year earlier")
    return alt.LayerChart(layer=[line, dot, hollow], description=text).encode(
        alt.X("month:O", scale=alt.Scale(domain=months), axis=alt.Axis(labelAngle=0)),
        alt.Y("amount:Q", axis=charts.amounts(4, grid=True)),
        alt.Color("year:N", scale=alt.Scale(domain=[*colours], range=[*colours.values()])),
    )
