"""The door: with a password set nothing but webhook, unsubscribe and login is open; marks cannot be made or kept forever."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from crm.settings import Environment
from crm.web import door


async def page(request: object) -> PlainTextResponse:
    return PlainTextResponse("customers")


async def socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("customers")


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv("CRM_DATA", str(tmp_path))
    monkeypatch.setenv("CRM_PASSWORD", "correct horse")
    routes = [door.LOGIN, Route("/customers", page), Route("/u/x", page), WebSocketRoute("/_stcore/stream", socket)]
    with TestClient(Starlette(routes=routes, middleware=[Middleware(door.Door)]), follow_redirects=False) as opened:
        yield opened


def test_pages_lead_to_the_login_and_unsubscribing_stays_open(client: TestClient) -> None:
    assert client.get("/customers").headers["location"] == "/login"
    assert client.get("/u/x").text == "customers"


def test_the_websocket_is_closed_without_a_session(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_stcore/stream") as opened:
        opened.receive_text()


def test_the_right_password_opens_pages_and_websocket(client: TestClient) -> None:
    assert client.post("/login", data={"password": "correct horse"}).status_code == 303
    assert client.get("/customers").text == "customers"
    with client.websocket_connect("/_stcore/stream") as opened:
        assert opened.receive_text() == "customers"


def test_a_wrong_password_is_told_so_in_the_visitors_language(client: TestClient) -> None:
    answer = client.post("/login", data={"password": "guess"}, headers={"accept-language": "zh-CN"})
    assert (answer.status_code, "密码不对" in answer.text) == (401, True)
    assert client.get("/customers").status_code == 303


def test_marks_expire_and_cannot_be_forged(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    env = Environment()
    mark = door.signed(env, 1_000_000)
    assert door.valid(env, mark, 1_000_000 + 60)
    assert not door.valid(env, mark, 1_000_000 + door.LASTS)
    assert not door.valid(env, mark.replace("1000000", "2000000"), 2_000_060)
    assert not door.valid(env, "", 0)
    monkeypatch.setenv("CRM_PASSWORD", "changed")
    assert not door.valid(Environment(), mark, 1_000_060)
