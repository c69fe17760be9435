"""The trail on screen: search it, and see that nobody changed it."""

from math import ceil

import pandas as pd
import streamlit as st

from crm.accounts import audit
from crm.segments import export
from crm.ui import components, figures, session
from crm.ui.figures import count
from crm.ui.orders import wording
from crm.ui.words import _, language

PAGE = 50


class Key(session.Keys):
    WORDS = "audit_words"
    PAGE = "audit_page"
    TABLE = "audit_table"
    VERIFY = "audit_verify"


def entries() -> None:
    """What was done, the newest first, a page at a time; only what has the words that were typed."""
    wanted = st.text_input(_("Search"), key=Key.WORDS, placeholder=_("A name, an action, a campaign …"))
    store = session.store()
    number = audit.count(store, wanted)
    if not number:
        st.caption(_("Nothing of that kind was done."))
        return
    pages = ceil(number / PAGE)
    place = components.page(pages, Key.PAGE.of(wanted, pages))
    zone, names = session.shop().timezone, wording.actions() | actions()
    rows = [
        {
            _("No."): entry.entry_no,
            _("When"): figures.moment(entry.happened_at, zone),
            _("By"): by(entry.actor),
            _("Action"): names.get(entry.action, entry.action),
            _("Details"): entry.detail,
        }
        for entry in audit.search(store, wanted, PAGE, (place - 1) * PAGE)
    ]
    st.dataframe(export.shown(pd.DataFrame(rows)), hide_index=True, placeholder="", height="content", key=Key.TABLE.of(language()))
    if pages > 1:
        st.pagination(pages, key=Key.PAGE.of(wanted, pages))


def by(actor: str) -> str:
    """Who did it: a user's name, or where it came from when nobody had to sign in."""
    return {"screen": _("on screen"), "terminal": _("in the terminal"), "inbox": _("from the inbox")}.get(actor, actor)


def actions() -> dict[str, str]:
    """What is done about people and sending, as it is read."""
    return {
        "sign in": _("signed in"),
        "sign in refused": _("sign-in refused"),
        "refused": _("asked for what she may not do"),
        "user.add": _("added a user"),
        "user.change": _("changed a user's rights"),
        "user.password": _("set a password"),
        "user.out": _("signed somebody out everywhere"),
        "user.link": _("made a one-time link"),
        "user.close": _("closed an account"),
        "user.reopen": _("reopened an account"),
        "reveal": _("saw personal data in full"),
        "export": _("downloaded a list"),
        "campaign.launch": _("launched a campaign"),
        "campaign.approve": _("approved a campaign"),
        "campaign.decide": _("decided about messages of which nothing was heard"),
        "campaign.retry": _("tried rejected messages again"),
        "campaign.write": _("wrote a campaign"),
        "segment.save": _("saved a segment"),
        "segment.delete": _("deleted a segment"),
        "segment.restore": _("brought a segment back"),
        "segment.tag": _("tagged a segment"),
        "list.keep": _("made a list of customers"),
        "campaign.delete": _("deleted a draft"),
        "suppress": _("opted out"),
        "join customers": _("joined customers"),
        "set customers apart": _("said that customers are different people"),
        "take back": _("took back decisions about customers"),
        "products.assign": _("put products in a category"),
        "products.rules": _("changed the words for categories"),
        "products.undo": _("took back categories"),
        "access": _("made the file of one person"),
        "erase": _("erased people"),
        "clear": _("cleared what was kept long enough"),
        "audit.pruned": _("dropped old entries"),
    }


def whole() -> None:
    """Each entry is chained to the one before: whether anybody changed or removed one."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("Each entry holds the one before it, so that a changed or missing one is noticed."), width="stretch")
        if not st.button(_("Check all entries"), key=Key.VERIFY):
            return
    result = audit.verify(session.store())
    if result.broken_at is None:
        st.success(_("All {n} entries are as they were written.", n=count(result.entries)))
    else:
        st.error(
            _("Entry {number} is missing or was changed outside of Huitou. What stands after it may be as well.", number=result.broken_at)
        )
