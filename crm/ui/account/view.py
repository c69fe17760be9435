"""My account on screen: what I may do, where I am signed in, my password."""

import streamlit as st

from crm import clock
from crm.accounts import acting, invitations, sessions, users
from crm.errors import BadInputError
from crm.ui import components, figures, session
from crm.ui.users import words
from crm.ui.words import _


class Key(session.Keys):
    END = "account_end"
    EVERYWHERE = "account_everywhere"
    FORM = "account_form"
    OLD = "account_old"
    NEW = "account_new"
    AGAIN = "account_again"


def rights() -> None:
    """What I may do."""
    store, who = session.store(), acting.current()
    if who.user_id is None:
        st.info(_("This shop has no users yet: whoever opens it on this machine may do everything."))
        st.stop()
    st.markdown(f"**{components.quoted(who.name)}** · {words.may(users.get(store, str(who.user_id)))}")
    st.caption(_("You may: {list}.", list=_(", ").join(_(acting.WHAT[right]) for right in acting.Right if right in who.rights)))


def devices() -> None:
    """Where I am signed in, with a way to end each."""
    store, who, now = session.store(), acting.current(), clock.now()
    st.subheader(_("Where you are signed in"), anchor=False)
    zone = session.shop().timezone
    for one in sessions.of(store, str(who.user_id), now):
        here = one.session_id == who.session_id
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(components.quoted(one.device), width="stretch")
            seen = _("this browser") if here else _("last seen {moment}", moment=figures.moment(one.seen_at, zone))
            st.caption(f"{components.quoted(one.address)} · {seen}", width="content")
            if not here and st.button(_("Sign out there"), key=Key.END.of(one.session_id)):
                sessions.end(store, one.session_id, now)
                st.rerun()
    if st.button(_("Sign out everywhere"), key=Key.EVERYWHERE):
        sessions.end_everywhere(store, str(who.user_id), now)
        st.rerun()


def password() -> None:
    """Another password: all other browsers are signed out."""
    who = acting.current()
    st.subheader(_("Password"), anchor=False)
    with st.form(Key.FORM, clear_on_submit=True, enter_to_submit=False):
        old = st.text_input(_("Present password"), type="password", key=Key.OLD)
        new = st.text_input(_("New password (10 characters at least)"), type="password", key=Key.NEW)
        again = st.text_input(_("The same again"), type="password", key=Key.AGAIN)
        if st.form_submit_button(_("Change the password"), type="primary"):
            with components.guard():
                if new != again:
                    raise BadInputError("password.unlike", "The two passwords are not the same. Nothing was changed.")
                invitations.change_password(session.store(), str(who.user_id), old, new, clock.now(), who.session_id)
                st.success(_("The password is changed. Your other browsers are signed out."))
