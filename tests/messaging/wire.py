"""A loopback server that answers as it is told: a status, silence, a cut line, a redirect."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from crm.messaging import Batch, Message
from crm.messaging.channels import Letter


class Wire(ThreadingHTTPServer):
    """`script` is what comes next: (status, headers), "silence", "reset" or "cut"; the last one stays. `bodies` is what was received."""

    daemon_threads = True

    def __init__(self, script: list[Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.script, self.bodies = script, list[dict[str, Any]]()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Cut lines are meant."""


class _Answer(BaseHTTPRequestHandler):
    server: Wire

    def do_POST(self) -> None:
        self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer(self.server.script.pop(0) if len(self.server.script) > 1 else self.server.script[0])

    def do_GET(self) -> None:
        self._answer((200, {}))

    def _answer(self, what: Any) -> None:
        if what == "silence":
            time.sleep(3)
        elif what == "reset":
            self.connection.close()
        elif what == "cut":
            self.wfile.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 500\r\nX-Message-Id: x\r\n\r\nhalf")
            self.connection.close()
        else:
            self.send_response(what[0])
            for name, value in what[1].items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@contextmanager
def wire(*script: Any) -> Iterator[Wire]:
    """A running one."""
    server = Wire(list(script))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def batch(number: int = 3, **values: str) -> Batch:
    """A batch to that many people."""
    letter = Letter("AD hello -k-", "<p>-k-</p>", "-k-")
    people = [
        Message(f"m{at}", f"p{at}@example.com", letter, f"https://shop.example.com/u/m{at}", {"-k-": f"小{at}", **values})
        for at in range(number)
    ]
    return Batch("c1", "小店, 回头; 店", "news@shop.example.com", letter, people)
