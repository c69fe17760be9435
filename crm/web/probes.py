"""The outermost layer: /healthz, /readyz and /metrics for those who watch the server, a count of every answer, an apology for a bug."""

import hmac
import logging
import time
import uuid

import anyio
from anyio import to_thread
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crm.accounts import acting
from crm.accounts.acting import Actor, Right
from crm.settings import Environment, environment
from crm.web import cookies, health, metrics
from crm.words import chosen, translate

log = logging.getLogger(__name__)
READER = Actor("metrics", frozenset({Right.METRICS}))
"""Whoever knows the token."""
FORMAT = "text/plain; version=0.0.4; charset=utf-8"
APOLOGY = "Something went wrong on our side (reference {reference}). Please try again; if it happens again, send us the reference."


class Probes:
    """Plain ASGI middleware. What it answers itself it answers under every name and without a session: it says nothing about the shop."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._threads: anyio.CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            metrics.requests.open_pages += 1
            try:
                await self.app(scope, receive, send)
            finally:
                metrics.requests.open_pages -= 1
        elif scope["type"] == "http":
            await self._counted(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status = time.perf_counter(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._answer(scope, receive, noted)
        except ClientDisconnect:
            log.info("a visitor went away in the middle of a request")
        except Exception:
            reference = uuid.uuid4().hex[:8]
            log.exception("an answer failed, reference %s", reference)
            if not status:
                await _apology(scope, reference)(scope, receive, noted)
        finally:
            metrics.requests.count(scope["path"], status or 499, time.perf_counter() - began)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path == "/healthz":
            await PlainTextResponse("ok")(scope, receive, send)
        elif path == "/readyz":
            trouble = await self._trouble()
            await PlainTextResponse("not ready" if trouble else "ready", status_code=503 if trouble else 200)(scope, receive, send)
        elif path == "/metrics":
            await (await self._metrics(scope))(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _trouble(self) -> str | None:
        """In threads of its own: nobody who keeps the others busy makes the server look dead, and a database that hangs is no answer."""
        with anyio.move_on_after(health.PATIENCE):
            return await to_thread.run_sync(health.current.trouble, abandon_on_cancel=True, limiter=self._limiter())
        return "the database does not answer in time"

    async def _metrics(self, scope: Scope) -> Response:
        env = environment()
        if not env.metrics_token:
            return PlainTextResponse("Not here.", status_code=404)
        if not _may_read(env, Headers(scope=scope).get("authorization", "")):
            return PlainTextResponse("Not allowed.", status_code=401, headers={"www-authenticate": "Bearer"})
        with acting.by(READER):
            text = await to_thread.run_sync(metrics.text, health.current, abandon_on_cancel=True, limiter=self._limiter())
        return Response(text, media_type=FORMAT, headers={"cache-control": "no-store"})

    def _limiter(self) -> anyio.CapacityLimiter:
        self._threads = self._threads or anyio.CapacityLimiter(2)
        return self._threads


def _may_read(env: Environment, authorization: str) -> bool:
    """Compared in constant time, whatever was sent."""
    return hmac.compare_digest(authorization.encode("utf-8", "replace"), f"Bearer {env.metrics_token}".encode())


def _apology(scope: Scope, reference: str) -> Response:
    code = chosen(cookies.of(scope), Headers(scope=scope).get("accept-language"))
    return PlainTextResponse(translate(code, APOLOGY, reference=reference), status_code=500)
