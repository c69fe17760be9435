"""Finding a customer from any page: the box in the menu, whoever is found, the way to her page and along the list she was opened from."""

import pandas as pd
import streamlit as st

from crm.accounts.acting import Right
from crm.customers import lookup, searching
from crm.customers.searching import Found
from crm.ui import components, figures, personal, session
from crm.ui.customer import parts
from crm.ui.customer.state import ADDRESS, CustomerState, Key, Trail
from crm.ui.words import _, language

HINT = "The last four digits of a phone number or a part of a name are enough; e-mail address, account and order number as a whole."
MASKED = "Whoever does not see names in full finds customers by order number alone."


def box() -> None:
    """In the menu of every page, for those who may see customers."""
    if not session.may(Right.CUSTOMERS):
        return
    full, page = session.may(Right.REVEAL), session.state(CustomerState)
    typed = st.sidebar.text_input(
        _("Find a customer"),
        key=Key.SEARCH.of(page.searches),
        icon=":material/search:",
        placeholder=_("Name, phone, order …") if full else _("Order number"),
        help=_(HINT) if full else _(MASKED),
        autocomplete="off",
    )
    if (typed or "").strip():
        _look(str(typed))


def _look(typed: str) -> None:
    """To her page, where one is meant; else to the list of those who are found."""
    page = session.state(CustomerState)
    page = session.fresh(CustomerState, CustomerState(words=typed, searches=page.searches + 1))
    with components.guard():
        answer = searching.find(session.store(), typed)
        if answer.total == 1:
            go(answer.people[0].customer_id)
        st.switch_page(session.page_path("customer.py"))


def go(customer_id: str, trail: Trail | None = None) -> None:
    """Open the page of a customer. Ends the run."""
    sign = lookup.sign(session.store(), customer_id)
    kept = session.state(CustomerState)
    session.fresh(CustomerState, CustomerState(customer_id, sign, trail, kept.words, searches=kept.searches))
    st.switch_page(session.page_path("customer.py"), query_params={ADDRESS: sign})


def asked() -> str:
    """Whose page this is, by the address; empty for nobody yet."""
    page, sign = session.state(CustomerState), st.query_params.get(ADDRESS)
    if sign and page.sign != sign:
        page = session.fresh(CustomerState, CustomerState(lookup.signed(session.store(), sign) or "", sign, searches=page.searches))
        if not page.customer_id:
            st.warning(_("There is no such customer any more: joined with another one, erased, or taken back with an import."))
    elif not sign:
        page.customer_id = page.sign = ""
    return page.customer_id


def found() -> None:
    """Who is meant by what was typed, as a list in which a click opens her page."""
    page = session.state(CustomerState)
    if not page.words:
        st.info(_("Type a name, a phone number or its last four digits, an e-mail address or an order number into the box in the menu."))
        return
    answer = searching.find(session.store(), page.words)
    if not answer.people:
        st.info(_("Nobody is found by that. Of a name a part is enough, of a phone number the last four digits; all else has to be whole."))
        return
    shown = {"n": figures.count(answer.total), "shown": len(answer.people)}
    st.caption(
        _("{n} found. Tick a row to open the customer.", **shown)
        if answer.total == len(answer.people)
        else _("{n} found, these are the first {shown}. Be more exact, or tick a row to open the customer.", **shown)
    )
    key = Key.FOUND.of(language(), personal.full(), page.searches)
    columns = {_("Spend"): st.column_config.TextColumn(alignment="right")}
    st.dataframe(
        pd.DataFrame(list(map(_row, answer.people))),
        column_config=columns,
        hide_index=True,
        width="stretch",
        height="content",
        placeholder="",
        key=key,
        on_select="rerun",
        selection_mode="single-row",
    )
    rows = (session.held(key) or {}).get("selection", {}).get("rows", [])
    if rows and rows[0] < len(answer.people):
        ids = tuple(one.customer_id for one in answer.people)
        go(ids[rows[0]], Trail(_("Search"), ids, 1, answer.total))


def _row(one: Found) -> dict[str, object]:
    return {
        _("Customer"): parts.name(one.nickname, one.name),
        _("Place"): parts.place({"province": one.province, "city": one.city}),
        _("Purchases"): one.purchases,
        _("Spend"): figures.money(one.spend, session.shop().currency),
        _("Last purchase"): figures.day(one.last_purchase_day),
    }


def along() -> None:
    """Where she stands on the list she was opened from, with the one before and the next."""
    page = session.state(CustomerState)
    trail = page.trail
    if trail is None or page.customer_id not in trail.ids:
        return
    at = trail.ids.index(page.customer_id)
    place = {"name": components.quoted(trail.name), "place": figures.count(trail.first + at), "n": figures.count(trail.total)}
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("“{name}”: {place} of {n}", **place), width="content")
        if st.button(_("Previous"), key=Key.BEFORE, type="tertiary", icon=":material/chevron_left:", disabled=at == 0):
            go(trail.ids[at - 1], trail)
        if st.button(_("Next"), key=Key.NEXT, type="tertiary", icon=":material/chevron_right:", disabled=at + 1 == len(trail.ids)):
            go(trail.ids[at + 1], trail)
