"""What watches the server: live, ready, figures behind a token; an apology with a reference; and files that nobody else may read."""

import json
import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from crm import clock, database, doctor, jobs, works
from crm.accounts.acting import Role
from crm.database import disk, modes
from crm.settings import Environment
from crm.web import health, metrics, upload_owner
from crm.web.address import Nearby
from crm.web.door import Door
from crm.web.probes import Probes
from crm.worker import IDLE_SECONDS, SILENT_SECONDS, Worker
from tests.accounts.given import add
from tests.campaigns.given import launched as launched_campaign
from tests.conftest import ROOT, crm, launched, wait_for

TOKEN = "a-token-of-forty-characters-0123456789ab"
SAMPLE = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?\d+(\.\d+)?(e[+-]?\d+)?')


async def page(request: Any) -> PlainTextResponse:
    return PlainTextResponse("customers")


async def broken(request: Any) -> PlainTextResponse:
    raise LookupError("of 'John Smith'")


async def gone(request: Any) -> PlainTextResponse:
    raise ClientDisconnect


async def socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text(str(metrics.requests.open_pages))


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[health.Running]:
    """A shop with its worker at work, looked at anew each time."""
    monkeypatch.setenv("CRM_DATA", str(tmp_path))
    monkeypatch.setattr(health, "KEPT", 0.0)
    monkeypatch.setattr(health, "current", health.Health())
    monkeypatch.setattr(metrics, "requests", metrics.Requests())
    store = database.open_store(tmp_path)
    result = health.Running(store, Worker(store, Environment()))
    result.worker.start()
    health.current.running = result
    yield result
    result.worker.stop()
    store.close()


@pytest.fixture
def client(running: health.Running) -> TestClient:
    routes = [Route("/customers", page), Route("/broken", broken), Route("/u/gone", gone), WebSocketRoute("/_stcore/stream", socket)]
    front = [Middleware(Probes), Middleware(Nearby), Middleware(Door)]
    return TestClient(Starlette(routes=routes, middleware=front), base_url="http://localhost", client=("127.0.0.1", 50000))


def ready(client: TestClient) -> tuple[int, str]:
    answer = client.get("/readyz")
    return answer.status_code, answer.text


def figures(client: TestClient, token: str = TOKEN) -> dict[str, float]:
    answer = client.get("/metrics", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    lines = [line for line in answer.text.splitlines() if not line.startswith("# ")]
    assert [line for line in lines if not SAMPLE.fullmatch(line)] == []
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_live_and_ready_are_two_words_for_everybody(client: TestClient, running: health.Running) -> None:
    add(running.store, "Anna", Role.OWNER)
    for name in ("localhost", "10.0.0.7", "probe.example"):
        answers = [client.get(path, headers={"host": name}) for path in ("/healthz", "/readyz")]
        assert [(answer.status_code, answer.text) for answer in answers] == [(200, "ok"), (200, "ready")]
    assert client.get("/healthz/customers", headers={"host": "probe.example"}).status_code == 403


def test_not_ready_without_an_answer_of_the_database(
    client: TestClient, running: health.Running, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    running.worker.stop()
    running.store.close()
    assert ready(client) == (503, "not ready")
    assert client.get("/healthz").status_code == 200
    assert [record.getMessage() for record in caplog.records if record.name == health.__name__] == [
        "not ready: the database does not answer (ConnectionException)"
    ]


def test_not_ready_when_the_database_hangs(client: TestClient, running: health.Running, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    monkeypatch.setattr(health, "PATIENCE", 0.2)
    monkeypatch.setattr(running.store, "frame", lambda sql: go_on.wait(20), raising=False)
    began = time.monotonic()
    assert [ready(client), ready(client), ready(client)] == [(503, "not ready")] * 3
    assert time.monotonic() - began < 3
    go_on.set()


def test_not_ready_on_a_full_disk(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "free", lambda folder: 99_000_000)
    assert ready(client) == (503, "not ready")
    monkeypatch.setattr(disk, "free", lambda folder: 101_000_000)
    assert ready(client) == (200, "ready")


def test_not_ready_with_a_worker_that_stopped(client: TestClient, running: health.Running) -> None:
    running.worker.stop()
    assert ready(client) == (503, "not ready")


@pytest.mark.parametrize(
    ("is_busy", "seconds", "is_well"), [(False, IDLE_SECONDS, False), (True, IDLE_SECONDS, True), (True, SILENT_SECONDS, False)]
)
def test_a_worker_in_a_long_job_is_well_and_one_that_hangs_is_not(
    running: health.Running, monkeypatch: pytest.MonkeyPatch, is_busy: bool, seconds: float, is_well: bool
) -> None:
    worker = running.worker
    worker.stop()
    worker._is_busy, worker._beat = is_busy, time.monotonic() - seconds - 1
    with monkeypatch.context() as patch:
        patch.setattr(worker, "_thread", threading.current_thread())
        assert (worker.trouble() is None) is is_well


def test_a_job_keeps_the_worker_busy_until_it_ends(running: health.Running, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = list[bool]()
    monkeypatch.setattr(running.worker, "work", lambda job: seen.append(running.worker._is_busy) or jobs.cancel(running.store, job.job_id))
    jobs.ask(running.store, works.Rebuild(), clock.now())
    wait_for(lambda: bool(seen), 10)
    wait_for(lambda: not running.worker._is_busy, 10)
    assert seen[0] is True


def test_the_figures_need_their_token_and_are_not_there_without_one(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404
    monkeypatch.setenv("CRM_METRICS_TOKEN", TOKEN)
    for given in ("", "Bearer ", TOKEN, f"Bearer {TOKEN}x", f"bearer {TOKEN}", "Bearer \xfc"):
        answer = client.get("/metrics", headers={"authorization": given.encode("latin-1")} if given else {})
        assert (answer.status_code, "huitou" in answer.text) == (401, False), given
    assert figures(client)["huitou_ready"] == 1


def test_the_figures_say_how_it_runs_and_name_nobody(client: TestClient, running: health.Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_METRICS_TOKEN", TOKEN)
    campaign_id = launched_campaign(running.store, 5, clock.now())
    (running.store.folder or Path("-")).joinpath("backups").mkdir()
    ((running.store.folder or Path("-")) / "backups/shop-2026-05-04T030201Z.duckdb").write_text("copy")
    jobs.ask(running.store, works.RemoveDemo(), clock.now())
    wait_for(lambda: not jobs.running(running.store), 20)
    for path in ("/customers", "/customers?q=Li", "/nowhere/li@example.com"):
        client.get(path)
    with pytest.raises(AssertionError, match="did not receive any response"):
        client.get("/u/gone")
    got = figures(client)
    assert got['huitou_jobs{state="done"}'] == 1
    assert got['huitou_letters{state="pending"}'] == 5
    assert (got['huitou_requests_total{route="page",code="200"}'], got['huitou_requests_total{route="page",code="404"}']) == (2, 1)
    assert got['huitou_requests_total{route="unsubscribe",code="499"}'] == 1
    assert got['huitou_request_seconds_count{route="page"}'] == got['huitou_request_seconds_bucket{route="page",le="+Inf"}'] == 3
    assert got['huitou_request_seconds_bucket{route="page",le="0.01"}'] <= got['huitou_request_seconds_bucket{route="page",le="5.0"}'] <= 3
    assert got["huitou_database_bytes"] > 10_000 and got["huitou_disk_free_bytes"] > 0
    now = (clock.now() - clock.EPOCH).total_seconds()
    assert got["huitou_last_backup_timestamp_seconds"] == 1777863721
    assert 0 < now - got["process_start_time_seconds"] < 3600
    assert 0 <= got["huitou_worker_silent_seconds"] < 60
    text = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).text
    assert not re.search(f"@|example|{campaign_id}", text)


def test_open_pages_are_counted_while_they_are_open(client: TestClient) -> None:
    with client.websocket_connect("/_stcore/stream", headers={"host": "localhost"}) as heard:
        assert heard.receive_text() == "1"
    wait_for(lambda: metrics.requests.open_pages == 0, 5)


def test_a_bug_is_an_apology_whose_reference_is_in_the_log(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    answer = client.get("/broken", headers={"accept-language": "en"})
    reference = re.search(r"reference ([0-9a-f]{8})", answer.text)
    assert reference and answer.status_code == 500
    assert ("LookupError" in answer.text, f"reference {reference[1]}" in caplog.text) == (False, True)


UMASK_0 = f"import os, sys; os.umask(0); os.execv({sys.executable!r}, [{sys.executable!r}, '-m', 'crm.cli', *sys.argv[1:]])"
ORDERS = "order_id,buyer,created_at,paid_at,paid,status\nA1,li,2026-01-02 10:00:00,2026-01-02 10:00:00,10.00,paid\n"


def test_a_server_started_with_umask_0_leaves_nothing_for_others(tmp_path: Path) -> None:
    """It has imported from the inbox, written letters and taken an upload; it is live and ready, and logs as JSON."""
    shop = tmp_path / "shop"
    store = database.open_store(shop)
    campaign_id = launched_campaign(store, 5, clock.now())
    store.close()
    crm("campaign", "send", campaign_id, data=shop)
    environment = {"CRM_LOG_FORMAT": "json", "CRM_LOG_FILE": str(shop / "logs/huitou.log"), "CRM_METRICS_TOKEN": TOKEN}
    server = launched([sys.executable, "-c", UMASK_0], shop, home=ROOT, env={**_surroundings(), **environment})
    try:
        (shop / "inbox/orders.csv").write_text(ORDERS)
        mark = upload_owner.new_mark()
        told = {upload_owner.HEADER: upload_owner.ticket(Environment(data=shop), mark), "sec-fetch-site": "same-origin"}
        sent = httpx.put(f"{server.url}/upload/{'a1' * 12}/orders.csv", content=ORDERS.encode(), headers=told, timeout=20)
        assert sent.status_code == 201, sent.text
        wait_for(lambda: len(list((shop / "inbox/done").glob("*"))) == 2, 30, lambda: server.log.read_text())
        made = {path.relative_to(shop).parts[0] for path in shop.rglob("*") if path.is_file()}
        assert {"outbox", "uploads", "inbox", "logs", "journal", "shop.duckdb"} <= made
        assert modes.still_open(shop) == []
        seen = json.loads(crm("doctor", "--json", "--server", server.url, data=shop, check=False).stdout)
        assert (seen["well"], seen["checked"][-1], seen["not_checked"]) == (True, "server", list(doctor.INSIDE))
        assert [httpx.get(f"{server.url}/{path}").text for path in ("healthz", "readyz")] == ["ok", "ready"]
        got = httpx.get(f"{server.url}/metrics", headers={"authorization": f"Bearer {TOKEN}"}).text
        assert 'huitou_letters{state="accepted"} 5.0' in got and 'huitou_requests_total{route="upload",code="201"} 1.0' in got
        events = [json.loads(line) for line in (shop / "logs/huitou.log").read_text().splitlines()]
        assert any(event["event"].startswith("Huitou") and event["logger"] == "crm.web.server" for event in events)
    finally:
        server.kill()


def _surroundings() -> dict[str, str]:

    return {name: value for name, value in os.environ.items() if not name.startswith("CRM_")}
