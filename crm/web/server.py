"""The ASGI application: Streamlit's frame, our routes beside it, security headers in front of it, the worker for its lifetime."""

import contextlib
import gc
import logging
import os
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crm import __version__, database, logs, worker
from crm.accounts import acting
from crm.accounts.elsewhere import require_usable
from crm.database import modes
from crm.errors import CrmError
from crm.imports import inbox
from crm.settings import environment
from crm.web import elsewhere, entrance, health, shell
from crm.web.address import Nearby, has_users, require_closed
from crm.web.cookies import Ours
from crm.web.door import Door
from crm.web.intake import Intake, plainly
from crm.web.probes import Probes
from crm.web.routes import ROUTES
from crm.web.upload_owner import Marker
from crm.web.upload_routes import UPLOAD, tidy
from crm.words import translate

log = logging.getLogger(__name__)
_addresses: list[str] = []
os.environ.setdefault("WEBSOCKETS_MAX_LINE_LENGTH", "65536")
"""As much as a page's request may have: neighbours' cookies go over 8 kB together, and a handshake that is cut there never answers."""
FRAME = str(Path(__file__).parent.parent / "ui" / "frame" / "main.py")
HIDDEN = ("/_stcore/agent", "/_stcore/metrics")
HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"same-origin"),
]


class Guard:
    """Plain ASGI middleware (it must see websockets): hides Streamlit's inner doors, adds security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and scope["path"].startswith(HIDDEN):
            await PlainTextResponse("Not here.", status_code=404)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in HEADERS if pair[0] not in present)]
            await send(message)

        await self.app(scope, receive, with_headers)


@contextlib.asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[dict[str, Any]]:
    """Open the database (refusing with one sentence when another process has it), run the worker, close cleanly on SIGTERM."""
    logs.take_over()
    for name in ("asyncio", "uvicorn.error"):
        logging.getLogger(name).addFilter(plainly)
    acting.close()
    env = environment()
    store = database.open_store(env.data)
    tidy(env, everything_half=True)
    crew = worker.Worker(store, env, inbox.Inbox(store, partial(translate, env.language)).look)
    crew.start()
    health.current.running = health.Running(store, crew)
    gc.collect()
    gc.freeze()  # what is there now stays: nobody looks through it again
    log.info("Huitou %s is ready", __version__)
    try:
        yield {}
    finally:
        health.current.running = None
        crew.stop()
        store.close()
        log.info("stopped")


async def overview(request: Request) -> Response:
    """GET /kpi: the boss's bookmark; the overview is the page at the root."""
    return RedirectResponse("/")


def listen_on(address: str) -> None:
    """Before `crm serve` starts, which tells the frame its address later. Raises CrmError where it needs a password or other settings."""
    require_usable(environment())
    require_closed(environment(), address, has_users())
    _addresses.append(address)


def around() -> dict[str, Any]:
    """What `app.py` puts around the frame. Ends the process where others could reach a shop without a password, or settings are wrong."""
    modes.keep_private()
    try:
        logs.begin()
        require_usable(environment())
        require_closed(environment(), _addresses[-1] if _addresses else st.get_option("server.address"), has_users())
    except CrmError as refusal:
        sys.exit(str(refusal))
    front = [Middleware(one) for one in (Guard, Probes, Intake, Nearby, Ours, Door, Marker)]
    routes = [*entrance.ROUTES, *elsewhere.ROUTES, Route("/kpi", overview), UPLOAD, *ROUTES, *shell.routes()]
    return {"lifespan": lifespan, "routes": routes, "middleware": front}
