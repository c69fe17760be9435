"""Backups on the settings page: the age of the newest good one in each folder, and the button that makes one now."""

import streamlit as st

from crm import backups, clock, jobs, works
from crm.accounts import acting
from crm.accounts.acting import Right
from crm.backups import Kept
from crm.ui import components, figures, menu, session
from crm.ui.settings.state import Key
from crm.ui.words import _


def block() -> None:
    """The newest copies, what is kept, the button; for those who may make one."""
    if not acting.may(Right.BACKUP):
        return
    with st.container(border=True, key=Key.BACKUPS), components.guard():
        st.subheader(_("Backups"), anchor=False)
        store = session.store()
        state = backups.state(store, backups.second(session.environment()))
        st.markdown(_("Newest backup: {when}", when=_age(state.newest)) if state.newest else _("There is no backup yet."))
        if state.second_folder:
            _second(str(state.second_folder), state.second)
        else:
            st.caption(_("There is no second folder. One on another disk (CRM_BACKUP_DIR) keeps the shop when this disk fails."))
        kept = _("Made every night at three and checked after it is written. Kept: seven days, four weeks, twelve months.")
        st.caption(kept)
        st.caption(_("One is put back with `crm restore` while the server is stopped; nothing is sent afterwards until you say so."))
        _now()


def _second(folder: str, newest: Kept | None) -> None:
    if newest:
        st.markdown(_("In the second folder {folder}: {when}", folder=components.quoted(folder), when=_age(newest)))
    else:
        words = _("There is no backup in the second folder {folder}. Is it mounted?", folder=components.quoted(folder))
        st.warning(words, icon=":material/warning:")


def _now() -> None:
    """The button, or how far the backup is, or why the last one failed."""
    store = session.store()
    running = jobs.running(store, works.Backup)
    if running:
        components.watch(running[0].job_id, "backup")
        return
    last = next(iter(jobs.latest(store, works.Backup, 1)), None)
    if last and last.state != "done":
        components.job_message(last)
    if st.button(_("Back up now"), icon=":material/save:", key=Key.BACKUP_NOW):
        jobs.ask(store, works.Backup(), clock.now())
        st.rerun()


def _age(one: Kept) -> str:
    """When it was made, how long ago, how large it is."""
    when = figures.moment(one.made_at, session.shop().timezone)
    hours, size = int((clock.now() - one.made_at).total_seconds()) // 3600, figures.count(max(one.size // 1_000_000, 1))
    if hours < 48:
        return _("{when} ({n} hours ago, {size} MB)", when=when, n=hours, size=size)
    return _("{when} ({n} days ago, {size} MB)", when=when, n=hours // 24, size=size)


def overdue() -> None:
    """On the overview: that no backup is newer than two days, once there is something to lose."""
    if backups.overdue(session.store(), backups.second(session.environment()), clock.now()):
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/warning: {_('There has been no good backup for two days.')}", width="stretch")
            menu.link("settings", _("Backups"), "arrow_forward")
