"""Charts of the page that compares segments: combinations beside a matrix of dots, pairs of bars, a line of weeks.

In the first two every place is in pixels from the top left, only lengths are scaled: so they fit on a phone as on a wide screen.
"""

from typing import Any

import altair as alt

from crm.ui import charts
from crm.ui.charts import Palette
from crm.ui.words import _

PICKED = "picked"
COLUMN, HEAD, ROW, PAIR = 24, 40, 26, 54
"""Pixels: a column of dots, a segment above them, a combination, a pair of bars."""
Row = dict[str, Any]
NUMBERS = 64
"""Pixels for the numbers at the right."""


def left(sets: int) -> int:
    """Where bars begin: beside the dots."""
    return sets * COLUMN + 12


def _at(field: str) -> alt.X:
    return alt.X(f"{field}:Q", scale=None, axis=None)


def _from_left(x: int) -> alt.X:
    """A length that begins there and leaves room for a number."""
    reach = alt.Scale(range=[x, alt.ExprRef(f"max(width - {NUMBERS}, {x + 20})")], zero=True, nice=False)
    return alt.X("value:Q", axis=None, scale=reach)


def _only(kind: str) -> alt.Chart:
    return alt.Chart().transform_filter(alt.datum.kind == kind)


def _placed(layers: list[alt.Chart | alt.LayerChart], description: str) -> alt.LayerChart:
    """Layers whose rows say themselves at which height they stand."""
    whole = alt.LayerChart(layer=layers, description=description).encode(alt.Y("y:Q", scale=None, axis=None))
    chart: alt.LayerChart = whole.resolve_scale(x="independent")
    return chart


def rows(some: list[Row]) -> list[Row]:
    """The same rows, each with every field: a table has the columns of its first row."""
    blank: Row = dict.fromkeys(name for row in some for name in row)
    return [blank | row for row in some]


@charts.built_once
def upset(palette: Palette, sets: int) -> alt.LayerChart:
    """Above each segment with its size; below each combination: dots for the segments it is in, its bar, its number. A click picks one."""
    x = left(sets)
    colour = alt.ColorValue(palette.muted).condition(test="datum.chosen", value=palette.accent)
    lead = _only("lead").mark_rule(aria=False, color=palette.grid, strokeWidth=1.5).encode(_at("x"), alt.X2("x2:Q"), alt.Y2("y2:Q"))
    link = _only("link").mark_rule(aria=False, strokeWidth=3).encode(_at("x"), alt.X2("x2:Q"), colour)
    dot = _only("dot").mark_point(aria=False, filled=True, size=120, opacity=1)
    tones = [{"test": "datum.inside && datum.chosen", "value": palette.accent}, {"test": "datum.inside", "value": palette.context}]
    dots = dot.encode(_at("x"), alt.ColorValue(palette.grid, condition=tones))
    room = alt.ExprRef(f"max(width - {x + NUMBERS}, 60)")
    name = _only("set").mark_text(aria=False, align="left", dy=-10, fontSize=12, limit=room).encode(alt.XValue(x), alt.Text("name:N"))
    bar = alt.Chart().mark_bar(aria=False, orient="horizontal", height=15, cornerRadiusEnd=3).encode(_from_left(x), colour)
    size = alt.Chart().mark_bar(aria=False, orient="horizontal", height=6, cornerRadiusEnd=3, color=palette.context).encode(_from_left(x))
    lengths = alt.LayerChart(  # a layer of its own: the two share a scale, so that their lengths can be compared
        layer=[size.transform_filter(alt.datum.kind == "set"), bar.transform_filter(alt.datum.kind == "part")]
    )
    both = alt.Chart().transform_filter("datum.kind == 'part' || datum.kind == 'set'")
    numbers = both.mark_text(aria=False, align="right", fontSize=12).encode(alt.XValue("width"), alt.Text("shown:N"))
    tooltip = charts.tooltip(name=_("Who"), people=_("People"), spend=_("Spend"))
    reach = _only("part").mark_bar(opacity=0.001, cursor="pointer", orient="horizontal", height=ROW)
    reach = reach.encode(alt.XValue(0), alt.X2Value("width"), tooltip).add_params(
        alt.selection_point(name=PICKED, fields=["bits"], toggle=False, clear=False)
    )
    layers = [lead, link, dots, name, lengths, numbers, reach]
    text = _("How many people are in exactly which of the segments, the most first")
    return _placed(layers, text)


@charts.built_once
def pairs(palette: Palette) -> alt.LayerChart:
    """Of each group its share in A over that in B, and the index at the right."""
    x = 0
    tone = alt.Color("side:N", scale=alt.Scale(domain=["A", "B"], range=[palette.accent, palette.context]))
    bar = _only("bar").mark_bar(orient="horizontal", height=7, cornerRadiusEnd=3)
    tooltip = charts.tooltip(name=_("Group"), side=_("Side"), share=_("Share"), people=_("People"))
    bars = bar.encode(_from_left(x), tone, tooltip)
    room = alt.ExprRef(f"max(width - {2 * NUMBERS}, 60)")
    name = _only("name").mark_text(aria=False, align="left", fontSize=12, limit=room).encode(alt.XValue(x), alt.Text("name:N"))
    index = _only("name").mark_text(aria=False, align="right", fontSize=12).encode(alt.XValue("width"), alt.Text("shown:N"))
    share = _only("bar").mark_text(aria=False, align="right", fontSize=11, color=palette.quiet)
    shares = share.encode(alt.XValue("width"), alt.Text("share:N"))
    text = _("Shares in A and in B, pair by pair")
    return _placed([bars, name, index, shares], text)


@charts.built_once
def weeks(palette: Palette, first: str, last: str, by: str) -> alt.LayerChart:
    """A point per week, a line through weeks that follow each other."""
    titles = {"customers": _("People"), "spend": _("Spend")}
    days = alt.X(
        "day:T",
        scale=alt.Scale(domain=[first, last]),
        axis=alt.Axis(format="%Y-%m-%d", labelAngle=0, tickCount=5, labelPadding=8, labelBound=True),
    )
    value = alt.Y("value:Q", axis=charts.amounts(4, grid=True), scale=alt.Scale(zero=True))
    tooltip = charts.tooltip(shown_day=_("Day"), shown=titles[by])
    line = alt.Chart().mark_line(aria=False, strokeWidth=2.5, color=palette.accent).encode(days, value, alt.Detail("run:N"))
    dot = alt.Chart().mark_point(filled=True, size=45, opacity=1, color=palette.accent).encode(days, value, tooltip)
    return alt.LayerChart(layer=[line, dot], description=_("Size of the segment, week by week"))
