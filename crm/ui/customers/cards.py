"""The cards of the distribution page: one chart each, with its search and its file; the map gives way to cities and districts."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from crm.customers import dimensions
from crm.customers.distributions import Bin
from crm.segments import bars
from crm.segments.bars import Mark
from crm.segments.explore import Explored
from crm.ui import charts, components, session
from crm.ui.customers import choice, drawings, rows
from crm.ui.customers.rows import Shown
from crm.ui.customers.state import CustomersState, Key
from crm.ui.words import _, label, language

REGION, MOMENT = "province", "moment"
"""The dimensions that are drawn otherwise: with a map beside the bars, and as the hours of a week."""


@dataclass(frozen=True)
class Counted:
    """What all cards show: what is chosen and everybody, by what, and the marks of the compared group by dimension and bin (or none)."""

    result: Explored
    everybody: Explored
    by: str
    marks: Mapping[str, Mapping[str, Mark]]

    def chart(self, name: str, bins: list[Bin], by: str = "") -> Shown:
        """The chart of a dimension, with these of its bins."""
        picked = session.state(CustomersState).chosen.get(name, [])
        marks = self.marks.get(name, {}) if (by or self.by) == "customers" else {}
        people = bars.whole(self.result, name)
        return Shown(bins, picked, by or self.by, people, bars.indexes(self.result, self.everybody, name), marks)

    def says(self, name: str) -> bool:
        """Whether the files say anything about a dimension."""
        return any(one.bin not in ("unknown", "uncovered") for one in self.result.bins[name])


def region(counted: Counted) -> None:
    """Where they live: the tile map where the files name Chinese provinces, or the cities and districts below it; and the ranking."""
    bins = counted.result.bins[REGION]
    if any(one.bin in drawings.tiles() for one in bins):
        with st.container(border=True, height="stretch"):
            into = choice.into()
            if into:
                _below(counted, into)
            else:
                st.markdown(f"**{_('Where they live')}**")
                _draw("province_map", drawings.grid_map(), rows.tiles(counted.chart(REGION, bins)), drawings.MAP)
                _deeper("city")
    dimension(ranking(), counted)


def ranking() -> str:
    """What stands beside the map: the provinces; beside the districts of a city the cities."""
    return "city" if choice.into() == "district" else REGION


def _below(counted: Counted, into: str) -> None:
    """The cities of the chosen province, or the districts of the chosen city, and the way back."""
    within = choice.WITHIN[into]
    place = _named(within)
    title = _("Cities of {place}", place=place) if into == "city" else _("Districts of {place}", place=place)
    st.markdown(f"**{components.quoted(title)}**")
    back = _("All provinces") if into == "city" else _("Cities of {place}", place=_named(REGION))
    if st.button(back, icon=":material/arrow_back:", key=Key.BACK, type="tertiary"):
        choice.go("" if into == "city" else "city", without=within)
        st.rerun()
    bins = rows.filled(into, counted.result.bins[into])
    some = rows.longest(into, bins, counted.chart(into, bins).picked)
    chart = counted.chart(into, some)
    _draw(f"region_{into}", drawings.bars(label(dimensions.get(into)), False, bool(chart.marks)), rows.of(chart), drawings.ROW * len(some))
    _find(f"region_{into}", into, bins, some)
    if into == "city":
        _deeper("district")


def _named(name: str) -> str:
    bins = dimensions.get(name).bins
    pair = bins.label(choice.one(name) or "", session.shop())
    return pair[0] if language() == "zh_CN" else pair[1]


def _deeper(into: str) -> None:
    """The way down, once exactly one place is chosen."""
    if not choice.one(choice.WITHIN[into]):
        words = _("Choose one province to see its cities.") if into == "city" else _("Choose one city to see its districts.")
        st.caption(words)
        return
    place = _named(choice.WITHIN[into])
    words = _("Cities of {place}", place=place) if into == "city" else _("Districts of {place}", place=place)
    if st.button(words, icon=":material/zoom_in:", key=Key.INTO):
        choice.go(into)
        st.rerun()


def dimension(name: str, counted: Counted) -> None:
    """One chart: the bins of a dimension. Nothing is drawn where the files say nothing about it."""
    if not counted.says(name):
        return
    drawn = dimensions.get(name)
    bins = rows.filled(name, counted.result.bins[name])
    some = rows.longest(name, bins, counted.chart(name, bins).picked)
    chart, ordered = counted.chart(name, some), bool(drawn.bins.order(session.shop()))
    with st.container(border=True, height="stretch"):
        _title(name, label(drawn), counted, bins)
        _draw(name, drawings.bars(label(drawn), ordered, bool(chart.marks)), rows.of(chart), drawings.ROW * len(some), brush=ordered)
        _find(name, name, bins, some)
        if name == "district" and language() == "en" and any(not one.bin.isascii() for one in some):
            st.caption(_("Names of districts stay as your files write them."))
        if drawn.bins.several:
            st.caption(_("One customer can be in several of these."))


def week(counted: Counted) -> None:
    """At which hours of the week they order."""
    if not counted.says(MOMENT):
        return
    by = "spend" if counted.by == "spend" else "orders"
    bins = counted.result.bins[MOMENT]
    with st.container(border=True):
        _title(MOMENT, label(dimensions.get(MOMENT)), counted, bins)
        st.caption(_("When they spend, by the shop's clock.") if by == "spend" else _("When they order, by the shop's clock."))
        _draw(MOMENT, drawings.week(), rows.cells(counted.chart(MOMENT, bins, by)), drawings.WEEK, brush=True)
        untold = sum(one.orders for one in bins if one.bin == "unknown")
        if untold:
            st.caption(_("Of {n} orders the files tell the day alone: they are in no hour.", n=untold))


def _title(name: str, words: str, counted: Counted, bins: list[Bin]) -> None:
    """What a card is called, and its numbers as a file."""
    chart = counted.chart(name, bins)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{components.quoted(words)}**", width="content")
        st.download_button(
            "",
            bars.as_csv(chart.bins, chart.people, chart.indexes, counted.marks.get(name, {}), language()),
            f"{name}.csv",
            "text/csv",
            key=Key.FILE.of(name),
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            help=_("These numbers as a spreadsheet (CSV). For a picture: the arrow at the chart's corner."),
        )


def _find(chart: str, name: str, bins: list[Bin], shown: list[Bin]) -> None:
    """A search among those that are not drawn: whoever is found is chosen."""
    rest = [one for one in bins if one not in shown]
    if not rest:
        return
    page = session.state(CustomersState)
    found = st.selectbox(
        _("Find"),
        rest,
        None,
        label,
        key=Key.FIND.of(page.round, chart),
        label_visibility="collapsed",
        placeholder=_("Find one of {n} more", n=len(rest)),
    )
    if found is not None:
        choice.add(name, found.bin)
        st.rerun()


def _draw(chart: str, drawing: charts.Drawing, lines: list[dict[str, object]], height: int, brush: bool = False) -> None:
    select = [drawings.PICKED, drawings.BRUSHED] if brush else [drawings.PICKED]
    charts.show(drawing, lines, height, choice.key(chart), select=select)
