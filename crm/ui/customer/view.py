"""One customer beside the page: who she is, her numbers, how she may be reached, the saved segments she is in, her orders; and her page.

opened(customer_id)              open her
key(base) · clicked(key, ids)    a table of people: its key, and who is opened by a click on a row
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from crm.accounts.acting import Right
from crm.customers import lookup
from crm.customers.lookup import Numbers
from crm.ui import components, currencies, figures, personal, session
from crm.ui.customer import finding, parts
from crm.ui.customer.state import Key, LookedAt, Trail
from crm.ui.orders import wording
from crm.ui.words import _, language

PRODUCTS = 3
"""So many products of an order are named."""


def key(base: str) -> str:
    """The key of a table whose rows open customers: another one after each look, so that a click on the same row opens again."""
    looked = session.state(LookedAt)
    now = f"{base}_{looked.times}"
    if looked.table == now:  # the row that is still chosen was opened, and she was closed since
        looked.times, looked.table = looked.times + 1, ""
    return f"{base}_{looked.times}"


def clicked(table: str, ids: Sequence[str], name: str = "", first: int = 1, total: int = 0) -> None:
    """Open whose row of the table (`on_select="rerun"`, `selection_mode="single-row"`) was just clicked. `ids`: of its rows, in order.

    `name`: what the list is called, `first`: the place of its first row on it, `total`: how many are on it.
    """
    rows = (session.held(table) or {}).get("selection", {}).get("rows", [])
    if rows and rows[0] < len(ids):
        session.state(LookedAt).table = table
        opened(ids[rows[0]], Trail(name, tuple(ids), first, max(total, len(ids))) if name else None)


def opened(customer_id: str, trail: Trail | None = None) -> None:
    """Show one customer in a dialog at the right side."""
    with components.guard():
        facts = lookup.customer(session.store(), customer_id)["facts"]
        title = components.quoted(parts.name(facts["nickname"], facts["name"]))
        st.dialog(title, width="medium", position="right", on_dismiss="rerun")(_shown)(customer_id, trail)


def _shown(customer_id: str, trail: Trail | None) -> None:
    with components.guard():
        told = lookup.customer(session.store(), customer_id)
        facts = told["facts"]
        numbers, missing = lookup.numbers(session.store(), facts["customer_id"], session.as_of())
        st.caption(components.quoted(" · ".join(part for part in _line(facts, numbers) if part)))
        if session.may(Right.CUSTOMERS) and st.button(_("Everything about this customer"), key=Key.PAGE, icon=":material/arrow_forward:"):
            finding.go(facts["customer_id"], trail)
        parts.numbers(facts, numbers)
        currencies.notice(missing, settings=False)
        st.markdown(f"**{_('May be reached')}**")
        parts.reach(told, numbers)
        if session.may(Right.SEGMENTS):
            st.markdown(f"**{_('Saved segments')}**")
            inside = [f":material/check: {components.quoted(one.name)}" for one in parts.segments(facts["customer_id"])]
            st.markdown("  \n".join(inside))
        _orders(told)


def _line(facts: dict[str, Any], numbers: Numbers) -> list[str]:
    first = facts["first_purchase_day"]
    bought = _("first bought on {day}", day=figures.day(first)) if first else ""
    return [parts.stage(numbers), parts.place(facts), str(facts["shop"] or ""), bought]


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
