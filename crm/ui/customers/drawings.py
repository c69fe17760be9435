"""Charts of the distribution page: rows of bars, the tile map, the hours of a week. A click chooses a bin, a brush several neighbours."""

import json
from functools import cache
from typing import Any

import altair as alt

from crm.settings import reference
from crm.ui import charts
from crm.ui.charts import Palette
from crm.ui.words import _

PICKED, BRUSHED = "picked", "brushed"
ROW = 26
MAP = 396
WEEK = 236


@cache
def tiles() -> dict[str, dict[str, Any]]:
    """Full name of each province-level unit → its place on the grid (col, row) and short name."""
    with reference("china_tilegrid.json").open(encoding="utf-8") as file:
        return {tile["full"]: tile for tile in json.load(file)}


def _picked() -> alt.Parameter:
    return alt.selection_point(name=PICKED, fields=["bin"], toggle="true", clear=False)


def _brush(*encodings: Any) -> alt.Parameter:
    return alt.selection_interval(name=BRUSHED, encodings=list(encodings), mark=alt.BrushConfig(fillOpacity=0.08))


def _tooltip(name: str, beside: bool = False) -> list[alt.Tooltip]:
    more = {"beside": _("Compared group")} if beside else {}
    titles = {"customers": _("People"), "orders": _("Orders"), "spend": _("Spend"), "part": _("Share"), "index": _("Index"), **more}
    return charts.tooltip(label=name, **titles)


@charts.built_once
def bars(palette: Palette, name: str, ordered: bool, beside: bool) -> alt.LayerChart:
    """Bars with their numbers right-aligned in a column of their own. A click anywhere in a row chooses its bin.

    `ordered`: the bins are neighbours, so a brush over several chooses them. `beside`: a stroke says how long the bar would be were people
    spread as in the compared group.
    """
    row = alt.Y("label:N", sort=charts.IN_PLACE, axis=alt.Axis(minExtent=66), scale=alt.Scale(paddingOuter=0))
    wide = alt.Scale(range=[0, alt.ExprRef("max(width - 74, 20)")], zero=True, nice=False)
    length = alt.X("value:Q", axis=None, scale=wide)
    colour = alt.ColorValue(palette.muted).condition(test="datum.chosen", value=palette.accent)
    bar = alt.Chart().mark_bar(aria=False, cornerRadiusEnd=3, height=15).encode(length, colour)
    number = alt.Chart().mark_text(aria=False, align="right", fontSize=12).encode(alt.XValue("width"), alt.Text("shown:N"))
    reach = alt.Chart().mark_bar(opacity=0.001, cursor="pointer", height=ROW)
    reach = reach.encode(alt.XValue(0), alt.X2Value("width"), _tooltip(name, beside)).add_params(_picked())
    stroke = alt.Chart().mark_tick(aria=False, thickness=3, height=20, color=palette.text)
    strokes = [stroke.encode(alt.X("other:Q", axis=None, scale=wide))] if beside else []
    layers = [bar, *strokes, number, reach.add_params(_brush("y")) if ordered else reach]
    return alt.LayerChart(layer=layers, description=_("Bars by {name}", name=name)).encode(row)


def _cell(palette: Palette, title: str) -> alt.Chart:
    """A tile, the darker the more, with a frame where it is picked and pale where others are."""
    ramp = alt.Scale(domain=[0, 1], range=[palette.muted, palette.accent], interpolate="lab")
    colour = alt.Color("share:Q", legend=None, scale=ramp)
    frame = alt.StrokeValue("transparent").condition(test="datum.picked", value=palette.text)
    pale = alt.OpacityValue(0.35).condition(test="datum.chosen", value=1)
    tile: alt.Chart = alt.Chart().mark_rect(cornerRadius=4, cursor="pointer", strokeWidth=2.5)
    drawn: alt.Chart = tile.encode(colour, frame, pale, _tooltip(title))
    return drawn


@charts.built_once
def week(palette: Palette) -> alt.LayerChart:
    """The hours of a week, the darker the more; a click chooses an hour of a weekday, a brush a block of them."""
    place = alt.Scale(paddingInner=0.06)
    cell = _cell(palette, _("Weekday and hour"))
    return alt.LayerChart(
        layer=[cell.add_params(_picked(), _brush("x", "y"))], description=_("Hours of the week, the darker the more")
    ).encode(
        alt.X("hour:O", scale=place, axis=alt.Axis(labelAngle=0, labelPadding=6, labelOverlap=True)),
        alt.Y("weekday:N", sort=charts.IN_PLACE, scale=place),
    )


@charts.built_once
def grid_map(palette: Palette) -> alt.LayerChart:
    """One tile per province-level unit, the darker the more; no borders are drawn on purpose. A click chooses the province."""
    place = alt.Scale(paddingInner=0.06)
    tile = _cell(palette, _("Province"))
    ink = alt.ColorValue(palette.text).condition(test="datum.share > 0.45 && datum.chosen", value=palette.on_accent)
    text = alt.Chart().encode(ink)
    name = text.mark_text(aria=False, cursor="pointer", fontSize=11, dy=-6, fontWeight=600).encode(alt.Text("short:N"))
    number = text.mark_text(aria=False, cursor="pointer", fontSize=10, dy=8).encode(alt.Text("brief:N"))
    layers = [tile.add_params(_picked()), name, number]
    return alt.LayerChart(layer=layers, description=_("Map of the provinces, the darker the more")).encode(
        alt.X("col:O", axis=None, scale=place), alt.Y("row:O", axis=None, scale=place)
    )
