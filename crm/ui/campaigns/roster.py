"""Who was in a launched campaign and who was left out: the counts, then the people themselves, a page at a time."""

from math import ceil

import pandas as pd
import streamlit as st

from crm.accounts.acting import Right
from crm.campaigns import roster, saved
from crm.campaigns.roster import Placed
from crm.campaigns.status import Status
from crm.ui import components, figures, personal, session
from crm.ui.campaigns import plan
from crm.ui.campaigns.state import Key
from crm.ui.customer import view
from crm.ui.words import _, language

PAGE = 25
GROUPS = plan.ROWS | {"recipients": "Written to", "holdout": "Held out"}
STATES = {
    "pending": "Queued",
    "sending": "Queued",
    "accepted": "Accepted",
    "delivered": "Delivered",
    "failed": "Failed",
    "rejected": "not sent",
    "unknown": "unknown",
    "undecided": "undecided",
}


def show(campaign_id: str, status: Status) -> None:
    """The table of counts, and the people of one line of it or of all."""
    with st.expander(_("Who was in, who was left out")):
        counts = {"recipients": status.recipients, "holdout": status.holdout, **status.left_out}
        everybody = sum(counts.values())
        plan.table(counts | {"segment": everybody})
        if everybody:
            _people(campaign_id, counts | {"": everybody})


def _people(campaign_id: str, counts: dict[str, int]) -> None:
    places = ["", *[place for place in roster.PLACES if counts.get(place)]]
    place = st.selectbox(
        _("Show"),
        places,
        key=Key.PEOPLE.of(campaign_id, language()),
        format_func=lambda one: f"{_(GROUPS[one]) if one else _('Everybody')} · {figures.count(counts[one])}",
    )
    pages = max(1, ceil(counts[place] / PAGE))
    key = Key.PEOPLE_PAGE.of(campaign_id, place, pages)
    page = components.page(pages, key)
    rows = roster.people(session.store(), campaign_id, place or None, PAGE, (page - 1) * PAGE)
    table = view.key(Key.PEOPLE_TABLE.of(campaign_id, personal.full()))
    frame = pd.DataFrame([_row(row) for row in rows])
    may = session.may(Right.CUSTOMERS)
    select = "rerun" if may else "ignore"
    st.dataframe(
        frame, hide_index=True, width="stretch", height="content", placeholder="", key=table, on_select=select, selection_mode="single-row"
    )
    if may:
        name = saved.get(session.store(), campaign_id).spec.name
        view.clicked(table, [row.customer_id for row in rows], name, (page - 1) * PAGE + 1, counts[place])
    if pages > 1:
        st.pagination(pages, key=key)


def _row(row: Placed) -> dict[str, str]:
    name, address, place, state = row.name or row.buyer, row.address, row.place, row.state
    return {
        _("Customer"): personal.account(name) if name else figures.NOTHING,
        _("Group"): _(GROUPS[place]),
        _("Message"): _(STATES[state]) if state else figures.NOTHING,
        _("Address"): personal.contact(address) if address else figures.NOTHING,
    }
