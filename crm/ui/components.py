"""Parts that several screens use: the heading with its promise, the empty state, the net for refusals, the watch on a job."""

import logging
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from crm import jobs
from crm.errors import CrmError, RightError
from crm.jobs import Job
from crm.ui import menu, session
from crm.ui.text import quoted as quoted
from crm.ui.words import _, safely, sentence
from crm.works import Args, Send

log = logging.getLogger(__name__)


class Key(session.Keys):
    EMPTY = "empty"
    STOP = "stop"


def heading(title: str, promise: str) -> None:
    """The page's name and, under it, what it shows, as of when, for whom."""
    st.title(title, anchor=False)
    st.caption(promise)


def empty(what: str, button: str, page: str) -> None:
    """Nothing to show yet: what to do next, and the way there (`page` as in "orders.py")."""
    with st.container(border=True):
        st.markdown(what)
        if menu.opens(page.removesuffix(".py")) and st.button(button, type="primary", key=Key.EMPTY.of(page)):
            st.switch_page(session.page_path(page))


def page(pages: int, key: str) -> int:
    """To which page of a long list the visitor has turned; `st.pagination` of the same key is drawn below the list."""
    return min(session.held(key) or 1, pages)


def short(text: str, most: int = 60) -> str:
    """Text cut to so many places; a wide (Chinese) sign takes two."""
    taken = 0
    for at, sign in enumerate(text):
        taken += 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if taken > most:
            return text[:at].rstrip() + "…"
    return text


@contextmanager
def guard() -> Iterator[None]:
    """Around every call that may refuse: a refusal becomes a sentence, a bug an apology with a reference; nothing is lost."""
    try:
        yield
    except RightError as refusal:
        menu.refuse(refusal, refusal.values["reason"])
    except CrmError as refusal:
        st.error(sentence(refusal))
    except Exception:
        apologise()


def announce(words: str, icon: str) -> None:
    """Say it in a corner of the next run: what is said right before a rerun is often gone before anybody saw it."""
    session.state(session.FrameState).toast = (words, icon)


def announcements() -> None:
    """What the run before wanted said."""
    frame = session.state(session.FrameState)
    result, frame.toast = frame.toast, None
    if result:
        st.toast(result[0], icon=result[1])


def apologise() -> None:
    """A bug: loud in the log, short on screen. Call it from an except block."""
    reference = uuid.uuid4().hex[:8]
    log.exception("screen failed, reference %s", reference)
    st.error(
        _(
            "Something went wrong on our side (reference {reference}). Nothing you entered was changed. Please reload the page; "
            "if it happens again, send us the reference.",
            reference=reference,
        )
    )


@st.fragment(run_every=1)
def watch(job_id: str, key: str = "") -> None:
    """A running job: its step, its progress and a stop button. Reloads the page when it has ended."""
    with guard():
        job = jobs.get(session.store(), job_id)
        if job is None or job.state not in jobs.OPEN:
            st.rerun()
        else:
            _progress(job, key)


def _progress(job: Job[Args], key: str) -> None:
    done, total = job.done, job.total
    words = _(job.step) if job.step else _("Waiting for its turn …")
    st.progress(min(done / total, 1.0) if total else 0.0, text=f"{words}  {done:,} / {total:,}" if total else words)
    stopping = job.state == "cancelling"
    if st.button(_("Stopping …") if stopping else _("Stop"), key=Key.STOP.of(job.job_id, key), disabled=stopping):
        jobs.cancel(session.store(), job.job_id)


def job_message(job: Job[Args]) -> None:
    """How a job ended, in a sentence."""
    if job.state == "failed":
        st.error(job.why(safely))
    elif job.state == "cancelled":
        st.info(_("Stopped as you asked. Nothing of it was kept."))
    elif job.state == "interrupted" and isinstance(job.args, Send):
        st.warning(
            _(
                "The server stopped in the middle of sending. Nobody is written to twice: what certainly did not leave is still waiting, "
                "what may have left is marked as unknown."
            )
        )
    elif job.state == "interrupted":
        st.warning(_("The server stopped in the middle of this. Nothing is half done: it was taken back whole. Please start it again."))
