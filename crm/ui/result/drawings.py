"""Drawings of a result: the interval around the extra sales, all campaigns beside each other, the funnel of messages."""

from typing import Any

import streamlit as st

from crm import roi
from crm.roi import verdict
from crm.roi.inference import Difference
from crm.ui import charts, figures, session
from crm.ui.result import computed
from crm.ui.words import _, language


def _tone(report: roi.Report) -> str:
    """The accent when it works, red when it loses, grey when nobody can tell."""
    return {verdict.WORKS: charts.accent(), verdict.LOSES: charts.loss()}.get(report.verdict.code, charts.beside())


def money_axis() -> dict[str, Any]:
    """An axis of amounts as people read them: 40 万 in Chinese, 400k in English."""
    chinese = "abs(datum.value) >= 10000 ? format(datum.value / 10000, ',') + ' 万' : format(datum.value, ',')"
    return {"title": None, "labelExpr": chinese if language() == "zh_CN" else "format(datum.value, '~s')"}


def interval(report: roi.Report, increment: Difference) -> None:
    """The 95 % interval of the extra sales as a bar, what was measured as a dot, nothing-at-all as a line."""
    row = _row(report, increment)
    st.vega_lite_chart([row], _interval_spec([row["name"]], labels=False), height=110, key="result_interval")


def overview(reports: list[roi.Report]) -> None:
    """Every campaign's interval, the latest on top."""
    rows = [_row(report, report.increment) for report in reports if report.increment is not None]
    if len(rows) > 1:
        st.markdown(f"#### {_('All campaigns')}", anchors=False)
        st.vega_lite_chart(rows, _interval_spec([row["name"] for row in rows], labels=True), height=64 + 44 * len(rows), key="result_all")


def _row(report: roi.Report, increment: Difference) -> dict[str, Any]:
    currency = session.shop().currency
    value, low, high = increment.value, increment.low, increment.high
    return {
        "name": report.name, "value": value, "low": low, "high": high, "tone": _tone(report),
        "text": figures.big_money(value, currency),
        "low_text": figures.big_money(low, currency), "high_text": figures.big_money(high, currency),
        "told": computed.sentence(report),
    }  # fmt: skip


def _interval_spec(names: list[str], labels: bool) -> dict[str, Any]:
    y = {
        "field": "name",
        "type": "nominal",
        "sort": names,
        "axis": {"title": None, "labelLimit": 110, "ticks": False, "domain": False} if labels else None,
    }
    x = {"type": "quantitative", "scale": {"zero": True, "nice": True}, "axis": money_axis() | {"tickCount": 5, "grid": False}}
    colour = {"field": "tone", "type": "nominal", "scale": None}
    told = (("told", _("Result")), ("low_text", _("At least")), ("high_text", _("At most")))
    tooltip = [{"field": field, "title": title} for field, title in told]
    zero = {
        "mark": {"type": "rule", "strokeDash": [4, 3], "color": charts.text(), "opacity": 0.5},
        "encoding": {"x": {"datum": 0, "type": "quantitative"}, "y": {"value": 0}, "y2": {"value": "height"}},
    }
    return {
        "layer": [
            zero,
            {
                "mark": {"type": "bar", "height": 8, "cornerRadius": 4, "opacity": 0.55},
                "encoding": {"y": y, "x": x | {"field": "low"}, "x2": {"field": "high"}, "color": colour, "tooltip": tooltip},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 130, "opacity": 1},
                "encoding": {"y": y, "x": x | {"field": "value"}, "color": colour},
            },
            {
                "mark": {"type": "text", "dy": -14, "fontWeight": 600, "color": charts.text()},
                "encoding": {"y": y, "x": x | {"field": "value"}, "text": {"field": "text"}},
            },
        ],
    }


def funnel(report: roi.Report) -> None:
    """Sent, delivered, opened, clicked, bought, unsubscribed: each as a bar with its count and its share of what was sent."""
    rows = _funnel_rows(report)
    bar = {"mark": {"type": "bar", "cornerRadius": 3, "height": 18, "color": charts.accent()}}
    text = {
        "mark": {"type": "text", "align": "left", "dx": 6, "color": charts.text()},
        "encoding": {"text": {"field": "text"}},
    }
    spec = {
        "encoding": {
            "y": {
                "field": "step", "type": "nominal", "sort": [row["step"] for row in rows],
                "axis": {"title": None, "ticks": False, "domain": False, "labelLimit": 110},
            },
            "x": {"field": "n", "type": "quantitative", "axis": None, "scale": {"domain": [0, max(report.funnel.sent, 1) * 1.7]}},
        },
        "layer": [bar, text],
    }  # fmt: skip
    st.vega_lite_chart(rows, spec, height=32 * len(rows) + 10, key="result_funnel")


def _funnel_rows(report: roi.Report) -> list[dict[str, Any]]:
    told, mailed = report.funnel, report.arm("recipients")
    steps = [
        (_("Sent"), told.sent), (_("Delivered"), told.delivered), (_("Opened"), told.opened), (_("Clicked"), told.clicked),
        (_("Bought"), mailed.converted if mailed else 0), (_("Unsubscribed"), told.unsubscribed),
    ]  # fmt: skip
    sent = max(told.sent, 1)
    return [{"step": name, "n": n or 0, "text": f"{figures.count(n)} · {figures.percent((n or 0) / sent)}"} for name, n in steps]
