"""Signing in elsewhere: whoever the provider vouches for comes in as by password, and no other answer than to one's own question counts."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from crm import clock, database
from crm.accounts import elsewhere, sessions, sign_in, users
from crm.accounts.acting import Role
from crm.database import Store
from crm.errors import CrmError
from crm.settings import environment
from crm.web.cookies import ELSEWHERE, SESSIONS
from tests.accounts.conftest import quick_hashes as quick_hashes
from tests.accounts.given import PASSWORD, add
from tests.conftest import serving
from tests.web.provider import SECRET, Provider
from tests.web.signing_in import came_in, is_refused, named, opened, sent_back, trail
from tests.web.signing_in import remote as remote
from tests.web.signing_in import running as running
from tests.web.signing_in import shop as shop


def test_whoever_the_provider_vouches_for_comes_in_as_by_password(shop: Store, remote: Provider) -> None:
    browser = opened()
    assert 'href="/login/elsewhere">Sign in with &lt;Work&gt; ID</a>' in browser.get("/login").text
    answer = came_in(browser)
    assert (answer.status_code, answer.headers["location"], browser.get("/").text) == (303, "/", "Anna")
    assert trail(shop) == [("sign in", "elsewhere, new browser")]
    assert len(sessions.of(shop, users.by_name(shop, "anna").user_id, clock.now())) == 1
    came_in(browser)
    assert trail(shop)[0] == ("sign in", "elsewhere, known browser")


def test_the_cookies_are_out_of_reach_of_scripts_and_of_other_sites(shop: Store, remote: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PUBLIC_URL", "https://crm.example.com/")
    browser = opened("https://crm.example.com")
    leaving = browser.get("/login/elsewhere")
    asked = parse_qs(urlsplit(leaving.headers["location"]).query)
    assert asked["redirect_uri"] == ["https://crm.example.com/login/elsewhere/back"]
    assert SECRET not in leaving.headers["location"] and asked["code_challenge"][0] not in leaving.headers["set-cookie"]
    for kept in (
        leaving.headers["set-cookie"],
        browser.get(httpx.get(leaving.headers["location"]).headers["location"]).headers["set-cookie"],
    ):
        assert kept.startswith("__Host-huitou_") and {"HttpOnly", "SameSite=lax", "Secure", "Path=/"} <= set(
            kept.split(", ")[0].split("; ")
        )
    assert browser.get("/").text == "Anna" and ELSEWHERE[1] not in browser.cookies


def test_not_set_there_is_no_such_way(shop: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = opened()
    assert [browser.get(path).status_code for path in ("/login/elsewhere", "/login/elsewhere/back?code=x&state=y")] == [404, 404]
    assert "elsewhere" not in browser.get("/login").text
    monkeypatch.setenv("CRM_OIDC_ISSUER", "https://id.example.com")
    assert [browser.get(path).status_code for path in ("/login/elsewhere", "/login/elsewhere/back?code=x&state=y")] == [404, 404]


@pytest.mark.parametrize("change", [{"state": "z" * 30}, {"state": ""}])
def test_an_answer_to_another_question_counts_for_nothing(shop: Store, remote: Provider, change: dict[str, str]) -> None:
    browser = opened()
    url = httpx.URL(sent_back(browser))
    remote.asked.clear()
    answer = browser.get(str(url.copy_merge_params(change)))
    assert is_refused(answer, "begun in another browser") and remote.asked == []


def test_an_answer_that_another_browser_asked_for_counts_for_nothing(shop: Store, remote: Provider) -> None:
    attacker, victim = opened(), opened()
    url = sent_back(attacker)
    assert is_refused(victim.get(url), "begun in another browser")
    sent_back(victim)
    assert is_refused(victim.get(url), "begun in another browser")


@pytest.mark.parametrize("cookie", ["x", "W10.{seal}", "{text}.{other}", "{text}x.{seal}", ""])
def test_what_this_server_did_not_write_into_the_cookie_counts_for_nothing(shop: Store, remote: Provider, cookie: str) -> None:
    browser = opened()
    url = sent_back(browser)
    text, _, seal = browser.cookies[ELSEWHERE[0]].partition(".")
    browser.cookies.clear()
    forged = cookie.format(text=text, seal=seal, other="0" * 64)
    assert is_refused(browser.get(url, headers={"cookie": f"{ELSEWHERE[0]}={forged}"}), "begun in another browser")
    assert browser.get(url, headers={"cookie": f"{ELSEWHERE[0]}={text}.{seal}"}).status_code == 303


def test_after_ten_minutes_one_begins_again(shop: Store, remote: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = opened()
    url, now = sent_back(browser), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now.replace(year=now.year + 1))
    assert is_refused(browser.get(url), "more than ten minutes ago")


def test_a_code_counts_once(shop: Store, remote: Provider) -> None:
    browser = opened()
    url = sent_back(browser)
    cookie = {"cookie": f"{ELSEWHERE[0]}={browser.cookies[ELSEWHERE[0]]}"}
    assert browser.get(url).status_code == 303
    assert is_refused(browser.get(url), "begun in another browser"), "the cookie is gone"
    assert is_refused(opened().get(url, headers=cookie), "is not valid"), "and with a copy of it the provider gives nothing"


def test_who_says_no_there_is_not_signed_in(shop: Store, remote: Provider) -> None:
    browser = opened()
    url = httpx.URL(sent_back(browser))
    answer = browser.get(str(url.copy_with(params={"state": url.params["state"], "error": "access_denied", "error_description": "<b>"})))
    assert is_refused(answer, "&lt;Work&gt; ID did not sign you in") and "<b>" not in answer.text


def test_an_address_that_is_no_users_stays_out_of_the_trail(shop: Store, remote: Provider) -> None:
    remote.claims["email"] = "eve@example.com"
    assert is_refused(came_in(opened()), "has no user with the e-mail address")
    assert trail(shop) == [("sign in refused", "elsewhere: no user")]
    for _ in range(40):
        with pytest.raises(CrmError):
            elsewhere.enter(shop, "eve@example.com", sign_in.Visitor("d", "b", "198.51.100.7"), clock.now())
    assert len(trail(shop)) == sign_in.FREE_ADDRESS, "nobody fills it"


def test_a_closed_user_stays_out(shop: Store, remote: Provider) -> None:
    bo = add(shop, "Bo", Role.STAFF)
    named(shop, bo, "bo@example.com")
    remote.claims["email"] = "bo@example.com"
    browser = opened()
    url = sent_back(browser)
    users.close(shop, users.get(shop, bo.user_id), clock.now())
    assert is_refused(browser.get(url), "has no user with the e-mail address")


def test_an_address_of_two_users_is_nobodys(shop: Store, remote: Provider) -> None:
    second = add(shop, "Anna 2", Role.STAFF)
    with shop.transaction() as change:  # of a database from before addresses were one person's
        change.execute("UPDATE users SET email = 'ANNA@example.com' WHERE user_id = ?", [second.user_id])
    assert is_refused(came_in(opened()), "has no user with the e-mail address")
    assert trail(shop) == [("sign in refused", "elsewhere: several users")]


def test_session_fixation_a_new_token_however_one_signs_in(shop: Store, remote: Provider) -> None:
    browser, fixed = opened(), "f" * 43
    browser.cookies.set(SESSIONS[0], fixed, domain="localhost.local", path="/")
    tokens = []
    for _ in range(2):
        answer = came_in(browser)
        tokens.append(answer.headers["set-cookie"].partition(f"{SESSIONS[0]}=")[2].partition(";")[0])
    assert len({fixed, *tokens}) == 3 and all(len(token) == 43 for token in tokens)
    assert opened().get("/", headers={"cookie": f"{SESSIONS[0]}={fixed}"}).status_code == 303


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("/segments?draft=a%26b", "/segments?draft=a%26b"),
        ("https://evil.example/segments", "/"),
        ("//evil.example/segments", "/"),
        ("/\\evil.example", "/"),
        ("/logout", "/"),
        ("/segments?x=" + "a" * 3000, "/"),
    ],
)
def test_open_redirect_only_pages_of_ours_are_shown_afterwards(shop: Store, remote: Provider, wanted: str, place: str) -> None:
    assert came_in(opened(), wanted).headers["location"] == place


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, None),
        ({"ISSUER": "https://id.example.com", "CLIENT_ID": "a", "CLIENT_SECRET": "b"}, None),
        ({"ISSUER": "https://id.example.com"}, "elsewhere.half_set"),
        ({"CLIENT_SECRET": "b"}, "elsewhere.half_set"),
        ({"ISSUER": "http://id.example.com", "CLIENT_ID": "a", "CLIENT_SECRET": "b"}, "elsewhere.no_tls"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(given: dict[str, str], code: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"CRM_OIDC_{name}", value)
    wrong = elsewhere.trouble(environment())
    assert (wrong and wrong.code) == code
    if code is None and given:
        monkeypatch.setattr(elsewhere, "find_spec", lambda name: None)
        with pytest.raises(CrmError, match="extra “oidc”"):
            elsewhere.require_usable(environment())
        assert not elsewhere.is_offered(environment())


def test_a_server_refuses_half_of_the_settings(tmp_path: Path) -> None:
    with (
        pytest.raises(AssertionError, match="CRM_OIDC_CLIENT_SECRET are needed"),
        serving(tmp_path, CRM_OIDC_ISSUER="https://id.example.com"),
    ):
        pass


def test_a_running_server_lets_in_and_says_nothing_in_its_log(tmp_path: Path, remote: Provider) -> None:
    store = database.open_store(tmp_path / "shop")
    named(store, add(store, "Anna", Role.OWNER), "anna@example.com")
    store.close()
    with serving(tmp_path / "shop", CRM_LOG_LEVEL="DEBUG") as running, httpx.Client(follow_redirects=True) as browser:
        assert browser.get(f"{running.url}/segments?x=1").url.path == "/login"
        answer = browser.get(f"{running.url}/login/elsewhere?next=%2Fsegments%3Fx%3D1")
        assert (answer.status_code, str(answer.url)) == (200, f"{running.url}/segments?x=1")
        assert "name" in browser.get(f"{running.url}/logout").text and "Anna" in browser.get(f"{running.url}/logout").text
        remote.claims["email"] = "eve@example.com"
        assert browser.get(f"{running.url}/login/elsewhere").status_code == 401
        log = running.log.read_text()
    assert not [word for word in (SECRET, "anna@", "eve@", "code-", PASSWORD) if word in log]
