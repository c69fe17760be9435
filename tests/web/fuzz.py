"""Bad requests against a running server, on every address it has: `python -m tests.web.fuzz --requests 10000`.

What is asked follows from a seed, so that a failure can be asked again.
"""

import argparse
import json
import random
import socket
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx

from crm.web import elsewhere, entrance, shell
from crm.web.routes import ROUTES
from crm.web.upload_routes import UPLOAD
from tests.conftest import SHARED, Server, serving
from tests.messaging.test_events import PUBLIC
from tests.web.test_cookies import NEIGHBOURS
from tests.web.test_routes import headers

NAME, PASSWORD = "owner", "a password for a fuzzer"
METHODS = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "get", "PROPFIND"]
OURS = sorted({route.path for route in (*entrance.ROUTES, *elsewhere.ROUTES, UPLOAD, *ROUTES, *shell.routes())} | {"/kpi"})
FRAME = """
/_stcore/health /_stcore/script-health-check /_stcore/host-config /_stcore/stream /_stcore/metrics /_stcore/agent
/_stcore/message /_stcore/upload_file/{id}/{name} /_stcore/component/{id}/{name} /_stcore/bidi-components/{id}/{name} /component/{id}/{name}
/media/{id}.csv /static/{name} /app/static/{name} /auth/login /auth/logout /oauth2callback
/healthz /readyz /favicon.png /robots.txt""".split()
BRACKETS = ("{id}", "{name}", "{name:path}", "{token}")
WORDS = [
    *"0123456789abcdef a.csv test ../../etc/passwd %2e%2e%2f ..%5c %00 %0d%0aSet-Cookie:a=b %ff%fe %ed%a0%80 <script> // . ; ? # %".split(),
    "x" * 3000,
    "小鹿",
    "\u202e",
    "'; DROP TABLE customers; --",
    "{{7*7}}",
]
NAMES = """
Host Origin Referer Cookie Range If-None-Match If-Modified-Since Accept Accept-Encoding Accept-Language Content-Type
Authorization X-Forwarded-For X-Forwarded-Host Forwarded Sec-Fetch-Site Sec-Fetch-Dest Upgrade Connection Expect
X-Huitou-Upload X-HTTP-Method-Override Transfer-Encoding Content-Encoding Te Sec-WebSocket-Key Sec-WebSocket-Version Sec-WebSocket-Protocol
""".split()
VALUES = [
    *"bytes=0-1 bytes=-9999999999999 gzip zh;q=9e999 text/html websocket upgrade 100-continue".split(),
    *"same-origin cross-site null * ² chunked 13".split(),
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded; charset=utf-7",
    "Basic Og==",
    "Bearer " + "x" * 5000,
    "a" * 9000,
    "\xff\xfe",
    "http://evil.example.com",
    "",
]


@dataclass
class Result:
    """What came of a run: answers by status, what must not be, and the memory of the server in MB at its first tenth and its end."""

    statuses: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    before: float = 0.0
    after: float = 0.0
    tracebacks: int = 0


def strings() -> list[str]:
    """The naughty strings of the corpus, where it is there, and our own."""
    corpus = SHARED / "corpus" / "blns" / "blns.json"
    return [*WORDS, *(json.loads(corpus.read_text(encoding="utf-8")) if corpus.is_file() else [])]


def request(chance: random.Random, texts: list[str], host: str, cookie: str) -> tuple[bytes, bool]:
    """One request as it goes over the wire, bad in some way or another, and whether the line is cut behind it."""
    path = chance.choice(OURS if chance.random() < 0.75 else FRAME)
    for bracket in BRACKETS:
        path = path.replace(bracket, _piece(chance, texts), 1)
    if chance.random() < 0.2:
        path += chance.choice(["/", "//", "/..", "%00", "/" + _piece(chance, texts)])
    if chance.random() < 0.3:
        path += "?" + urlencode([(_text(chance, texts), _text(chance, texts)) for _ in range(chance.randrange(4))], errors="replace")
    body = _body(chance, texts)
    lines = {"Host": host, "Connection": "close"}
    if chance.random() < 0.6 and not path.startswith("/logout"):  # or everything after it is a stranger's
        lines["Cookie"] = cookie
    if chance.random() < 0.3:
        lines["Cookie"] = f"{lines.get('Cookie', '')}; " + chance.choice(list(NEIGHBOURS.values())).decode("latin-1")
    if path.startswith("/hooks/") and chance.random() < 0.8:
        lines |= headers(body)
    for _ in range(chance.randrange(4)):
        lines[chance.choice(NAMES)] = chance.choice(VALUES)
    cut = chance.random() < 0.1
    if body or chance.random() < 0.2:
        lines["Content-Length"] = str(len(body))
        if chance.random() < 0.05:
            cut, lines["Content-Length"] = True, chance.choice(["0", "-1", "9" * 30, "x", str(len(body) + 9)])
    method = chance.choice(METHODS if chance.random() < 0.4 else ["GET", "POST", "PUT"])
    head = "\r\n".join([f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in lines.items()), "", ""])
    return head.encode("latin-1", "replace") + body, cut or "Transfer-Encoding" in lines


def _piece(chance: random.Random, texts: list[str]) -> str:
    text = _text(chance, texts)
    return text.replace(" ", "").replace("\n", "").replace("\r", "") if text.startswith("%") else quote(text, safe="/.%", errors="replace")


def _text(chance: random.Random, texts: list[str]) -> str:
    return chance.choice(texts)


def _value(chance: random.Random, texts: list[str], depth: int = 0) -> object:
    kinds = [None, True, -1, 1e300, 1793500000, "open", "m", [], {}, "\ud800", _text(chance, texts)]
    if depth < 2 and chance.random() < 0.3:
        return [_value(chance, texts, depth + 1)] if chance.random() < 0.5 else {"event": _value(chance, texts, depth + 1)}
    return chance.choice(kinds)


def _body(chance: random.Random, texts: list[str]) -> bytes:
    kind = chance.randrange(7)
    if kind == 0:
        return chance.randbytes(chance.randrange(2000))
    if kind in (1, 2):
        keys = ("event", "message_id", "timestamp", "url", "type", "sg_machine_open")
        report = [{key: _value(chance, texts) for key in keys if chance.random() < 0.8} for _ in range(chance.randrange(5))]
        return json.dumps(report if chance.random() < 0.9 else _value(chance, texts)).encode()
    if kind == 3:
        name = chance.choice(["password", "name", "again", "everywhere"]) if chance.random() < 0.5 else _text(chance, texts)
        return urlencode([(name, _text(chance, texts))], errors="replace").encode()
    if kind == 4:
        return (
            b'--x\r\nContent-Disposition: form-data; name="password"; filename="'
            + _text(chance, texts).encode("utf-8", "replace")
            + b'"\r\n\r\n'
        )
    return b"x" * chance.choice([1, 25_000, 6_000_000]) if chance.random() < 0.1 else b""


def answer(server: Server, sent: bytes, cut: bool) -> str:
    """The status, `none` for a connection that was closed without an answer."""
    host, _, port = server.url.partition("//")[2].partition(":")
    got = b""
    with socket.create_connection((host, int(port)), timeout=30) as opened:
        try:
            opened.sendall(sent)
            if cut:
                opened.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        try:
            while len(got) < 64 and (part := opened.recv(4096)):
                got += part
        except ConnectionError:
            pass
        except TimeoutError:
            return "late"
    return got.split()[1].decode("latin-1") if len(got.split()) > 1 else "none"


def run(server: Server, number: int, seed: int = 1, threads: int = 8) -> Result:
    """So many requests, eight at a time."""
    result, texts, host = Result(), strings(), server.url.partition("//")[2]
    entered = httpx.post(f"{server.url}/login", data={"name": NAME, "password": PASSWORD}).cookies
    cookie = "; ".join(f"{name}={value}" for name, value in entered.items())
    assert cookie, "the fuzzer could not sign in"

    def one(at: int) -> None:
        sent, cut = request(random.Random(f"{seed}-{at}"), texts, host, cookie)
        status = answer(server, sent, cut)
        result.statuses[status] += 1
        if status.startswith("5") or status == "late":
            result.faults.append(f"{status} for request {at}: {sent[:300]!r}")
        if at == number // 10:
            result.before = memory(server)

    with ThreadPoolExecutor(threads) as crowd:
        list(crowd.map(one, range(number)))
    result.after = memory(server)
    result.tracebacks = server.log.read_text(errors="replace").count("Traceback")
    return result


def memory(server: Server) -> float:
    """MB that the server's process holds; 0 where the system does not say."""
    status = Path(f"/proc/{server.process.pid}/status")
    lines = status.read_text().splitlines() if status.is_file() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def main() -> int:
    """The figures of a run; 1 where something must not be."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--requests", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as home, serving(Path(home), CRM_PASSWORD=PASSWORD, CRM_SENDGRID_WEBHOOK_KEY=PUBLIC) as server:
        result = run(server, given.requests, given.seed)
        log = server.log.read_text(errors="replace")
    figures = ", ".join(f"{status}: {times}" for status, times in sorted(result.statuses.items()))
    sys.stdout.write(
        f"{given.requests} requests; {figures}\n{result.tracebacks} tracebacks; {result.before:.0f} MB, then {result.after:.0f}\n"
    )
    sys.stdout.write("\n".join(result.faults[:20]) + "\n")
    if result.tracebacks:
        sys.stdout.write(log[max(0, log.find("Traceback") - 500) :][:9_000])
    return int(bool(result.faults or result.tracebacks))


if __name__ == "__main__":
    sys.exit(main())
