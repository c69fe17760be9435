"""What docs/threats.md promises of pages and routes as a whole: each one is asked, not a chosen few."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from crm import database
from crm.accounts import acting, audit
from crm.accounts.acting import ROLES, Role
from crm.database import Store
from crm.settings import root
from crm.ui import menu
from crm.web import server
from crm.web.door import FROM_ANYWHERE, OPEN
from tests import rights
from tests.accounts.given import PASSWORD, add

FRAME = str(root() / "crm" / "ui" / "frame" / "main.py")
SAFE = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("CRM_DATA", str(tmp_path))
    monkeypatch.setenv("CRM_PUBLIC_URL", "http://localhost:8501")
    store = database.open_store(tmp_path)
    add(store, "Anna", Role.OWNER)
    yield store
    store.close()


def application() -> tuple[TestClient, list[Route]]:
    """Our own routes and all of our middleware, as `app.py` puts them together."""
    parts = server.around()
    app = Starlette(routes=parts["routes"], middleware=parts["middleware"])
    return TestClient(app, base_url="http://localhost:8501", client=("127.0.0.1", 1), follow_redirects=False), parts["routes"]


def filled(path: str) -> str:
    """A path with something in its places."""
    return path.replace("{id}", "a1" * 12).replace("{name}", "a.csv").replace("{token}", "x" * 43).replace("{path:path}", "x")


def test_csrf_on_every_changing_route(shop: Store) -> None:
    browser, routes = application()
    assert browser.post("/login", data={"name": "Anna", "password": PASSWORD}).status_code == 303
    changing = [(method, filled(route.path)) for route in routes for method in sorted((route.methods or set()) - SAFE)]
    assert len(changing) >= 6
    for method, path in changing:
        for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
            answer = browser.request(method, path, headers=headers)
            assert (answer.status_code == 403 and "Cross-site" in answer.text) is not path.startswith(FROM_ANYWHERE), (method, path)


def test_every_route_is_closed_to_strangers_or_listed_as_open(shop: Store) -> None:
    stranger, routes = application()
    for route in routes:
        for method in sorted(route.methods or {"GET"}):
            path = filled(route.path)
            answer = stranger.request(method, path)
            closed = answer.status_code == 403 or answer.headers.get("location", "").startswith("/login")
            assert closed is not path.startswith(OPEN), (method, path, answer.status_code)


@pytest.mark.parametrize("role", [Role.STAFF, Role.BOSS, Role.ADMIN])
def test_staff_calls_every_page_and_route(shop: Store, monkeypatch: pytest.MonkeyPatch, role: Role) -> None:
    """The menu is made to offer everything: each page refuses by itself, says so, and the trail has it."""
    actor = add(shop, "Bo", role).actor()
    monkeypatch.setattr("crm.ui.session._visitor", lambda opened: actor)
    monkeypatch.setattr(menu, "opens", lambda name: True)
    app = AppTest.from_file(FRAME, default_timeout=60).run()
    for name, right in rights.pages().items():
        if right is None or right in ROLES[role]:
            continue
        page = app.switch_page(str(root() / "pages" / f"{name}.py")).run()
        assert not page.exception
        assert [one.value for one in page.error if "没有这个权限" in one.value], name
        assert not page.dataframe and not page.metric
        with acting.by(acting.LOCAL):
            entry = audit.search(shop)[0]
        assert (entry.actor, entry.action, entry.detail) == ("Bo", "refused", "" if name == "kpi" else name)
