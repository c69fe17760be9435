"""Jobs: asked for, watched, stopped, and what a dead process left is named."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crm import database, jobs, worker
from crm.settings import Environment

NOW = datetime(2026, 11, 1, 8, 0)


def test_jobs_are_done_in_the_order_they_were_asked_for(store: database.Store) -> None:
    first = jobs.ask(store, "import", {"paths": ["a.csv"]}, NOW)
    jobs.ask(store, "send", {}, NOW + timedelta(seconds=1))
    waiting = jobs.next_waiting(store)
    assert waiting is not None
    assert (waiting["job_id"], waiting["args"]) == (first, {"paths": ["a.csv"]})


def test_progress_and_result_are_kept(store: database.Store) -> None:
    job_id = jobs.ask(store, "import", {}, NOW)
    jobs.start(store, job_id, NOW)
    jobs.progress(store, job_id, "Reading", 5, 10)
    job = jobs.get(store, job_id)
    assert job is not None
    assert (job["state"], job["step"], job["done"], job["total"]) == ("running", "Reading", 5, 10)
    jobs.finish(store, job_id, "done", NOW, {"orders": 3})
    job = jobs.get(store, job_id)
    assert job is not None
    assert job["result"] == {"orders": 3}
    assert jobs.running(store) == []


def test_a_stopped_job_hears_of_it_at_its_next_report(store: database.Store) -> None:
    job_id = jobs.ask(store, "import", {}, NOW)
    jobs.start(store, job_id, NOW)
    jobs.cancel(store, job_id)
    with pytest.raises(jobs.Cancelled):
        jobs.progress(store, job_id, "Reading", 1, 2)


def test_a_waiting_job_that_is_stopped_never_starts(store: database.Store) -> None:
    job_id = jobs.ask(store, "import", {}, NOW)
    jobs.cancel(store, job_id)
    job = jobs.get(store, job_id)
    assert job is not None
    assert job["state"] == "cancelled"
    assert jobs.next_waiting(store) is None


def test_what_died_is_marked_and_what_waits_keeps_waiting(store: database.Store) -> None:
    dead = jobs.ask(store, "send", {}, NOW)
    jobs.start(store, dead, NOW)
    waiting = jobs.ask(store, "import", {}, NOW + timedelta(seconds=1))
    assert [job["job_id"] for job in jobs.interrupt_open(store, NOW)] == [dead]
    assert [job["job_id"] for job in jobs.running(store)] == [waiting]


def test_a_failed_job_keeps_the_code_of_its_refusal(store: database.Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").touch()
    crew = worker.Worker(store, Environment(data=tmp_path))
    refused, broken = jobs.ask(store, "import", {"paths": [str(tmp_path / "a.csv")]}, NOW), jobs.ask(store, "undo", {}, NOW)
    monkeypatch.setitem(worker.WORKS, "undo", lambda *_: 1 / 0)
    for job_id, code in ((refused, "file.empty"), (broken, "job.broken")):
        crew.work(jobs.get(store, job_id) or {})
        job = jobs.get(store, job_id)
        assert job is not None
        assert (job["state"], job["result"]["code"]) == ("failed", code)
        assert job["error"] == job["result"]["template"].format(**job["result"]["values"])
