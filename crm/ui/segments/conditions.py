"""Editing one condition of a rung: which field, how compared, with what."""

from datetime import date
from typing import Any

import streamlit as st

from crm.customers import attributes
from crm.customers.attribute import Attribute
from crm.segments import nodes, ops, saved, words
from crm.segments.filters import EVENTS
from crm.segments.ops import BY_KIND, OPS
from crm.ui import components, session
from crm.ui.segments import fields, values
from crm.ui.segments.state import Condition, Key, Node
from crm.ui.words import _, label, language


def editor(condition: Condition) -> bool:
    """Draw one condition; its node follows what is typed. True when it is to be removed."""
    key, node = f"{condition.id}_{language()}", condition.node
    sort = _sort(node)
    with st.container(border=True):
        left, right = st.columns([14, 1])
        with left:
            if sort is None:
                st.markdown(components.quoted(words.describe(node, language())))
            else:
                condition.node = _edited(sort, node, key)
        gone = right.button("", icon=":material/close:", help=_("Remove this condition"), type="tertiary", key=Key.CONDITION_GONE.of(key))
        return bool(gone)


def _sort(node: Node) -> str | None:
    """The field or special sort of a condition; None for nested filters, which are shown but not taken apart."""
    return node.get("field") or next((name for name in fields.SPECIAL if name in node), None)


def _edited(sort: str, node: Node, key: str) -> Node:
    with st.grid(3, min_column_width=200):
        sorts = fields.sorts()
        chosen = st.selectbox(_("Field"), sorts, sorts.index(sort), fields.title, key=Key.FIELD.of(key), label_visibility="collapsed")
        node = node if chosen == sort else fields.carried(node, chosen)
        if chosen not in fields.SPECIAL:
            return _field(attributes.every()[chosen], node, key)
        return {chosen: FORMS[chosen](node.get(chosen), key)}


def _field(field: Attribute, node: Node, key: str) -> Node:
    names = list(BY_KIND[field.kind])
    now = node.get("op", names[0])
    op = st.selectbox(
        _("Comparison"),
        names,
        names.index(now),
        lambda one: label(ops.of(field.kind, one)),
        key=Key.OP.of(key, field.name),
        label_visibility="collapsed",
    )
    value = values.value(field, op, node.get("value"), Key.VALUE.of(key, field.name, op))
    return {"field": field.name, "op": op} | ({} if OPS[op].needs == "nothing" else {"value": value})


def _bought(before: Any, key: str) -> Node:
    given = before or {}
    wanted: Node = {}
    category = given.get("category", [])
    known = values.known("categories", session.as_of())
    chosen = st.multiselect(
        _("Category"),
        list(dict.fromkeys([*fields.several(category), *known])),
        fields.several(category),
        values.shown(attributes.every()["categories"]),
        key=Key.BOUGHT.of("category", key),
        placeholder=_("Any"),
        select_all=False,
    )
    named = "".join(fields.several(given.get("product", "")))
    product = st.text_input(_("Product name contains"), named, 100, key=Key.BOUGHT.of("product", key), live=True)
    wanted |= _when(given, key)
    least = st.number_input(_("At least so many orders"), 1, 1000, int(given.get("at_least", 1)), key=Key.BOUGHT.of("least", key))
    money = st.number_input(_("Spending at least"), 0.0, 1e9, float(given.get("spend_at_least", 0)), 50.0, key=Key.BOUGHT.of("spend", key))
    wanted |= {"category": chosen} if chosen else {}
    wanted |= {"product": product} if product else {}
    return wanted | {"at_least": int(least)} | ({"spend_at_least": money} if money else {})


WHEN = ("ever", "within_days", "period", "node")


def _when(given: Node, key: str) -> Node:
    words_ = {"ever": _("ever"), "within_days": _("in the last days"), "period": _("between two days"), "node": _("at a campaign node")}
    now = next((name for name in ("within_days", "node") if name in given), "period" if given.keys() & {"from", "to"} else "ever")
    when = st.selectbox(_("When"), WHEN, WHEN.index(now), lambda one: words_[one], key=Key.BOUGHT.of("when", key))
    if when == "within_days":
        days = st.number_input(_("Days"), 0, 36500, int(given.get("within_days", 365)), key=Key.BOUGHT.of("days", key))
        return {"within_days": int(days)}
    if when == "node":
        names = nodes.names()
        place = names.index(given.get("node", "双十一"))
        return {"node": st.selectbox(_("Campaign node"), names, place, key=Key.BOUGHT.of("node", key))}
    return _period(given, key) if when == "period" else {}


def _period(given: Node, key: str) -> Node:
    today = session.as_of()
    start = st.date_input(
        _("From"), date.fromisoformat(given.get("from", f"{today.year}-01-01")), key=Key.BOUGHT.of("from", key), format="YYYY-MM-DD"
    )
    end = st.date_input(_("To"), date.fromisoformat(given.get("to", today.isoformat())), key=Key.BOUGHT.of("to", key), format="YYYY-MM-DD")
    return {"from": start.isoformat(), "to": end.isoformat()}


def _received(before: Any, key: str) -> Node:
    given = before or {}
    names = [row["name"] for row in session.store().rows("SELECT DISTINCT name FROM campaigns ORDER BY name")]
    campaign = fields.several(given.get("campaign", []))
    chosen = st.multiselect(
        _("Campaign"), list(dict.fromkeys([*campaign, *names])), campaign, key=Key.RECEIVED.of(key), placeholder=_("Any"), select_all=False
    )
    place = EVENTS.index(given["event"]) if given.get("event") in EVENTS else None
    event = st.selectbox(_("And then"), EVENTS, place, _event_words, key=Key.RECEIVED.of("event", key), placeholder=_("whatever happened"))
    days = st.number_input(_("Within the last days"), 1, 36500, int(given.get("within_days", 365)), key=Key.RECEIVED.of("days", key))
    wanted: Node = {"within_days": int(days)} | ({"campaign": chosen} if chosen else {})
    return wanted | ({"event": event} if event else {})


def _event_words(event: str) -> str:
    return words.EVENTS[event][0 if language() == "zh_CN" else 1]


def _in_segment(before: Any, key: str) -> str | None:
    names = [row.name for row in saved.listed(session.store())]
    place = names.index(before) if before in names else None
    chosen: str | None = st.selectbox(
        _("Segment"), names, place, key=Key.IN_SEGMENT.of(key), label_visibility="collapsed", placeholder=_("Choose")
    )
    return chosen


FORMS = {"bought": _bought, "received": _received, "in_segment": _in_segment}
