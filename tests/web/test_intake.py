"""Bodies on a real connection: too large, too slow, broken off; nothing is read that nobody will take, and nothing is left behind."""

import json
import re
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
import pytest
from starlette.types import Message, Scope

from crm.web import intake
from tests.conftest import Server, serving
from tests.messaging.test_events import PUBLIC
from tests.web.test_routes import headers


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("intake") / "shop", CRM_SENDGRID_WEBHOOK_KEY=PUBLIC, CRM_PASSWORD="a long password") as running:
        yield running


def connected(server: Server) -> socket.socket:
    port = int(server.url.rpartition(":")[2])
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def begun(server: Server, path: str, length: int, body: bytes = b"", method: str = "POST", **more: str) -> socket.socket:
    """A request of which only so much is sent."""
    lines = [f"{method} {path} HTTP/1.1", f"host: {server.url.partition('//')[2]}", f"content-length: {length}"]
    opened = connected(server)
    opened.sendall("\r\n".join([*lines, *(f"{name}: {value}" for name, value in more.items()), "", ""]).encode() + body)
    return opened


def status(opened: socket.socket) -> int:
    answer = opened.recv(4096).decode("latin-1")
    assert answer, "no answer"
    return int(answer.split()[1])


def is_closed(opened: socket.socket, seconds: float) -> bool:
    opened.settimeout(seconds)
    try:
        while opened.recv(4096):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


ADDRESSES = ["/hooks/sendgrid", "/login", "/u/test", "/", "/orders", "/preview/x", "/_stcore/health", "/nowhere"]


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_body_that_says_that_it_is_too_large_is_not_read(server: Server, path: str) -> None:
    with begun(server, path, 20_000_000) as opened:
        assert status(opened) in (413, 401)
        assert is_closed(opened, 5)


def test_a_body_that_does_not_say_how_large_it_is_ends_at_the_limit(server: Server) -> None:
    opened = connected(server)
    head = f"POST /login HTTP/1.1\r\nhost: {server.url.partition('//')[2]}\r\ncontent-type: application/x-www-form-urlencoded\r\n"
    opened.sendall(f"{head}transfer-encoding: chunked\r\n\r\n".encode())
    try:
        for _ in range(100):
            opened.sendall(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")
    except OSError:
        return
    assert status(opened) == 413


def test_an_unsigned_report_is_answered_before_its_body(server: Server) -> None:
    wrong = {"X-Twilio-Email-Event-Webhook-Signature": "AAAA", "X-Twilio-Email-Event-Webhook-Timestamp": "1"}
    for marks in ({}, wrong):
        with begun(server, "/hooks/sendgrid", 1_000_000, b"[", **marks) as opened:
            assert status(opened) == 401
            assert is_closed(opened, 5)


def test_a_report_as_large_as_sendgrids_is_taken(server: Server) -> None:
    body = json.dumps([{"event": "open", "message_id": "m", "timestamp": 1, "x": "y" * 100}] * 10_000).encode()
    assert 1_000_000 < len(body) < 5_000_000
    with begun(server, "/hooks/sendgrid", len(body), body, **headers(body)) as opened:
        assert status(opened) == 200


def test_a_connection_that_breaks_leaves_no_traceback(server: Server) -> None:
    for path in ("/hooks/sendgrid", "/login", "/u/test", "/upload/0123456789abcdef/a.csv"):
        for _ in range(3):
            begun(server, path, 1_000, b"x", **(headers(b"[]") if "hooks" in path else {})).close()
    time.sleep(1)
    assert "Traceback" not in server.log.read_text()
    assert not re.search("ERROR|Exception", server.log.read_text())


def test_a_slow_body_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the clock of the middleware turned on: half a second here, half a minute on the wire."""
    monkeypatch.setattr(intake, "IN_ALL", 0.5)
    monkeypatch.setattr(intake, "STALLED", 0.5)
    for path in ("/login", "/hooks/sendgrid", "/upload/a/b.csv"):
        assert answered(path, [b"x"]) == 408
    assert answered("/login", [b"x" * 10_000] * 5) == 413
    assert answered("/login", [b"x", b""]) == 200


def answered(path: str, parts: list[bytes]) -> int:
    """What an app that reads its body answers; the parts come at once, then nothing more; an empty one is the end."""
    got: list[Message] = []
    waiting = [{"type": "http.request", "body": part, "more_body": part != b""} for part in parts]

    async def receive() -> Message:
        if not waiting:
            await anyio.sleep(5)
        return waiting.pop(0)

    async def send(message: Message) -> None:
        got.append(message)

    async def reads(scope: Scope, receive: object, send: object) -> None:
        while (await receive()).get("more_body"):  # type: ignore[operator]
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]

    scope = {"type": "http", "path": path, "method": "POST", "headers": [(b"transfer-encoding", b"chunked")]}
    with ThreadPoolExecutor(1) as other:  # a browser of another test may have a loop of its own in this thread
        other.submit(anyio.run, intake.Intake(reads), scope, receive, send).result()
    return int(got[0]["status"])


def test_data_is_untouched(server: Server) -> None:
    assert not list(Path(server.data, "uploads").glob("*/*"))
