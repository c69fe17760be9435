"""Who reaches a shop: asked for under a name of its own, and without users from this machine only; at start and in each request."""

import html
import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from crm import clock, database
from crm.accounts import invitations, users
from crm.database import Store
from crm.errors import BadInputError
from crm.settings import Environment, environment
from crm.web import cookies
from crm.words import chosen, translate

PASSED_ON = tuple(
    """
    forwarded via x-forwarded-for x-forwarded-host x-forwarded-proto x-forwarded-port x-forwarded-server x-real-ip
    x-original-host x-client-ip true-client-ip cf-connecting-ip
    """.split()
)
"""What proxies write into a request: whoever stands before one is on another machine. Nothing in them is ever believed."""
OPEN = ("/u/", "/hooks/")
"""Asked for under any name once there are users: links in old letters bear the names of then. A token or a signature guards them."""
ALONE = (
    "This shop has no users and therefore answers on its own machine only. Nothing was shown. "
    "Open it there under localhost, or set CRM_PASSWORD and start it again."
)
UNKNOWN = (
    "This shop does not know the address under which you opened it. Nothing was shown. "
    "Use its own address, or let CRM_PUBLIC_URL or CRM_ALLOWED_HOSTS name this one."
)
PAGE = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Huitou 回头</title><style>body{{font:16px/1.7 system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;display:grid;
place-items:center;height:90vh;color:#0f172a;background:#f8fafc}}main{{max-width:440px;padding:16px}}</style>
<main><h2>Huitou 回头</h2><p>{said}</p></main></html>"""


def is_own(name: str | None) -> bool:
    """Whether a name or address (without its port) can only mean this machine itself."""
    if name is None or name.lower().rstrip(".") == "localhost":
        return name is not None
    try:
        result = ipaddress.ip_address(name)
    except ValueError:
        return False
    return (getattr(result, "ipv4_mapped", None) or result).is_loopback


def has_users() -> bool:
    """Whether everybody must sign in. The one password of before becomes the owner's first. Raises BadInputError where that is too easy."""
    env = environment()
    store = database.open_store(env.data)
    invitations.adopt_password(store, env.password, clock.now())
    return users.exist(store)


def require_closed(env: Environment, listens_on: str | None, closed: bool) -> None:
    """Before the start: a shop that others could reach needs users. Raises BadInputError.

    `listens_on`: the address the server binds, None or "" for all of them.
    """
    if closed:
        return
    if not is_own(listens_on):
        raise BadInputError(
            "server.no_password",
            "Other machines could read all customers at {host}. The server was not started. "
            "Set CRM_PASSWORD first (it becomes the owner's), or add her with: crm users add NAME --role owner",
            host=listens_on or "0.0.0.0",  # noqa: S104 (said, not bound)
        )
    if env.public_url and not is_own(_name(env.public_url)):
        raise BadInputError(
            "server.no_password_for_public_url",
            "CRM_PUBLIC_URL says that other machines reach this shop at {url}, where anybody could read all customers. "
            "The server was not started. "
            "Set CRM_PASSWORD first (it becomes the owner's), or add her with: crm users add NAME --role owner",
            url=env.public_url,
        )


def _name(url: str) -> str | None:
    """The host of an address, written with or without its https://."""
    try:
        return urlsplit(url.strip() if "//" in url else f"//{url.strip()}").hostname
    except ValueError:
        return None


class Nearby:
    """Plain ASGI middleware (it must see websockets): the shop answers under its own names, without users to this machine alone.

    So neither a foreign page that lets its name point here (DNS rebinding) nor, without users, a proxy in front opens it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        env = environment()
        store = database.open_store(env.data)
        has_door = users.exist(store)
        if _is_ours(store, env, scope) if has_door else _from_here(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await _refusal(scope, UNKNOWN if has_door else ALONE)(scope, receive, send)


def _is_ours(store: Store, env: Environment, scope: Scope) -> bool:
    """Whether the request names this shop: this machine, the address it came in by, the machine's settings, or the shop's."""
    if scope["path"].startswith(OPEN):
        return True
    names = {_plain(_name(f"//{host}")) for host in Headers(scope=scope).getlist("host")}
    if not names or None in names:
        return False
    foreign = {name for name in names if not is_own(name)} - _named(env, scope)
    return not foreign or foreign == {_plain(_name(database.load_shop(store).public_url))}


def _named(env: Environment, scope: Scope) -> set[str | None]:
    here = (scope.get("server") or ("", 0))[0]
    return {
        _plain(_name(host)) for host in (env.public_url, *env.allowed_hosts.split(","), *([_bracketed(here)] if _is_address(here) else []))
    }


def _plain(name: str | None) -> str | None:
    return (name or "").rstrip(".") or None


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _is_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def _from_here(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    hosts = headers.getlist("host")
    near = scope.get("client") is not None and is_own(scope["client"][0])
    return near and bool(hosts) and all(is_own(_name(f"//{host}")) for host in hosts) and not any(name in headers for name in PASSED_ON)


def _refusal(scope: Scope, sentence: str) -> HTMLResponse:
    code = chosen(cookies.of(scope), Headers(scope=scope).get("accept-language"))
    said = html.escape(translate(code, sentence))
    return HTMLResponse(PAGE.format(lang=code.replace("_", "-"), said=said), status_code=403)
