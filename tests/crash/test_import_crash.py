"""kill -9 of the server in the middle of an import: afterwards the import is whole or absent, and the job says which."""

import random
import shutil
import time
from datetime import date
from pathlib import Path

import pytest

from crm import clock, database, demo, jobs
from tests.conftest import Server, serving, start_server, wait_for

KILLS = 4


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A Taobao pair with about 25,000 orders."""
    return demo.write_files(tmp_path_factory.mktemp("exports"), 10_000, date(2026, 11, 1), 25_000)


def ask_for_import(data: Path, files: list[Path]) -> str:
    """As the screen does: uploaded copies, and a job."""
    uploads = data / "uploads"
    uploads.mkdir(parents=True, exist_ok=True)
    paths = [str(shutil.copy(file, uploads)) for file in files]
    store = database.open_store(data)
    job_id = jobs.ask(store, "import", {"paths": paths}, clock.now())
    store.close()
    return job_id


def found(data: Path, job_id: str) -> tuple[int, int, str]:
    """Orders, customers with facts, and the state of the job, after the process died."""
    store = database.open_store(data)
    orders = store.one("SELECT count(*) AS n, count(DISTINCT import_id) AS imports FROM orders")
    facts = store.one("SELECT count(*) AS n FROM customer_facts")
    tellings = store.one("SELECT count(DISTINCT order_key) AS n FROM order_rows")
    job = jobs.get(store, job_id)
    store.close()
    assert orders and facts and tellings and job
    assert orders["n"] == tellings["n"]
    return orders["n"], facts["n"], str(job["state"])


def finished(server: Server) -> bool:
    """The worker has taken the uploads away, so the job is over."""
    return not any((server.data / "uploads").iterdir())


@pytest.fixture(scope="module")
def whole(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[int, int, float]:
    """What an undisturbed import leaves, and how long it takes from the start of the server."""
    data = tmp_path_factory.mktemp("whole") / "shop"
    job_id = ask_for_import(data, files)
    with serving(data) as server:
        begun = time.monotonic()
        wait_for(lambda: finished(server), 120)
        took = time.monotonic() - begun
        server.stop()
    orders, facts, state = found(data, job_id)
    assert (orders, state) == (orders, "done")
    assert orders > 20_000
    return orders, facts, took


@pytest.mark.parametrize("turn", range(KILLS))
def test_a_killed_import_is_whole_or_absent(files: list[Path], whole: tuple[int, int, float], tmp_path: Path, turn: int) -> None:
    data = tmp_path / "shop"
    job_id = ask_for_import(data, files)
    server = start_server(data)
    time.sleep(random.Random(turn).uniform(0, 1) * whole[2])
    server.kill()
    orders, facts, _ = found(data, job_id)
    assert (orders, facts) in {(0, 0), whole[:2]}
    with serving(data) as again:
        time.sleep(0.5)
        assert again.stop() == 0
    after, facts_after, state = found(data, job_id)
    assert (after, facts_after) in {(0, 0), whole[:2]}
    assert state in {"interrupted", "queued", "done"}
    assert after == orders or state == "done"
    assert not list((data / "tmp").glob("*.csv"))
