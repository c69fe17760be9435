"""A neighbour's cookies: whatever another program on this machine left in the browser, nobody is signed out and nothing breaks."""

import http.client
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.web import cookies
from tests.conftest import Server, serving

MARK = b"a" * 43
NEIGHBOURS = {
    "a sign in the name": b"a@b=1",
    "json": b'prefs={"a":1}',
    "json with commas": b'prefs={"a": [1, 2], "b": "x;y"}',
    "chinese": "说=中文".encode(),
    "no utf-8": b"x=\xff\xfe\x80",
    "a digit that is none": "huitou_session=²".encode(),
    "the same in latin-1": b"huitou_session=\xb2",
    "digits of another script": "huitou_session=١٢٣.abc".encode(),
    "5,000 digits": b"huitou_session=" + b"9" * 5000 + b"." + b"a" * 64,
    "5,000 digits of a browser": b"huitou_browser=" + b"9" * 5000,
    "a mark of another shop": b"huitou_session=" + MARK,
    "huge": b"x=" + b"y" * 30_000,
    "many": b"; ".join(b"k%d=%d" % (n, n) for n in range(500)),
    "no name": b"=1; ; =; just words",
    "quotes": b'q="a\\"b; c"; r="; s=\'',
    "octal in quotes": b'o="\\400\\777\\12"',
    "another language": b"huitou_language=klingon",
    "broken marks of the frame": b"_streamlit_xsrf=2|||1; _streamlit_xsrf=2|zz|zz|1; _streamlit_session=.; _streamlit_user__9=1",
    "empty ones of ours": b"huitou_session=; huitou_browser=; huitou_language=",
    "words of cookies": b"path=/; expires=x; secure; HttpOnly; $Version=1",
}
PATHS = [
    "/",
    "/orders",
    "/kpi",
    "/preview/none",
    "/upload/0123456789abcdef/a.csv",
    "/u/test",
    "/login",
    "/_stcore/health",
    "/_stcore/host-config",
]


def scope(*headers: bytes) -> dict[str, object]:
    return {"type": "http", "headers": [(b"cookie", header) for header in headers]}


@pytest.mark.parametrize("neighbour", NEIGHBOURS.values(), ids=NEIGHBOURS)
def test_ours_are_found_before_behind_and_beside_a_neighbours(neighbour: bytes) -> None:
    ours = b"huitou_session=" + MARK + b"; huitou_language=en; huitou_browser=" + b"b" * 32
    for sent in ([ours + b"; " + neighbour], [neighbour + b"; " + ours], [neighbour, ours], [ours, neighbour]):
        every = cookies.every(scope(*sent))
        assert MARK.decode() in every["huitou_session"]
        assert (every["huitou_language"], every["huitou_browser"]) == (["en"], ["b" * 32])


@given(st.lists(st.binary(max_size=60), max_size=6))
def test_no_bytes_at_all_make_it_fail_and_nothing_of_another_shape_comes_through(headers: list[bytes]) -> None:
    for name, values in cookies.every(scope(*headers)).items():
        assert all(cookies.SHAPES[name].fullmatch(value) for value in values)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("cookies"), CRM_PASSWORD="correct horse") as running:
        yield running


@pytest.fixture(scope="module")
def signed_in(server: Server) -> bytes:
    """The cookie of somebody who has typed the right password."""
    typed = {"name": "owner", "password": "correct horse"}
    token = httpx.post(f"{server.url}/login", data=typed).cookies[cookies.SESSIONS[0]]
    return f"{cookies.SESSIONS[0]}={token}".encode()


def ask(server: Server, method: str, path: str, *sent: bytes) -> int:
    """The status of a request with these cookie headers, as bytes on the wire."""
    result = urlsplit(server.url)
    head = [f"{method} {path} HTTP/1.1", f"Host: {result.netloc}", "Accept: text/html", "Content-Length: 0", "Connection: close"]
    if method == "WEBSOCKET":
        key = ["Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
        head = [f"GET {path} HTTP/1.1", f"Host: {result.netloc}", "Connection: Upgrade", *key]
    with socket.create_connection((result.hostname or "", result.port or 0), timeout=20) as wire:
        wire.sendall("\r\n".join(head).encode() + b"".join(b"\r\nCookie: " + one for one in sent) + b"\r\n\r\n")
        answer = http.client.HTTPResponse(wire)
        answer.begin()
        return answer.status


@pytest.mark.parametrize("neighbour", NEIGHBOURS.values(), ids=NEIGHBOURS)
def test_nobody_is_signed_out_and_nothing_breaks_on_any_route(server: Server, signed_in: bytes, neighbour: bytes) -> None:
    good = signed_in
    for path in PATHS:
        expected = ask(server, "GET", path, good)
        assert expected < 500
        assert {ask(server, "GET", path, neighbour + b"; " + good), ask(server, "GET", path, good + b"; " + neighbour)} == {expected}
        assert ask(server, "GET", path, neighbour) == ask(server, "GET", path, b"x=1")
    for method, path in [("POST", "/u/test"), ("POST", "/hooks/sendgrid"), ("PUT", "/upload/0123456789abcdef/a.csv")]:
        assert ask(server, method, path, neighbour, good) == ask(server, method, path, good) < 500
    assert ask(server, "WEBSOCKET", "/_stcore/stream", neighbour + b"; " + good) == 101
    assert ask(server, "WEBSOCKET", "/_stcore/stream", good, neighbour) == 101
    assert ask(server, "WEBSOCKET", "/_stcore/stream", neighbour) == 403


def test_the_whole_jar_at_once_keeps_session_and_language(server: Server, signed_in: bytes) -> None:
    jar = b"; ".join([*NEIGHBOURS.values(), signed_in, b"huitou_language=en"])
    assert ask(server, "GET", "/", jar) == 200
    assert ask(server, "WEBSOCKET", "/_stcore/stream", jar) == 101
    assert cookies.of(scope(jar))["huitou_language"] == "en"
    assert "Traceback" not in server.log.read_text()
