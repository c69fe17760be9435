"""The heat map of the patterns page: boxes of people, and cohorts. A click picks a box; a dot is what is not known yet."""

import altair as alt

from crm.ui import charts
from crm.ui.charts import Palette
from crm.ui.words import _

PICKED = "picked"
ROW, HEAD = 34, 30


@charts.built_once
def heat(palette: Palette, kind: str, names: int) -> alt.LayerChart:
    """Rows × columns, the darker the more. `kind`: boxes or cohorts; `names`: pixels for the names of the rows."""
    texts = {
        "boxes": _("People by days since their last purchase and number of purchases, the darker the more"),
        "cohorts": _("What customers did in the months after their first purchase, the darker the more"),
    }
    row, column = (_("Last purchase"), _("Purchases")) if kind == "boxes" else (_("Began"), _("Month"))
    ramp = alt.Scale(domain=[0, 1], range=[palette.grid, palette.accent], interpolate="lab")
    place = alt.Scale(paddingInner=0.06, paddingOuter=0)
    shown = alt.Chart()
    filled = shown.transform_filter(alt.datum.share >= 0)
    tile = filled.mark_rect(cornerRadius=3, strokeWidth=2.5, cursor="pointer" if kind == "boxes" else "default").encode(
        alt.Color("share:Q", legend=None, scale=ramp),
        alt.StrokeValue("transparent").condition(test="datum.picked", value=palette.text),
        charts.tooltip(row=row, col=column, told=_("Who")),
    )
    ink = alt.ColorValue(palette.text).condition(test="datum.share > 0.6", value=palette.on_accent)
    number = shown.mark_text(aria=False, fontSize=11, align="right", dx=alt.ExprRef(_HALF)).encode(alt.Text("shown:N"), ink)
    if kind == "boxes":
        tile = tile.add_params(alt.selection_point(name=PICKED, fields=["key"], toggle=False, clear=False))
    return alt.LayerChart(layer=[tile, number], description=texts[kind]).encode(
        alt.X(
            "col:N", sort=alt.EncodingSortField("x", op="min"), scale=place, axis=alt.Axis(orient="top", labelAngle=0, labelOverlap=True)
        ),
        alt.Y("row:N", sort=charts.IN_PLACE, scale=place, axis=alt.Axis(minExtent=names, labelLimit=names)),
    )


_HALF = "bandwidth('x') / 2 - 3"
"""From the middle of a box to where its number ends."""
