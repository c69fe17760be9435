"""Jobs: asked for, watched, stopped, and what a dead process left is named."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crm import database, jobs, worker, works
from crm.settings import Environment

NOW = datetime(2026, 11, 1, 8, 0)


def test_jobs_are_done_in_the_order_they_were_asked_for(store: database.Store) -> None:
    first = jobs.ask(store, works.Import(["a.csv"]), NOW)
    jobs.ask(store, works.Send("one"), NOW + timedelta(seconds=1))
    waiting = jobs.next_waiting(store)
    assert waiting is not None
    assert (waiting.job_id, waiting.args) == (first, works.Import(["a.csv"]))


def test_progress_and_result_are_kept(store: database.Store) -> None:
    job_id = jobs.ask(store, works.Import([]), NOW)
    jobs.start(store, job_id, NOW)
    jobs.progress(store, job_id, "Reading", 5, 10)
    job = jobs.get(store, job_id)
    assert job is not None
    assert (job.state, job.step, job.done, job.total) == ("running", "Reading", 5, 10)
    jobs.finish(store, job_id, "done", NOW, {"orders": 3})
    job = jobs.get(store, job_id)
    assert job is not None
    assert job.result == {"orders": 3}
    assert jobs.running(store) == []


def test_a_stopped_job_hears_of_it_at_its_next_report(store: database.Store) -> None:
    job_id = jobs.ask(store, works.Import([]), NOW)
    jobs.start(store, job_id, NOW)
    jobs.cancel(store, job_id)
    with pytest.raises(jobs.Cancelled):
        jobs.progress(store, job_id, "Reading", 1, 2)


def test_a_waiting_job_that_is_stopped_never_starts(store: database.Store) -> None:
    job_id = jobs.ask(store, works.Import([]), NOW)
    jobs.cancel(store, job_id)
    job = jobs.get(store, job_id)
    assert job is not None
    assert job.state == "cancelled"
    assert jobs.next_waiting(store) is None


def test_what_died_is_marked_and_what_waits_keeps_waiting(store: database.Store) -> None:
    dead = jobs.ask(store, works.Send("one"), NOW)
    jobs.start(store, dead, NOW)
    waiting = jobs.ask(store, works.Import([]), NOW + timedelta(seconds=1))
    assert [job.job_id for job in jobs.interrupt_open(store, NOW)] == [dead]
    assert [job.job_id for job in jobs.running(store)] == [waiting]


@pytest.mark.parametrize(
    "asked",
    [
        works.Import(["a.csv"], shop="猫店", actor="inbox", mapping={"columns": {"paid": "实付"}}, inbox={"a.csv": [3, 4]}),
        works.Import(["a.csv"], dry_run=True),
        works.Undo("one"),
        works.Send("one"),
        works.Demo(),
        works.RemoveDemo(),
        works.Rebuild(),
        works.Rebuild("categories"),
        works.Merge(["key"], "terminal"),
        works.Unmerge(["link"]),
        works.Settings({"currency": "EUR"}),
        works.Rates([["USD", "2026-11-01", "7.1"]]),
    ],
)
def test_a_job_comes_back_as_it_was_asked(store: database.Store, asked: works.Args) -> None:
    job_id = jobs.ask(store, asked, NOW)
    assert [job.args for job in (jobs.get(store, job_id), *jobs.running(store, type(asked)), jobs.next_waiting(store)) if job] == [
        asked
    ] * 3
    assert jobs.latest(store, works.Undo if not isinstance(asked, works.Undo) else works.Send) == []


def test_a_job_that_an_earlier_version_asked_for_is_read(store: database.Store) -> None:
    with store.transaction() as change:
        args = '{"paths": ["a.csv"], "dry_run": false, "shop": null}'
        change.execute("INSERT INTO jobs (job_id, kind, args, state, created_at) VALUES ('one', 'import', ?, 'queued', ?)", [args, NOW])
    assert [job.args for job in jobs.running(store)] == [works.Import(["a.csv"])]


def test_why_a_job_failed_is_said_in_the_words_of_the_reader(store: database.Store) -> None:
    job_id = jobs.ask(store, works.Send("one"), NOW)
    jobs.finish(store, job_id, "failed", NOW, {"template": "No {n}.", "values": {"n": 3}}, "No 3.")
    job = jobs.get(store, job_id)
    assert job is not None
    assert job.why(lambda template, **values: template.replace("No", "Kein").format(**values)) == "Kein 3."


def test_a_failed_job_keeps_the_code_of_its_refusal(store: database.Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").touch()
    crew = worker.Worker(store, Environment(data=tmp_path))
    refused, broken = jobs.ask(store, works.Import([str(tmp_path / "a.csv")]), NOW), jobs.ask(store, works.Undo("one"), NOW)
    monkeypatch.setattr(worker.uploads, "undo", lambda *_: 1 / 0)
    for job_id, code in ((refused, "file.empty"), (broken, "job.broken")):
        asked = jobs.get(store, job_id)
        assert asked is not None
        crew.work(asked)
        job = jobs.get(store, job_id)
        assert job is not None
        assert (job.state, job.result["code"]) == ("failed", code)
        assert job.error == job.result["template"].format(**job.result["values"])
