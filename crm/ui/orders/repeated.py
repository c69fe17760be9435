"""Import page: whether the rows of one order are its lines or payments, which add up, or what became of it, where the latest counts."""

import json
from pathlib import Path
from typing import Any

import streamlit as st

from crm.imports import repeating
from crm.imports.evidence import PRODUCTS
from crm.imports.inspection import Proposal
from crm.imports.repeating import Repeats
from crm.layouts import mapping
from crm.ui import components, session
from crm.ui.figures import money
from crm.ui.orders import reasons, state
from crm.ui.orders.state import Key, MappingDraft
from crm.ui.words import _, language

ANSWERS: dict[str, dict[str, str]] = {"line": {"grain": "line", "amounts": "sum"}, "order": {"grain": "order"}}
"""What each answer is in the words of a map file."""


def repeats(proposal: Proposal, path: Path, given: dict[str, Any]) -> Repeats | None:
    """An order of the file that has to be asked about, looked up once for each mapping."""
    if "order_id" not in given["columns"] or PRODUCTS & set(given["columns"]) or _unique(proposal, given["columns"]["order_id"]):
        return None
    known = state.of(path).repeats
    unsaid = {name: value for name, value in given.items() if name not in repeating.ANSWERS}
    key = json.dumps(unsaid, sort_keys=True)
    if key not in known:
        with st.spinner(_("Looking at {file} …", file=components.quoted(proposal.file))):
            known[key] = repeating.look(session.store(), path, unsaid, session.shop())
    return known[key]


def _unique(proposal: Proposal, column: str | int) -> bool:
    """Whether the whole file was asked about this column before, and no id stands on two rows."""
    place = mapping.chosen(proposal.guesses).get("order_id")
    asked = place is not None and column in (place + 1, proposal.names[place])
    return asked and proposal.evidence is not None and not proposal.evidence.repeated


def ask(path: Path, kept: MappingDraft, one: Repeats) -> bool:
    """Draw the question; what is said goes into `kept.reading`. Whether it is still open."""
    now, currency = kept.reading.get("grain"), kept.reading.get("currency") or session.shop().currency
    result = reasons.question("repeats")
    with st.container(border=True):
        st.markdown(f"**{result}**")
        st.caption(_("Some order ids stand on several rows with different amounts, and no column names products."))
        chosen = st.radio(
            result,
            list(ANSWERS),
            index=list(ANSWERS).index(now) if now in ANSWERS else None,
            format_func=lambda answer: _names()[answer],
            captions=_follows(one, currency),
            horizontal=True,
            label_visibility="collapsed",
            key=Key.ASK.of("repeats", path, language()),
        )
    if chosen:
        kept.reading |= {"amounts": ""} | ANSWERS[chosen]
    return chosen is None


def _names() -> dict[str, str]:
    return {"line": _("lines or payments of the order: they add up"), "order": _("what became of the order: the latest row counts")}


def _follows(one: Repeats, currency: str) -> list[str]:
    """What one of the orders comes to with each answer."""
    order = components.quoted(one.order_id[:40])
    cells = " + ".join(f"{amount:,.2f}" for amount in one.amounts) + (" + …" if one.more else "")
    added, latest = money(one.sum, currency, cents=True), money(one.latest, currency, cents=True)
    return [
        _("order {order} comes to {cells} = {total}", order=order, cells=cells, total=added),
        _("order {order} comes to {total}", order=order, total=latest),
    ]
