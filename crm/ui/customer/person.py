"""One customer's page: all that is read of her, who she is, her class and stage with the reason, and everything that is known of her."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from crm.accounts import masking
from crm.customers import attributes, lookup, missing
from crm.customers.lookup import Numbers
from crm.customers.other_currencies import Missing
from crm.segments import why
from crm.ui import components, currencies, figures, personal, session
from crm.ui.customer import parts
from crm.ui.segments import reasons
from crm.ui.words import _, label
from crm.uploads import dossier


@dataclass(frozen=True)
class Person:
    """All of her: rows of `lookup.customer`, her numbers, her dossier's fields as text, which agreements are known, what is not known."""

    customer_id: str
    told: dict[str, Any]
    numbers: Numbers
    without_rate: Missing
    fields: dict[str, str]
    values: dict[str, Any]

    @property
    def missing(self) -> list[str]:
        """What to ask next, the most useful first."""
        consent = {"email": self.values["consent_email"], "sms": self.values["consent_sms"]}
        return missing.of(self.told["facts"], self.fields, consent)


def read(customer_id: str) -> Person:
    """Everything about her. Raises NotFoundError."""
    store, today = session.store(), session.as_of()
    told = lookup.customer(store, customer_id)
    lives_on = told["facts"]["customer_id"]
    numbers, without_rate = lookup.numbers(store, lives_on, today)
    values = why.fields(store, lives_on, today)
    return Person(lives_on, told, numbers, without_rate, dossier.known(store, lives_on), values)


def heading(of: Person) -> None:
    """Who she is, where, whose; her class and stage."""
    facts = of.told["facts"]
    st.title(components.quoted(parts.name(facts["nickname"], facts["name"])), anchor=False)
    erased = lookup.erased_at(session.store(), of.customer_id)
    if erased:
        when = figures.moment(erased, session.shop().timezone)
        st.warning(
            _(
                "This customer was erased on {when}. Nothing personal is left; the orders go on counting under a name nobody knows.",
                when=when,
            )
        )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(_class(of.numbers.purchases), color="primary", help=_why_class(of.numbers.purchases))
        st.badge(parts.stage(of.numbers), color="gray" if of.numbers.stage in ("lost", "never") else "primary", help=_why_stage(of.numbers))
        first = facts["first_purchase_day"]
        line = [
            parts.place(facts),
            _("birthday {day}, in {n} days", day=born(of.fields["birthday"]), n=of.values["birthday"])
            if of.values["birthday"] is not None
            else "",
            _("looked after by {who}", who=of.fields["owner"]) if of.fields["owner"] else "",
            _("first bought on {day}", day=figures.day(first)) if first else "",
        ]
        st.caption(components.quoted(" · ".join(part for part in line if part)), width="content")
    st.caption(_why_class(of.numbers.purchases) + " " + _why_stage(of.numbers))


def _class(purchases: int) -> str:
    shop = session.shop()
    if purchases >= shop.fan_purchases:
        return _("Fan")
    if purchases >= shop.repeat_purchases:
        return _("Repeat customer")
    return _("New customer") if purchases else _("Never bought")


def _why_class(purchases: int) -> str:
    shop = session.shop()
    told = {"n": figures.count(purchases), "repeat": shop.repeat_purchases, "fan": shop.fan_purchases}
    return _("{n} purchases; repeat customers from {repeat}, fans from {fan}.", **told)


def _why_stage(numbers: Numbers) -> str:
    if numbers.recency_days is None:
        return _("No purchase is known.")
    shop = session.shop()
    told = {"n": figures.count(numbers.recency_days), "active": shop.active_days, "sleeping": shop.sleeping_days}
    return _("Last bought {n} days ago; active up to {active} days, sleeping up to {sleeping}, then lost.", **told)


def born(text: str) -> str:
    """A birthday as it is kept, in words."""
    plain = text.removeprefix("lunar ")
    return plain if plain == text else _("{day} (lunar)", day=plain)


def numbers(of: Person) -> None:
    """What she bought."""
    parts.numbers(of.told["facts"], of.numbers, border=True)
    currencies.notice(of.without_rate, settings=False)


def facts(of: Person) -> None:
    """Every attribute: its value of her, and how it is made."""
    rows = [
        {_("What"): label(known), _("Value"): _value(name, of.values[name]), _("How it is made"): _(known.meaning)}
        for name, known in attributes.every().items()
    ]
    columns = {_("How it is made"): st.column_config.TextColumn(width="large")}
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", height=560, column_config=columns, placeholder="")


def _value(name: str, known: Any) -> str:
    text = reasons.field(name, known)
    kind = masking.PERSONAL.get(name)
    return personal.shown(kind, text) if kind and known is not None else text
