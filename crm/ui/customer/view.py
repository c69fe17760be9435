"""One customer beside the page: who she is, her numbers, how she may be reached, the saved segments she is in, her orders.

opened(customer_id)              open her
key(base) · clicked(key, ids)    a table of people: its key, and who is opened by a click on a row
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from crm.accounts.acting import Right
from crm.accounts.masking import Kind
from crm.customers import lookup, measures
from crm.customers.lookup import Numbers
from crm.segments import belonging, words
from crm.ui import components, currencies, figures, personal, session
from crm.ui.customer.state import Key, LookedAt
from crm.ui.orders import wording
from crm.ui.words import _, language, sentence

PRODUCTS = 3
"""So many products of an order are named."""


def key(base: str) -> str:
    """The key of a table whose rows open customers: another one after each look, so that a click on the same row opens again."""
    looked = session.state(LookedAt)
    now = f"{base}_{looked.times}"
    if looked.table == now:  # the row that is still chosen was opened, and she was closed since
        looked.times, looked.table = looked.times + 1, ""
    return f"{base}_{looked.times}"


def clicked(table: str, ids: Sequence[str]) -> None:
    """Open whose row of the table (`on_select="rerun"`, `selection_mode="single-row"`) was just clicked. `ids`: of its rows, in order."""
    rows = (session.held(table) or {}).get("selection", {}).get("rows", [])
    if rows and rows[0] < len(ids):
        session.state(LookedAt).table = table
        opened(ids[rows[0]])


def opened(customer_id: str) -> None:
    """Show one customer in a dialog at the right side."""
    with components.guard():
        facts = lookup.customer(session.store(), customer_id)["facts"]
        title = components.quoted(name(facts["nickname"], facts["name"]))
        st.dialog(title, width="medium", position="right", on_dismiss="rerun")(_shown)(customer_id)


def name(nickname: str | None, name: str | None) -> str:
    """How somebody is called on a page: nickname and name, as this visitor sees them."""
    seen = [personal.shown(Kind.NAME, text) for text in dict.fromkeys([nickname, name]) if text]
    return " · ".join(seen) or _("no name known")


def place(row: Any) -> str:
    """Province and city in words, as far as they are known."""
    both = [words.name(part, value, language()) for part, value in (("province", row["province"]), ("city", row["city"])) if value]
    return " ".join(dict.fromkeys(both))


def _shown(customer_id: str) -> None:
    with components.guard():
        told = lookup.customer(session.store(), customer_id)
        facts = told["facts"]
        numbers, missing = lookup.numbers(session.store(), facts["customer_id"], session.as_of())
        st.caption(components.quoted(" · ".join(part for part in _line(facts, numbers) if part)))
        _numbers(facts, numbers)
        currencies.notice(missing, settings=False)
        _reach(told, numbers)
        if session.may(Right.SEGMENTS):
            _segments(facts["customer_id"])
        _orders(told)


def _line(facts: dict[str, Any], numbers: Numbers) -> list[str]:
    stage = measures.STAGES[numbers.stage][0 if language() == "zh_CN" else 1]
    first = facts["first_purchase_day"]
    return [stage, place(facts), str(facts["shop"] or ""), _("first bought on {day}", day=figures.day(first)) if first else ""]


def _numbers(facts: dict[str, Any], numbers: Numbers) -> None:
    currency = session.shop().currency
    ago, usual = numbers.recency_days, numbers.interval_days
    with st.grid(5, min_column_width=110):
        st.metric(_("Purchases"), figures.count(numbers.purchases))
        st.metric(_("Spend"), figures.money(numbers.spend, currency))
        st.metric(_("Average order"), figures.money(numbers.average_order_value, currency))
        last = None if ago is None else _("Last on {day}", day=figures.day(facts["last_purchase_day"]))
        st.metric(_("Since last purchase"), figures.NOTHING if ago is None else _("{n} days", n=figures.count(ago)), help=last)
        hint = _("The median of the days between two purchases; known from the second one on.")
        st.metric(_("Usual interval"), figures.NOTHING if usual is None else _("{n} days", n=figures.count(usual)), help=hint)


def _reach(told: dict[str, Any], numbers: Numbers) -> None:
    st.markdown(f"**{_('May be reached')}**")
    who, facts = told["who"] or {}, told["facts"]
    mail, phone = facts["email_norm"], who.get("phone")
    ways = [
        (numbers.email, "mail", _("by e-mail"), Kind.EMAIL, mail),
        (numbers.sms, "sms", _("by SMS"), Kind.PHONE, phone),
        (numbers.call, "call", _("by phone"), Kind.PHONE, phone),
    ]
    lines = [
        f":material/{icon}: {way} :gray[{components.quoted(personal.shown(kind, address or ''))}]"
        for yes, icon, way, kind, address in ways
        if yes
    ]
    st.markdown("  \n".join(lines) if lines else ":gray[" + _("In no way: there is no address that may be used.") + "]")


def _segments(customer_id: str) -> None:
    st.markdown(f"**{_('Saved segments')}**")
    told = belonging.of(session.store(), customer_id, session.as_of())
    inside = [f":material/check: {components.quoted(one.name)}" for one in told if one.inside]
    if inside:
        st.markdown("  \n".join(inside))
    else:
        st.caption(_("In none of the {n} saved segments.", n=figures.count(len(told))) if told else _("No segment is saved yet."))
    for one in told:
        if one.refusal:
            st.caption(_("“{name}” cannot be computed: ", name=components.quoted(one.name)) + sentence(one.refusal))


def _orders(told: dict[str, Any]) -> None:
    rows = told["orders"]
    st.markdown(f"**{_('Orders, newest first')}** :gray[{figures.count(len(rows))}]")
    if not rows:
        st.caption(_("No order is known of this customer."))
        return
    statuses = wording.statuses()
    lines = [
        {
            _("Day"): row["day"],
            _("Kept"): _kept(row),
            _("Status"): statuses.get(row["status"], row["status"]),
            _("Products"): _named(told["products"].get(row["order_key"], [])),
            _("Order"): row["order_id"],
        }
        for row in rows
    ]
    column = {
        _("Day"): st.column_config.DateColumn(format="YYYY-MM-DD"),
        _("Kept"): st.column_config.TextColumn(alignment="right"),
        _("Products"): st.column_config.TextColumn(width="medium"),
    }
    key = Key.ORDERS.of(language(), personal.full())
    st.dataframe(pd.DataFrame(lines), hide_index=True, width="stretch", height="auto", column_config=column, placeholder="", key=key)


def _kept(row: dict[str, Any]) -> str:
    """What the shop kept of an order, in the order's own currency."""
    kept, currency = row["paid"] - row["refunded"], row["currency"]
    return figures.money(kept, currency, cents=True) if currency == session.shop().currency else currencies.coded(kept, currency)


def _named(products: list[str]) -> str:
    return _("; ").join(products[:PRODUCTS]) + (" …" if len(products) > PRODUCTS else "")
