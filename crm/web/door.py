"""The door: with CRM_PASSWORD set, pages, files and the websocket want it typed first. Webhook and unsubscribe stay open."""

import hashlib
import hmac
import html
import secrets
import time
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from crm import clock
from crm.settings import Environment, environment
from crm.web import cookies
from crm.words import chosen, translate

COOKIE = cookies.SESSION
OPEN = ("/hooks/", "/u/", "/login", "/_stcore/health")
LASTS = 30 * 24 * 3600
FORM = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Huitou 回头</title>
<style>body{{font:16px/1.6 system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;display:grid;
place-items:center;height:90vh;color:#0f172a;background:#f8fafc}}form{{display:grid;gap:12px;width:280px}}input,button{{font:inherit;padding:10px;border-radius:8px;
border:1px solid #cbd5e1}}button{{background:#0f766e;color:#fff;border:0}}p{{color:#b91c1c;margin:0}}</style>
<form method="post" action="/login"><h2>Huitou 回头</h2><label for="password">{ask}</label>
<input id="password" type="password" name="password" autofocus
autocomplete="current-password">{problem}<button>{enter}</button></form></html>"""


def _key(env: Environment) -> bytes:
    """A secret of this installation mixed with the password: changing the password signs everybody out."""
    file = Path(env.data) / "session.key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_bytes(secrets.token_bytes(32))
    return file.read_bytes() + hashlib.sha256(env.password.encode()).digest()


def seal(env: Environment, text: str) -> str:
    """What only this installation with this password can put under a text."""
    return hmac.new(_key(env), text.encode(), "sha256").hexdigest()


def signed(env: Environment, issued: int) -> str:
    """A session mark that only this installation with this password can make. `issued`: seconds since 1970."""
    return f"{issued}.{seal(env, str(issued))}"


def valid(env: Environment, mark: str, now: int) -> bool:
    """Whether a session mark is ours and not older than 30 days."""
    if not cookies.SHAPES[COOKIE].fullmatch(mark):
        return False
    issued = int(mark.partition(".")[0])
    return now - issued < LASTS and hmac.compare_digest(mark, signed(env, issued))


def _seconds() -> int:
    return int((clock.now() - clock.EPOCH).total_seconds())


class Door:
    """Plain ASGI middleware: it must see websockets too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        env = environment()
        if scope["type"] not in ("http", "websocket") or not env.password or scope["path"].startswith(OPEN) or self._known(env, scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif scope["path"].startswith(("/_stcore/", "/upload/")):
            await Response(status_code=403)(scope, receive, send)
        else:
            await RedirectResponse("/login", status_code=303)(scope, receive, send)

    def _known(self, env: Environment, scope: Scope) -> bool:
        return any(valid(env, mark, _seconds()) for mark in cookies.every(scope).get(COOKIE, ()))


def _page(request: Request, wrong: bool) -> Response:
    code = chosen(cookies.of(request.scope), request.headers.get("accept-language"))
    problem = translate(code, "That is not the password.")
    filled = FORM.format(
        lang=code.replace("_", "-"),
        ask=html.escape(translate(code, "Password of this shop")),
        enter=html.escape(translate(code, "Enter")),
        problem=f"<p>{html.escape(problem)}</p>" if wrong else "",
    )
    return HTMLResponse(filled, status_code=401 if wrong else 200)


async def login(request: Request) -> Response:
    """GET: the form. POST: the password; a wrong one costs a second."""
    env = environment()
    if request.method == "GET":
        return _page(request, wrong=False)
    typed = str((await request.form()).get("password", ""))
    if not env.password or not hmac.compare_digest(typed.encode("utf-8", "replace"), env.password.encode()):
        await run_in_threadpool(time.sleep, 1)
        return _page(request, wrong=True)
    answer = RedirectResponse("/", status_code=303)
    secure = env.public_url.startswith("https://")
    answer.set_cookie(COOKIE, signed(env, _seconds()), max_age=LASTS, httponly=True, samesite="lax", secure=secure)
    return answer


LOGIN = Route("/login", login, methods=["GET", "POST"])
