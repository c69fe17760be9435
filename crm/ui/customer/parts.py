"""What the dialog and the page of a customer share: how she is called, her numbers, how she may be reached, the segments she is in."""

from typing import Any

import streamlit as st

from crm.accounts.masking import Kind
from crm.customers import measures
from crm.customers.lookup import Numbers
from crm.segments import belonging, words
from crm.segments.belonging import Belonging
from crm.ui import components, figures, personal, session
from crm.ui.words import _, language, sentence


def name(nickname: str | None, name: str | None) -> str:
    """How somebody is called on a page: nickname and name, as this visitor sees them."""
    seen = [personal.shown(Kind.NAME, text) for text in dict.fromkeys([nickname, name]) if text]
    return " · ".join(seen) or _("no name known")


def place(row: Any) -> str:
    """Province and city in words, as far as they are known."""
    both = [words.name(part, value, language()) for part, value in (("province", row["province"]), ("city", row["city"])) if value]
    return " ".join(dict.fromkeys(both))


def stage(numbers: Numbers) -> str:
    """Active, sleeping, lost, never bought."""
    return measures.STAGES[numbers.stage][0 if language() == "zh_CN" else 1]


def numbers(facts: dict[str, Any], of: Numbers, border: bool = False) -> None:
    """What she bought, each number with its formula."""
    currency = session.shop().currency
    ago, usual = of.recency_days, of.interval_days
    with st.grid(5, min_column_width=140 if border else 110):
        hint = _("Paid minus refunded, over all purchases.")
        st.metric(_("Spend"), figures.money(of.spend, currency), help=hint, border=border)
        hint = _("Orders that were paid and not wholly refunded.")
        st.metric(_("Purchases"), figures.count(of.purchases), help=hint, border=border)
        hint = _("Spend ÷ purchases.")
        st.metric(_("Average order"), figures.money(of.average_order_value, currency), help=hint, border=border)
        last = None if ago is None else _("Last on {day}", day=figures.day(facts["last_purchase_day"]))
        since = figures.NOTHING if ago is None else _("{n} days", n=figures.count(ago))
        st.metric(_("Since last purchase"), since, help=last, border=border)
        hint = _("The median of the days between two purchases; known from the second one on.")
        every = figures.NOTHING if usual is None else _("{n} days", n=figures.count(usual))
        st.metric(_("Usual interval"), every, help=hint, border=border)


def reach(told: dict[str, Any], of: Numbers) -> None:
    """By which channels she may be reached, and at which address."""
    who, facts = told["who"] or {}, told["facts"]
    mail, phone = facts["email_norm"], who.get("phone")
    ways = [
        (of.email, "mail", _("by e-mail"), Kind.EMAIL, mail),
        (of.sms, "sms", _("by SMS"), Kind.PHONE, phone),
        (of.call, "call", _("by phone"), Kind.PHONE, phone),
    ]
    lines = [
        f":material/{icon}: {way} :gray[{components.quoted(personal.shown(kind, address or ''))}]"
        for yes, icon, way, kind, address in ways
        if yes
    ]
    st.markdown("  \n".join(lines) if lines else ":gray[" + _("In no way: there is no address that may be used.") + "]")


def segments(customer_id: str) -> list[Belonging]:
    """The saved segments she is in; says where there is none, and which cannot be computed."""
    told = belonging.of(session.store(), customer_id, session.as_of())
    inside = [one for one in told if one.inside]
    if not inside:
        st.caption(_("In none of the {n} saved segments.", n=figures.count(len(told))) if told else _("No segment is saved yet."))
    for one in told:
        if one.refusal:
            st.caption(_("“{name}” cannot be computed: ", name=components.quoted(one.name)) + sentence(one.refusal))
    return inside
