"""Charts of the distribution page: rows of bars and the tile map. A click chooses a bin."""

import json
from functools import cache
from typing import Any

import altair as alt

from crm.settings import reference
from crm.ui import charts
from crm.ui.charts import Palette
from crm.ui.words import _

PICKED = "picked"
ROW = 26
MAP = 396


@cache
def tiles() -> dict[str, dict[str, Any]]:
    """Full name of each province-level unit → its place on the grid (col, row) and short name."""
    with reference("china_tilegrid.json").open(encoding="utf-8") as file:
        return {tile["full"]: tile for tile in json.load(file)}


def _picked() -> alt.Parameter:
    return alt.selection_point(name=PICKED, fields=["bin"], toggle="true", clear=False)


def _tooltip(name: str) -> list[alt.Tooltip]:
    return charts.tooltip(label=name, customers=_("People"), spend=_("Spend"), part=_("Share"))


@charts.built_once
def bars(palette: Palette, name: str) -> alt.LayerChart:
    """Bars with their numbers right-aligned in a column of their own. A click anywhere in a row chooses its bin."""
    row = alt.Y("label:N", sort=charts.IN_PLACE, axis=alt.Axis(minExtent=66), scale=alt.Scale(paddingOuter=0))
    length = alt.X("value:Q", axis=None, scale=alt.Scale(range=[0, alt.ExprRef("max(width - 74, 20)")], zero=True, nice=False))
    colour = alt.ColorValue(palette.muted).condition(test="datum.chosen", value=palette.accent)
    bar = alt.Chart().mark_bar(aria=False, cornerRadiusEnd=3, height=15).encode(length, colour)
    number = alt.Chart().mark_text(aria=False, align="right", fontSize=12).encode(alt.XValue("width"), alt.Text("shown:N"))
    reach = alt.Chart().mark_bar(opacity=0.001, cursor="pointer", height=ROW).encode(alt.XValue(0), alt.X2Value("width"), _tooltip(name))
    layers = [bar, number, reach.add_params(_picked())]
    return alt.LayerChart(layer=layers, description=_("Bars by {name}", name=name)).encode(row)


@charts.built_once
def grid_map(palette: Palette) -> alt.LayerChart:
    """One tile per province-level unit, the darker the more; no borders are drawn on purpose. A click chooses the province."""
    place = alt.Scale(paddingInner=0.06)
    ramp = alt.Scale(domain=[0, 1], range=[palette.muted, palette.accent], interpolate="lab")
    tile = (
        alt.Chart()
        .mark_rect(cornerRadius=4, cursor="pointer", strokeWidth=2.5)
        .encode(
            alt.Color("share:Q", legend=None, scale=ramp),
            alt.StrokeValue("transparent").condition(test="datum.picked", value=palette.text),
            alt.OpacityValue(0.35).condition(test="datum.chosen", value=1),
            _tooltip(_("Province")),
        )
    )
    ink = alt.ColorValue(palette.text).condition(test="datum.share > 0.45 && datum.chosen", value=palette.on_accent)
    text = alt.Chart().encode(ink)
    name = text.mark_text(aria=False, cursor="pointer", fontSize=11, dy=-6, fontWeight=600).encode(alt.Text("short:N"))
    number = text.mark_text(aria=False, cursor="pointer", fontSize=10, dy=8).encode(alt.Text("brief:N"))
    layers = [tile.add_params(_picked()), name, number]
    return alt.LayerChart(layer=layers, description=_("Map of the provinces, the darker the more")).encode(
        alt.X("col:O", axis=None, scale=place), alt.Y("row:O", axis=None, scale=place)
    )
