"""Sales by month beside those a year earlier: a line through whole months, hollow dots for others, nothing where nothing is known."""

from typing import Any

import streamlit as st

from crm.ui import charts, figures, session
from crm.ui.result import computed, drawings
from crm.ui.words import _

HEIGHT = 320


def show() -> None:
    """The last twelve months, as far as the files cover them."""
    rows = computed.months()
    if len([row for row in rows if row["spend"]]) < 2:
        return
    first = next(place for place, row in enumerate(rows) if row["spend"] is not None or row["before"] is not None)
    marks = _marks(rows[first:])
    with st.container(border=True):
        st.markdown(f"**{_('Sales by month')}**")
        st.vega_lite_chart(marks, _spec([row["month"] for row in rows[first:]], marks), height=HEIGHT, key="kpi_months")
        if not all(mark["whole"] for mark in marks):
            st.caption(_("Hollow dots: months that are not whole, because the orders begin or end inside them or are missing in between."))


def _marks(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One mark per month and year that is covered at all; `run` numbers the whole months that follow each other."""
    found: list[dict[str, Any]] = []
    for column, whole, name in (("before", "before_whole", _("A year earlier")), ("spend", "whole", _("Last 12 months"))):
        run = 0
        for row in rows:
            run += not row[whole]
            if row[column] is not None:
                found.append(_mark(row, name, row[column], row[whole]) | {"run": f"{column}{run}"})
    return found


def _mark(row: dict[str, Any], name: str, amount: float, whole: bool) -> dict[str, Any]:
    text = figures.big_money(amount, session.shop().currency)
    shown = text if whole else _("{amount} (not a whole month)", amount=text)
    return {"month": row["month"], "amount": amount, "year": name, "text": shown, "whole": whole}


def _spec(months: list[str], marks: list[dict[str, Any]]) -> dict[str, Any]:
    colours = {_("Last 12 months"): charts.accent(), _("A year earlier"): charts.beside()}
    names = [name for name in colours if any(mark["year"] == name for mark in marks)]
    whole, part = {"filter": "datum.whole"}, {"filter": "!datum.whole"}
    tooltip = [{"field": "month", "title": _("Month")}, {"field": "year", "title": " "}, {"field": "text", "title": _("Sales")}]
    line = {"type": "line", "interpolate": "monotone", "strokeWidth": 2.5, "clip": False}
    dot = {"type": "point", "filled": True, "size": 40, "opacity": 1}
    hollow = {"type": "point", "filled": False, "size": 80, "strokeWidth": 2, "opacity": 1}
    return {
        "padding": {"left": 5, "top": 0, "right": 5, "bottom": 0},
        "encoding": {
            "x": {
                "field": "month", "type": "ordinal", "scale": {"domain": months},
                "axis": {"title": None, "labelAngle": 0, "labelOverlap": True, "grid": False},
            },
            "y": {"field": "amount", "type": "quantitative", "axis": drawings.money_axis() | {"tickCount": 4}},
            "color": {
                "field": "year", "type": "nominal", "scale": {"domain": names, "range": [colours[name] for name in names]},
                "legend": {"title": None, "orient": "top", "padding": 0, "offset": 6},
            },
        },
        "layer": [
            {"transform": [whole], "mark": line, "encoding": {"detail": {"field": "run"}}},
            {"transform": [whole], "mark": dot, "encoding": {"tooltip": tooltip}},
            {"transform": [part], "mark": hollow, "encoding": {"tooltip": tooltip}},
        ],
    }  # fmt: skip
