"""The cohorts as a heat map: who came back in which month after the first purchase, what they ordered and spent."""

from datetime import date
from typing import Any

import streamlit as st

from crm.customers import place_names
from crm.customers.bins import UNKNOWN
from crm.patterns import cohorts
from crm.patterns.cohorts import REST, Cell, Cohorts, Row
from crm.ui import charts, components, figures, session
from crm.ui.patterns import boxes, drawings
from crm.ui.patterns.state import Key
from crm.ui.words import _, language

NAMES, LATEST, COLUMNS, MOST_COLUMNS = 120, 13, 9, 18
DOT, NOT_DRAWN = "·", -1.0


def show(as_of: date) -> None:
    """Which numbers, by what, and the heat map."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        metric, by = _controls()
        every = st.toggle(_("All months"), key=Key.EVERY)
    found = cohorts.compute(session.store(), as_of, by)
    if not found.rows:
        st.caption(_("Nobody who is known by name or account has bought yet."))
        return
    rows = found.rows if every or by != "month" else found.rows[-LATEST:]
    columns = min(max(len(row.cells) for row in rows) - 1, MOST_COLUMNS if every else COLUMNS)
    first = 1 if metric == "people" else 0
    marks = [mark for place, row in enumerate(rows) for mark in _marks(row, place, metric, range(first, columns + 1))]
    _shade(marks)
    charts.show(drawings.heat("cohorts", 52 if by == "month" else NAMES), marks, drawings.HEAD + drawings.ROW * len(rows), Key.COHORTS)
    _notes(found, metric, len(found.rows) - len(rows))


def _controls() -> tuple[str, str]:
    metrics = {
        "people": _("Came back (%)"),
        "orders": _("Orders"),
        "spend": _("Spend"),
        "per_head": _("Spend per head so far"),
    }
    metric = st.segmented_control(
        _("Show"),
        list(metrics),
        default="people",
        required=True,
        format_func=metrics.get,
        key=Key.METRIC.of(language()),
        persist_state="session",
    )
    names = {
        "month": _("Month of the first purchase"),
        "first_product": _("First product"),
        "first_category": _("First category"),
        "province": _("Province"),
        "source": _("Source"),
    }
    by = st.selectbox(_("Cut by"), list(names), format_func=names.get, key=Key.ROWS.of(language()), persist_state="session", width=240)
    return metric or "people", by or "month"


def _marks(row: Row, place: int, metric: str, offsets: range) -> list[dict[str, Any]]:
    shared = {"row": _named(row.key), "place": place, "picked": False}
    people = figures.count(row.customers)
    marks = [{**shared, "col": _("People"), "x": -1, "value": None, "shown": people, "told": people}]
    for offset in offsets:
        cell = row.cells[offset] if offset < len(row.cells) else None
        value, shown = _value(cell, metric)
        column = {"col": f"+{offset}" if offset else "0", "x": offset}
        told = shown if cell is None or not cell.base else _said(cell)
        marks.append({**shared, **column, "value": value, "shown": shown, "told": told})
    return marks


def _value(cell: Cell | None, metric: str) -> tuple[float | None, str]:
    """The number and how it is written; a dot where the month is not over or not covered, nothing where it has not begun."""
    if cell is None:
        return None, ""
    if not cell.base:
        return None, DOT
    if metric == "people":
        return cell.share, figures.plain((cell.share or 0) * 100)
    if metric == "per_head":
        return cell.per_head, DOT if cell.per_head is None else figures.count(cell.per_head)
    value = float(cell.orders if metric == "orders" else cell.spend)
    return value, figures.big(value)


def _said(cell: Cell) -> str:
    return _(
        "{back} of {base} people bought ({share}), {orders} orders, {spend}",
        back=figures.count(cell.back),
        base=figures.count(cell.base),
        share=figures.percent(cell.share),
        orders=figures.count(cell.orders),
        spend=figures.money(cell.spend, session.shop().currency),
    )


def _shade(marks: list[dict[str, Any]]) -> None:
    """The darker the more: from the least to the most that is drawn."""
    values = [mark["value"] for mark in marks if mark["value"] is not None]
    low, high = min(values, default=0.0), max(values, default=0.0)
    for mark in marks:
        known = mark["value"] is not None
        mark["share"] = (mark["value"] - low) / (high - low) if known and high > low else 0.0 if known else NOT_DRAWN
        del mark["value"]


def _named(key: str) -> str:
    if key in (UNKNOWN, REST):
        return _("Unknown") if key else _("All others")
    province = place_names.PROVINCES.get(key)
    return components.short(province[0 if language() == "zh_CN" else 1] if province else key, 18)


def _notes(found: Cohorts, metric: str, hidden: int) -> None:
    formula = {
        "people": _("Came back: of those who began, who bought in the n-th calendar month after it."),
        "orders": _("Orders in the n-th calendar month after the first purchase; 0 is the month of it."),
        "spend": _("Net spend in the n-th calendar month after the first purchase; 0 is the month of it."),
        "per_head": _("Net spend from the first purchase to the end of that month, per customer who began."),
    }[metric]
    dots = _("Dots: months that are not over, or not covered by your files; they are no zeros.")
    since = _("Orders are known since {day}: who bought before that stands among the first months.", day=figures.day(found.since))
    more = [_("{n} earlier months are not drawn.", n=figures.count(hidden))] if hidden else []
    st.caption(boxes.told([formula, dots, since, *more]))
