"""Import page: asking for a dry run, an import or an undo, watching it, and what it said."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from crm import clock, jobs, works
from crm.imports import outcomes
from crm.jobs import Job
from crm.ui import components, menu, session
from crm.ui.orders import files, outcome
from crm.ui.orders.state import JOB, Key, OrdersState
from crm.ui.words import _

Asked = works.Import | works.Undo
KINDS: tuple[type[Asked], ...] = (works.Import, works.Undo)


def ask(paths: list[Path], mappings: dict[str, Any], shop: str, dry_run: bool) -> None:
    """Queue the dry run or the import of these files and watch it."""
    if not dry_run:
        files.forget()
    mapping: dict[str, object] | None = {"files": mappings} if mappings else None
    start(works.Import([str(path) for path in paths], dry_run, shop.strip() or None, mapping=mapping))


def start(args: Asked) -> None:
    """Queue a job and name it in the address too, so that its answer outlives a reload."""
    page = session.state(OrdersState)
    page.job = st.query_params[JOB] = jobs.ask(session.store(), args, clock.now())
    st.rerun()


def working() -> Job[Asked] | None:
    """Watch what runs (also when the page was reloaded); the job asked for last, once it has ended."""
    running = [job for kind in KINDS for job in jobs.running(session.store(), kind)]
    if running:
        components.watch(running[0].job_id, "orders")
        return None
    asked = st.query_params.get(JOB) or session.state(OrdersState).job or _cut_off()
    return next((job for kind in KINDS if asked and (job := jobs.get(session.store(), asked, kind))), None)


def _cut_off() -> str | None:
    """The newest import or undo, when a stop of the server cut it off: whoever comes next is told."""
    newest = max((job for kind in KINDS for job in jobs.latest(session.store(), kind, 1)), key=lambda job: job.created_at, default=None)
    return newest.job_id if newest and newest.state == "interrupted" else None


def result(job: Job[Asked]) -> None:
    """What a dry run or an import said, file by file; after a dry run the button that really does it."""
    components.job_message(job)
    if job.state != "done" or not isinstance(job.args, works.Import):
        return
    dry_run, run = job.args.dry_run, outcomes.of(job)
    st.subheader(_("What would happen") if dry_run else _("Imported"), anchor=False)
    if dry_run:
        st.caption(_("Nothing has been written yet."))
    else:
        outcome.summary(job, run)
    for entry in run:
        outcome.file(entry, dry_run, run)
    if dry_run:
        _go(job.args)
    else:
        menu.link("customers", _("See the customers"), "group")


def looked(job: Job[Asked] | None, paths: list[Path]) -> bool:
    """Whether this job is the dry run of exactly these files: then the next step is below its answer, not below the files."""
    if job is None or job.state != "done" or not isinstance(job.args, works.Import):
        return False
    return job.args.dry_run and {Path(path) for path in job.args.paths} == set(paths)


def _go(args: works.Import) -> None:
    with st.container(horizontal=True):
        if st.button(_("Import now"), type="primary", key=Key.GO):
            files.forget()
            start(replace(args, dry_run=False))
        if st.button(_("Not now"), key=Key.LEAVE):
            session.state(OrdersState).job = ""
            st.query_params.pop(JOB, None)
            st.rerun()
