"""The members of a rung as a table, a page at a time, with chosen columns and sorted by any; and as a file."""

import io
from collections.abc import Callable
from math import ceil

import pandas as pd
import streamlit as st

from crm import clock, segments
from crm.accounts import masking
from crm.accounts.acting import Right
from crm.customers import attributes
from crm.segments import export, ladder, listing, words
from crm.segments.ladder import RungCount
from crm.ui import components, figures, personal, session
from crm.ui.customer import view
from crm.ui.segments import state
from crm.ui.segments.state import Key
from crm.ui.words import _, language

PAGE = 25


def members(items: list[RungCount]) -> None:
    """Who stands on a rung, with the columns and in the order that the visitor chose."""
    definition = state.definition()
    if definition is None or not items:
        return
    st.subheader(_("Who they are"), anchor=False)
    rung, shown, by, rising = _asked(definition)
    people = ladder.choices(items[1:]).get(rung, 0)
    if not people:
        st.caption(_("Nobody stands on this rung. Loosen one of its conditions."))
        return
    pages = max(1, ceil(people / PAGE))
    key = Key.MEMBERS_PAGE.of(rung, pages, by, rising)
    offset = (components.page(pages, key) - 1) * PAGE
    frame = segments.page(session.store(), definition, session.as_of(), rung, shown=shown, by=by, rising=rising, limit=PAGE, offset=offset)
    _table(frame, shown, state.draft().name or definition.titled(rung, language()), offset, people)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(_("{n} people. Tick a row to open the customer.", n=figures.count(people)))
        if pages > 1:
            st.pagination(pages, key=key)


def _asked(definition: segments.Definition) -> tuple[str, list[str], str, bool]:
    """Which rung, which columns, sorted by which, and whether the lowest comes first."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = [name for name, (place, _key) in definition.places().items() if not definition.rungs[place].off]
        last = names.index(definition.last())
        rung = st.selectbox(
            _("Rung"),
            names,
            last,
            lambda one: definition.titled(one, language()),
            key=Key.MEMBERS_RUNG.of(language(), len(names), names[last]),
        )
        sortable, at = list(listing.columns()), Key.MEMBERS_BY.of(language())
        by = st.selectbox(_("Sorted by"), sortable, sortable.index(listing.FIRST), _column, key=at, persist_state="session")
        titles = {False: _("highest first"), True: _("lowest first")}
        at = Key.MEMBERS_RISING.of(language())
        rising = st.selectbox(_("Which first"), [False, True], 0, lambda one: titles[one], key=at, persist_state="session", width=150)
        with st.popover(_("Columns"), icon=":material/view_column:"):
            at = Key.MEMBERS_COLUMNS.of(language())
            shown = st.multiselect(_("Columns"), sortable, list(listing.USUAL), _column, key=at, select_all=False, persist_state="session")
        _download(rung)
    return rung, list(shown) or list(listing.USUAL), by, bool(rising)


def _column(name: str) -> str:
    return words.pick(listing.columns()[name], language())


def _table(frame: pd.DataFrame, shown: list[str], listed: str, offset: int, people: int) -> None:
    masked, known = _masked(frame), attributes.every()
    for name in shown:
        if name in known and known[name].kind == "choice":
            masked[name] = [words.name(name, value, language()) for value in masked[name]]
    key = view.key(Key.MEMBERS_TABLE.of(personal.full()))  # a table that stays keeps its widths, and names in full would be cut
    table = export.shown(masked[shown])
    st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        column_config=_columns(shown),
        height="content",
        placeholder="",
        key=key,
        on_select="rerun",
        selection_mode="single-row",
    )
    view.clicked(key, list(frame["customer_id"]), listed, offset + 1, people)


def _masked(people: pd.DataFrame) -> pd.DataFrame:
    return people if personal.full() else masking.frame(people)


def _download(rung: str) -> None:
    definition, store, as_of, spoken, visitor = state.definition(), session.store(), session.as_of(), language(), session.later()
    if definition is None or not session.may(Right.EXPORT):
        return

    def written() -> bytes:
        lines = io.StringIO(newline="")
        with visitor():
            export.write_members(lines, store, definition, as_of, clock.now(), rung, spoken)
        return lines.getvalue().encode("utf-8-sig")

    name = export.named((state.draft().name or rung).replace("/", "-")[:60] + ".csv", session.shop().timezone, clock.now())
    st.download_button(_("Download as CSV"), written, name, "text/csv", key=Key.MEMBERS_FILE, icon=":material/download:", on_click="ignore")


def _columns(shown: list[str]) -> dict[str, object]:
    """How each column is written: numbers to the right, days as days."""
    column, known = st.column_config, attributes.every()
    kinds: dict[str, Callable[[str], object]] = {
        "count": lambda title: column.NumberColumn(title, format="localized"),
        "days": lambda title: column.NumberColumn(title, format="localized"),
        "coming": lambda title: column.NumberColumn(title, format="localized"),
        "money": lambda title: column.NumberColumn(title, format="%.2f"),
        "ratio": lambda title: column.NumberColumn(title, format="%.2f"),
        "date": lambda title: column.DateColumn(title, format="YYYY-MM-DD"),
        "flag": lambda title: column.CheckboxColumn(title),
    }
    plain = column.TextColumn
    return {name: kinds.get(known[name].kind if name in known else "", plain)(_column(name)) for name in shown}
