"""Why somebody is in or out: she is searched for, then every rung with what is known of her for each condition."""

import streamlit as st

from crm.accounts.acting import Right
from crm.customers import searching
from crm.customers.searching import Found
from crm.segments import why
from crm.segments.why import Why
from crm.ui import components, figures, session
from crm.ui.customer import parts, view
from crm.ui.segments import reasons, state
from crm.ui.words import _, language


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
    hint = _("The last four digits of a phone number or a part of a name are enough; e-mail address, account and order number as a whole.")
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
    said = [parts.name(one.nickname, one.name), parts.place(row), _("{n} purchases", n=figures.count(one.purchases)), spend]
    return " · ".join(part for part in said if part)


def _answer(who: Found, told: Why) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(_verdict(components.quoted(parts.name(who.nickname, who.name)), told), width="stretch")
            if st.button(_("Open this customer"), icon=":material/person:", key=Key.OPEN):
                view.opened(who.customer_id)
        for place, rung in enumerate(told.rungs, 1):
            st.markdown(reasons.rung(place, rung, told.failed))


def _verdict(name: str, told: Why) -> str:
    failed = told.failed
    if failed is None:
        return ":material/check_circle: " + _("**{name}** is in: every rung holds.", name=name)
    place = told.rungs.index(failed) + 1
    rung = components.quoted(failed.name)
    return ":material/cancel: " + _(
        "**{name}** is out: the first rung that does not hold is {place}, “{rung}”.", name=name, place=place, rung=rung
    )
