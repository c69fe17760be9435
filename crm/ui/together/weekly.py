"""The size of a segment over time: points come while the page is open, newest first; nothing waits for them."""

from datetime import timedelta
from typing import Any

import streamlit as st

from crm.segments import Definition, over_time, saved
from crm.segments.over_time import Point, Series
from crm.ui import charts, components, currencies, figures, session
from crm.ui.together import drawings
from crm.ui.together.state import Key
from crm.ui.words import _, language, sentence

HEIGHT = 260


def show(names: list[str], chosen: list[str]) -> None:
    """Choose a segment, see a point per week."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = names.index(chosen[0]) if chosen else 0
        name = st.selectbox(_("Segment"), names, first, key=Key.OF.of(language(), *chosen[:1]))
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
    definition = saved.get(session.store(), name)
    series = over_time.asked(session.store(), definition, session.as_of())
    with st.container(border=True):
        st.fragment(_weeks, run_every=None if series.is_done else 1)(definition, by or "customers", series.is_done)


def _weeks(definition: Definition, by: str, was_done: bool) -> None:
    with components.guard():
        series = over_time.asked(session.store(), definition, session.as_of())
        if series.is_done and not was_done:
            st.rerun()
        _points(series, by)


def _points(series: Series, by: str) -> None:
    points = series.points
    if series.refusal is not None:
        st.error(sentence(series.refusal))
        return
    if series.is_broken:
        st.error(_("The weeks could not be counted. Nothing was changed. The log of the server says why."))
        return
    if not series.total:
        st.caption(_("No orders are known: there is no past to count."))
        return
    if not series.is_done:
        text = _("Counting week {n} of {total}", n=len(points) + 1, total=series.total)
        st.progress(len(points) / series.total, text=text)
    if points:
        _said(points, by)
        start, end = ((day + timedelta(days=by_)).isoformat() for day, by_ in ((series.first, -1), (series.last, 1)))
        charts.show(drawings.weeks(start, end, by), _rows(points, by), HEIGHT, Key.WEEKS)
        currencies.notice(points[-1].other_currencies)
    if series.total < over_time.WEEKS:
        left = over_time.WEEKS - series.total
        st.caption(_("{n} weeks are left out: no orders of those days are known, so nobody can tell who was in it.", n=figures.count(left)))


def _said(points: list[Point], by: str) -> None:
    """In a sentence what the line shows."""
    first, last = points[0], points[-1]
    if by == "spend":
        now, then = (components.quoted(figures.money(one.spend, session.shop().currency)) for one in (last, first))
        st.markdown(_("**{now}** today, {then} on {day}.", now=now, then=then, day=figures.day(first.day)))
        return
    numbers = {"n": figures.count(last.customers), "then": figures.count(first.customers)}
    st.markdown(_("**{n} people** today, {then} on {day}.", **numbers, day=figures.day(first.day)))


def _rows(points: list[Point], by: str) -> list[dict[str, Any]]:
    """`run` numbers the stretches of weeks that follow each other."""
    rows: list[dict[str, Any]] = []
    run, before = 0, points[0].day
    for point in points:
        run, before = run + ((point.day - before).days > 7), point.day
        value = point.customers if by == "customers" else float(point.spend)
        amount = figures.money(point.spend, session.shop().currency)
        shown = figures.count(point.customers) if by == "customers" else amount
        rows.append({"day": point.day.isoformat(), "value": value, "run": run, "shown_day": figures.day(point.day), "shown": shown})
    return rows
