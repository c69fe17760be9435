"""A launched campaign on screen: how far it is, what became of each message, and what a person may do about it."""

import re
from dataclasses import asdict

import streamlit as st

from crm import campaigns, clock
from crm.accounts.acting import Right
from crm.campaigns import previews as letters
from crm.campaigns import saved
from crm.campaigns.saved import Reason
from crm.campaigns.status import Status
from crm.messaging import ledger
from crm.messaging.channels.sendgrid import SendGrid
from crm.ui import components, figures, menu, session
from crm.ui.campaigns import plan, preview, roster
from crm.ui.campaigns.state import Key
from crm.ui.words import _

TILES = {
    "queued": ("Queued", "Not sent yet."),
    "accepted": ("Accepted", "Taken over by the provider or written to the outbox; not yet reported as delivered."),
    "delivered": ("Delivered", "The reader's mailbox has taken it."),
    "failed": ("Failed", "Bounced, dropped or refused."),
    "unknown": ("Unknown", "It may have arrived: the connection broke or nothing was heard. Never sent again by itself."),
}


def show(campaign_id: str) -> None:
    """Progress while it is sent, numbers, reasons, and the next step."""
    result = campaigns.status(session.store(), campaign_id)
    job = plan.job_of(campaign_id)
    if job is not None:
        components.watch(job.job_id)
    elif result.state in ("sending", "paused"):
        _stopped(campaign_id, result)
    elif result.state == "finished":
        _finished(result.unknown + result.undecided)
    _tiles(result)
    _reasons(result)
    if job is None:
        _next_steps(campaign_id, result)
    roster.show(campaign_id, result)


def _finished(unsure: int) -> None:
    if unsure:
        words = _(
            "Everything that could be sent has been sent. Of {n} people it is not known whether they got it.", n=figures.count(unsure)
        )
        st.warning(words, icon=":material/help:")
    else:
        st.success(_("Everything that could be sent has been sent."))


def _stopped(campaign_id: str, status: Status) -> None:
    reason = saved.get(session.store(), campaign_id).reason or Reason("This campaign is paused.", {})
    st.warning(_(reason.template, **{name: _detail(value) if isinstance(value, str) else value for name, value in reason.values.items()}))
    words = _("Continue with the remaining {n}", n=figures.count(status.queued))
    stopped = campaigns.restored.state(session.store()).stopped
    if (
        status.queued
        and session.may(Right.LAUNCH)
        and st.button(words, type="primary", icon=":material/play_arrow:", key=Key.CONTINUE, disabled=stopped)
    ):
        plan.proceed(campaign_id)
        st.rerun()


def _tiles(status: Status) -> None:
    shown = asdict(status) | {"failed": status.failed + status.rejected, "unknown": status.unknown + status.undecided}
    with st.grid(min_column_width=130):
        for name, (title, meaning) in TILES.items():
            st.metric(_(title), figures.count(shown[name]), help=_(meaning), border=True)
    result = status.events
    if any(result.values()):
        words = _("{opened} opened · {clicked} clicked · {unsubscribed} unsubscribed · {complained} complained", **result)
        st.caption(words, help=_("People, without the opening by mail programs. Judge by orders, not by opens."))


def _reasons(status: Status) -> None:
    if status.reasons:
        titles = {"rejected": _("not sent"), "unknown": _("unknown"), "undecided": _("undecided")}
        for row in status.reasons[:5]:
            st.caption(f"{figures.count(row.people)} · {titles[row.state]} · {_detail(row.detail)}")


def _detail(text: str) -> str:
    """A channel's short reason in the session's language; the number in it (a status code) stands for itself."""
    number = re.search(r"\d+", text)
    words = _(text.replace(number.group(), "{n}", 1), n=number.group()) if number and "{" not in text else _(text)
    return components.quoted(words)


def _next_steps(campaign_id: str, status: Status) -> None:
    if status.unknown:
        campaigns.recovery.give_up(session.store(), clock.now())
        st.info(_("Unknown messages are not sent again: news of them may still come for 24 hours. After that you decide."))
    if session.may(Right.LAUNCH):
        _decisions(campaign_id, status)
    if status.state in ("finished", "recorded"):
        here = {"campaign": campaign_id}
        menu.link("result", _("See what it earned"), "query_stats", here)


def _decisions(campaign_id: str, status: Status) -> None:
    rejected = [row for row in status.reasons if row.state == "rejected" and row.detail != ledger.BARRED]
    words = _("Retry only these {n}", n=figures.count(sum(row.people for row in rejected)))
    if rejected and st.button(words, help=_("They certainly were not sent."), icon=":material/refresh:", key=Key.RETRY):
        campaigns.retry_safe(session.store(), campaign_id, clock.now())
        plan.proceed(campaign_id)
        st.rerun()
    if status.unknown + status.undecided and _may_be_asked(campaign_id):
        _ask(campaign_id)
    if status.undecided:
        _undecided(campaign_id, status.undecided)


def _may_be_asked(campaign_id: str) -> bool:
    env = session.environment()
    return bool(env.sendgrid_api_key) and saved.get(session.store(), campaign_id).spec.channel == SendGrid.name


def _ask(campaign_id: str) -> None:
    if st.button(_("Ask SendGrid about them"), icon=":material/travel_explore:", key=Key.ASK_PROVIDER):
        with components.guard(), st.spinner(_("Asking SendGrid …")):
            result = campaigns.recovery.ask(session.store(), campaign_id, session.environment(), clock.now())
            words = _("Asked about {n}: {found} were accepted.", n=figures.count(result.asked), found=figures.count(len(result.accepted)))
            st.info(_(result.problem.template) if result.problem else words)


def _undecided(campaign_id: str, people: int) -> None:
    st.warning(_("Of {n} messages nothing was heard for a day. They may have arrived.", n=figures.count(people)))
    with st.container(horizontal=True):
        if st.button(_("Count them as sent"), key=Key.DECIDE_NO):
            campaigns.decide(session.store(), campaign_id, False, clock.now())
            st.rerun()
        if st.button(_("Send again; some may get it twice"), key=Key.DECIDE_YES):
            st.dialog(_("Send again?"))(_again)(campaign_id, people)


def _again(campaign_id: str, people: int) -> None:
    st.markdown(_("{n} people get it now; who has it already gets it a second time.", n=figures.count(people)))
    typed = st.text_input(_("Type the number {n} to go on", n=people), key=Key.DECIDE_NUMBER.of(campaign_id))
    if st.button(_("Send again"), disabled=typed.strip() != str(people), key=Key.DECIDE):
        with components.guard():
            campaigns.decide(session.store(), campaign_id, True, clock.now(), people)
            st.rerun()


def letter(campaign_id: str) -> None:
    """What was written, as an example person got it."""
    spec = saved.get(session.store(), campaign_id).spec.model_copy(update={"segment": "", "ladder": None})
    if spec.body:
        with st.expander(_("The message")), components.guard():
            preview.letter(letters.preview(session.store(), spec, "random", session.as_of()))
