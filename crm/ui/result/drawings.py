"""Charts of a result: the interval around the extra sales, the same for all campaigns, the funnel of messages."""

from typing import Any

import altair as alt
import streamlit as st

from crm import roi
from crm.roi import verdict
from crm.roi.inference import Difference
from crm.ui import charts, figures, session
from crm.ui.charts import Palette
from crm.ui.result import computed
from crm.ui.result.state import Key
from crm.ui.words import _


def interval(report: roi.Report, increment: Difference) -> None:
    """The 95 % interval of the extra sales as a bar, what was measured as a dot, nothing-at-all as a line."""
    charts.show(_intervals(False), [_row(report, increment)], 90, Key.INTERVAL)


def overview(reports: list[roi.Report]) -> None:
    """Every campaign's interval, the latest on top."""
    rows = [_row(report, report.increment) | {"place": place} for place, report in enumerate(reports) if report.increment is not None]
    if len(rows) > 1:
        st.markdown(f"#### {_('All campaigns')}", anchors=False)
        charts.show(_intervals(True), rows, 44 + 44 * len(rows), Key.ALL)


def _row(report: roi.Report, increment: Difference) -> dict[str, Any]:
    currency = session.shop().currency
    value, low, high = increment.value, increment.low, increment.high
    return {
        "name": report.name,
        "value": value,
        "low": low,
        "high": high,
        "verdict": report.verdict.code,
        "place": 0,
        "text": figures.big_money(value, currency),
        "low_text": figures.big_money(low, currency),
        "high_text": figures.big_money(high, currency),
        "sentence": computed.sentence(report),
    }


@charts.built_once
def _intervals(palette: Palette, labels: bool) -> alt.LayerChart:
    """The accent when it works, red when it loses, grey when nobody can tell."""
    tones = {
        verdict.WORKS: palette.accent,
        verdict.LOSES: palette.loss,
        verdict.CANNOT_TELL: palette.context,
        verdict.NO_HOLDOUT: palette.context,
    }
    tone = alt.Color("verdict:N", legend=None, scale=alt.Scale(domain=[*tones], range=[*tones.values()]))
    y = alt.Y("name:N", sort=charts.IN_PLACE, axis=alt.Axis(labelLimit=110) if labels else None)
    low, value = (alt.X(field, axis=charts.amounts(5), scale=alt.Scale(zero=True, nice=True)) for field in ("low:Q", "value:Q"))
    tooltip = charts.tooltip(sentence=_("Result"), low_text=_("At least"), high_text=_("At most"))
    zero = (
        alt.Chart()
        .mark_rule(aria=False, strokeDash=[4, 3], color=palette.text, opacity=0.5)
        .encode(alt.XDatum(0, type="quantitative"), alt.YValue(0), alt.Y2Value("height"))
    )
    bar = alt.Chart().mark_bar(height=8, cornerRadius=4, opacity=0.55).encode(y, low, alt.X2("high:Q"), tone, tooltip)
    dot = alt.Chart().mark_point(aria=False, filled=True, size=130, opacity=1).encode(y, value, tone, tooltip)
    text = alt.Chart().mark_text(aria=False, dy=-14, fontWeight=600).encode(y, value, alt.Text("text:N"))
    return alt.LayerChart(layer=[zero, bar, dot, text], description=_("Extra sales with their 95 % interval"))


def funnel(report: roi.Report) -> None:
    """Sent, delivered, opened, clicked, bought, unsubscribed: each as a bar with its count and its share of what was sent."""
    rows = _funnel_rows(report)
    charts.show(_funnel(), rows, 32 * len(rows) - 10, Key.FUNNEL)


@charts.built_once
def _funnel(palette: Palette) -> alt.LayerChart:
    bar = alt.Chart().mark_bar(aria=False, cornerRadius=3, height=18, color=palette.accent)
    text = alt.Chart().mark_text(align="left", dx=6).encode(alt.Text("text:N"))
    return alt.LayerChart(layer=[bar, text], description=_("What became of the messages, from sent to unsubscribed")).encode(
        alt.Y("step:N", sort=charts.IN_PLACE, axis=alt.Axis(labelLimit=110)), alt.X("share:Q", axis=None, scale=alt.Scale(domain=[0, 1.7]))
    )


def _funnel_rows(report: roi.Report) -> list[dict[str, Any]]:
    fate, mailed = report.funnel, report.arm("recipients")
    steps = [
        (_("Sent"), fate.sent),
        (_("Delivered"), fate.delivered),
        (_("Opened"), fate.opened),
        (_("Clicked"), fate.clicked),
        (_("Bought"), mailed.converted if mailed else 0),
        (_("Unsubscribed"), fate.unsubscribed),
    ]
    sent = max(fate.sent, 1)
    shares = [(n or 0) / sent for _name, n in steps]
    return [
        {"step": name, "place": place, "share": share, "text": f"{figures.count(n)} · {figures.percent(share)}"}
        for place, ((name, n), share) in enumerate(zip(steps, shares, strict=True))
    ]
