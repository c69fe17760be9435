"""Delivery reports: repeated, unordered, forged, foreign; what they prove and whom they suppress."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import database
from crm.errors import BadInputError, NotFoundError
from crm.messaging import Outcome, events, ledger, suppressions, unsubscribe, webhook
from crm.settings import Environment
from tests.campaigns.given import NOW, Scripted, launched
from tests.campaigns.test_sending import _send
from tests.shares import examples
from tests.uploads.given import suppressed

WHEN = 1793500000


def sent(store: database.Store, outcome: str = "accepted", number: int = 3) -> tuple[str, list[str]]:
    """A campaign whose messages all had this outcome; its message ids by address."""
    campaign_id = launched(store, number)
    _send(store, campaign_id, Scripted(Outcome(outcome)))  # type: ignore[arg-type]
    rows = store.rows("SELECT message_id FROM recipients WHERE campaign_id = ? ORDER BY address", [campaign_id])
    return campaign_id, [row["message_id"] for row in rows]


def event(message_id: str, word: str, at: int = 0, **more: object) -> dict[str, object]:
    return {"message_id": message_id, "event": word, "timestamp": WHEN + at, "email": "x@example.com", "sg_event_id": "e", **more}


def test_the_same_event_counts_once_even_under_another_id(store: database.Store) -> None:
    _, ids = sent(store)
    first = events.ingest(store, [event(ids[0], "open"), event(ids[0], "open", sg_event_id="other")], NOW)
    again = events.ingest(store, [event(ids[0], "open")], NOW)
    assert (first["new"], again) == (1, {"new": 0, "repeated": 1, "foreign": 0})


def test_sendgrids_documented_events_are_foreign_and_with_our_id_are_ours(store: database.Store, shared: Path) -> None:
    raw = json.loads((shared / "corpus" / "sendgrid" / "webhook_events.json").read_text())
    campaign_id, ids = sent(store)
    assert events.ingest(store, raw, NOW)["foreign"] == len(raw)
    ours = [one | {"message_id": ids[0]} for one in raw]
    result = events.ingest(store, ours, NOW)
    assert result["new"] >= 6
    words = {row["event"] for row in store.rows("SELECT event FROM message_events")}
    assert words >= {"delivered", "bounced", "opened", "clicked", "dropped"}
    assert ledger.counts(store, campaign_id)["failed"] == 1


@pytest.mark.parametrize("word", ["processed", "delivered", "open", "click", "deferred"])
@pytest.mark.parametrize("outcome", ["unknown", "rejected", "accepted"])
def test_an_event_proves_that_it_was_accepted(store: database.Store, outcome: str, word: str) -> None:
    campaign_id, ids = sent(store, outcome)
    events.ingest(store, [event(ids[0], word)], NOW)
    result = ledger.counts(store, campaign_id)
    assert result["accepted"] + result["delivered"] == (3 if outcome == "accepted" else 1)


@settings(max_examples=examples(15), deadline=None)
@given(st.permutations(["processed", "delivered", "open", "click", "bounce"]))
def test_the_order_of_events_does_not_matter(order: list[str]) -> None:
    store = database.memory()
    campaign_id, ids = sent(store, number=1)
    for at, word in enumerate(order):
        events.ingest(store, [event(ids[0], word, at)], NOW)
    assert ledger.counts(store, campaign_id)["failed"] == 1
    store.close()


def test_bounces_complaints_and_opt_outs_are_never_written_to_again(store: database.Store) -> None:
    _, ids = sent(store, number=4)
    bounces = [event(ids[0], "bounce", type="bounce"), event(ids[1], "bounce", type="blocked")]
    events.ingest(store, [*bounces, event(ids[2], "spamreport"), event(ids[3], "open")], NOW)
    reasons = {row["address_norm"]: row["reason"] for row in suppressed(store)}
    assert reasons == {"p0@example.com": "bounced", "p2@example.com": "complained"}


def test_opens_by_machines_are_marked(store: database.Store) -> None:
    _, ids = sent(store)
    events.ingest(store, [event(ids[0], "open", sg_machine_open=True), event(ids[1], "open", sg_machine_open=False)], NOW)
    assert [row["machine"] for row in store.rows("SELECT machine FROM message_events ORDER BY machine")] == [False, True]


JUNK = [None, 7, "x", [], {}, {"event": "open"}, {"message_id": 3, "event": "open"}, {"message_id": "m", "event": "boom"}]


WORST = [
    {"event": ["open"]},
    {"event": {"open": 1}},
    {"message_id": {"a": 1}},
    {"message_id": "\ud800"},
    {"message_id": "x" * 10_000},
    {"message_id": "a\x00b"},
    {"timestamp": []},
    {"timestamp": {}},
    {"timestamp": 1e400},
    {"timestamp": float("nan")},
    {"timestamp": "9" * 5_000},
    {"timestamp": -1e18},
]
ODD = [{"url": "\ud800"}, {"url": ["a", {}]}, {"url": "x" * 100_000}, {"sg_machine_open": [[]]}, {"type": {}}, {"email": ["\ud800"]}]


@pytest.mark.parametrize("wrong", WORST, ids=range(len(WORST)))
def test_a_bad_event_costs_no_good_one(store: database.Store, wrong: dict[str, object]) -> None:
    _, ids = sent(store)
    report = [event(ids[0], "open"), event(ids[1], "open") | wrong, event(ids[2], "open")]
    assert events.ingest(store, report, NOW) == {"new": 2, "repeated": 0, "foreign": 1}


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_particulars_of_an_event_are_taken_as_they_are(store: database.Store, odd: dict[str, object]) -> None:
    _, ids = sent(store)
    assert events.ingest(store, [event(ids[0], "click") | odd, event(ids[1], "open")], NOW)["new"] == 2
    row = store.one("SELECT max(length(url)) AS n FROM message_events")
    assert row is not None
    assert (row["n"] or 0) <= events.LONGEST_LINK


@pytest.mark.parametrize("junk", JUNK)
def test_junk_in_a_report_is_foreign(store: database.Store, junk: object) -> None:
    assert events.ingest(store, [junk], NOW) == {"new": 0, "repeated": 0, "foreign": 1}  # type: ignore[list-item]
    assert events.ingest(store, [{"message_id": "m", "event": "open", "timestamp": "x"}], NOW)["foreign"] == 1


KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = base64.b64encode(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
ENV = Environment(sendgrid_webhook_key=PUBLIC)


def signed(body: bytes, stamp: str = "1600000000") -> str:
    return base64.b64encode(KEY.sign(stamp.encode() + body, ec.ECDSA(SHA256()))).decode()


def test_a_signed_report_is_taken_with_its_final_line_break() -> None:
    body = b'[{"event":"open"}]\r\n'
    webhook.verify(ENV, "1600000000", signed(body), body)
    with pytest.raises(BadInputError, match="does not fit"):
        webhook.verify(ENV, "1600000000", signed(body), body.strip())


WRONG = [
    (None, "x"),
    ("1", None),
    ("1", ""),
    ("1", "%%%"),
    ("1", "AAAA"),
    ("ü", "AAAA"),
    ("2", signed(b"[]", "1")),
    ("1", signed(b"[{}]", "1")),
    ("ü", signed(b"[]")),
]


@pytest.mark.parametrize(("stamp", "signature"), WRONG, ids=range(len(WRONG)))
def test_anything_else_is_refused(stamp: str | None, signature: str | None) -> None:
    with pytest.raises(BadInputError):
        webhook.verify(ENV, stamp, signature, b"[]")
    with pytest.raises(BadInputError):
        webhook.verify(Environment(sendgrid_webhook_key=""), "1", signed(b"[]", "1"), b"[]")
    with pytest.raises(BadInputError):
        webhook.verify(Environment(sendgrid_webhook_key="broken"), "1", signed(b"[]", "1"), b"[]")


def test_unsubscribing_is_safe_to_repeat_and_counts_as_an_event(store: database.Store) -> None:
    campaign_id, ids = sent(store)
    assert unsubscribe.open(store, unsubscribe.token(ids[0]), NOW) is True
    assert unsubscribe.open(store, unsubscribe.token(ids[0]), NOW) is False
    assert suppressions.among(store, ["p0@example.com", "p1@example.com"]) == {"p0@example.com"}
    assert store.rows("SELECT event FROM message_events WHERE campaign_id = ?", [campaign_id]) == [{"event": "unsubscribed"}]
    assert unsubscribe.open(store, unsubscribe.NOBODY, NOW) is False
    with pytest.raises(NotFoundError):
        unsubscribe.find(store, "guess")
