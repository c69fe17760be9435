"""Users page: the people of the shop, what each may do and where each is signed in; adding, changing and closing."""

from collections.abc import Callable
from urllib.parse import urlsplit

import streamlit as st

from crm import clock
from crm.accounts import acting, invitations, sessions, users
from crm.accounts.acting import SPECIAL, Role
from crm.accounts.users import User
from crm.errors import BadInputError
from crm.ui import components, figures, session
from crm.ui.users import words
from crm.ui.users.state import Key, UsersState
from crm.ui.words import _


def owner() -> None:
    """A shop without users: what that means, and the form that makes the owner."""
    with st.container(border=True):
        st.markdown(
            _("**Nobody has to sign in.** Whoever opens Huitou on this machine may do everything, and other machines are not answered.")
        )
        st.caption(_("To let others in, make your own account first. From then on everybody signs in, you as well."))
        with st.form(Key.OWNER, border=False, enter_to_submit=False):
            with st.grid(min_column_width=220):
                name = st.text_input(_("Your name"), key=Key.OWNER_NAME, max_chars=users.LONGEST_NAME)
                password = st.text_input(_("Password (10 characters at least)"), type="password", key=Key.OWNER_PASSWORD)
                again = st.text_input(_("The same again"), type="password", key=Key.OWNER_AGAIN)
            if st.form_submit_button(_("Make the owner's account"), type="primary"):
                with components.guard():
                    _make_owner(name, password, again)


def _make_owner(name: str, password: str, again: str) -> None:
    if password != again:
        raise BadInputError("password.unlike", "The two passwords are not the same. Nothing was changed.")
    store, now = session.store(), clock.now()
    invitations.accept(store, invitations.first_link(store, now), name, password, now)
    st.rerun()


def link() -> None:
    """The one-time link that was just made: shown once, to be handed over."""
    page = session.state(UsersState)
    if page.link:
        name, address = page.link
        with st.container(border=True):
            st.markdown(_("Hand this link to {name}. It works once, within a day, and is not shown again.", name=components.quoted(name)))
            st.code(address, language=None)


def people() -> None:
    """Everybody, with a way to change each."""
    for user in users.every(session.store()):
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            name = components.quoted(user.name)
            st.markdown(f"**{name}**  \n{words.may(user)}", width="stretch")
            st.caption(_where(user), width="content")
            if st.button(_("Change …"), key=Key.CHANGE.of(user.user_id)):
                st.dialog(_("Change what {name} may do", name=name))(_change)(user)


def _where(user: User) -> str:
    if user.closed_at:
        return _("may not sign in any more")
    if not user.has_password:
        return _("has not opened the link yet")
    open_in = sessions.of(session.store(), user.user_id, clock.now())
    if not open_in:
        return _("not signed in")
    seen = figures.moment(open_in[0].seen_at, session.shop().timezone)
    return _("signed in on {n} devices, last seen {moment}", n=len(open_in), moment=seen)


def _change(user: User) -> None:
    roles, special, email = _inputs(user.user_id, user)
    with st.container(horizontal=True):
        if st.button(_("Save"), type="primary", key=Key.SAVE.of(user.user_id)):
            _do(lambda: users.change(session.store(), user, roles, special, clock.now(), email))
        if user.closed_at:
            if st.button(_("Let {name} sign in again", name=components.quoted(user.name)), key=Key.REOPEN.of(user.user_id)):
                _do(lambda: users.reopen(session.store(), user, clock.now()))
        else:
            _ends(user)


def _ends(user: User) -> None:
    if st.button(_("Make a new link"), key=Key.LINK.of(user.user_id), help=_("For somebody who forgot the password.")):
        _do(lambda: _show(user.name, invitations.invite_again(session.store(), user.user_id, clock.now())))
    if st.button(_("Sign out everywhere"), key=Key.OUT.of(user.user_id)):
        _do(lambda: sessions.end_everywhere(session.store(), user.user_id, clock.now()))
    if st.button(_("Close this account"), key=Key.CLOSE.of(user.user_id), help=_("Signs out at once. What was done keeps the name.")):
        _do(lambda: users.close(session.store(), user, clock.now()))


def _do(work: Callable[[], object]) -> None:
    with components.guard():
        work()
        st.rerun()


def _show(name: str, token: str) -> None:
    here = urlsplit(st.context.url or session.environment().public_url)  # under which this page was reached
    session.state(UsersState).link = (name, f"{here.scheme}://{here.netloc}/invite/{token}")


def _inputs(key: str, user: User | None = None) -> tuple[list[str], list[str], str]:
    roles = st.multiselect(
        _("Roles"),
        list(Role),
        [role for role in Role if user and role in user.roles],
        format_func=lambda role: f"{words.role(role)}: {words.means(role)}",
        key=Key.ROLES.of(key),
        placeholder=_("Choose"),
        select_all=False,
    )
    special = [
        right for right in SPECIAL if st.checkbox(words.right(right), bool(user and right in user.special), key=Key.SPECIAL.of(right, key))
    ]
    email = st.text_input(_("E-mail (only to sign in elsewhere)"), (user.email or "") if user else "", key=Key.EMAIL.of(key), max_chars=200)
    return [str(role) for role in roles], [str(right) for right in special], email


def add() -> None:
    """The form for one more person."""
    page = session.state(UsersState)
    with st.container(border=True):
        st.subheader(_("Add somebody"), anchor=False)
        name = st.text_input(_("Name"), key=Key.NAME.of(page.turn), max_chars=users.LONGEST_NAME)
        roles, special, email = _inputs(f"new_{page.turn}")
        if st.button(_("Add and make a link"), type="primary", key=Key.ADD):
            with components.guard():
                _show(name, invitations.invite(session.store(), name, roles, special, clock.now(), email))
                page.turn += 1
                st.rerun()


def exist() -> bool:
    """Whether the shop has users."""
    return users.exist(session.store()) and acting.current().user_id is not None
