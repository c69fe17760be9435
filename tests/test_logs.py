"""The log: an event is a line with time, level and logger; what went wrong is found by its reference; nobody is named in it."""

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crm import database, jobs, logs, worker, works
from crm.errors import BadInputError
from crm.settings import Environment
from tests.conftest import ROOT, free_port, serving

EVENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} (DEBUG|INFO|WARNING|ERROR) [\w.]+: .+")
NOW = datetime(2026, 7, 1)
SECRETS = {"CRM_SENDGRID_API_KEY": "SG.key.of-the-shop", "CRM_PASSWORD": "open sesame", "CRM_OIDC_CLIENT_SECRET": "kept-by-provider"}
PERSONAL = [
    "zhang.san+a@mail.example.com",
    "138 1234 5678",
    "+49 (0)30 123456",
    "13812345678",
    "010-12345678",
    "张三",
    "Müller",
    "广东省深圳市",
    *SECRETS.values(),
]
log = logging.getLogger("crm.somewhere")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The log, begun with secrets to keep."""
    path = tmp_path / "logs" / "huitou.log"
    for name, value in {**SECRETS, "CRM_LOG_FILE": str(path)}.items():
        monkeypatch.setenv(name, value)
    logs.begin()
    yield path
    for handler in [handler for handler in logging.getLogger().handlers if handler.get_name() == logs.OURS]:
        logging.getLogger().removeHandler(handler)
        handler.close()


def events(file: Path) -> list[str]:
    """Its lines but those of tracebacks; each is an event."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("    ")]
    assert [line for line in lines if not EVENT.fullmatch(line)] == []
    return lines


def test_as_json_an_event_is_one_object_in_one_line(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_LOG_FORMAT", "json")
    logs.begin()
    log.info('two\nlines, "quoted"')
    said = "Could not convert string 'John Smith' of zhang.san@example.com"
    try:
        raise LookupError(said)
    except LookupError:
        log.exception("screen failed, reference %s", "5d20c1f7")
    plain, failed = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert (plain["level"], plain["logger"], plain["event"]) == ("INFO", "crm.somewhere", 'two\nlines, "quoted"')
    assert datetime.strptime(plain["time"], "%Y-%m-%dT%H:%M:%S%z") and set(plain) == {"time", "level", "logger", "event"}
    assert (failed["level"], failed["reference"]) == ("ERROR", "5d20c1f7")
    assert "LookupError: Could not convert string '…' of …" in failed["traceback"]
    assert ("John" in str(failed), "zhang" in str(failed)) == (False, False)


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("private", PERSONAL)
def test_nobody_and_no_secret_is_in_it(file: Path, private: str, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_LOG_FORMAT", form)
    logs.begin()
    log.warning("a cell holds %s, and that is no number", private)
    try:
        raise ValueError(f"Could not convert {private} at row 7")
    except ValueError:
        log.exception("failed")
    text = file.read_text(encoding="utf-8")
    assert private not in text
    assert not any(part in text for part in re.findall(r"\w{4,}", private) if part not in ("mail", "example"))
    assert ("holds …" in text, "at row 7" in text, "no number" in text) == (True, True, True)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("Could not convert string 'John Smith' to INT32", "Could not convert string '…' to INT32"),
        ('Duplicate key "Smith" violates it', "Duplicate key '…' violates it"),
        ("Could not convert string 'zhangsan88' to INT32", "Could not convert string '…' to INT32"),
        ("nothing called 'orders.zhangsan'", "nothing called '…'"),
        ("'order_records'", "'order_records'"),
        ('column "orders.paid_at" not found', 'column "orders.paid_at" not found'),
        ('column "paid_at" not found', 'column "paid_at" not found'),
    ],
)
def test_an_error_says_which_column_and_not_what_was_in_it(file: Path, told: str, kept: str) -> None:
    try:
        raise LookupError(told)
    except LookupError:
        log.exception("failed, reference %s", "12345678")
    text = file.read_text(encoding="utf-8")
    assert f"LookupError: {kept}" in text
    assert ("reference 12345678" in text, "tests/test_logs.py" in text) == (True, True)
    assert len(events(file)) == 1


def test_what_is_told_in_several_lines_is_one_event(file: Path) -> None:
    log.warning("broken\n2026-01-01T00:00:00+0000 ERROR crm.forged: that never happened")
    assert [line.endswith("broken") for line in events(file)] == [True]


def test_begun_again_each_event_is_there_once(file: Path) -> None:
    logs.begin()
    log.info("once")
    log.debug("not at this level")
    assert len(events(file)) == 1


def test_the_level_is_that_of_the_machine(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_LOG_LEVEL", "warning")
    logs.begin()
    log.info("no")
    log.warning("yes")
    assert [line.rsplit(" ", 1)[1] for line in events(file)] == ["yes"]


def test_a_large_file_makes_room(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "BYTES", 1000)
    logs.begin()
    for number in range(200):
        log.info("event %s", number)
    kept = sorted(file.parent.iterdir())
    assert [path.name for path in kept] == ["huitou.log", *(f"huitou.log.{number}" for number in range(1, logs.KEPT + 1))]
    assert max(path.stat().st_size for path in kept) <= 1000


@pytest.mark.parametrize(
    ("error", "level", "said"),
    [
        (RuntimeError("no room for 'zhang@example.com'"), "ERROR", "failed, reference"),
        (BadInputError("day.malformed", "“{text}” is no day.", text="张三"), "INFO", "refused: day.malformed"),
    ],
)
def test_a_job_that_ends_badly_is_found_by_what_the_screen_says(
    file: Path, store: database.Store, monkeypatch: pytest.MonkeyPatch, error: Exception, level: str, said: str
) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(worker, "_do", fail)
    job_id = jobs.ask(store, works.Import([]), NOW)
    waiting = jobs.next_waiting(store)
    assert waiting is not None
    worker.Worker(store, Environment()).work(waiting)
    line = events(file)[-1]
    assert (f" {level} crm.worker: job {job_id}" in line, said in line) == (True, True)
    shown = jobs.get(store, job_id)
    assert shown is not None
    reference = re.search("[0-9a-f]{8}", str(shown.error))
    assert reference is None or reference[0] in line
    assert (reference is None) == (level == "INFO")
    assert "zhang" not in file.read_text(encoding="utf-8")


def broken_page() -> None:
    """A page with a bug."""
    from crm.ui import components

    with components.guard():
        raise ValueError("zhang@example.com")


def test_a_page_that_breaks_is_found_by_its_reference(file: Path) -> None:
    page = AppTest.from_function(broken_page).run(timeout=30)
    reference = re.findall("[0-9a-f]{8}", page.error[0].value)[0]
    assert [line.endswith(f"screen failed, reference {reference}") for line in events(file)] == [True]
    text = file.read_text(encoding="utf-8")
    assert ("ValueError" in text, "zhang" in text) == (True, False)


def test_what_the_frame_says_goes_the_same_way(file: Path) -> None:
    theirs = logging.getLogger("streamlit.somewhere.new")
    theirs.addHandler(logging.StreamHandler())
    theirs.propagate = False
    logs.take_over()
    theirs.warning("for zhang@example.com")
    assert [line.endswith("streamlit.somewhere.new: for …") for line in events(file)] == [True]
    assert theirs.handlers == []


def test_a_server_writes_it_from_its_start_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "huitou.log"
    with serving(tmp_path / "shop", CRM_LOG_FILE=str(file)) as server:
        assert server.stop() == 0
    assert [line.split("crm.web.server: ")[-1].split()[0] for line in events(file)] == ["Huitou", "stopped"]
    assert all(line in server.log.read_text() for line in events(file))


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ({"CRM_LOG_LEVEL": "loud"}, "cannot be used: CRM_LOG_LEVEL."),
        ({"CRM_LOG_FILE": __file__ + "/log"}, "The log cannot be written"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, setting: dict[str, str], says: str) -> None:
    ways = [
        ["-m", "crm.cli", "imports"],
        ["-m", "crm.cli", "serve"],
        ["-m", "streamlit", "run", "app.py", "--server.port", str(free_port())],
    ]
    surroundings = {**os.environ, "CRM_DATA": str(tmp_path / "shop"), **setting}
    for way in ways:
        done = subprocess.run([sys.executable, *way], capture_output=True, text=True, cwd=ROOT, env=surroundings, timeout=60)
        assert (done.returncode, says in done.stderr, "Traceback" in done.stderr) == (1, True, False), way
    assert not (tmp_path / "shop").exists()
