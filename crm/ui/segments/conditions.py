"""Editing one condition of a rung: which field, how compared, with what."""

from datetime import date
from typing import Any

import streamlit as st

from crm.customers import attributes, festivals
from crm.customers.attribute import Attribute
from crm.segments import ops, periods, saved, words
from crm.segments.filters import EVENTS
from crm.segments.ops import BY_KIND, OPS
from crm.ui import components, session
from crm.ui.segments import fields, listed, values
from crm.ui.segments.state import Key
from crm.ui.segments.tree import Condition, Node
from crm.ui.words import _, label, language


def editor(condition: Condition) -> None:
    """Draw one condition; its node follows what is typed."""
    sort = _sort(condition.node)
    if sort is None:  # an empty group, which only a file can hold
        st.markdown(components.quoted(words.describe(condition.node, language())))
    else:
        condition.node = _edited(sort, condition.node, f"{condition.id}_{language()}")


def _sort(node: Node) -> str | None:
    return node.get("field") or next((name for name in fields.SPECIAL if name in node), None)


def _edited(sort: str, node: Node, key: str) -> Node:
    with st.grid(3, min_column_width=200):
        sorts = fields.sorts()
        chosen = st.selectbox(_("Field"), sorts, sorts.index(sort), fields.title, key=Key.FIELD.of(key), label_visibility="collapsed")
        node = node if chosen == sort else fields.carried(node, chosen)
        if chosen not in fields.SPECIAL:
            return _field(attributes.every()[chosen], node, key)
        if chosen != "in_list":  # which has much to show
            return {chosen: FORMS[chosen](node.get(chosen), key)}
    return {"in_list": listed.form(node.get("in_list"), key)}


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


def _several(words_: str, options: list[str], before: Any, key: str, *, new: bool = False, shown: Any = str) -> list[str]:
    """Any of some values; with `new` also others that are typed."""
    given = fields.several(before)
    some = list(dict.fromkeys([*given, *options]))
    chosen: list[str] = st.multiselect(words_, some, given, shown, key=key, placeholder=_("Any"), select_all=False, accept_new_options=new)
    return chosen


def _as_before(chosen: list[str], before: Any) -> Any:
    """One text stays one text where that is how it was written down."""
    return chosen[0] if isinstance(before, str) and chosen == [before] else chosen


def _bought(before: Any, key: str) -> Node:
    given = before or {}
    known = values.known("categories", session.as_of())
    shown = values.shown(attributes.every()["categories"])
    category = _several(_("Category"), known, given.get("category"), Key.BOUGHT.of("category", key), shown=shown)
    product = _several(_("Product name contains"), [], given.get("product"), Key.BOUGHT.of("product", key), new=True)
    wanted = _when(given, key)
    least = st.number_input(_("At least so many orders"), 0, 100_000, int(given.get("at_least", 1)), key=Key.BOUGHT.of("least", key))
    start = float(given.get("spend_at_least", 0))
    money = st.number_input(_("Spending at least"), min(0.0, start), 1e15, start, 50.0, key=Key.BOUGHT.of("spend", key))
    wanted |= {"category": _as_before(category, given.get("category"))} if category else {}
    wanted |= {"product": _as_before(product, given.get("product"))} if product else {}
    wanted |= {"at_least": int(least)} if least != 1 or "at_least" in given or not wanted else {}
    return wanted | ({"spend_at_least": int(money) if money == int(money) else money} if money or "spend_at_least" in given else {})


WHEN = ("ever", "within_days", "period", "since", "node", "between")


def _when(given: Node, key: str) -> Node:
    titles = {
        "ever": _("ever"),
        "within_days": _("in the last days"),
        "period": _("in a period"),
        "since": _("since a campaign node"),
        "node": _("at a campaign node"),
        "between": _("between two days"),
    }
    told = [name for name in ("within_days", "period", "since", "node") if name in given]
    now = told[0] if told else "between" if given.keys() & {"from", "to"} else "ever"
    when = st.selectbox(_("When"), WHEN, WHEN.index(now), lambda one: titles[one], key=Key.BOUGHT.of("when", key))
    if when == "within_days":
        days = st.number_input(_("Days"), 0, 36500, int(given.get("within_days", 365)), key=Key.BOUGHT.of("days", key))
        return {"within_days": int(days)}
    if when == "between":
        return _between(given, key)
    if when == "ever":
        return {}
    names = list(periods.NAMES) if when == "period" else list(festivals.names())
    place = names.index(given.get(when, "last_month" if when == "period" else "双十一"))
    shown = (lambda one: words.pick(periods.NAMES[one], language())) if when == "period" else (lambda one: festivals.title(one, language()))
    title = _("Period") if when == "period" else _("Campaign node")
    return {when: st.selectbox(title, names, place, shown, key=Key.BOUGHT.of(when, key))}


def _between(given: Node, key: str) -> Node:
    """One day or both: without the other the stretch is open on that side."""
    wanted: Node = {}
    for name, words_ in (("from", _("From")), ("to", _("To"))):
        day = date.fromisoformat(given[name]) if name in given else None
        first = date(1990, 1, 1)
        typed = st.date_input(words_, day, key=Key.BOUGHT.of(name, key), format="YYYY-MM-DD", min_value=min(first, day or first))
        wanted |= {name: typed.isoformat()} if isinstance(typed, date) else {}
    return wanted


def _received(before: Any, key: str) -> Node:
    given = before or {}
    rows = session.store().rows("SELECT DISTINCT name FROM campaigns ORDER BY name")
    campaign = _several(_("Campaign"), [row["name"] for row in rows], given.get("campaign"), Key.RECEIVED.of(key))
    place = EVENTS.index(given["event"]) if given.get("event") in EVENTS else None
    event = st.selectbox(_("And then"), EVENTS, place, _event_words, key=Key.RECEIVED.of("event", key), placeholder=_("whatever happened"))
    days = st.number_input(
        _("Within the last days"),
        0,
        36500,
        given.get("within_days", None if given else 365),
        key=Key.RECEIVED.of("days", key),
        placeholder=_("ever"),
    )
    wanted: Node = {"campaign": _as_before(campaign, given.get("campaign"))} if campaign else {}
    wanted |= {"channel": given["channel"]} if "channel" in given else {}
    wanted |= {"event": event} if event else {}
    return wanted | ({"within_days": int(days)} if days is not None else {})


def _event_words(event: str) -> str:
    return words.pick(words.EVENTS[event], language())


def _in_segment(before: Any, key: str) -> str | None:
    names = [row.name for row in saved.listed(session.store())]
    names = names if before in (None, *names) else [before, *names]
    place = names.index(before) if before else None
    chosen: str | None = st.selectbox(
        _("Segment"), names, place, key=Key.IN_SEGMENT.of(key), label_visibility="collapsed", placeholder=_("Choose")
    )
    return chosen


FORMS = {"bought": _bought, "received": _received, "in_segment": _in_segment}
