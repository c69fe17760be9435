"""A shop whose people sign in at a provider: the fixtures, and a browser that goes there and comes back."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from crm import clock, database
from crm.accounts import acting, audit, sign_in, users
from crm.accounts.acting import Role
from crm.accounts.users import User
from crm.database import Store
from crm.web import door, entrance, oidc
from crm.web.cookies import SESSIONS, Ours
from crm.web.elsewhere import ROUTES
from tests.accounts.conftest import quick_hashes as quick_hashes
from tests.accounts.given import add
from tests.web.provider import CLIENT, SECRET, Provider, provider

HOME = "http://localhost:8501"


async def page(request: Request) -> PlainTextResponse:
    return PlainTextResponse(acting.current().name)


def opened(base: str = HOME) -> TestClient:
    routes = [*entrance.ROUTES, *ROUTES, Route("/", page), Route("/segments", page)]
    app = Starlette(routes=routes, middleware=[Middleware(Ours), Middleware(door.Door)])
    return TestClient(app, base_url=base, client=("198.51.100.7", 1), follow_redirects=False, headers={"accept-language": "en"})


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with provider() as one:
        yield one


@pytest.fixture
def remote(running: Provider, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """The provider as it is when nothing is wrong, and the machine's settings for it."""
    running.claims = {"email": "anna@example.com", "email_verified": True}
    running.metadata, running.person, running.broken, running.slow, running.signs_with = {}, {}, {}, {}, running.key
    oidc._client.cache_clear()
    for name, value in {"ISSUER": running.url, "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET, "NAME": "<Work> ID"}.items():
        monkeypatch.setenv(f"CRM_OIDC_{name}", value)
    return running


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("CRM_DATA", str(tmp_path))
    monkeypatch.setattr(sign_in, "throttle", sign_in.Throttle())
    store = database.open_store(tmp_path)
    named(store, add(store, "Anna", Role.OWNER), "Anna@Example.com ")
    yield store
    store.close()


def named(store: Store, user: User, email: str) -> None:
    users.change(store, user, user.roles, user.special, clock.now(), email)


def sent_back(browser: TestClient, wanted: str = "") -> str:
    """To the provider and back; the address with which its answer comes."""
    leaving = browser.get("/login/elsewhere", params={"next": wanted} if wanted else {})
    assert leaving.status_code == 303, leaving.text
    return httpx.get(leaving.headers["location"]).headers["location"]


def came_in(browser: TestClient, wanted: str = "") -> httpx.Response:
    return browser.get(sent_back(browser, wanted))


def is_refused(answer: httpx.Response, says: str) -> bool:
    """401 with the sentence, and nobody is signed in."""
    return answer.status_code == 401 and says in answer.text and not any(name in answer.headers.get("set-cookie", "") for name in SESSIONS)


def trail(store: Store) -> list[tuple[str, str]]:
    return [(entry.action, entry.detail) for entry in audit.search(store) if entry.action.startswith("sign in")]
