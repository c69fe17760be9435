"""The door: in a shop with users, pages, files and the websocket are for those who are signed in. Webhook and unsubscribe stay open."""

from collections.abc import Callable, Iterable
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from crm import clock, database
from crm.accounts import acting, sessions, users
from crm.accounts.acting import LOCAL, NOBODY, Actor
from crm.accounts.users import User
from crm.database import Store
from crm.errors import NotFoundError
from crm.settings import Environment, environment
from crm.web import cookies, shell
from crm.web.address import is_own

OPEN = ("/hooks/", "/u/", "/login", "/invite/", "/_stcore/health", "/healthz", "/readyz")
FROM_ANYWHERE = ("/hooks/", "/u/")
"""Where a request that changes something may come from another site: providers sign theirs, mail programs press “unsubscribe”."""
WHO = "x-huitou-who"
"""The header in which the page learns who its visitor is: written here, and taken away from whoever sends it."""
SAFE = ("GET", "HEAD", "OPTIONS")


class Door:
    """Plain ASGI middleware: it must see websockets too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        env = environment()
        actor = who(database.open_store(env.data), env, scope)
        if _crosses(env, scope):
            await _refuse(scope, receive, send)
        elif actor is not None or scope["path"].startswith(OPEN):
            with acting.by(actor or NOBODY):
                await self.app(_introduced(scope, actor), receive, send)
        elif scope["type"] == "websocket":
            await _refuse(scope, receive, send)
        elif scope["path"].startswith(("/_stcore/", "/upload/", "/media/", "/metrics")):
            await Response(status_code=403)(scope, receive, send)
        else:
            await RedirectResponse(f"/login{_back(scope)}", status_code=303)(scope, receive, send)


def who(store: Store, env: Environment, scope: Scope) -> Actor | None:
    """Who asks; None for a stranger. In a shop without users it is the one person at this machine: nobody else gets this far."""
    if not users.exist(store):
        return LOCAL
    return _through_proxy(store, env, scope) or sessions.actor(store, cookies.tokens(scope), clock.now())


def visitor(store: Store, mark: str) -> Actor | None:
    """The same for a page, by what the door wrote into `WHO`; asked anew at each click, so that a session can end."""
    kind, _, name = mark.partition(":")
    if kind == "session":
        return sessions.by_id(store, name, clock.now())
    return _actor(users.get, store, name) if kind == "user" else None


def address(env: Environment, scope: Scope) -> str:
    """Where a request came from; a proxy is believed only when its own address was set."""
    client = scope["client"][0] if scope.get("client") else ""
    forwarded = Headers(scope=scope).get("x-forwarded-for", "")
    return forwarded.rpartition(",")[2].strip() if forwarded and _is_proxy(env, str(client)) else str(client)


def same_site(env: Environment, scope: Scope) -> bool:
    """A browser says where a request comes from and lets no page change that; older ones name the origin only."""
    headers = Headers(scope=scope)
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None or origin is None:
        return site in (None, "same-origin", "none")
    return urlsplit(origin).netloc in (headers.get("host"), urlsplit(env.public_url).netloc)


def _proxies(env: Environment) -> list[str]:
    return env.trusted_proxies.replace(",", " ").split()


def _is_proxy(env: Environment, client: str) -> bool:
    """Whose word about where a visitor comes from is taken; what comes from this machine itself is a proxy here."""
    return client in _proxies(env) or (not _proxies(env) and is_own(client))


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
    else:
        await Response("Cross-site request.", status_code=403)(scope, receive, send)


def _crosses(env: Environment, scope: Scope) -> bool:
    """Another site may neither change anything nor speak to the pages' socket; to a browser another port is the same site."""
    return scope.get("method") not in SAFE and not scope["path"].startswith(FROM_ANYWHERE) and not same_site(env, scope)


def _through_proxy(store: Store, env: Environment, scope: Scope) -> Actor | None:
    """Whom a proxy that signs people in says it is: only the proxy at the address that was set may say so."""
    client = scope["client"][0] if scope.get("client") else ""
    if not env.proxy_user_header or client not in _proxies(env):
        return None
    names = Headers(scope=scope).getlist(env.proxy_user_header)
    return _actor(users.by_name, store, names[0]) if len(names) == 1 and names[0] else None


def _actor(find: Callable[[Store, str], User], store: Store, name: str) -> Actor | None:
    try:
        user = find(store, name)
    except NotFoundError:
        return None
    return user.actor() if user.closed_at is None else None


def _introduced(scope: Scope, actor: Actor | None) -> Scope:
    headers: Iterable[tuple[bytes, bytes]] = [pair for pair in scope["headers"] if pair[0] != WHO.encode()]
    if actor is not None and actor.user_id is not None:
        mark = f"session:{actor.session_id}" if actor.session_id else f"user:{actor.user_id}"
        headers = [*headers, (WHO.encode(), mark.encode())]
    return {**scope, "headers": headers}


def _back(scope: Scope) -> str:
    """The page that was asked for, to be shown after signing in."""
    if scope["path"].lstrip("/") not in shell.names() or scope["path"] == "/":
        return ""
    query = scope.get("query_string", b"").decode("latin-1")
    return "?next=" + quote(scope["path"] + (f"?{query}" if query else ""), safe="")
