"""Cookies as they come: browsers share them between all ports of a machine, so most are a neighbour's and some are no cookies at all.

Only the ones that are ours, in the shape we give them, are passed on; everything behind reads nothing else.
"""

import re

from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from crm.settings import environment

SESSIONS = ("huitou_session", "__Host-huitou_session")
"""Over http and over https: a browser takes the second only from our own host, encrypted, and for all of its paths."""
ELSEWHERE = ("huitou_elsewhere", "__Host-huitou_elsewhere")
"""What was asked of the provider at which somebody is signing in just now; over http and over https."""
BROWSER, LANGUAGE = "huitou_browser", "huitou_language"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
SHAPES = {
    **dict.fromkeys(SESSIONS, _TOKEN),
    **dict.fromkeys(ELSEWHERE, re.compile(r"[A-Za-z0-9_-]{1,2800}\.[0-9a-f]{64}")),
    BROWSER: re.compile(r"[A-Za-z0-9_-]{16,64}"),
    LANGUAGE: re.compile(r"zh_CN|en"),
    "_streamlit_xsrf": re.compile(r"2\|[0-9a-f]{8}\|[0-9a-f]{2,128}\|[0-9]{1,12}"),
    "_streamlit_session": re.compile(r"[A-Za-z0-9_.=-]{1,4000}"),
}
"""The frame's own two are those that it sets for everybody; its cookies for signing in elsewhere are not used here."""


def of(scope: Scope) -> dict[str, str]:
    """The cookies of a request that are ours, of each the first in our shape. Never fails, whatever else was sent."""
    return {name: values[0] for name, values in every(scope).items()}


def tokens(scope: Scope) -> list[str]:
    """The sessions a request comes with; over https only those that no other site can have put there."""
    values = every(scope)
    return values.get(SESSIONS[environment().is_https], [])


def every(scope: Scope) -> dict[str, list[str]]:
    """The same with all values of a name that was sent several times (for several paths), in the order in which they were sent."""
    values: dict[str, list[str]] = {}
    for header, content in scope["headers"]:
        for part in content.decode("latin-1").split(";") if header == b"cookie" else ():
            for name, value in cookie_parser(part).items():
                if name in SHAPES and SHAPES[name].fullmatch(value):
                    values.setdefault(name, []).append(value)
    return values


class Ours:
    """Plain ASGI middleware (it must see websockets): passes on our cookies only, so that nothing behind it can stumble over another's."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            kept = "; ".join(
                f"{name}={value}" for name, values in every(scope).items() for value in (values if name in SESSIONS else values[:1])
            )
            others = [pair for pair in scope["headers"] if pair[0] != b"cookie"]
            scope = {**scope, "headers": [*others, (b"cookie", kept.encode())] if kept else others}
        await self.app(scope, receive, send)
