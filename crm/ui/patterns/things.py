"""Tables of categories or products: when people buy them again, what they bring people back or end, what is bought after what."""

from datetime import date
from typing import Any

import streamlit as st

from crm.customers.bins import UNKNOWN
from crm.patterns import affinity, cycle, firsts
from crm.patterns.affinity import Pair
from crm.patterns.cycle import Cycle
from crm.patterns.firsts import Item
from crm.patterns.keeping import LEAST
from crm.ui import figures, menu, session
from crm.ui.patterns import groups
from crm.ui.patterns.state import Key
from crm.ui.words import _, language

WITHIN = (30, 60, 90, 180)
PAIRS = 60


def choose_kind() -> str:
    """Categories or products."""
    names = {"category": _("Categories"), "product": _("Products")}
    kind = st.segmented_control(
        _("Of what"),
        list(names),
        default="category",
        required=True,
        format_func=names.get,
        label_visibility="collapsed",
        key=Key.KIND.of(language()),
        persist_state="session",
    )
    return kind or "category"


def _nothing() -> None:
    st.caption(_("Your files name no products, or no product is in a category yet."))
    menu.link("products", _("Put products in categories"), "sell")


def _heading(kind: str) -> str:
    return _("Category") if kind == "category" else _("Product")


def show_cycle(as_of: date, kind: str) -> None:
    """Usual days, who is due, who is late; a row's people become a segment."""
    found = cycle.compute(session.store(), as_of, kind)
    if not found:
        _nothing()
        return
    due, late, soon = _("Due now"), _("Late"), _("In 30 days")
    rows = [{_heading(kind): one.item, _("Usual days"): _usual(one), due: one.due, late: one.late, soon: one.soon} for one in found]
    place = groups.table(rows, Key.CYCLE.of(kind), numbers=[due, late, soon])
    if place is None:
        st.caption(
            _(
                "Median days from buying it to buying it again, with the middle half in brackets; who bought it once has no interval. Due: "
                "bought it that long ago, late: longer ago, once-only buyers among them. Click a row for its people."
            )
        )
    elif found[place].median is not None:
        _who(found[place])


def _usual(one: Cycle) -> str:
    if one.median is None:
        return _("Cannot be computed: only {n} people bought it twice", n=figures.count(one.again))
    return _("{median} days ({low}–{high})", median=figures.count(one.median), low=one.low, high=one.high)


def _who(one: Cycle) -> None:
    parts = {"due": (_("Due now"), one.due_node), "late": (_("Late"), one.late_node)}
    with st.container(horizontal=True, vertical_alignment="center"):
        for key, (words, node) in parts.items():
            st.markdown(f"{words}:", width="content")
            groups.offer(node, f"cycle_{key}")


def show_firsts(as_of: date, kind: str) -> None:
    """Which beginnings bring people back, after which purchases they stay away."""
    found = firsts.compute(session.store(), as_of, kind)
    if not [one for one in found.items if one.item != UNKNOWN]:
        _nothing()
        return
    back, ended = _("Came back"), _("Not back after")
    rows = [_beginning(one, kind, back, ended) for one in found.items]
    place = groups.table(rows, Key.FIRSTS.of(kind), [back, ended], [_("Began with it")])
    if place is not None:
        groups.offer(found.items[place].node, "firsts")
        return
    st.caption(
        _(
            "Of all who began with it: who bought anything again within {within} days ({all} on the whole). Of all its purchases: "
            "after how many nothing came for {days} days ({ended} on the whole). Empty: fewer than {least}.",
            within=firsts.WITHIN,
            all=figures.percent(found.whole.back_share),
            days=found.ended_days,
            ended=figures.percent(found.whole.ended_share),
            least=LEAST,
        )
    )


def _beginning(one: Item, kind: str, back: str, ended: str) -> dict[str, Any]:
    name = _("Unknown") if one.item == UNKNOWN else one.item
    return {_heading(kind): name, _("Began with it"): one.customers, back: one.back_share, ended: one.ended_share}


def show_affinity(as_of: date, kind: str) -> None:
    """What is bought after what; whom it would reach becomes a segment."""
    names = {days: _("within {days} days", days=days) for days in WITHIN}
    days = st.segmented_control(
        _("Then bought"),
        WITHIN,
        default=affinity.DAYS,
        required=True,
        format_func=names.get,
        label_visibility="collapsed",
        key=Key.WITHIN.of(language()),
        persist_state="session",
    )
    found = affinity.compute(session.store(), as_of, kind, days or affinity.DAYS)
    if not found:
        st.caption(_("Cannot be computed: no two of them were bought one after the other by {n} people.", n=LEAST))
        return
    place = groups.table(
        [_pair(one) for one in found[:PAIRS]], Key.AFFINITY.of(kind), [_("Did so"), _("Of all buyers")], [_("People"), _("Would reach")]
    )
    if place is not None:
        groups.offer(found[place].node, "affinity")
        return
    st.caption(
        _(
            "Did so: of those who bought the first at least {days} days ago, who bought the second on a later day within {days} days. "
            "Lift: how many times as often as after anything else. Would reach: bought the first in the last {days} days and never "
            "the second.",
            days=days or affinity.DAYS,
        )
    )


def _pair(one: Pair) -> dict[str, Any]:
    return {
        _("Bought first"): one.first,
        _("Then"): one.then,
        _("People"): one.people,
        _("Did so"): one.confidence,
        _("Of all buyers"): one.support,
        _("Lift"): None if one.lift is None else round(one.lift, 1),
        _("Would reach"): one.reach,
    }
