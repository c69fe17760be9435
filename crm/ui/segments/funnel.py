"""The ladder drawn: a bar per rung around one middle, so that the eye sees where people are lost; a split rung is a row of parts."""

from typing import Any

import altair as alt

from crm.segments.ladder import RungCount
from crm.ui import charts, figures
from crm.ui.charts import Palette
from crm.ui.segments.state import Key
from crm.ui.words import _

ROW = 34
LABEL = 240


def show(counted: list[RungCount], labels: list[str], parts: dict[int, list[str]], stale: bool) -> None:
    """Everybody, then each rung that counts; `labels` of the rungs, `parts` of the split ones by their place."""
    rows: list[dict[str, Any]] = []
    whole = counted[0].customers or 1
    for place, (step, label) in enumerate(zip(counted, labels, strict=True)):
        if not step.off:
            rows += _bars(step, label, place, whole, parts.get(place, []))
    steps = len({row["place"] for row in rows})
    charts.show(_funnel(stale), rows, ROW * steps + 8, Key.FUNNEL)


def _bars(step: RungCount, label: str, place: int, whole: int, parts: list[str]) -> list[dict[str, Any]]:
    """The bars of one rung from left to right; together as long as it has people."""
    some = [(name, part.customers) for name, part in zip(parts, step.parts, strict=True)] or [("", step.customers)]
    at, items = -step.customers / 2, []
    for number, (name, people) in enumerate(some):
        shown = f"{figures.count(step.customers)} · {figures.percent(step.customers / whole)}"
        items.append(
            {
                "place": place,
                "label": label,
                "start": at,
                "end": at + people,
                "shade": number % 2,
                "part": name or label,
                "text": shown if number == 0 else "",
                "people": figures.count(people),
            }
        )
        at += people
    return items


@charts.built_once
def _funnel(palette: Palette, stale: bool) -> alt.LayerChart:
    tone = palette.context if stale else palette.accent
    y = alt.Y("label:N", sort=charts.IN_PLACE, axis=alt.Axis(labelLimit=LABEL, labelAlign="right"))
    bar = alt.Chart().mark_bar(height=ROW - 12, cornerRadius=2, color=tone)
    shade = alt.Opacity("shade:Q", legend=None, scale=alt.Scale(domain=[0, 1], range=[1, 0.6]))
    bars = bar.encode(
        alt.X("start:Q", axis=None), alt.X2("end:Q"), y, shade, tooltip=charts.tooltip(label=_("Rung"), part=_("Part"), people=_("People"))
    )
    text = alt.Chart().mark_text(aria=False, align="left", dx=8).encode(alt.X("right:Q"), y, alt.Text("text:N"))
    text = text.transform_filter(alt.datum.text != "").transform_calculate(right="-datum.start")
    return alt.LayerChart(layer=[bars, text], description=_("The ladder: how many people are left on each rung"))
