"""Same-person page: the job that joins or takes back, and what was decided, each with its way back."""

from math import ceil

import streamlit as st

from crm import clock, jobs, works
from crm.accounts.masking import Kind
from crm.customers import joining
from crm.customers.joining import Account, Batch, Decision, Joined
from crm.customers.same_people import Person
from crm.layouts import platforms
from crm.orders import crosswalk
from crm.ui import components, conflicts, figures, personal, session
from crm.ui.figures import count
from crm.ui.same_people.state import Key, SamePeopleState
from crm.ui.words import _, label

KINDS: tuple[type[works.Merge | works.Unmerge], ...] = (works.Merge, works.Unmerge)
PAGE = 10
APART = "They become separate customers again, with their own orders and numbers, as if nobody had joined them."


def join(keys: list[str]) -> None:
    """Queue the joining of these groups."""
    _start(works.Merge(keys))


def _take_back(ids: list[str]) -> None:
    _start(works.Unmerge(ids))


def _start(args: works.Merge | works.Unmerge) -> None:
    page = session.state(SamePeopleState)
    page.job = jobs.ask(session.store(), args, clock.now())
    st.rerun()


def working() -> None:
    """Watch what runs, and show nothing to click meanwhile; say how the last one ended."""
    running = [job for kind in KINDS for job in jobs.running(session.store(), kind)]
    if running:
        components.watch(running[0].job_id, "same")
        st.stop()
    job = jobs.get(session.store(), session.state(SamePeopleState).job)
    if job is None:
        return
    components.job_message(job)
    if job.state == "done":
        _ended(job)


def _ended(job: jobs.Job[works.Args]) -> None:
    if isinstance(job.args, works.Unmerge):
        st.success(_("Taken back, as if it had never been: {n}.", n=count(job.result["undone"])))
        return
    result = Joined(**job.result)
    numbers_told = {"n": count(result.joined), "before": count(result.customers_before), "after": count(result.customers_after)}
    st.success(_("Joined {n} groups: {before} customers became {after}.", **numbers_told))
    if result.gone:
        st.info(_("{n} were left alone: their evidence has changed in the meantime.", n=count(result.gone)))


def platform(who: Account | Person) -> str:
    """Where an account is: platform and shop."""
    known = platforms.every().get(who.platform or "")
    name = label(known) if known else _("Own table") if who.platform == "other" else components.quoted(str(who.platform))
    shop = "" if who.shop in (None, "", "default") else f" · {components.quoted(who.shop)}"
    return name + shop


def joined() -> None:
    """What was joined, newest first, each with its way back; what was joined with one click as a whole, too."""
    number = joining.count(session.store())
    if not number:
        return
    st.subheader(_("Joined"), anchor=False)
    for batch in joining.batches(session.store()):
        _batch(batch)
    pages = ceil(number / PAGE)
    place = components.page(pages, Key.DECISIONS_PAGE.of(pages))
    for row in joining.decisions(session.store(), limit=PAGE, offset=(place - 1) * PAGE):
        _decision(row, _("Take apart again"))
    if pages > 1:
        st.pagination(pages, key=Key.DECISIONS_PAGE.of(pages))


def apart() -> None:
    """What was said not to be one person."""
    rows = joining.decisions(session.store(), crosswalk.APART, limit=50)
    if rows:
        with st.expander(_("{n} set apart: not suggested again unless their evidence changes", n=count(len(rows)))):
            for row in rows:
                _decision(row, _("Suggest again"), asks=False)


def _batch(batch: Batch) -> None:
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        when = figures.moment(batch.happened_at, session.shop().timezone)
        st.markdown(_("{n} groups joined with one click, {when}", n=count(batch.groups), when=when))
        with st.popover(_("Take back all {n}", n=count(batch.groups))):
            st.markdown(_("They become separate customers again, with their own orders and numbers, as if nobody had joined them."))
            if st.button(_("Take it back"), key=Key.BATCH_BACK.of(batch.batch_id)):
                _take_back([batch.batch_id])


def _decision(row: Decision, back: str, asks: bool = True) -> None:
    values = {"phone": _("Same phone number"), "email": _("Same e-mail address")}
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="stretch"):
            st.markdown("  \n".join(_who(one) for one in row.accounts))
            when = figures.moment(row.happened_at, session.shop().timezone)
            st.caption(" · ".join([*[values[kind] for kind in row.evidence], when]))
        if st.button(back, key=Key.BACK.of(row.link_id)):
            if not asks:
                _take_back([row.link_id])
            lost = ["  \n".join(_who(one) for one in row.accounts), _(APART)]
            conflicts.ask(f"{back}?", lost, back, Key.BACK.of(row.link_id), lambda: _take_back([row.link_id]))


def _who(row: Account) -> str:
    if row.platform is None:
        return _("An account whose import was taken back")
    named = f"{platform(row)} · {components.quoted(personal.account(str(row.account)))}"
    return f"{named} · {components.quoted(personal.shown(Kind.NAME, row.name))}" if row.name else named
