"""Data requests on screen: one person by exactly what she is known by, her file, her erasure; how long anything is kept."""

import pandas as pd
import streamlit as st

from crm import clock, privacy
from crm.accounts.acting import Right
from crm.customers import deciding
from crm.database import rewriting
from crm.orders import tombstones
from crm.privacy.people import Held, Person
from crm.ui import components, figures, session
from crm.ui.figures import count
from crm.ui.privacy.state import Key, PrivacyState
from crm.ui.words import _, language


def find() -> None:
    """One box, exact matches only: nobody can be browsed here."""
    page = session.state(PrivacyState)
    with st.form(Key.FIND, border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(_("Phone number, e-mail address, account or customer id"), key=Key.SOUGHT, help=_("As a whole and exactly."))
        wanted = st.form_submit_button(_("Find"), type="primary")
    if wanted:
        page.files = {}
        page.people = privacy.find(session.store(), typed)
    if page.people == []:
        st.info(_("Nobody is known by exactly that. The phone number has to be a whole one, without stars."))
    for person in page.people or []:
        _person(person)


def _person(person: Person) -> None:
    held = privacy.held(session.store(), person)
    name = person.customer_id or str(person.mark)
    with st.container(border=True):
        st.markdown(_("**Customer {id}**", id=components.quoted(name)) if person.customer_id else _("**On a list, no customer**"))
        st.caption(_words(held))
        with st.container(horizontal=True):
            if st.button(_("Make the file of everything about her"), icon=":material/description:", key=Key.MAKE.of(name)):
                answer = privacy.export(session.store(), person, clock.now(), "screen")
                session.state(PrivacyState).files[name] = privacy.access.as_text(answer)
            if made := session.state(PrivacyState).files.get(name):
                st.download_button(_("Download"), made, f"person-{clock.now():%Y%m%d}.json", "application/json", key=Key.DOWNLOAD.of(name))
            if st.button(_("Erase …"), type="tertiary", key=Key.ERASE.of(name)):
                st.dialog(_("Erase this person for good?"))(_erase)(person, held)


def _words(held: Held) -> str:
    return _(
        "Accounts: {accounts}. Orders: {orders}. Messages: {messages}. Consents: {consents}. Dossiers, reviews and inquiries: {records}.",
        accounts=count(held.accounts),
        orders=count(held.orders),
        messages=count(held.messages),
        consents=count(held.consents),
        records=count(held.records),
    )


def _erase(person: Person, held: Held) -> None:
    st.markdown(
        _(
            "Names, phone numbers, addresses, accounts, remarks and letters are erased everywhere and cannot be brought back. What was "
            "bought stays in all sums, under a random number. She is never written to again."
        )
    )
    st.markdown(_("Files that were uploaded and not imported yet are removed as well."))
    name, n = person.customer_id or str(person.mark), held.orders
    typed = st.text_input(_("Type the number of her orders, {n}, to go on", n=n), key=Key.NUMBER.of(name))
    if st.button(_("Erase for good"), disabled=typed.strip() != str(n), key=Key.SURE):
        with components.guard():
            privacy.erase(session.store(), [person], n, clock.now(), "screen")
            page = session.state(PrivacyState)
            page.people, page.files = None, {}
            components.announce(_("This person is erased."), ":material/check:")
            st.rerun()


def rules() -> None:
    """How long anything is kept; who may change settings changes it here."""
    shop, store = session.shop(), session.store()
    st.subheader(_("How long data are kept"), anchor=False)
    labels = {
        "retention_days": _("Erase customers who have not bought for (days, 0 = never)"),
        "rejected_days": _("Cells of rows that were not taken over (days, 0 = for ever)"),
        "letters_days": _("Letters in the outbox (days, 0 = for ever)"),
        "uploads_days": _("Uploads that were not imported (days)"),
        "trail_days": _("Entries of who did what (days, 0 = for ever)"),
    }
    may = session.may(Right.SETTINGS)
    with st.grid(min_column_width=220):
        typed = {
            name: int(st.number_input(words, *deciding.RANGES[name], getattr(shop, name), disabled=not may, key=Key.KEEP.of(name)))
            for name, words in labels.items()
        }
    if days := typed["retention_days"]:
        n = privacy.leaving_soon(store, days, session.as_of())
        st.warning(
            _(
                "Customers who have not bought for {days} days: {n}. They are erased in the night, and cannot be brought back.",
                days=days,
                n=count(n),
            )
        )
    changed = {name: value for name, value in typed.items() if value != getattr(shop, name)}
    if may and st.button(_("Save"), disabled=not changed, key=Key.SAVE):
        privacy.keep_for(store, changed, clock.now(), "screen")
        components.announce(_("Saved."), ":material/check:")
        st.rerun()


def done() -> None:
    """What was erased, and where older data may still lie."""
    store = session.store()
    if store.folder and rewriting.is_asked(store.folder):
        st.warning(
            _(
                "The database file keeps the bytes of what was deleted until it is written anew: that happens at the next start of the "
                "server. Please restart it soon."
            )
        )
    kept = privacy.elsewhere(store)
    if kept.backups or kept.filed:
        st.caption(
            _(
                "Not changed by an erasure: copies in backups ({backups}; one that is put back is erased again at its start) and files "
                "that the inbox has filed ({filed}; please remove old ones yourself).",
                backups=count(kept.backups),
                filed=count(kept.filed),
            )
        )
    rows = tombstones.listed(store)
    if rows:
        st.subheader(_("Erased so far"), anchor=False)
        zone, why = session.shop().timezone, {"asked": _("asked for"), "retention": _("not bought for long")}
        table = [
            {_("When"): figures.moment(row.erased_at, zone), _("People"): row.people, _("Orders"): row.orders, _("Why"): why[row.reason]}
            for row in rows
        ]
        st.dataframe(pd.DataFrame(table), hide_index=True, placeholder="", height="content", key=Key.DONE.of(language()))
