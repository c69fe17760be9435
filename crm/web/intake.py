"""How much a request may bring, how long it may take over that, and what becomes of one whose connection breaks."""

import asyncio
import logging
from time import monotonic

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)
LARGEST = {"/hooks/": 5_000_000, "/upload/": None}
"""Bytes by the beginning of the path; uploads have a limit of their own, which is a setting."""
USUAL = 20_000
"""For all other addresses: a password, or what a mail program posts to unsubscribe."""
IN_ALL, STALLED = 30.0, 60.0
"""Seconds for a whole body, and, where it may be large, without anything new of it."""


class RefusedError(Exception):
    """The body is too large or too slow; `status` says which."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Intake:
    """Plain ASGI middleware (websockets pass): 413 for what is too large, 408 for what is too slow, silence for what broke off."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = _Body(scope, receive)
        answer = _Answer(send, body)
        try:
            await self._let_in(scope, body, answer)
        except ClientDisconnect:
            log.debug("a request broke off")

    async def _let_in(self, scope: Scope, body: "_Body", answer: "_Answer") -> None:
        try:
            body.look_at_length()
            await self.app(scope, body.receive, answer.send)
        except RefusedError as refusal:
            if not answer.begun:
                await PlainTextResponse("", status_code=refusal.status)(scope, body.receive, answer.send)


class _Body:
    """What arrives: counted, and against the clock until it is whole."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        headers = Headers(scope=scope)
        self._receive, self._length = receive, headers.get("content-length", "")
        self.whole = self._length in ("", "0") and "transfer-encoding" not in headers
        self.largest = next((size for path, size in LARGEST.items() if scope["path"].startswith(path)), USUAL)
        self._came, self._until = 0, monotonic() + IN_ALL

    def look_at_length(self) -> None:
        """Raises RefusedError for a body that says that it is too large, or does not say it in digits."""
        if self._length and not (self._length.isascii() and self._length.isdigit()):
            raise RefusedError(400)
        if len(self._length) > 15 or (self.largest is not None and int(self._length or 0) > self.largest):
            raise RefusedError(413)

    async def receive(self) -> Message:
        if self.whole:
            return await self._receive()
        try:
            left = STALLED if self.largest is None else max(0.0, self._until - monotonic())
            message = await asyncio.wait_for(self._receive(), left)
        except TimeoutError as slow:
            raise RefusedError(408) from slow
        self._came += len(message.get("body", b""))
        self.whole = message["type"] == "http.disconnect" or not message.get("more_body", False)
        if self.largest is not None and self._came > self.largest:
            raise RefusedError(413)
        return message


class _Answer:
    """What goes out: where the body has not come in whole, nothing follows on this connection."""

    def __init__(self, send: Send, body: _Body) -> None:
        self._send, self._body, self.begun = send, body, False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            if not self._body.whole:
                MutableHeaders(scope=message)["connection"] = "close"
        try:
            await self._send(message)
        except Exception as broken:  # the server below has closed the connection meanwhile, for example over a broken chunk
            raise ClientDisconnect from broken


def plainly(record: logging.LogRecord) -> bool:
    """A filter of the log: what a visitor sends against the rules of HTTP is a line, not a traceback of the server below."""
    if record.exc_info and record.exc_info[0] is not None and record.exc_info[0].__module__.startswith("h11"):
        record.exc_info, record.msg, record.args = None, "a request broke the rules of HTTP", ()
    return True
