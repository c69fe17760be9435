"""Import page: asking for a dry run, an import or an undo, watching it, and what it said."""

from pathlib import Path
from typing import Any

import streamlit as st

from crm import clock, jobs
from crm.ui import components, session
from crm.ui.orders import files, outcome
from crm.ui.orders.state import JOB, Key, OrdersState
from crm.ui.words import _

KINDS = ("import", "undo")


def ask(paths: list[Path], mappings: dict[str, Any], shop: str, dry_run: bool) -> None:
    """Queue the dry run or the import of these files and watch it."""
    args: dict[str, Any] = {"paths": [str(path) for path in paths], "dry_run": dry_run, "shop": shop.strip() or None}
    if mappings:
        args["mapping"] = {"files": mappings}
    if not dry_run:
        files.forget()
    start("import", args)


def start(kind: str, args: dict[str, Any]) -> None:
    """Queue a job and name it in the address too, so that its answer outlives a reload."""
    page = session.state(OrdersState)
    page.job = st.query_params[JOB] = jobs.ask(session.store(), kind, args, clock.now())
    st.rerun()


def working() -> dict[str, Any] | None:
    """Watch what runs (also when the page was reloaded); the job asked for last, once it has ended."""
    running = [job for kind in KINDS for job in jobs.running(session.store(), kind)]
    if running:
        components.watch(running[0]["job_id"], "orders")
        return None
    asked = st.query_params.get(JOB) or session.state(OrdersState).job or _cut_off()
    job = jobs.get(session.store(), asked) if asked else None
    return job if job and job["kind"] in KINDS else None


def _cut_off() -> str | None:
    """The newest import or undo, when a stop of the server cut it off: whoever comes next is told."""
    newest = max((job for kind in KINDS for job in jobs.latest(session.store(), kind, 1)), key=lambda job: job["created_at"], default=None)
    return str(newest["job_id"]) if newest and newest["state"] == "interrupted" else None


def result(job: dict[str, Any]) -> None:
    """What a dry run or an import said, file by file; after a dry run the button that really does it."""
    components.job_message(job)
    if job["state"] != "done" or job["kind"] != "import":
        return
    dry_run = bool(job["result"].get("dry_run"))
    st.subheader(_("What would happen") if dry_run else _("Imported"), anchor=False)
    if dry_run:
        st.caption(_("Nothing has been written yet."))
    else:
        outcome.summary(job)
    for told in job["result"]["files"]:
        outcome.file(told, dry_run, job["result"]["files"])
    if dry_run:
        _go(job)
    else:
        st.page_link(session.page_path("customers.py"), label=_("See the customers"), icon=":material/group:")


def looked(job: dict[str, Any] | None, paths: list[Path]) -> bool:
    """Whether this job is the dry run of exactly these files: then the next step is below its answer, not below the files."""
    done = bool(job and job["state"] == "done" and job["kind"] == "import" and job["args"].get("dry_run"))
    return done and job is not None and {Path(path) for path in job["args"]["paths"]} == set(paths)


def _go(job: dict[str, Any]) -> None:
    with st.container(horizontal=True):
        if st.button(_("Import now"), type="primary", key=Key.GO):
            files.forget()
            start("import", {**job["args"], "dry_run": False})
        if st.button(_("Not now"), key=Key.LEAVE):
            session.state(OrdersState).job = ""
            st.query_params.pop(JOB, None)
            st.rerun()
