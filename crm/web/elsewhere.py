"""The way to sign in elsewhere and back: what was asked waits in a sealed cookie of this browser, for ten minutes and one answer."""

import base64
import hmac
import json
from datetime import datetime, timedelta
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from crm import clock, database
from crm.accounts import elsewhere
from crm.errors import BadInputError, CrmError
from crm.settings import Environment, environment
from crm.web import cookies, oidc
from crm.web.entrance import entered, login_form, place, visitor_of
from crm.web.seal import seal

LASTS = timedelta(minutes=10)
LONGEST = 1200
"""Characters of the page to go to afterwards; with more the cookie would be too large, and it is the first page."""


class Waiting(NamedTuple):
    """What the cookie holds."""

    state: str
    nonce: str
    verifier: str
    wanted: str
    until: str


async def leave(request: Request) -> Response:
    """GET: to the provider."""
    env, wanted = environment(), place(request.query_params.get("next", ""))
    if not elsewhere.is_offered(env):
        return PlainTextResponse("Not here.", status_code=404)
    try:
        begun = await oidc.begin(env)
    except CrmError as refusal:
        return login_form(request, "", refusal, wanted)
    until = (clock.now() + LASTS).isoformat()
    waiting = Waiting(begun.state, begun.nonce, begun.verifier, wanted if len(wanted) <= LONGEST else "/", until)
    answer = RedirectResponse(begun.url, status_code=303, headers={"cache-control": "no-store"})
    seconds, secure = int(LASTS.total_seconds()), env.is_https
    answer.set_cookie(cookies.ELSEWHERE[secure], _sealed(env, waiting), max_age=seconds, httponly=True, samesite="lax", secure=secure)
    return answer


async def come_back(request: Request) -> Response:
    """GET: with the provider's answer; a new session, or 401 with the reason."""
    env = environment()
    if not elsewhere.is_offered(env):
        return PlainTextResponse("Not here.", status_code=404)
    waiting = _opened(env, cookies.of(request.scope).get(cookies.ELSEWHERE[env.is_https], ""))
    try:
        answer = await _let_in(env, request, waiting)
    except CrmError as refusal:
        answer = login_form(request, "", refusal, waiting.wanted if waiting else "/")
    answer.delete_cookie(cookies.ELSEWHERE[env.is_https], secure=env.is_https, httponly=True, samesite="lax")
    return answer


async def _let_in(env: Environment, request: Request, waiting: Waiting | None) -> Response:
    state = request.query_params.get("state", "")
    if waiting is None or clock.now() > datetime.fromisoformat(waiting.until) or not _same(state, waiting.state):
        raise BadInputError(
            "elsewhere.stale",
            "This way of signing in was begun in another browser, or more than ten minutes ago. You were not let in. Please begin again.",
        )
    code = request.query_params.get("code", "")
    if not code:
        raise BadInputError(
            "elsewhere.refused",
            "{provider} did not sign you in. You were not let in. Please begin again, or sign in with your password.",
            provider=elsewhere.provider_name(env),
        )
    email = await oidc.address(env, code, waiting.nonce, waiting.verifier)
    visitor = visitor_of(env, request)
    token = await run_in_threadpool(elsewhere.enter, database.open_store(env.data), email, visitor, clock.now())
    return entered(env, waiting.wanted, token, visitor)


def _sealed(env: Environment, waiting: Waiting) -> str:
    text = base64.urlsafe_b64encode(json.dumps(waiting).encode()).decode().rstrip("=")
    return f"{text}.{seal(env, f'elsewhere:{text}')}"


def _opened(env: Environment, cookie: str) -> Waiting | None:
    """What this server has put into the cookie; None for anything else."""
    text, _, given = cookie.partition(".")
    if not text or not _same(given, seal(env, f"elsewhere:{text}")):
        return None
    return Waiting(*json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


ROUTES = [
    Route("/login/elsewhere", leave, methods=["GET"]),
    Route("/login/elsewhere/back", come_back, methods=["GET"]),
]
