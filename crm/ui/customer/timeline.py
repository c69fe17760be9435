"""The time line of a customer: a row per order, refund, message, review, note …, newest first; and the note that is added to it."""

import streamlit as st

from crm import clock
from crm.accounts.masking import Kind
from crm.customers import lookup, story
from crm.customers.story import Event
from crm.ui import components, conflicts, currencies, figures, personal, session
from crm.ui.campaigns import roster
from crm.ui.customer.state import CustomerState, Key
from crm.ui.orders import wording
from crm.ui.words import _
from crm.uploads import by_hand

LINES = 4
"""So many lines of an order are named."""
NOBODY = ("screen", "terminal")
"""Who acts where nobody signs in."""
WHOLE = "\u2060-\u2060"
"""A hyphen at which no line ends."""


def kinds() -> dict[str, str]:
    """What each kind of event is called."""
    return {
        "order": _("Order"),
        "refund": _("Refund"),
        "sent": _("Message sent"),
        "held_out": _("Held out"),
        "left_out": _("Left out"),
        "opened": _("Opened"),
        "clicked": _("Clicked"),
        "unsubscribed": _("Opted out"),
        "complained": _("Complained"),
        "bounced": _("Bounced"),
        "good_review": _("Good review"),
        "fair_review": _("Fair review"),
        "bad_review": _("Bad review"),
        "inquiry": _("Inquiry"),
        "dispute": _("Dispute"),
        "note": _("Note"),
    }


def show(customer_id: str) -> None:
    """Everything that happened, newest first."""
    page = session.state(CustomerState)
    events, total = story.of(session.store(), customer_id, page.most)
    if not events:
        st.caption(_("Nothing has happened yet between the shop and this customer."))
        return
    names = kinds()
    lines = [f"| {_('Day')} | {_('What happened')} | {_('Amount')} |", "|:---|:---|---:|"]
    st.markdown("\n".join([*lines, *(_row(event, names) for event in events)]))
    if total > len(events) and st.button(
        _("Show {n} more", n=figures.count(min(total - len(events), story.MOST))), key=Key.MORE, type="tertiary"
    ):
        page.most += story.MOST
        st.rerun()


def _row(event: Event, names: dict[str, str]) -> str:
    at = event.happened_at
    day = figures.day(clock.day_of(at, session.shop().timezone)) if at else figures.NOTHING
    what = [f"**{names.get(event.kind, components.quoted(event.kind))}**", *(part for part in (_what(event), _state(event)) if part)]
    return f"| {day.replace('-', WHOLE)} | {' '.join(what)} | {_amount(event)} |"


def _what(event: Event) -> str:
    """Of an order what was bought, of a message the campaign's name, of a note its words."""
    title = components.quoted(event.title or "")
    if event.kind == "note":
        who = f" :gray[{components.quoted(event.actor)}]" if event.actor and event.actor not in NOBODY else ""
        return components.quoted(personal.shown(Kind.HIDE, event.body or "")) + who
    if event.kind != "order":
        return title + (f" “{components.quoted(personal.shown(Kind.HIDE, event.body))}”" if event.body else "")
    lines = [one.product + (f" ×{one.quantity}" if (one.quantity or 1) > 1 else "") for one in event.lines[:LINES]]
    more = _(" and {n} more", n=len(event.lines) - LINES) if len(event.lines) > LINES else ""
    return components.quoted(_("; ").join(lines) + more) or title


def _state(event: Event) -> str:
    if event.kind == "order":
        told = [wording.statuses().get(event.status or "", event.status or ""), event.title if event.lines else ""]
        return f":gray[{components.quoted(' · '.join(part for part in told if part))}]"
    if event.kind == "held_out":
        return ":gray[" + _("for the comparison, nothing was sent") + "]"
    known = {"sent": roster.STATES, "left_out": roster.GROUPS}.get(event.kind, {})
    return f":gray[{_(known[event.status])}]" if event.status in known else ""


def _amount(event: Event) -> str:
    if event.amount is None:
        return ""
    back = event.amount if event.kind == "refund" else event.refunded or 0
    lost = f":red[{_money(-back, event.currency)}]" if back else ""
    return lost if event.kind == "refund" else " ".join(part for part in (_money(event.amount, event.currency), lost) if part)


def _money(amount: object, currency: str | None) -> str:
    own = session.shop().currency
    number = float(str(amount))
    return components.quoted(figures.money(number, own, cents=True) if currency in (None, own) else currencies.coded(number, str(currency)))


def note(customer_id: str) -> None:
    """The box for a note, for those who see customers; of who was erased nothing can be noted."""
    if lookup.erased_at(session.store(), customer_id):
        return
    sign = session.state(CustomerState).sign  # a note that was begun for one customer is not there for the next
    with st.form(Key.NOTE_FORM.of(sign), clear_on_submit=True, border=False):
        hint = _("What was talked about, what pleased, what is to be minded …")
        body = st.text_area(
            _("Note"), key=Key.NOTE.of(sign), max_chars=by_hand.NOTE, height=68, placeholder=hint, label_visibility="collapsed"
        )
        if st.form_submit_button(_("Add a note"), icon=":material/add:") and body.strip():
            with components.guard():
                conflicts.once(Key.NOTE.of(sign), lambda: by_hand.note(session.store(), customer_id, body, clock.now()))
                components.announce(_("Noted."), ":material/check:")
                st.rerun()
