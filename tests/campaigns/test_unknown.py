"""Of whom nobody knows whether they got it: few after many crashes, named, asked about, and decided by a person with a number."""

import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from crm import campaigns, database
from crm.campaigns import recovery, sending
from crm.errors import BadInputError
from crm.messaging import Batch, Outcome, activity, ledger
from crm.settings import Environment
from tests.campaigns.given import NOW, Scripted, launched
from tests.campaigns.test_sending import ENV, Died, _send

LATER = NOW + timedelta(days=2)


class Large(Scripted):
    """Takes as many at once as SendGrid, and goes down with its process at some of the batches, behind the wire."""

    largest_batch = 1000

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.chance = chance

    def deliver(self, batch: Batch) -> Outcome:
        super().deliver(batch)
        if self.chance.random() < 0.1:
            raise Died
        return Outcome("accepted", "ok")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_many_crashes_leave_few_of_whom_nobody_knows(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch that goes down with its process is a quarter of what that process has handed over, or twenty people."""
    monkeypatch.setenv("CRM_PUBLIC_URL", "https://shop.example.com")
    monkeypatch.setenv("CRM_SENDGRID_API_KEY", "SG.x")
    store, channel, crashes, real = database.memory(), Large(random.Random(seed)), 0, Environment()
    campaign_id = launched(store, 2_000, channel="email", from_email="shop@example.com")
    while campaigns.saved.get(store, campaign_id).state != "finished":
        try:
            campaigns.send(store, campaign_id, real, lambda: NOW, channel=channel, wait=lambda seconds: None)
        except Died:
            crashes += 1
            campaigns.recover(store, real, NOW)
    counts = ledger.counts(store, campaign_id)
    assert crashes > 1
    assert 0 < counts["unknown"] < 2_000 * 0.25
    assert len(channel.sent) == len(set(channel.sent)) == 2_000
    assert recovery.unsure(store) == {campaign_id: counts["unknown"]}
    store.close()


def test_no_request_is_larger_than_a_quarter_of_what_was_handed_over() -> None:
    sizes = [len(ids) for ids in sending._batches([str(at) for at in range(9_000)], 1000)]
    assert sum(sizes) == 9_000
    assert [size for at, size in enumerate(sizes) if size > min(1000, max(20, sum(sizes[:at]) // 4))] == []
    assert max(sizes) == 1000
    assert [len(ids) for ids in sending._batches(["a"] * 45, 10)] == [10, 10, 10, 10, 5]


def unsure(store: database.Store, number: int = 5) -> tuple[str, list[str]]:
    """A campaign that is over, and nobody knows of anybody; its message ids."""
    campaign_id = launched(store, number)
    _send(store, campaign_id, Scripted(Outcome("unknown", "cut")))
    return campaign_id, [row.message_id for row in ledger.states(store, campaign_id)]


def test_sending_again_wants_the_number_of_people(store: database.Store) -> None:
    campaign_id, _ = unsure(store)
    campaigns.recover(store, ENV, LATER)
    for wrong in (None, 4, 6):
        with pytest.raises(BadInputError, match="It is 5 people by now"):
            campaigns.decide(store, campaign_id, True, LATER, wrong)
    assert ledger.counts(store, campaign_id)["undecided"] == 5
    assert campaigns.decide(store, campaign_id, True, LATER, 5) == 5
    assert ledger.counts(store, campaign_id)["pending"] == 5


@contextmanager
def feed(status: int, known: set[str], answer: bytes | None = None) -> Iterator[str]:
    """A provider with an activity feed that knows these messages."""

    class Feed(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)["query"][0]
            assert self.path.startswith("/v3/messages?")
            found = [{"status": "delivered"}] if any(f'"{one}"' in asked for one in known) else []
            body = answer if answer is not None else json.dumps({"messages": found}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def env(host: str) -> Environment:
    return Environment(sendgrid_api_key="SG.x", sendgrid_host=host)


def test_what_the_feed_knows_was_accepted_and_the_rest_stays_unknown(store: database.Store) -> None:
    campaign_id, ids = unsure(store)
    with feed(200, set(ids[:2])) as host:
        result = recovery.ask(store, campaign_id, env(host), NOW)
    assert (result.asked, sorted(result.accepted), result.problem) == (5, sorted(ids[:2]), None)
    counts = ledger.counts(store, campaign_id)
    assert (counts["accepted"], counts["unknown"], counts["pending"]) == (2, 3, 0)


@pytest.mark.parametrize(
    ("status", "answer", "problem"),
    [
        (403, b"{}", activity.NOT_THERE),
        (404, b"{}", activity.NOT_THERE),
        (429, b"{}", activity.BROKE_OFF),
        (500, b"", activity.BROKE_OFF),
        (200, b"no json", activity.BROKE_OFF),
        (200, b"[]", activity.BROKE_OFF),
    ],
)
def test_without_a_feed_nothing_changes_and_it_is_said(store: database.Store, status: int, answer: bytes, problem: object) -> None:
    campaign_id, _ = unsure(store)
    with feed(status, set(), answer) as host:
        assert recovery.ask(store, campaign_id, env(host), NOW).problem == problem
    assert recovery.ask(store, campaign_id, env("http://127.0.0.1:9"), NOW).problem == activity.BROKE_OFF
    assert ledger.counts(store, campaign_id)["unknown"] == 5
