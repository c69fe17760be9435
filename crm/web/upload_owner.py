"""Whose upload it is: a mark per browser (a cookie, so that a reload finds the files again) and the ticket a page shows for it."""

import hashlib
import hmac
import secrets

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crm.accounts import acting
from crm.settings import Environment, environment
from crm.web import cookies
from crm.web.door import OPEN, same_site
from crm.web.seal import seal

COOKIE = cookies.BROWSER
HEADER = "x-huitou-upload"
LASTS = 365 * 24 * 3600


def new_mark() -> str:
    """A mark nobody can guess."""
    return secrets.token_urlsafe(24)


def ticket(env: Environment, mark: str) -> str:
    """What a page shows with every upload: only this server can have made it, and only for a page of its own."""
    return f"{mark}.{seal(env, f'upload:{mark}')}"


def folder_name(mark: str) -> str:
    """The name of the folder of whoever acts in this browser; it gives away nothing of the mark."""
    return hashlib.sha256(f"{mark}{acting.current().user_id or ''}".encode()).hexdigest()[:20]


def owner(env: Environment, request: Request) -> str | None:
    """The folder name of whoever sends this, or None for a stranger: a ticket of ours, shown by a page of ours."""
    mark, _, seal_given = request.headers.get(HEADER, "").rpartition(".")
    if not mark or not hmac.compare_digest(seal_given.encode(), seal(env, f"upload:{mark}").encode()):
        return None
    return folder_name(mark) if same_site(env, request.scope) else None


class Marker:
    """Plain ASGI middleware: a browser that opens a page for the first time gets its mark."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"].startswith(OPEN) or not _wants_mark(scope):
            await self.app(scope, receive, send)
            return
        secure = "; Secure" if environment().is_https else ""
        cookie = f"{COOKIE}={new_mark()}; Path=/; Max-Age={LASTS}; HttpOnly; SameSite=Lax{secure}"

        async def with_mark(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        await self.app(scope, receive, with_mark)


def _wants_mark(scope: Scope) -> bool:
    values = {name: value.decode("latin-1") for name, value in scope["headers"] if name in (b"accept", b"sec-fetch-dest")}
    return (
        "text/html" in values.get(b"accept", "")
        and values.get(b"sec-fetch-dest", "document") == "document"
        and COOKIE not in cookies.every(scope)
    )
