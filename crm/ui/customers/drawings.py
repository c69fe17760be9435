"""Vega-Lite drawings of the distribution page: rows of bars and the tile map. Built once per look; data come separately."""

import json
from functools import cache
from typing import Any

from crm.settings import reference
from crm.ui import charts

PICKED = "picked"
ROW = 26
_SELECT = [{"name": PICKED, "select": {"type": "point", "fields": ["bin"], "toggle": "true", "clear": False}}]
_BARE = {"axis": {"ticks": False, "domain": False, "grid": False, "labels": False}, "view": {"stroke": None}}
_FRAME = {"config": _BARE, "background": "transparent", "padding": {"left": 0, "right": 2, "top": 0, "bottom": 0}}


@cache
def tiles() -> dict[str, dict[str, Any]]:
    """Full name of each province-level unit → its place on the grid (col, row) and short name."""
    with reference("china_tilegrid.json").open(encoding="utf-8") as file:
        return {tile["full"]: tile for tile in json.load(file)}


def _colour(theme: str) -> dict[str, Any]:
    return {"condition": {"test": "datum.chosen", "value": charts.ACCENT[theme]}, "value": charts.MUTED[theme]}


@cache
def bars(theme: str, measure: str, rows: int) -> dict[str, Any]:
    """Bars with their numbers right-aligned in a column of their own. A click anywhere in a row chooses its bin."""
    y = {
        "field": "label",
        "type": "nominal",
        "sort": {"field": "place", "op": "min"},
        "title": None,
        "axis": _axis(theme),
        "scale": {"paddingOuter": 0},
    }
    reach = {"value": 0}
    catch = {"mark": {"type": "bar", "opacity": 0.001, "cursor": "pointer", "height": ROW}, "params": _SELECT}
    catch["encoding"] = {"x": reach, "x2": {"value": "width"}, "tooltip": _tooltip(measure)}
    scale = {"range": [0, {"expr": "max(width - 74, 20)"}], "zero": True, "nice": False}
    bar = {"mark": {"type": "bar", "cornerRadiusEnd": 3, "height": 15}}
    bar["encoding"] = {"x": {"field": "value", "type": "quantitative", "axis": None, "scale": scale}, "color": _colour(theme)}
    number = {"mark": {"type": "text", "align": "right", "fontSize": 12, "color": charts.TEXT[theme]}}
    number["encoding"] = {"x": {"value": "width"}, "text": {"field": "shown"}}
    layers = [bar, number, catch]
    return {"encoding": {"y": y}, "layer": layers, "height": max(rows, 1) * ROW, **_FRAME}


def _axis(theme: str) -> dict[str, Any]:
    return {
        "labels": True, "ticks": False, "domain": False, "labelLimit": 120, "labelFontSize": 12, "labelPadding": 8, "minExtent": 66,
        "labelColor": charts.TEXT[theme],
    }  # fmt: skip


def _tooltip(measure: str) -> list[dict[str, Any]]:
    return [{"field": name, "type": "nominal", "title": title} for name, title in json.loads(measure)]


@cache
def grid_map(theme: str, measure: str) -> dict[str, Any]:
    """One tile per province-level unit, the darker the more; no borders are drawn on purpose. A click chooses the province."""
    x = {"field": "col", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0.06}}
    y = {"field": "row", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0.06}}
    ramp = [charts.MUTED[theme], charts.ACCENT[theme]]
    fill = {"field": "share", "type": "quantitative", "legend": None, "scale": {"domain": [0, 1], "range": ramp, "interpolate": "lab"}}
    rect: dict[str, Any] = {"mark": {"type": "rect", "cornerRadius": 4, "cursor": "pointer", "strokeWidth": 2.5}, "params": _SELECT}
    stroke = {"condition": {"test": "datum.picked", "value": charts.TEXT[theme]}, "value": "transparent"}
    dim = {"condition": {"test": "datum.chosen", "value": 1}, "value": 0.35}
    rect["encoding"] = {"color": fill, "stroke": stroke, "opacity": dim, "tooltip": _tooltip(measure)}
    on_tile = {
        "condition": {"test": "datum.share > 0.45 && datum.chosen", "value": "#ffffff" if theme == "light" else "#06201d"},
        "value": charts.TEXT[theme],
    }
    text = {"type": "text", "cursor": "pointer", "tooltip": None}
    name = {"mark": text | {"fontSize": 11, "dy": -6, "fontWeight": 600}, "encoding": {"text": {"field": "short"}, "color": on_tile}}
    number = {"mark": text | {"fontSize": 10, "dy": 8}, "encoding": {"text": {"field": "brief"}, "color": on_tile}}
    layers = [rect, name, number]
    return {"encoding": {"x": x, "y": y}, "layer": layers, "height": 396, **_FRAME}
