"""The door: in a shop with users nothing but webhook, unsubscribe and the forms of the entrance is open to strangers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from crm import clock, database
from crm.accounts import acting, audit, invitations, sessions, sign_in, users
from crm.accounts.acting import Role
from crm.database import Store
from crm.web import door, entrance
from crm.web.cookies import SESSIONS, Ours
from tests.accounts.conftest import quick_hashes as quick_hashes
from tests.accounts.given import PASSWORD, add

PUBLIC = "https://crm.example.com"


async def page(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"{acting.current().name} {request.headers.get(door.WHO)}")


async def socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text(f"{acting.current().name}")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("CRM_DATA", str(tmp_path))
    monkeypatch.setattr(sign_in, "throttle", sign_in.Throttle())
    store = database.open_store(tmp_path)
    add(store, "Anna", Role.OWNER)
    yield store
    store.close()


def opened(base: str = "http://localhost:8501", client: tuple[str, int] = ("198.51.100.7", 1)) -> TestClient:
    paths = ("/", "/segments", "/u/x", "/hooks/sendgrid", "/preview/1", "/media/x", "/_stcore/upload_file", "/upload/1/a.csv")
    methods = ["GET", "POST", "PUT", "DELETE"]
    routes = [*entrance.ROUTES, *(Route(path, page, methods=methods) for path in paths), WebSocketRoute("/_stcore/stream", socket)]
    app = Starlette(routes=routes, middleware=[Middleware(Ours), Middleware(door.Door)])
    return TestClient(app, base_url=base, client=client, follow_redirects=False)


def enter(browser: TestClient, name: str = "Anna", password: str = PASSWORD, to: str = "/login") -> int:
    return browser.post(to, data={"name": name, "password": password}).status_code


def test_strangers_are_led_to_the_form_from_every_page_and_get_no_file(shop: Store) -> None:
    browser = opened()
    assert browser.get("/").headers["location"] == "/login"
    assert browser.get("/segments?draft=1&x=2").headers["location"] == "/login?next=%2Fsegments%3Fdraft%3D1%26x%3D2"
    assert browser.get("/preview/1").status_code == 303
    for path in ("/media/x", "/_stcore/upload_file", "/upload/1/a.csv"):
        assert [browser.get(path).status_code, browser.put(path).status_code, browser.post(path).status_code] == [403] * 3
    assert browser.get("/u/x").status_code == browser.post("/hooks/sendgrid").status_code == 200


def test_login_bypass_websocket_is_closed_without_a_session(shop: Store) -> None:
    for cookie in ("", f"{SESSIONS[0]}={'a' * 43}", f"{SESSIONS[0]}=", f"{door.WHO}=session:x"):
        with pytest.raises(WebSocketDisconnect), opened().websocket_connect("/_stcore/stream", headers={"cookie": cookie}) as heard:
            heard.receive_text()


def test_the_right_name_and_password_open_pages_and_websocket(shop: Store) -> None:
    browser = opened()
    assert (enter(browser, "anna"), browser.get("/").text.split(":")[0]) == (303, "Anna session")
    cookie = {"cookie": f"{SESSIONS[0]}={browser.cookies[SESSIONS[0]]}"}
    with browser.websocket_connect("/_stcore/stream", headers=cookie) as heard:
        assert heard.receive_text() == "Anna"


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(shop: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = opened().post("/login", data={"name": "Anna", "password": PASSWORD}).headers["set-cookie"]
    assert plain.startswith("huitou_session=") and "httponly" in plain.lower() and "samesite=lax" in plain.lower()
    monkeypatch.setenv("CRM_PUBLIC_URL", PUBLIC)
    browser = opened(PUBLIC)
    sealed = browser.post("/login", data={"name": "Anna", "password": PASSWORD}).headers["set-cookie"]
    assert sealed.startswith("__Host-huitou_session=") and "secure" in sealed.lower() and "domain" not in sealed.lower()
    token = browser.cookies["__Host-huitou_session"]
    assert browser.get("/").status_code == 200
    assert opened(PUBLIC).get("/", headers={"cookie": f"huitou_session={token}"}).status_code == 303


def test_session_fixation_a_new_token_at_each_sign_in(shop: Store) -> None:
    browser = opened()
    typed, fixed = {"name": "Anna", "password": PASSWORD}, {"cookie": f"{SESSIONS[0]}={'f' * 43}"}
    tokens = [browser.post("/login", data=typed, headers=fixed).cookies[SESSIONS[0]] for _ in range(2)]
    assert len({"f" * 43, *tokens}) == 3
    assert opened().get("/", headers=fixed).status_code == 303


def test_a_wrong_password_is_told_so_in_the_visitors_language_and_the_name_stays(shop: Store) -> None:
    answer = opened().post("/login", data={"name": '"><b>', "password": "guess"}, headers={"accept-language": "zh-CN"})
    assert (answer.status_code, "用户名或密码不对" in answer.text, "<b>" in answer.text) == (401, True, False)
    assert "&quot;&gt;&lt;b&gt;" in answer.text


def test_guessing_is_refused_without_holding_anybody_up(shop: Store) -> None:
    stranger, owner = opened(), opened(client=("203.0.113.5", 1))
    enter(owner)
    answers = [stranger.post("/login", data={"name": "Anna", "password": f"guess {n}"}).text for n in range(20)]
    assert sum("请等" in answer for answer in answers) == 15
    assert owner.get("/").status_code == 200 and enter(owner) == 303


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("/segments?draft=a%26b", "/segments?draft=a%26b"),
        ("/kpi", "/kpi"),
        ("https://evil.example/segments", "/"),
        ("//evil.example/segments", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/logout", "/"),
        ("/segments\r\nset-cookie: x=1", "/"),
        ("", "/"),
    ],
)
def test_open_redirect_only_pages_of_ours_are_shown_after_signing_in(shop: Store, wanted: str, place: str) -> None:
    answer = opened().post("/login", params={"next": wanted}, data={"name": "Anna", "password": PASSWORD})
    assert answer.status_code == 303
    assert answer.headers["location"].replace("%0D%0A", "") in (place, "/segmentsset-cookie:%20x=1", place.replace("%26", "%26"))
    assert "x" not in answer.cookies


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/", "/login", "/logout", "/invite/x", "/segments", "/upload/1/a.csv", "/_stcore/upload_file"])
@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}, {"origin": "null"}],
)
def test_csrf_what_changes_something_comes_from_our_own_pages(shop: Store, method: str, path: str, headers: dict[str, str]) -> None:
    browser = opened()
    enter(browser)
    assert browser.request(method, path, headers=headers).status_code == 403
    assert sessions.of(shop, users.by_name(shop, "Anna").user_id, clock.now())


def test_hooks_and_unsubscribing_come_from_elsewhere(shop: Store) -> None:
    for path in ("/u/x", "/hooks/sendgrid"):
        assert opened().post(path, headers={"sec-fetch-site": "cross-site", "origin": "https://mail.example"}).status_code == 200


def test_a_stolen_cookie_is_worth_nothing_after_signing_out_everywhere(shop: Store) -> None:
    browser, thief = opened(), opened(client=("192.0.2.1", 1))
    enter(browser)
    thief.cookies.set(SESSIONS[0], browser.cookies[SESSIONS[0]])
    mark = thief.get("/").text.split(" ", 1)[1]
    assert door.visitor(shop, mark) is not None
    assert browser.post("/logout", data={"everywhere": "1"}).headers["location"] == "/login"
    assert thief.get("/").status_code == 303
    assert door.visitor(shop, mark) is None, "a page that is open asks again at each click"


def test_signing_out_ends_this_session_only(shop: Store) -> None:
    browser, other = opened(), opened()
    enter(browser)
    enter(other)
    token = browser.cookies[SESSIONS[0]]
    assert "Anna" in browser.get("/logout").text
    browser.post("/logout")
    browser.cookies.set(SESSIONS[0], token)
    assert (browser.get("/").status_code, other.get("/").status_code) == (303, 200)


def test_who_the_visitor_is_cannot_be_said_from_outside(shop: Store) -> None:
    session = sessions.of(shop, users.by_name(shop, "Anna").user_id, clock.now())
    forged = {door.WHO: f"user:{users.by_name(shop, 'Anna').user_id}"}
    assert session == [] and opened().get("/", headers=forged).status_code == 303
    assert opened().get("/u/x", headers=forged).text == " None"


def test_a_proxy_is_believed_only_at_its_address_and_only_once(shop: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_TRUSTED_PROXIES", "10.0.0.1, 10.0.0.2")
    says = {"x-remote-user": "anna"}
    assert opened(client=("10.0.0.1", 1)).get("/", headers=says).status_code == 303, "no header was set"
    monkeypatch.setenv("CRM_PROXY_USER_HEADER", "X-Remote-User")
    answer = opened(client=("10.0.0.2", 1)).get("/", headers=says)
    assert answer.text.startswith("Anna user:") and door.visitor(shop, answer.text.split(" ")[1])
    assert opened(client=("10.0.0.3", 1)).get("/", headers=says).status_code == 303
    for names in ([("x-remote-user", "anna"), ("x-remote-user", "eve")], [("x-remote-user", "eve")], [("x-remote-user", "")]):
        assert opened(client=("10.0.0.1", 1)).get("/", headers=names).status_code == 303
    users.close(shop, add(shop, "Bo", Role.STAFF), clock.now())
    assert opened(client=("10.0.0.1", 1)).get("/", headers={"x-remote-user": "Bo"}).status_code == 303


def test_the_visitors_address_is_the_proxys_word_only_from_a_known_proxy(shop: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_TRUSTED_PROXIES", "10.0.0.1")
    sent = {"x-forwarded-for": "1.1.1.1, 203.0.113.9"}
    for client in ("10.0.0.1", "198.51.100.7"):
        opened(client=(client, 1)).post("/login", data={"name": "Anna", "password": PASSWORD}, headers=sent)
    addresses = {one.address for one in sessions.of(shop, users.by_name(shop, "Anna").user_id, clock.now())}
    assert addresses == {"203.0.113.9", "198.51.100.7"}


def test_a_link_sets_the_password_once_and_signs_in(shop: Store) -> None:
    link = f"/invite/{invitations.invite(shop, 'Bo <b>', [Role.STAFF], [], clock.now())}"
    browser = opened()
    shown = browser.get(link)
    assert "Bo &lt;b&gt;" in shown.text and shown.headers["cache-control"] == "no-store"
    for wrong in ({"password": "short", "again": "short"}, {"password": "long enough 1", "again": "long enough 2"}, {}):
        assert browser.post(link, data=wrong).status_code == 400
    assert browser.post(link, data={"password": "long enough 1", "again": "long enough 1"}).status_code == 303
    assert browser.get("/").text.startswith("Bo <b> session")
    assert (opened().get(link).status_code, opened().get("/invite/nonsense").status_code) == (404, 404)
    assert opened().post(link, data={"password": "long enough 3", "again": "long enough 3"}).status_code == 404


def test_a_shop_without_users_is_open_and_its_first_link_makes_the_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_DATA", str(tmp_path))
    store = database.open_store(tmp_path)
    assert opened().get("/").text == " None"
    link = f"/invite/{invitations.first_link(store, clock.now())}"
    browser = opened()
    assert browser.post(link, data={"name": "Anna", "password": PASSWORD, "again": PASSWORD}).status_code == 303
    assert browser.get("/").text.startswith("Anna session")
    assert opened().get("/").status_code == 303
    assert [entry.action for entry in audit.search(store)] == ["user.password"]
    store.close()


@pytest.mark.parametrize("origin", ["http://localhost:9977", "https://evil.example", "null"])
def test_another_port_of_this_machine_does_not_speak_to_the_pages_socket(shop: Store, origin: str) -> None:
    """Cookies ignore ports: a page of another program on this machine comes with the visitor's session."""
    browser = opened()
    enter(browser)
    headers = {"cookie": f"{SESSIONS[0]}={browser.cookies[SESSIONS[0]]}", "host": "localhost:8501"}
    with browser.websocket_connect("/_stcore/stream", headers=headers | {"origin": "http://localhost:8501"}) as heard:
        assert heard.receive_text() == "Anna"
    with pytest.raises(WebSocketDisconnect), browser.websocket_connect("/_stcore/stream", headers=headers | {"origin": origin}) as heard:
        heard.receive_text()
