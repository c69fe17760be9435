"""Parts of the distribution page: the summary of what is chosen, the charts, the way to a segment."""

from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from crm.customers import dimensions, place_names
from crm.customers.distributions import Bin
from crm.products import coverage
from crm.segments import explore, scope
from crm.segments.explore import Explored
from crm.ui import charts, components, currencies, figures, menu, session
from crm.ui.customers import choice, drawings
from crm.ui.customers.state import CustomersState, Key
from crm.ui.segments import state
from crm.ui.words import _, label, language

REGION = "province"
"""The dimension that has a map beside its bars."""


def anybody(as_of: date) -> bool:
    """Whether there is any customer to look at."""
    return session.store().one("SELECT 1 AS yes FROM customer_facts LIMIT 1") is not None


def controls() -> tuple[str, list[str]]:
    """By customers or by spend, and which dimensions are shown."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.segmented_control(
            _("Count"),
            ["customers", "spend"],
            default="customers",
            required=True,
            label_visibility="collapsed",
            format_func=lambda one: _("By customers") if one == "customers" else _("By spend"),
            key=Key.BY.of(language()),
            persist_state="session",
        )
        drawn = dimensions.page()
        extra = st.pills(
            _("Also show"),
            [one.name for one in drawn if not one.chart.always],
            selection_mode="multi",
            format_func=lambda name: label(dimensions.get(name)),
            label_visibility="collapsed",
            key=Key.MORE.of(language()),
            persist_state="session",
        )
    return by or "customers", [*[one.name for one in drawn if one.chart.always], *(extra or [])]


def explored(names: list[str], by: str, as_of: date) -> Explored:
    """All distributions under what is clicked."""
    chosen = choice.read(names)
    store = session.store()
    return explore.explore(store, chosen, scope.at(store, as_of), names, by)


def summary(result: Explored) -> None:
    """Who is chosen, in words and numbers; one button makes a segment of them, one takes everything back."""
    currency = session.shop().currency
    with st.container(border=True):
        st.markdown(f"**{components.quoted(result.sentence(language()) or _('All customers'))}**")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            st.metric(_("People"), figures.count(result.customers), width="content")
            st.metric(_("Spend"), figures.big_money(result.spend, currency), width="content")
            st.metric(
                _("Spend per person, buyers or not"),
                figures.money(result.spend / result.customers if result.customers else None, currency),
                width="content",
                help=_("Spend ÷ all people counted here. Who never bought counts with nothing."),
            )
        currencies.notice(result.other_currencies)
        if not result.steps:
            st.caption(_("Click any bar or tile: everything else follows. Click again to take it back."))
            return
        with st.container(horizontal=True):
            save = _("Save these {n} customers as a segment", n=figures.count(result.customers))
            if menu.opens("segments") and st.button(save, type="primary", icon=":material/filter_alt:", key=Key.SAVE):
                _to_ladder(result)
            if st.button(_("Show everybody again"), icon=":material/close:", key=Key.CLEAR):
                choice.clear()
                st.rerun()


def _to_ladder(result: Explored) -> None:
    state.begin([node for _name, node in result.steps])
    st.switch_page(session.page_path("segments.py"))


def region(result: Explored, by: str) -> None:
    """The provinces: the tile map where the files name Chinese provinces, and the ranking."""
    bins = result.bins[REGION]
    if any(one.bin in drawings.tiles() for one in bins):
        with st.container(border=True, height="stretch"):
            st.markdown(f"**{_('Where they live')}**")
            _draw("province_map", drawings.grid_map(), _tiles(bins, _picked(REGION), by), drawings.MAP)
    dimension(REGION, bins, by)


def dimension(name: str, bins: list[Bin], by: str) -> None:
    """One chart: the bins of a dimension. Nothing is drawn where the files say nothing about it."""
    if all(one.bin == "unknown" for one in bins):
        return
    picked, bins, drawn = _picked(name), _filled(name, bins), dimensions.get(name)
    shown = [one for place, one in enumerate(bins) if place < drawn.chart.longest or one.bin in picked]
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{label(drawn)}**" + _cut(len(bins), len(shown)))
        _draw(name, drawings.bars(label(drawn)), _rows(shown, picked, by), drawings.ROW * len(shown))
        if name == "district" and language() == "en" and any(not one.bin.isascii() for one in shown):
            st.caption(_("Names of districts stay as your files write them."))
        if drawn.bins.several:
            st.caption(_("One customer can be in several of these."))


def others(result: Explored, names: list[str], by: str) -> None:
    """The charts of these dimensions but the region's, three in a row; no card is left alone in the last row."""
    drawn = [name for name in names if name != REGION and any(one.bin != "unknown" for one in result.bins[name])]
    for columns, some in rows_of(drawn):
        with st.grid(columns, min_column_width=300):
            for name in some:
                dimension(name, result.bins[name], by)


def rows_of(names: list[str]) -> list[tuple[int, list[str]]]:
    """Rows of three; what would be left over fills the last rows in pairs. (columns, names) of each stretch."""
    left = {0: 0, 1: 4, 2: 2}[len(names) % 3]
    cut = max(len(names) - left, 0)
    return [(columns, some) for columns, some in ((3, names[:cut]), (2, names[cut:])) if some]


def always(result: Explored) -> None:
    """The count once more at the foot of the window while something is chosen: the charts below are far from the summary."""
    if not result.steps:
        return
    values = {"n": figures.count(result.customers), "spend": figures.big_money(result.spend, session.shop().currency)}
    with st.bottom, st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key=Key.ALWAYS):
        st.markdown(components.quoted(_("{n} people · {spend}", **values)), width="content")
        if st.button(_("Show everybody again"), icon=":material/close:", key=Key.CLEAR_BELOW, type="tertiary"):
            choice.clear()
            st.rerun()


def silent(result: Explored) -> None:
    """Name what the files say nothing about, so that a missing chart is no riddle."""
    empty = [name for name, bins in result.bins.items() if all(one.bin == "unknown" for one in bins)]
    if not result.customers:
        return
    if "category" in empty and coverage.share(session.store()).products_without:
        empty.remove("category")
        st.caption(_("What they bought is in your files, but no product is in a category yet: there is no chart by category."))
        menu.link("products", _("Put products in categories"), "sell")
    missing = [label(dimensions.get(name)) for name in empty]
    if missing:
        st.caption(_("Your files say nothing about: {names}.", names=_(", ").join(missing)))


def _filled(name: str, bins: list[Bin]) -> list[Bin]:
    """Bins with a fixed order keep their place on screen even when nobody is in them."""
    cut, shop = dimensions.get(name).bins, session.shop()
    values = {one.bin: one for one in bins}
    nobody = [Bin(key, *cut.label(key, shop), 0, 0, Decimal(0)) for key in cut.order(shop) if key not in values and key != "unknown"]
    order = {key: place for place, key in enumerate(cut.order(shop))}
    return sorted([*bins, *nobody], key=lambda one: order.get(one.bin, len(order)))


def _cut(all_of_them: int, shown: int) -> str:
    return "" if shown >= all_of_them else "  :gray[" + _("the first {shown} of {n}", shown=shown, n=all_of_them) + "]"


def _picked(name: str) -> list[str]:
    return session.state(CustomersState).chosen.get(name, [])


def _draw(chart: str, drawing: charts.Drawing, rows: list[dict[str, Any]], height: int) -> None:
    charts.show(drawing, rows, height, choice.key(chart), select=drawings.PICKED)


def _rows(bins: list[Bin], picked: list[str], by: str) -> list[dict[str, Any]]:
    currency = session.shop().currency
    whole = sum(_value(one, by) for one in bins) or 1
    return [
        {
            "bin": one.bin,
            "place": place,
            "label": label(one),
            "value": _value(one, by),
            "chosen": not picked or one.bin in picked,
            "shown": figures.big(one.customers) if by == "customers" else figures.big_money(one.spend, currency),
            "customers": figures.count(one.customers),
            "spend": figures.money(one.spend, currency),
            "part": figures.percent(_value(one, by) / whole),
        }
        for place, one in enumerate(bins)
    ]


def _value(one: Bin, by: str) -> float:
    return float(one.customers if by == "customers" else one.spend)


def _tiles(bins: list[Bin], picked: list[str], by: str) -> list[dict[str, Any]]:
    values = {row["bin"]: row for row in _rows(bins, picked, by)}
    most = max((row["value"] for name, row in values.items() if name in drawings.tiles()), default=0) or 1
    nothing = {"value": 0.0, "shown": "", "customers": "0", "spend": "0", "part": "0%"}
    return [
        _tile(full, tile, values.get(full, nothing | {"label": _province(full)}), most, picked) for full, tile in drawings.tiles().items()
    ]


def _province(full: str) -> str:
    return place_names.PROVINCES[full][0 if language() == "zh_CN" else 1]


def _tile(full: str, tile: dict[str, Any], row: dict[str, Any], most: float, picked: list[str]) -> dict[str, Any]:
    short = tile["short"] if language() == "zh_CN" else tile["iso"].removeprefix("CN-")
    share = (row["value"] / most) ** 0.5
    own = {"bin": full, "col": tile["col"], "row": tile["row"], "short": short, "brief": row["shown"].replace(" ", ""), "share": share}
    return row | own | {"picked": full in picked, "chosen": not picked or full in picked}
