"""Splitting a rung: by which field, and where it is cut."""

from typing import Any

import streamlit as st

from crm.customers import attributes
from crm.customers.attribute import Attribute
from crm.segments import splits
from crm.ui import session
from crm.ui.segments import values
from crm.ui.segments.state import Key, Step
from crm.ui.words import _, label, language

WHOLE = ""


def form(step: Step) -> None:
    """By what the people of a rung are shown in parts; nothing chosen: not at all."""
    names = [WHOLE, *[one.name for one in attributes.every().values() if splits.can(one)]]
    now = step.split["by"] if step.split else WHOLE
    with st.grid(2, min_column_width=220):
        chosen = st.selectbox(_("Split this rung by"), names, names.index(now), _title, key=Key.SPLIT_BY.of(step.id, language()))
        if chosen == WHOLE:
            step.split = None
            return
        field = attributes.every()[chosen]
        before = step.split if step.split and chosen == now else {}
        step.split = {"by": chosen} | _where(field, before, step.id)


def _title(name: str) -> str:
    return label(attributes.every()[name]) if name else _("not split")


def _where(field: Attribute, before: dict[str, Any], number: int) -> dict[str, Any]:
    if field.kind == "flag":
        return {}
    if field.kind in splits.NUMBERS:
        return {"at": _numbers(field, before.get("at"), number)}
    usual = list(field.values)[: splits.MOST] or values.known(field.name, session.as_of())[:5]
    options = list(dict.fromkeys([*before.get("into", usual), *usual, *values.known(field.name, session.as_of())]))
    into = st.multiselect(
        _("Parts (the rest become “Others”)"),
        [one for one in options if one not in ("unknown", "others")],
        [one for one in before.get("into", usual) if one != "unknown"],
        values.shown(field),
        key=Key.SPLIT_AT.of(number, field.name, language()),
        max_selections=splits.MOST,
        select_all=False,
    )
    return {"into": into}


def _numbers(field: Attribute, before: list[float] | None, number: int) -> list[int | float]:
    """The numbers at which it is cut, as typed: 100, 300."""
    usual = before or _usual(field)
    typed = st.text_input(
        _("Cut at (numbers, with commas)"),
        ", ".join(f"{edge:g}" for edge in usual),
        key=Key.SPLIT_AT.of(number, field.name),
        help=_("100, 300 makes three parts: below 100, from 100 to below 300, 300 and more"),
    )
    edges = [_number(word) for word in (typed or "").replace("，", ",").replace("、", ",").split(",") if word.strip()]
    if any(edge is None for edge in edges) or not edges:
        st.caption(_("Please write numbers with commas between them, such as 100, 300. The rung is not split so far."))
        return []
    if len(set(edges)) > splits.MOST:
        st.caption(_("At most {n} numbers. The rung is not split so far.", n=splits.MOST))
    return sorted({edge for edge in edges if edge is not None})


def _number(word: str) -> int | float | None:
    try:
        number = float(word.strip())
    except ValueError:
        return None
    return None if number != number or abs(number) > 10**12 else int(number) if number.is_integer() else number


def _usual(field: Attribute) -> list[float]:
    """Where the shop cuts this number in its charts, without the lowest edge; else 1, 2 and 3."""
    chart = field.chart
    bands = chart.bands(session.shop()) if chart and chart.bands else []
    return [float(band.low) for band in bands if float(band.low) >= 1][: splits.MOST] or [1, 2, 3]
