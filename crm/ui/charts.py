"""Charts: one theme, light and dark; each chart is built with Altair once per look and kept as its dictionary, data come separately."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from threading import Lock
from typing import Any, TypeVarTuple

import altair as alt
import pyarrow as pa
import streamlit as st
from altair.typing import ChartType

from crm.ui.words import language

Look = TypeVarTuple("Look")
_THEME = "huitou"
_ROWS = alt.NamedData("source")  # the name under which Streamlit's page puts in the rows
IN_PLACE = alt.EncodingSortField("place", op="min")  # rows keep the order they have in the data, also after these have changed
_BUILDING = Lock()  # which theme Altair uses is one setting of the whole process


@dataclass(frozen=True)
class Palette:
    """One accent, grey for context, red only for loss. Vega's text marks do not follow the page's theme: a chart names their colour."""

    accent: str
    on_accent: str
    muted: str
    """What is there but not chosen."""
    context: str
    """A line or a dot beside the accent, which must be seen on its own."""
    text: str
    quiet: str
    """Scales and legends."""
    grid: str
    loss: str


PALETTES = {
    "light": Palette("#0f766e", "#ffffff", "#cbd5d4", "#94a3b8", "#1f2937", "#64748b", "#e2e8f0", "#dc2626"),
    "dark": Palette("#2dd4bf", "#06201d", "#33474a", "#8ea3a8", "#e5e7eb", "#a8b8bb", "#22363a", "#f87171"),
}


def theme() -> str:
    """`light` or `dark`, as this visitor sees it."""
    return "dark" if st.context.theme.type == "dark" else "light"


@dataclass(frozen=True)
class Drawing:
    """A chart that is ready: its dictionary without rows, and what is read out to those who do not see it."""

    spec: dict[str, Any]
    description: str


@alt.theme.register(_THEME, enable=False)
def _theme(palette: Palette) -> alt.theme.ThemeConfig:
    return {
        "background": "transparent",
        "padding": {"left": 0, "right": 2, "top": 0, "bottom": 0},
        "config": {
            "font": str(st.get_option("theme.font") or "sans-serif"),
            "view": {"stroke": None},
            "mark": {"tooltip": None},
            "axis": {
                "title": None,
                "ticks": False,
                "domain": False,
                "grid": False,
                "gridColor": palette.grid,
                "labelColor": palette.quiet,
                "labelFontSize": 12,
                "labelPadding": 16,
                "labelOverlap": True,
                "labelSeparation": 4,
            },
            "axisBand": {"labelColor": palette.text, "labelPadding": 8, "labelLimit": 120, "labelOverlap": False},
            "legend": {
                "title": None,
                "orient": "top",
                "padding": 0,
                "offset": 6,
                "symbolStrokeWidth": 4,
                "labelFontSize": 14,
                "labelColor": palette.quiet,
            },
            "text": {"color": palette.text},
        },
    }


def built_once(build: Callable[[Palette, *Look], ChartType]) -> Callable[[*Look], Drawing]:
    """The chart that a function builds, in the visitor's theme and language; built when it is first asked for, kept from then on."""

    @cache
    def drawing(theme: str, _language: str, *look: *Look) -> Drawing:
        palette = PALETTES[theme]
        with _BUILDING, alt.theme.enable(_THEME, palette=palette):
            spec = build(palette, *look).properties(data=_ROWS).to_dict()
        return Drawing(spec, spec.pop("description"))

    @wraps(build)
    def in_view(*look: *Look) -> Drawing:
        return drawing(theme(), language(), *look)

    return in_view


def show(drawing: Drawing, rows: list[dict[str, Any]], height: int, key: str, select: str | list[str] | None = None) -> None:
    """Draw the rows. With `select`, clicks on the chart are in the session under its key, as that parameter of the chart, or those."""
    st.vega_lite_chart(
        pa.Table.from_pylist(rows),
        drawing.spec,
        alt=drawing.description,
        height=height,
        key=key,
        theme=None,
        on_select="rerun" if select else "ignore",
        selection_mode=select,
    )


def tooltip(**titles: str) -> list[alt.Tooltip]:
    """Fields that are texts already, and their titles. They are also what is read out of a mark; the other marks of a row are silent."""
    return [alt.Tooltip(field, type="nominal", title=title) for field, title in titles.items()]


def amounts(ticks: int, grid: bool = False) -> alt.Axis:
    """An axis of amounts as people read them: 40 万 in Chinese, 400k in English."""
    chinese = "abs(datum.value) >= 10000 ? format(datum.value / 10000, ',') + ' 万' : format(datum.value, ',')"
    return alt.Axis(labelExpr=chinese if language() == "zh_CN" else "format(datum.value, '~s')", tickCount=ticks, grid=grid)
