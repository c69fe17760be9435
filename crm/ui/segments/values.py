"""Inputs for the value of a condition, one per sort of value: number, two numbers, day, list of choices, text, yes or no."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import streamlit as st

from crm.customers import festivals
from crm.customers.attribute import Attribute
from crm.segments import choices, periods, words
from crm.segments.filters import is_number
from crm.segments.ops import OPS
from crm.ui import session
from crm.ui.words import _, language

MOST = 36500


def value(field: Attribute, op: str, before: Any, key: str) -> Any:
    """The value as typed, in the form the filter language wants; None where it is still missing."""
    needs = OPS[op].needs
    if needs == "nothing":
        return None
    if needs == "days":
        return _whole(_("days"), before, key, 30)
    if needs == "many":
        return _many(field, before, key)
    if needs == "period":
        return _named(list(periods.NAMES), before, key, lambda one: words.pick(periods.NAMES[one], language()))
    if needs == "node":
        return _named(list(festivals.names()), before, key, lambda one: festivals.title(one, language()))
    if needs == "pair":
        return _pair(field, before, key)
    return _one(field, op, before, key)


def _one(field: Attribute, op: str, before: Any, key: str) -> Any:
    if field.kind == "flag":
        return _flag(before, key)
    if field.kind == "date":
        return _day(before, key)
    if field.kind in ("choice", "set"):
        return _text(before, key) if op == "contains" else _choice(field, before, key)
    return number(field.kind, before, key)


def _named(names: list[str], before: Any, key: str, shown: Callable[[str], str]) -> str | None:
    """One of a few names."""
    place = names.index(before) if before in names else None
    chosen: str | None = st.selectbox(_("value"), names, place, shown, key=key, label_visibility="collapsed", placeholder=_("Choose"))
    return chosen


def _whole(words_: str, before: Any, key: str, usual: int, most: int = MOST) -> int:
    start = int(before) if is_number(before) else usual
    return int(st.number_input(words_, min(0, start), max(most, start), start, 1, key=key, label_visibility="collapsed") or 0)


def number(kind: str, before: Any, key: str, usual: float = 1) -> Any:
    """A number: whole for counts and days, to the cent for money."""
    start = before if is_number(before) else usual
    if kind in ("count", "days", "coming") and float(start).is_integer():
        return _whole(_("number"), start, key, int(usual), 10**15)
    step = 10.0 if kind == "money" else 0.5
    low, high = min(0.0, float(start)), max(1e12, float(start))
    typed = st.number_input(_("number"), low, high, float(start), step, _digits(start), key=key, label_visibility="collapsed")
    return int(typed) if typed == int(typed) else typed


def _digits(number: float) -> str:
    """Two digits, or as many as the number has: what is shown is what counts."""
    return f"%.{max(2, len(repr(float(number)).partition('.')[2]))}f" if abs(number) < 10**12 else "%.2f"


def _pair(field: Attribute, before: Any, key: str) -> Any:
    given = before if isinstance(before, list | tuple) and len(before) == 2 else [None, None]
    left, right = st.columns(2)
    ask: Callable[[Any, str, float], Any] = lambda old, name, usual: number(field.kind, old, name, usual)  # noqa: E731
    with left:
        low = _day(given[0], key + "_low") if field.kind == "date" else ask(given[0], key + "_low", 1)
    with right:
        high = _day(given[1], key + "_high") if field.kind == "date" else ask(given[1], key + "_high", 90)
    return [low, high] if low <= high else [high, low]


def _day(before: Any, key: str) -> str:
    start = date.fromisoformat(before) if isinstance(before, str) and before[:4].isdigit() else session.as_of() - timedelta(days=90)
    first = min(date(1990, 1, 1), start)
    typed = st.date_input(_("day"), start, key=key, format="YYYY-MM-DD", label_visibility="collapsed", min_value=first)
    return typed.isoformat() if isinstance(typed, date) else start.isoformat()


def _flag(before: Any, key: str) -> bool:
    typed = st.segmented_control(
        _("yes or no"),
        [True, False],
        default=before if isinstance(before, bool) else True,
        required=True,
        format_func=lambda one: _("yes") if one else _("no"),
        key=key,
        label_visibility="collapsed",
    )
    return bool(typed)


def _text(before: Any, key: str) -> str:
    return st.text_input(_("text"), before if isinstance(before, str) else "", key=key, label_visibility="collapsed", live=True) or ""


@st.cache_data(ttl=60, max_entries=200, show_spinner=False)
def known(name: str, as_of: date) -> list[str]:
    """The values of a field that occur, the most frequent first."""
    return choices.known(session.store(), name, as_of)


def _options(field: Attribute, given: list[str]) -> list[str]:
    fixed = list(field.values)
    fixed = [one for one in fixed if one != "unknown"]
    return list(dict.fromkeys([*given, *(fixed or known(field.name, session.as_of()))]))


def shown(field: Attribute) -> Callable[[str], str]:
    """What the values of a field are called in the user's language."""
    names = field.names
    place = 0 if language() == "zh_CN" else 1
    return lambda one: names[one][place] if one in names else one


def _many(field: Attribute, before: Any, key: str) -> list[str]:
    old = before if isinstance(before, list) else [before]
    given = [one for one in old if isinstance(one, str) and one]
    chosen: list[str] = st.multiselect(
        _("values"),
        _options(field, given),
        given,
        format_func=shown(field),
        key=key,
        label_visibility="collapsed",
        placeholder=_("Choose one or more"),
        select_all=False,
        accept_new_options=field.kind != "choice" or not field.values,
    )
    return chosen


def _choice(field: Attribute, before: Any, key: str) -> str | None:
    given = before[0] if isinstance(before, list) and before else before
    options = _options(field, [given] if isinstance(given, str) and given else [])
    place = options.index(given) if given in options else None
    chosen: str | None = st.selectbox(
        _("value"), options, place, shown(field), key=key, label_visibility="collapsed", placeholder=_("Choose")
    )
    return chosen
