"""kill -9 at 20 random moments of an import of 200,000 orders: then it is whole or absent, nothing is left, and the job says which."""

import os
import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from crm import clock, database, demo, jobs
from crm.database import Store
from crm.imports import steps
from crm.jobs import Job
from crm.settings import Environment
from crm.worker import Worker
from crm.works import Args, Import
from tests.conftest import ROOT
from tests.crash.kills import kills

KILLS = kills(12)
AT_COMMIT = max(KILLS * 3 // 10, 1)
"""How often, and how many of these in the last step and just after it."""
ORDERS, BEFORE = 200_000, 20_000
AGREE = (
    "(SELECT count(*) FROM orders) = (SELECT count(DISTINCT order_key) FROM order_records)",
    "(SELECT count(*) FROM orders) = (SELECT count(*) FROM order_records SEMI JOIN orders USING (order_key, record_id))",
    "(SELECT count(*) FROM order_lines) = (SELECT count(*) FROM order_lines SEMI JOIN orders USING (order_key))",
    "(SELECT count(*) FROM customers) = (SELECT count(DISTINCT customer_id) FROM orders)",
    "(SELECT count(*) FROM customers) = (SELECT count(*) FROM customer_facts SEMI JOIN customers USING (customer_id))",
    "(SELECT sum(spend) FROM customer_facts) = (SELECT sum(spend) FROM orders WHERE customer_id IS NOT NULL)",
    "(SELECT count(*) FROM orders ANTI JOIN imports USING (import_id)) = 0",
    "(SELECT count(*) FROM import_rejections ANTI JOIN imports USING (import_id)) = 0",
)
CONTENT = {
    "imports": "EXCLUDE (import_id, imported_at)",
    "orders": "EXCLUDE (import_id)",
    "order_lines": "",
    "customers": "",
    "customer_facts": "",
    "customer_categories": "",
    "order_records": "EXCLUDE (import_id)",
    "line_records": "EXCLUDE (import_id)",
    "order_repeats": "EXCLUDE (import_id)",
}
"""What is compared of each table: all but what every import has of its own."""
UNTIMED = " REPLACE (NULL AS took_ms)"
State = dict[str, tuple[int, int]]


def state(store: Store) -> State:
    """How many rows each table has and a digest of them, after the tables were found to agree with each other."""
    assert [claim for claim in AGREE if not next(iter((store.one(f"SELECT {claim} AS holds") or {}).values()))] == []
    values = {}
    for table, kept in CONTENT.items():
        columns = f"* {kept}" + (UNTIMED if table == "imports" else "")
        row = store.one(f"SELECT count(*) AS n, coalesce(sum(hash(t)), 0) AS digest FROM (SELECT {columns} FROM {table}) AS t")  # noqa: S608
        assert row is not None
        values[table] = (int(row["n"]), int(row["digest"]))
    return values


@dataclass
class Given:
    """The files to import, a shop that knows a part of them already, both states, and how long each step takes."""

    files: list[Path]
    base: Path
    absent: State
    whole: State
    took: float
    last_step: str
    commit_took: float


def asked(given: Path, files: list[Path], data: Path) -> str:
    """A copy of the shop, the files as uploads in it, and the job as the screen asks for it."""
    shutil.copytree(given, data)
    (data / "uploads").mkdir()
    paths = [data / "uploads" / file.name for file in files]
    for file, path in zip(files, paths, strict=True):
        os.link(file, path)
    store = database.open_store(data)
    job_id = jobs.ask(store, Import([str(path) for path in paths]), clock.now())
    store.close()
    return job_id


def started(data: Path) -> subprocess.Popen[str]:
    """A worker process that has begun with its job."""
    command = [sys.executable, "-m", "tests.crash.importer", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


def killed(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Given:
    """An undisturbed import, watched. The shop it goes into has the first tenth of the order file already."""
    home = tmp_path_factory.mktemp("crash")
    files = demo.write_files(home / "exports", 80_000, date(2026, 11, 1), ORDERS)
    with files[0].open("rb") as source, (home / "exports" / "first.csv").open("wb") as part:
        part.writelines(islice(source, BEFORE + 1))
    store = database.open_store(home / "base")
    steps.import_orders(store, [home / "exports" / "first.csv"], now=clock.now())
    absent = state(store)
    store.close()
    asked(home / "base", files, home / "whole")
    process, result = started(home / "whole"), [("begun", time.monotonic())]
    assert process.stdout is not None
    while result[-1][0] != "over":
        result.append((process.stdout.readline().strip(), time.monotonic()))
    killed(process)
    store = database.open_store(home / "whole")
    whole = state(store)
    store.close()
    assert whole["orders"][0] > ORDERS * 0.95
    return Given(files, home / "base", absent, whole, result[-1][1] - result[0][1], result[-2][0], result[-1][1] - result[-2][1])


def kill(given: Given, data: Path, turn: int) -> None:
    """Kill it: in the last turns around the commit, before that at any time of the whole."""
    process, chance = started(data), random.Random(turn)
    if turn < KILLS - AT_COMMIT:
        time.sleep((turn + chance.random()) / (KILLS - AT_COMMIT) * given.took)
    else:
        assert process.stdout is not None
        while process.stdout.readline().strip() not in (given.last_step, "over"):
            pass
        time.sleep(chance.uniform(0, 1.3) * given.commit_took)
    killed(process)


def restarted(data: Path, job_id: str) -> tuple[State, State, Job[Args]]:
    """What the next start finds, what it leaves, and what it says of the job."""
    store = database.open_store(data)
    result = state(store)
    worker = Worker(store, Environment())
    worker.start()
    worker.stop()
    left, job = state(store), jobs.get(store, job_id)
    store.close()
    assert job is not None
    return result, left, job


@pytest.mark.parametrize("turn", range(KILLS))
def test_a_killed_import_is_whole_or_absent(given: Given, tmp_path: Path, turn: int) -> None:
    data = tmp_path / "shop"
    job_id = asked(given.base, given.files, data)
    kill(given, data, turn)
    result, left, job = restarted(data, job_id)
    assert result in (given.absent, given.whole)
    assert left == result
    assert job.state == ("done" if result == given.whole else "interrupted")
    if job.state == "done":
        assert sum(entry["orders"] for entry in job.result["files"]) == given.whole["orders"][0]
    assert [str(file) for file in (data / "tmp").rglob("*") if file.is_file()] == []
    shutil.rmtree(data)
