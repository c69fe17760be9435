"""Import page: what comes from the inbox folder by itself, and what it had to refuse lately."""

from datetime import timedelta
from pathlib import Path

import streamlit as st

from crm import clock, jobs, works
from crm.jobs import Job
from crm.ui import components, session
from crm.ui.words import _, safely

LATELY = timedelta(days=3)
MOST = 3


def draw() -> None:
    """Which files of the inbox are being imported, and the newest refusals of the last three days."""
    for job in jobs.running(session.store(), works.Import)[:MOST]:
        if job.args.inbox:
            st.caption(_("From the inbox: {names}", names=components.quoted(_names(job))))
    since = clock.now() - LATELY
    latest = [job for job in jobs.latest(session.store(), works.Import, 50) if job.args.inbox and job.created_at > since]
    settled = {path for job in latest if job.state == "done" for path in job.args.paths}
    refused = [job for job in latest if job.state == "failed" and len(job.args.paths) == 1]
    for job in [job for job in refused if job.args.paths[0] not in settled][:MOST]:
        values = {"file": components.quoted(_names(job)), "reason": job.why(safely)}
        st.warning(_("The inbox refused {file}: {reason} The file and a report lie in inbox/refused.", **values))


def _names(job: Job[works.Import]) -> str:
    return ", ".join(Path(path).name for path in job.args.paths)
