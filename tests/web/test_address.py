"""A shop without users is reached from its own machine only: refused at the start, and for every foreign name, proxy or visitor."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from crm import database
from crm.accounts.acting import Role
from crm.errors import BadInputError
from crm.settings import Environment
from crm.web.address import Nearby, require_closed
from tests.accounts.given import add
from tests.conftest import ROOT, free_port

EVERYWHERE = "0.0.0.0"  # noqa: S104 (always refused here)
OWN = ["localhost", "localhost:8501", "LOCALHOST:80", "localhost.:8501", "127.0.0.1:8501", "127.8.9.1", "[::1]:8501", "[::ffff:127.0.0.1]"]
FOREIGN = [
    "evil.example",
    "crm.example.com:8501",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "192.168.1.5:8501",
    "10.0.0.1",
    "0.0.0.0:8501",
    "[::]:8501",
    "[fe80::1]",
    "evil.example@localhost.evil",
    "xn--localhost-x",
    "2130706433",
    "",
    "[",
    "localhost, evil.example",
]
PROXIES = [
    {"x-forwarded-for": "203.0.113.9"},
    {"X-Forwarded-Host": "localhost"},
    {"Forwarded": "for=127.0.0.1"},
    {"x-real-ip": "127.0.0.1"},
    {"via": "1.1 proxy"},
    {"X-Forwarded-Proto": "https"},
    {"cf-connecting-ip": "203.0.113.9"},
    {"x-forwarded-server": "a"},
    {"true-client-ip": "::1"},
    {"x-forwarded-port": "443"},
]
PATHS = ["/customers", "/u/token", "/hooks/sendgrid", "/_stcore/health", "/login"]


async def page(request: object) -> PlainTextResponse:
    return PlainTextResponse("customers")


async def socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("customers")


def opened(client: tuple[str, int] = ("127.0.0.1", 50000)) -> TestClient:
    routes = [*(Route(path, page) for path in PATHS), WebSocketRoute("/_stcore/stream", socket)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(Nearby)]), base_url="http://localhost", client=client)


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.delenv("CRM_PASSWORD", raising=False)
    monkeypatch.setenv("CRM_DATA", str(tmp_path))
    yield opened()


@pytest.mark.parametrize("host", OWN)
def test_this_machine_is_answered_by_all_its_names(client: TestClient, host: str) -> None:
    assert client.get("/customers", headers={"host": host}).text == "customers"
    with client.websocket_connect("/_stcore/stream", headers={"host": host}) as heard:
        assert heard.receive_text() == "customers"


@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_name_is_refused_on_every_path_and_on_the_websocket(client: TestClient, host: str) -> None:
    for path in PATHS:
        match = client.get(path, headers={"host": host, "accept-language": "en"})
        assert (match.status_code, "customers" in match.text, "set crm_password" in match.text.lower()) == (403, False, True)
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_stcore/stream", headers={"host": host}) as heard:
        heard.receive_text()


@pytest.mark.parametrize("headers", PROXIES)
def test_what_a_proxy_says_never_opens_and_shows_that_it_is_there(client: TestClient, headers: dict[str, str]) -> None:
    assert client.get("/customers", headers=headers).status_code == 403
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_stcore/stream", headers=headers) as heard:
        heard.receive_text()
    assert client.get("/customers", headers={**headers, "host": "evil.example"}).status_code == 403


@pytest.mark.parametrize("visitor", ["203.0.113.9", "192.168.1.7", "10.1.2.3", "fe80::1", "testclient"])
def test_a_visitor_from_another_machine_is_refused_whatever_name_is_used(client: TestClient, visitor: str) -> None:
    assert opened((visitor, 1)).get("/customers").status_code == 403


def test_the_refusal_is_a_sentence_in_the_visitors_language(client: TestClient) -> None:
    assert "没有设密码" in client.get("/customers", headers={"host": "evil.example", "accept-language": "zh-CN"}).text


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[database.Store]:
    """A shop with users, at two public addresses (one of the machine's settings, one of its own), and a name it is known by inside."""
    values = {"PUBLIC_URL": "https://crm.example.com", "ALLOWED_HOSTS": "huitou.lan, 192.168.1.5"}
    for name, value in {**values, "DATA": str(tmp_path)}.items():
        monkeypatch.setenv(f"CRM_{name}", value)
    store = database.open_store(tmp_path)
    add(store, "Anna", Role.OWNER)
    database.change_shop(store, {"public_url": "https://letters.shop.example"})
    yield store
    store.close()


PROXIED = {"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https"}
OURS = [*OWN, "crm.example.com", "CRM.example.com.", "letters.shop.example", "huitou.lan:8501", "192.168.1.5", "192.168.1.5:8501"]


@pytest.mark.parametrize("host", OURS)
@pytest.mark.usefixtures("shop")
def test_with_users_each_of_its_own_names_reaches_the_door_through_a_proxy(host: str) -> None:
    client = opened(("203.0.113.9", 1))
    for path in PATHS:
        assert client.get(path, headers={"host": host, **PROXIED}).text == "customers"
    with client.websocket_connect("/_stcore/stream", headers={"host": host, **PROXIED}) as heard:
        assert heard.receive_text() == "customers"


@pytest.mark.parametrize(
    "host",
    [*(name for name in FOREIGN if name.partition(":")[0] not in OURS), "crm.example.com.evil.example", "crm.example.com, evil.example"],
)
@pytest.mark.usefixtures("shop")
def test_with_users_a_foreign_name_is_refused_whatever_the_proxy_says(host: str) -> None:
    client = opened()
    told = {"host": host, "x-forwarded-host": "crm.example.com", "accept-language": "en"}
    for path in ("/customers", "/login", "/_stcore/health", "/upload/1/a.csv"):
        refused = client.get(path, headers=told)
        assert (refused.status_code, "CRM_ALLOWED_HOSTS" in refused.text) == (403, True), path
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_stcore/stream", headers=told) as heard:
        heard.receive_text()


@pytest.mark.usefixtures("shop")
def test_old_letters_links_and_signed_reports_are_answered_under_any_name() -> None:
    for path in ("/u/token", "/hooks/sendgrid"):
        assert opened().get(path, headers={"host": "former.example"}).text == "customers"


def test_the_address_a_request_came_in_by_is_ours(shop: database.Store) -> None:
    """Who opens a server of the local network by its number needs no setting; a name that points there does."""

    def by(server: str, host: str) -> int:
        client = TestClient(Starlette(routes=[Route("/customers", page)], middleware=[Middleware(Nearby)]), base_url=f"http://{server}")
        return client.get("/customers", headers={"host": host}).status_code

    assert [by("10.0.0.7:8501", host) for host in ("10.0.0.7:8501", "10.0.0.8:8501", "evil.example")] == [200, 403, 403]
    assert [by("[fe80::1]", "[fe80::1]:8501"), by("evil.example", "evil.example")] == [200, 403]


def test_a_changed_address_of_the_shop_counts_at_once(shop: database.Store) -> None:
    def status() -> int:
        return opened().get("/customers", headers={"host": "new.example"}).status_code

    assert status() == 403
    database.change_shop(shop, {"public_url": "https://new.example/"})
    assert status() == 200
    database.change_shop(shop, {"public_url": ""})
    assert status() == 403


@pytest.mark.parametrize(
    "url",
    [
        "https://crm.example.com",
        "http://192.168.1.5",
        "crm.example.com",
        "https://localhost.example",
        "HTTP://A.TEST",
        "http://[::2]",
        "https://[",
    ],
)
def test_a_public_address_needs_users(url: str) -> None:
    with pytest.raises(BadInputError, match="CRM_PASSWORD"):
        require_closed(Environment(public_url=url), "127.0.0.1", closed=False)
    require_closed(Environment(public_url=url), EVERYWHERE, closed=True)


@pytest.mark.parametrize("host", [EVERYWHERE, "::", "192.168.1.5", "shop.example", "", None])
def test_listening_to_others_needs_users(host: str | None) -> None:
    with pytest.raises(BadInputError, match="The server was not started"):
        require_closed(Environment(public_url=""), host, closed=False)


@pytest.mark.parametrize("url", ["http://localhost:8501", "http://127.0.0.1", "http://[::1]:80", "localhost:8501", ""])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_this_machine_alone_needs_none(url: str, host: str) -> None:
    require_closed(Environment(public_url=url), host, closed=False)


@pytest.mark.parametrize("way", ["serve", "streamlit"])
@pytest.mark.parametrize("given", [{"CRM_PUBLIC_URL": "https://crm.example.com"}, {"STREAMLIT_SERVER_ADDRESS": EVERYWHERE}])
def test_the_process_ends_with_its_sentence(tmp_path: Path, way: str, given: dict[str, str]) -> None:
    port = str(free_port())
    listens = ["--host", given.get("STREAMLIT_SERVER_ADDRESS", "127.0.0.1")]
    serve = ["-m", "crm.cli", "serve", "--data", str(tmp_path), "--port", port, *listens]
    command = serve if way == "serve" else ["-m", "streamlit", "run", "app.py", "--server.port", port]
    surroundings = {**os.environ, "CRM_DATA": str(tmp_path), "CRM_PASSWORD": "", **given}
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, cwd=ROOT, env=surroundings, timeout=60)
    assert (done.returncode, "Set CRM_PASSWORD first" in done.stderr, "Traceback" in done.stderr) == (1, True, False)


def test_the_documented_ways_to_run_it_have_a_password_and_tell_none() -> None:
    unit = (ROOT / "docs/how-to/huitou.service").read_text()
    assert "EnvironmentFile=/" in unit, "with a dash before the path systemd would start without the file"
    assert "Environment=CRM_PASSWORD" not in unit
    assert "CRM_PUBLIC_URL=https://" in unit
    recipe = (ROOT / "Dockerfile").read_text()
    assert "ENV CRM_PASSWORD" not in recipe
    words = json.loads(recipe[recipe.rindex("CMD ") + 4 :])
    done = subprocess.run(
        [sys.executable, "-m", "crm.cli", *words[1:]], capture_output=True, text=True, cwd=ROOT, env={**os.environ, "CRM_PASSWORD": ""}
    )
    assert (done.returncode, "Set CRM_PASSWORD first" in done.stderr) == (1, True)
