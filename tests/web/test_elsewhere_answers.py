"""What a provider answers: a token that proves nothing, or not to us, lets nobody in, and its errors become sentences."""

import asyncio
import base64
import hmac
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from joserfc.jwk import RSAKey
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from crm.accounts.acting import Role
from crm.database import Store
from crm.web import oidc
from tests.accounts.conftest import quick_hashes as quick_hashes
from tests.accounts.given import add
from tests.web.provider import CLIENT, Provider
from tests.web.signing_in import came_in, is_refused, named, opened
from tests.web.signing_in import remote as remote
from tests.web.signing_in import running as running
from tests.web.signing_in import shop as shop

NOW = int(time.time())


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        ({"nonce": "another"}, "is not valid"),
        ({"nonce": None}, "is not valid"),
        ({"aud": "another-client"}, "is not valid"),
        ({"aud": "another-client", "azp": CLIENT}, "is not valid"),
        ({"aud": None}, "is not valid"),
        ({"iss": "https://evil.example"}, "is not valid"),
        ({"iss": None}, "is not valid"),
        ({"exp": NOW - 3600, "iat": NOW - 7200}, "is not valid"),
        ({"exp": None}, "is not valid"),
        ({"email_verified": False}, "does not say that your e-mail address was checked"),
        ({"email_verified": None}, "does not say that your e-mail address was checked"),
        ({"email_verified": "false"}, "does not say that your e-mail address was checked"),
        ({"email": None}, "does not say that your e-mail address was checked"),
        ({"email": ["anna@example.com"]}, "does not say that your e-mail address was checked"),
        ({"email": ""}, "does not say that your e-mail address was checked"),
        ({"email": "eve@example.com"}, "has no user with the e-mail address"),
        ({"email": "\uff41nna@example.com"}, "has no user with the e-mail address"),
        ({"email": "anna@example.com, eve@example.com"}, "has no user with the e-mail address"),
    ],
)
def test_a_token_that_proves_nothing_lets_nobody_in(shop: Store, remote: Provider, claims: dict[str, Any], says: str) -> None:
    remote.claims |= claims
    browser = opened()
    assert is_refused(came_in(browser), says) and browser.get("/").status_code == 303


def test_letters_that_become_plain_ones_when_made_small_are_others(shop: Store, remote: Provider) -> None:
    named(shop, add(shop, "Kim", Role.BOSS), "kim@example.com")
    remote.claims["email"] = "\u212aim@example.com"
    assert is_refused(came_in(opened()), "has no user with the e-mail address")
    remote.claims["email"] = "KIM@EXAMPLE.com"
    assert came_in(opened()).status_code == 303


def test_a_token_that_somebody_else_signed(shop: Store, remote: Provider) -> None:
    remote.signs_with = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
    assert is_refused(came_in(opened()), "is not valid")


@pytest.mark.parametrize("name", ["none", "HS256"])
def test_a_token_without_the_providers_own_signature(shop: Store, remote: Provider, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What everybody can make: with no signature, or with one made of the public key."""

    def forged(header: dict[str, str], claims: dict[str, Any], key: RSAKey) -> str:
        parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in ({**header, "alg": name}, claims)]
        made = hmac.digest(key.as_pem(private=False), b".".join(parts), "sha256") if name == "HS256" else b""
        return b".".join([*parts, base64.urlsafe_b64encode(made).rstrip(b"=")]).decode()

    monkeypatch.setattr("tests.web.provider.jwt.encode", forged)
    assert is_refused(came_in(opened()), "is not valid")


def test_a_provider_that_calls_itself_otherwise(shop: Store, remote: Provider) -> None:
    remote.metadata = {"issuer": "https://evil.example"}
    answer = opened().get("/login/elsewhere")
    assert is_refused(answer, "is not valid")
    remote.metadata = {"issuer": f"{remote.url}/"}
    remote.claims["iss"] = f"{remote.url}/"
    assert came_in(opened()).status_code == 303, "a stroke at the end is no other issuer"


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
@pytest.mark.parametrize(
    ("broken", "says"),
    [(Response(status_code=503), "does not answer"), (PlainTextResponse("<html>"), "is not valid"), (JSONResponse({}), "is not valid")],
)
def test_what_the_provider_does_wrong_becomes_a_sentence(shop: Store, remote: Provider, path: str, broken: Response, says: str) -> None:
    remote.broken = {path: broken}
    browser = opened()
    answer = browser.get("/login/elsewhere")
    if answer.status_code == 303:
        answer = browser.get(httpx.get(answer.headers["location"]).headers["location"])
    assert is_refused(answer, says)
    remote.broken = {}
    assert came_in(browser).status_code == 303, "nothing of it was kept"


async def dripping() -> AsyncIterator[bytes]:
    """Something now and then, so that no single wait is long."""
    for _ in range(30):
        yield b" "
        await asyncio.sleep(0.1)


def test_a_provider_that_is_slow_or_away(shop: Store, remote: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oidc, "PATIENCE", 0.3)
    for slow in (JSONResponse({}), StreamingResponse(dripping())):
        remote.slow = {"/.well-known/openid-configuration": 1.5} if isinstance(slow, JSONResponse) else {}
        remote.broken = {"/.well-known/openid-configuration": slow}
        began = time.monotonic()
        assert is_refused(opened().get("/login/elsewhere"), "does not answer") and time.monotonic() - began < 1.2
    monkeypatch.setenv("CRM_OIDC_ISSUER", "http://127.0.0.1:9")
    answer = opened().get("/login/elsewhere?next=%2Fsegments%3Fx%3D1")
    assert is_refused(answer, "does not answer")
    assert 'action="/login?next=%2Fsegments%3Fx%3D1"' in answer.text, "with the password one gets there still"


def test_a_wrong_secret_is_named_in_the_log(
    shop: Store, remote: Provider, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CRM_OIDC_CLIENT_SECRET", "another")
    assert is_refused(came_in(opened()), "is not valid")
    assert [record.getMessage() for record in caplog.records if record.name == "crm.web.oidc"] == [
        "signing in elsewhere failed: OAuthError invalid_client"
    ]


def test_the_address_may_stand_in_the_providers_second_answer(shop: Store, remote: Provider) -> None:
    remote.claims = {}
    remote.metadata = {"userinfo_endpoint": f"{remote.url}/person"}
    remote.person = {"sub": "8", "email": "anna@example.com", "email_verified": True}
    assert is_refused(came_in(opened()), "is not valid"), "of somebody else"
    remote.person["sub"] = "7"
    assert came_in(opened()).status_code == 303
