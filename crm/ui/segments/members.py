"""The members of a rung as a table, a page at a time, and as a file."""

import io
from math import ceil

import pandas as pd
import streamlit as st

from crm import clock, segments
from crm.accounts import masking
from crm.accounts.acting import Right
from crm.customers import measures
from crm.segments import export, words
from crm.segments.ladder import RungCount
from crm.ui import components, figures, personal, session
from crm.ui.segments import state
from crm.ui.segments.state import Key
from crm.ui.words import _, language

PAGE = 25
SHOWN = """
nickname name province city purchases spend last_purchase_day favourite_category email_norm phone_quality call_before
""".split()


def members(items: list[RungCount]) -> None:
    """Who stands on a rung: highest spend first."""
    definition = state.definition()
    if definition is None or not items:
        return
    st.subheader(_("Who they are"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = [step.name for step in definition.rungs]
        rung = st.selectbox(_("Rung"), names, len(names) - 1, key=Key.MEMBERS_RUNG.of(language(), len(names), names[-1]))
        _download(rung)
    people = next(step.customers for step in items[1:] if step.name == rung)
    if not people:
        st.caption(_("Nobody stands on this rung. Loosen one of its conditions."))
        return
    pages = max(1, ceil(people / PAGE))
    page = components.page(pages, Key.MEMBERS_PAGE.of(rung, pages))
    frame = _masked(segments.page(session.store(), definition, session.as_of(), rung, limit=PAGE, offset=(page - 1) * PAGE))
    for place in ("province", "city"):
        frame[place] = [words.name(place, name, language()) for name in frame[place]]
    kinds = {key: names[0 if language() == "zh_CN" else 1] for key, names in measures.PHONE_QUALITIES.items()}
    frame["phone_quality"] = frame["phone_quality"].map(kinds)
    key = Key.MEMBERS_TABLE.of(personal.full())  # a table that stays keeps its widths, and names in full would be cut
    table = export.shown(frame[SHOWN])
    st.dataframe(table, hide_index=True, width="stretch", column_config=_columns(), height="content", placeholder="", key=key)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(_("{n} people, highest spend first", n=figures.count(people)))
        if pages > 1:
            st.pagination(pages, key=Key.MEMBERS_PAGE.of(rung, pages))


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


def _columns() -> dict[str, object]:
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    return {
        "nickname": text(_("Nickname"), pinned=True),
        "name": text(_("Name")),
        "province": text(_("Province")),
        "city": text(_("City")),
        "purchases": number(_("Purchases"), format="localized"),
        "spend": number(_("Spend"), format="%.2f"),
        "last_purchase_day": st.column_config.DateColumn(_("Last purchase"), format="YYYY-MM-DD"),
        "favourite_category": text(_("Favourite category")),
        "email_norm": text(_("E-mail")),
        "phone_quality": text(_("Phone number")),
        "call_before": st.column_config.DateColumn(
            _("Call before"), format="YYYY-MM-DD", help=_("A platform's virtual number dies 15 days after the order is completed.")
        ),
    }
