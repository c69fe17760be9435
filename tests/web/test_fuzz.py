"""Some hundred bad requests against the real server; `make fuzz` asks ten thousand."""

import random
from pathlib import Path

from tests.conftest import serving
from tests.messaging.test_events import PUBLIC
from tests.web import fuzz

REQUESTS, GROWTH = 400, 60.0


def test_no_request_breaks_the_server(tmp_path: Path) -> None:
    with serving(tmp_path / "shop", CRM_PASSWORD=fuzz.PASSWORD, CRM_SENDGRID_WEBHOOK_KEY=PUBLIC) as server:
        result = fuzz.run(server, REQUESTS)
        assert result.faults == []
        assert result.tracebacks == 0, server.log.read_text()
        assert result.after - result.before < GROWTH
        assert sum(result.statuses.values()) == REQUESTS
        assert result.statuses["200"] > REQUESTS / 20  # it is not refused at the door only


def test_requests_reach_every_address() -> None:
    texts = fuzz.strings()
    asked = b"".join(fuzz.request(random.Random(at), texts, "h", "c")[0][:60] for at in range(2_000))
    for path in (*fuzz.OURS, *fuzz.FRAME):
        assert f" {path.partition('{')[0]}".encode() in asked
