"""The menu: which pages there are, who may see each, and the links between them."""

from typing import NamedTuple

import streamlit as st

from crm import clock
from crm.accounts import acting, audit, users
from crm.accounts.acting import Right
from crm.errors import RightError
from crm.ui import session
from crm.ui.text import quoted
from crm.ui.words import _, sentence


class Place(NamedTuple):
    """A page: its file's name, its title, its icon and the right it wants (None: whoever is signed in)."""

    name: str
    title: str
    icon: str
    right: Right | None


ANCHOR = '<a href="{address}" target="_self" style="color:inherit">{words}</a>'
RIGHTS = {
    "kpi": Right.OVERVIEW,
    "orders": Right.IMPORTS,
    "customers": Right.CUSTOMERS,
    "patterns": Right.CUSTOMERS,
    "customer": Right.CUSTOMERS,
    "same_people": Right.IMPORTS,
    "products": Right.IMPORTS,
    "segments": Right.SEGMENTS,
    "together": Right.SEGMENTS,
    "campaigns": Right.CAMPAIGNS,
    "approvals": Right.APPROVE,
    "all_numbers": Right.OVERVIEW,
    "result": Right.OVERVIEW,
    "settings": Right.SETTINGS,
    "users": Right.USERS,
    "audit": Right.AUDIT,
    "privacy": Right.ERASE,
    "account": None,
}
"""The right that each page wants; the page asks for it itself as well."""
REACHED = ("customer",)
"""Pages that do not stand in the menu: something on every page leads there."""


def _places() -> dict[str, list[Place]]:
    """All pages by the heading they stand under."""
    return {
        "": [_place("kpi", _("Overview"), "monitoring")],
        _("Operate"): [
            _place("orders", _("Import orders"), "upload_file"),
            _place("customers", _("Customers"), "groups"),
            _place("patterns", _("Patterns"), "grid_on"),
            _place("customer", _("Customer"), "person"),
            _place("same_people", _("Same person?"), "link"),
            _place("products", _("Products"), "sell"),
            _place("segments", _("Segments"), "filter_alt"),
            _place("together", _("Compare segments"), "join_inner"),
            _place("campaigns", _("Campaigns"), "send"),
            *([_place("approvals", _("Approvals"), "fact_check")] if users.exist(session.store()) else []),
        ],
        _("Learn"): [_place("all_numbers", _("All numbers"), "percent"), _place("result", _("Results"), "query_stats")],
        _("Manage"): [
            _place("settings", _("Settings"), "settings"),
            _place("users", _("Users"), "badge"),
            _place("audit", _("Who did what"), "history"),
            _place("privacy", _("Data requests"), "policy"),
            _place("account", _("My account"), "person"),
        ],
    }


def _place(name: str, title: str, icon: str) -> Place:
    return Place(name, title, f":material/{icon}:", RIGHTS[name])


def pages() -> dict[str, list[st.Page]]:
    """The menu: what this visitor may open, the first of it is what she sees first. Any other page refuses at its address."""
    everything = _places()
    first = next((place for places in everything.values() for place in places if opens(place.name)), None)
    return {head: [_page(place, place is first) for place in places] for head, places in everything.items()}


def _page(place: Place, first: bool) -> st.Page:
    path, shown = session.page_path(f"{place.name}.py"), opens(place.name) and place.name not in REACHED
    visibility = "visible" if shown else "hidden"
    return st.Page(path, title=place.title, icon=place.icon, url_path=place.name, default=first, visibility=visibility)


def opens(name: str) -> bool:
    """Whether this visitor may open a page."""
    right = RIGHTS[name]
    return session.may(right) if right else acting.current().user_id is not None or acting.current() is acting.LOCAL


def link(name: str, label: str, icon: str, query: dict[str, str] | None = None) -> None:
    """A link to a page, for those who may open it."""
    if opens(name):
        st.page_link(session.page_path(f"{name}.py"), label=label, icon=f":material/{icon}:", query_params=query)


def signed_out() -> None:
    """Instead of any page: the session has ended. Ends the run."""
    if acting.current() == acting.NOBODY:
        st.title("Huitou 回头", anchor=False)
        st.markdown(_("You are signed out. What you typed on this page is still here until you leave it."))
        st.html(ANCHOR.format(address="/login", words=_("Sign in")))
        st.stop()


def refuse(refusal: RightError, name: str) -> None:
    """Say it on screen and note it in the trail."""
    audit.refused(session.store(), clock.now(), name)
    st.error(sentence(refusal))


def account() -> None:
    """At the foot of the menu: who is signed in, and the way out."""
    who = acting.current()
    if who.user_id is not None:
        st.sidebar.caption(_("Signed in as {name}", name=quoted(who.name)))
        st.sidebar.html(ANCHOR.format(address="/logout", words=_("Sign out")))
