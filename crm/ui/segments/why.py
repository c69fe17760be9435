"""Why somebody is in or out: she is searched for, then every rung with what is known of her for each condition."""

from typing import Any

import streamlit as st

from crm.accounts.acting import Right
from crm.customers import attributes, searching
from crm.customers.searching import Found
from crm.segments import why, words
from crm.segments.why import Bought, Reason, Received, Standing, Why
from crm.ui import components, figures, session
from crm.ui.customer import view
from crm.ui.segments import state
from crm.ui.words import _, language

INDENT = "\u2003"
LISTED = 8
"""So many values of a set (products, tags) are named."""


class Key(session.Keys):
    WORDS = "why_words"
    WHO = "why_who"
    OPEN = "why_open"


def section() -> None:
    """The question below the members, for the ladder on screen; nothing where there is none."""
    if state.definition() is not None:
        st.subheader(_("Why is somebody in or out?"), anchor=False)
        with components.guard():
            _asked()


@st.fragment
def _asked() -> None:
    with components.guard():
        definition = state.definition()
        if definition is not None and (who := _who()):
            _answer(who, why.explain(session.store(), definition, who.customer_id, session.as_of()))


def _who() -> Found | None:
    """Whoever is meant: the only one that is found, or the one chosen among them."""
    full = session.may(Right.REVEAL)
    label = _("Name, nickname, phone number, e-mail address, account or order number") if full else _("Order number")
    hint = _("Phone number, e-mail address, account and order number as a whole; of a name a part is enough.")
    masked = _("Whoever does not see names in full finds customers by order number alone.")
    typed = st.text_input(label, key=Key.WORDS, max_chars=searching.LONGEST, icon=":material/search:", help=hint if full else masked)
    if not (typed or "").strip():
        st.caption(_("Look somebody up to see which rung of this ladder lets that customer through, and which does not."))
        return None
    answer = searching.find(session.store(), typed)
    if not answer.people:
        st.info(_("Nobody is found by that. Numbers and addresses have to be whole ones; of a name a part is enough."))
        return None
    if answer.total == 1:
        return answer.people[0]
    places = range(len(answer.people))
    more = _("{n} found, these are the first {shown}: be more exact, or choose", n=figures.count(answer.total), shown=len(places))
    found = more if answer.total > len(places) else _("{n} found: choose", n=figures.count(answer.total))
    labels = [_label(one) for one in answer.people]
    chosen = st.selectbox(found, places, None, labels.__getitem__, key=Key.WHO.of(language()), placeholder=_("Who is meant?"))
    return None if chosen is None else answer.people[chosen]


def _label(one: Found) -> str:
    row = {"province": one.province, "city": one.city}
    spend = figures.money(one.spend, session.shop().currency)
    parts = [view.name(one.nickname, one.name), view.place(row), _("{n} purchases", n=figures.count(one.purchases)), spend]
    return " · ".join(part for part in parts if part)


def _answer(who: Found, told: Why) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(_verdict(components.quoted(view.name(who.nickname, who.name)), told), width="stretch")
            if st.button(_("Open this customer"), icon=":material/person:", key=Key.OPEN):
                view.opened(who.customer_id)
        for place, rung in enumerate(told.rungs, 1):
            st.markdown(_rung(place, rung, told.failed))


def _verdict(name: str, told: Why) -> str:
    failed = told.failed
    if failed is None:
        return ":material/check_circle: " + _("**{name}** is in: every rung holds.", name=name)
    place = told.rungs.index(failed) + 1
    rung = components.quoted(failed.name)
    return ":material/cancel: " + _(
        "**{name}** is out: the first rung that does not hold is {place}, “{rung}”.", name=name, place=place, rung=rung
    )


def _rung(place: int, rung: Standing, failed: Standing | None) -> str:
    """A rung and its conditions: grey where it does not decide, what fails on the one that decides in the accent colour."""
    decides, reason = rung is failed, rung.reason
    only = _said(reason) if not _shown_parts(reason) else ""
    note = "" if rung.on or decides else " · " + (_("would hold") if rung.holds else _("would not hold either"))
    single = only and words.describe(reason.node, language()) == rung.name
    head = f"{place}. " + (only if single else components.quoted(rung.name)) + note
    title = f"**{_icon(rung.holds, decides)} {head}**" if decides else f":gray[{_icon(rung.holds, False)} {head}]"
    parts = reason.parts if "all" in reason.node else (reason,)
    return "  \n".join([title, *([] if single else [line for part in parts for line in _lines(part, 1, decides)])])


def _icon(holds: bool, decides: bool) -> str:
    icon = ":material/check:" if holds else ":material/close:"
    return f":primary[{icon}]" if decides else icon


def _lines(reason: Reason, depth: int, decides: bool, wanted: bool = True) -> list[str]:
    """A condition and what is known, then its parts, indented. Not grey is what is not as `wanted`, which “not” turns round."""
    decides = decides and reason.holds is not wanted
    line = f"{_icon(reason.holds, decides)} {_said(reason)}"
    wanted = wanted is not ("not" in reason.node)
    parts = [line for part in _shown_parts(reason) for line in _lines(part, depth + 1, decides, wanted)]
    return [INDENT * depth + (line if decides else f":gray[{line}]"), *parts]


def _shown_parts(reason: Reason) -> tuple[Reason, ...]:
    """The parts that get lines of their own: not that of “not this one condition”, which is one line."""
    return () if "not" in reason.node and not reason.parts[0].parts else reason.parts


def _said(reason: Reason) -> str:
    """A condition in words, with what is known; a group by what it asks of its parts."""
    if "in_segment" not in reason.node and _shown_parts(reason):
        return _("all of these") if "all" in reason.node else _("at least one of these") if "any" in reason.node else _("not this")
    known = reason.parts[0] if "not" in reason.node else reason
    words_ = components.quoted(words.describe(reason.node, language()))
    return words_ + (f" · {components.quoted(value(known))}" if known.has_value else "")


def value(reason: Reason) -> str:
    """What is known of her for a condition, as a person says it."""
    known = reason.value
    if isinstance(known, Bought):
        money, day = figures.money(known.spend, session.shop().currency, cents=True), figures.day(known.last_day)
        return (
            _("{n} purchases, {money}, the last on {day}", n=known.purchases, money=money, day=day)
            if known.purchases
            else _("no such purchase")
        )
    if isinstance(known, Received):
        day = figures.day(known.last_day)
        return _("{n} campaigns, the last on {day}", n=known.campaigns, day=day) if known.campaigns else _("none received")
    return field(reason.node["field"], known)


def field(name: str, known: Any) -> str:
    """The value of a field in words; “not known” where it is not."""
    if known is None:
        return _("not known")
    if isinstance(known, list):
        shown = [str(words.name(name, one, language())) for one in known[:LISTED]]
        return _("; ").join(shown) + (_(" and {n} more", n=len(known) - LISTED) if len(known) > LISTED else "")
    if isinstance(known, bool):
        return _("yes") if known else _("no")
    kind = attributes.every()[name].kind
    if kind == "money":
        return figures.money(known, session.shop().currency, cents=True)
    if kind in ("days", "coming"):
        days = f"{float(known):,.10g}"
        return _("{n} days", n=days) if kind == "days" else _("in {n} days", n=days)
    if kind == "date":
        return figures.day(known)
    if kind == "ratio":
        return f"{float(known):,.4g}"
    return figures.count(known) if kind == "count" else str(words.name(name, known, language()))
