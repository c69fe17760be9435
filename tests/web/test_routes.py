"""The addresses beside the screens: signed reports only, unsubscribing by button or by mail program, previews that run nothing."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crm import database
from crm.messaging import ledger
from crm.web import previews
from crm.web.routes import ROUTES
from tests.campaigns.given import launched
from tests.messaging.test_events import KEY, PUBLIC
from tests.uploads.given import suppressed

STAMP = "1600000000"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[database.Store]:
    monkeypatch.setenv("CRM_DATA", str(tmp_path))
    monkeypatch.setenv("CRM_SENDGRID_WEBHOOK_KEY", PUBLIC)
    opened = database.open_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def client(shop: database.Store) -> TestClient:
    return TestClient(Starlette(routes=ROUTES))


def headers(body: bytes) -> dict[str, str]:
    signature = base64.b64encode(KEY.sign(STAMP.encode() + body, ec.ECDSA(SHA256()))).decode()
    return {"X-Twilio-Email-Event-Webhook-Signature": signature, "X-Twilio-Email-Event-Webhook-Timestamp": STAMP}


def message(store: database.Store) -> tuple[str, str]:
    campaign_id = launched(store, 1)
    row = store.one("SELECT message_id FROM recipients")
    assert row is not None
    return campaign_id, row["message_id"]


def test_an_unsigned_or_wrongly_signed_report_is_401_and_changes_nothing(client: TestClient, shop: database.Store) -> None:
    campaign_id, message_id = message(shop)
    body = json.dumps([{"message_id": message_id, "event": "delivered", "timestamp": 1793500000}]).encode()
    assert client.post("/hooks/sendgrid", content=body).status_code == 401
    assert client.post("/hooks/sendgrid", content=body + b" ", headers=headers(body)).status_code == 401
    assert ledger.counts(shop, campaign_id)["pending"] == 1
    assert shop.rows("SELECT * FROM message_events") == []


def test_a_signed_report_is_taken_over_once(client: TestClient, shop: database.Store) -> None:
    campaign_id, message_id = message(shop)
    body = json.dumps([{"message_id": message_id, "event": "delivered", "timestamp": 1793500000}]).encode() + b"\r\n"
    assert client.post("/hooks/sendgrid", content=body, headers=headers(body)).json() == {"new": 1, "repeated": 0, "foreign": 0}
    assert client.post("/hooks/sendgrid", content=body, headers=headers(body)).json()["repeated"] == 1
    assert ledger.counts(shop, campaign_id)["delivered"] == 1


def test_a_report_that_is_replayed_changes_nothing(client: TestClient, shop: database.Store) -> None:
    """Days later and with more beside it: what was counted is not counted again, and no state goes back."""
    campaign_id, message_id = message(shop)
    first = [{"message_id": message_id, "event": word, "timestamp": 1793500000} for word in ("bounce", "processed")]
    body = json.dumps(first).encode()
    assert client.post("/hooks/sendgrid", content=body, headers=headers(body)).json()["new"] == 2
    before = shop.rows("SELECT * FROM message_states ORDER BY seq"), suppressed(shop)
    for _ in range(3):
        assert client.post("/hooks/sendgrid", content=body, headers=headers(body)).json() == {"new": 0, "repeated": 2, "foreign": 0}
    assert (shop.rows("SELECT * FROM message_states ORDER BY seq"), suppressed(shop)) == before
    assert ledger.counts(shop, campaign_id)["failed"] == 1


def test_an_endless_number_in_a_report_costs_no_event(client: TestClient, shop: database.Store) -> None:
    _, message_id = message(shop)
    good = json.dumps({"message_id": message_id, "event": "open", "timestamp": 1793500000})
    body = f'[{good}, {{"message_id": "a", "event": "open", "timestamp": {"9" * 5_000}}}]'.encode()
    assert client.post("/hooks/sendgrid", content=body, headers=headers(body)).json() == {"new": 1, "repeated": 0, "foreign": 1}


@pytest.mark.parametrize("body", [b"", b"{}", b"not json", b"\xff", b"[" * 100_000])
def test_a_signed_report_that_is_no_list_is_400(client: TestClient, body: bytes) -> None:
    assert client.post("/hooks/sendgrid", content=body, headers=headers(body)).status_code == 400


def test_opening_the_link_only_shows_a_button_and_posting_does_it(client: TestClient, shop: database.Store) -> None:
    _, message_id = message(shop)
    shown = client.get(f"/u/{message_id}", headers={"accept-language": "en-US,en"})
    assert "<button" in shown.text
    assert "Unsubscribe?" in shown.text
    assert suppressed(shop) == []
    assert "要退订吗" in client.get(f"/u/{message_id}", headers={"accept-language": "zh-CN,zh;q=0.9"}).text
    done = client.post(f"/u/{message_id}", content=b"List-Unsubscribe=One-Click")
    assert done.status_code == 200
    assert "您不会再收到" in done.text
    assert client.post(f"/u/{message_id}").status_code == 200
    assert [row["address_norm"] for row in suppressed(shop)] == ["p0@example.com"]


def test_tokens_to_unsubscribe_cannot_be_guessed(client: TestClient, shop: database.Store) -> None:
    """Random in 122 bits; nothing tells a near guess from a wild one, and none of them unsubscribes anybody."""
    launched(shop, 60)
    tokens = [row["message_id"] for row in shop.rows("SELECT message_id FROM recipients WHERE message_id IS NOT NULL")]
    assert len({token[at] for token in tokens for at in range(32)}) == 16
    assert all(re.fullmatch("[0-9a-f]{32}", token) for token in tokens)
    assert len({token[:8] for token in tokens}) == len(tokens)
    near = [
        tokens[0][:-1] + ("0" if tokens[0][-1] != "0" else "1"),
        tokens[0][:16],
        tokens[0].upper() + "'",
        tokens[0] + "%",
        "%",
        "_" * 32,
    ]
    answers = {(answer.status_code, answer.text) for token in [*near, "wild"] for answer in [client.post(f"/u/{quote(token)}")]}
    assert [status for status, _ in answers] == [404]
    assert suppressed(shop) == []


def test_an_unknown_link_says_so(client: TestClient) -> None:
    for answer in (client.get("/u/guess"), client.post("/u/guess"), client.get("/u/%3Cscript%3E")):
        assert answer.status_code == 404
        assert "<script" not in answer.text
    assert client.get("/u/test").status_code == 200


def test_a_preview_runs_nothing_and_is_gone_after_a_while(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    preview_id = previews.keep("<html><head></head><body>小鹿</body></html>")
    answer = client.get(f"/preview/{preview_id}")
    assert "小鹿" in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox;")
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    monkeypatch.setattr(previews, "_kept", {preview_id: (0.0, "old", None)})
    assert client.get(f"/preview/{preview_id}").status_code == 404
    assert client.get("/preview/guess").status_code == 404
