"""Campaigns from files: sent elsewhere and taken over, or written down as JSON; what cannot be read is refused with a sentence."""

import json
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from crm import campaigns, database
from crm.campaigns import files
from crm.campaigns.recording import Recorded
from crm.errors import BadFileError, BadInputError, CrmError
from crm.settings import Environment
from tests.campaigns.given import DAY, EVERYBODY, NOW, people, person, spec


@pytest.fixture
def shop(store: database.Store) -> database.Store:
    people(store, [person(number) for number in range(5)])
    return store


def test_a_file_is_taken_over(shop: database.Store, tmp_path: Path) -> None:
    file = tmp_path / "sent.csv"
    rows = [
        "customer,arm,sent_at",
        "c000000,recipients,2026-10-01 09:00",
        "C000001,sent,2026/10/01 09:00",
        "P2@example.com,holdout,2026-10-01",
    ]
    file.write_text("\ufeff" + "\r\n".join([*rows, "nobody,holdout,2026-10-01", "c000000,recipients,2026-10-01"]))
    outcome = campaigns.record(shop, file, "秋", "老客", NOW)
    assert outcome == Recorded(outcome.campaign_id, recipients=2, holdout=1, unmatched=1)
    rows_now = shop.rows("SELECT customer_id, arm, sent_at FROM recipients ORDER BY customer_id")
    assert rows_now[0] == {"customer_id": "c000000", "arm": "recipients", "sent_at": datetime(2026, 10, 1, 1)}
    result = campaigns.status(shop, outcome.campaign_id)
    assert (result.state, result.accepted, result.queued) == ("recorded", 2, 0)


def test_recorded_people_count_for_the_cap(shop: database.Store) -> None:
    frame = pd.DataFrame({"customer": ["c000000"], "arm": ["recipients"], "sent_at": [datetime(2026, 10, 20)]})
    campaigns.record_frame(shop, frame, "x", "", NOW)
    campaign_id = campaigns.saved.create(shop, campaigns.parse(spec()), NOW)
    assert campaigns.plan(shop, campaign_id, DAY).capped == 1


def test_demo_campaigns_leave_without_a_trace(shop: database.Store) -> None:
    frame = pd.DataFrame({"customer": ["c000000", "c000001"], "arm": ["recipients", "holdout"], "sent_at": [NOW, NOW]})
    campaigns.record_frame(shop, frame, "demo", "", NOW, demo=True)
    kept = campaigns.record_frame(shop, frame, "real", "", NOW).campaign_id
    with shop.transaction() as change:
        assert campaigns.forget_demo(change) == 1
    for table in ("campaigns", "recipients", "message_states"):
        assert {row["campaign_id"] for row in shop.frame(f"SELECT campaign_id FROM {table}").to_dict("records")} == {kept}  # noqa: S608


HEAD = "customer,arm,sent_at\n"


@pytest.mark.parametrize("text", ["", "a,b\n1,2", HEAD + "c000000,maybe,2026-10-01", HEAD + "c000000,sent,soon", HEAD + "c000000"])
def test_a_file_that_cannot_be_read_is_refused(shop: database.Store, tmp_path: Path, text: str) -> None:
    file = tmp_path / "sent.csv"
    file.write_text(text)
    with pytest.raises(CrmError):
        campaigns.record(shop, file, "x", "", NOW)
    assert campaigns.saved.listed(shop) == []


def test_a_picture_and_a_missing_file_are_refused(shop: database.Store, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    for name in ("x.csv", "none.csv"):
        with pytest.raises(BadFileError):
            campaigns.record(shop, tmp_path / name, "x", "", NOW)


def test_a_campaign_file_stands_by_itself(shop: database.Store, tmp_path: Path) -> None:
    (tmp_path / "ladder.json").write_text(json.dumps(EVERYBODY))
    file = tmp_path / "campaign.json"
    file.write_text(json.dumps({"name": "x", "segment": "ladder.json", "subject": "AD x", "body": "y", "holdout": 0.2}))
    campaign_id = files.create_from_file(shop, file, Environment(sendgrid_api_key=""), NOW)
    (tmp_path / "ladder.json").unlink()
    assert campaigns.saved.get(shop, campaign_id).spec.channel == "outbox"
    plan = campaigns.plan(shop, campaign_id, DAY).as_json()
    assert list(plan) == ["segment", "suppressed", "no_address", "capped", "duplicates", "holdout", "recipients", "checksum"]
    assert plan["segment"] == 5


BROKEN = [
    "[]",
    "{",
    '"x"',
    "{}",
    '{"name": "x", "colour": 1}',
    '{"name": "x", "channel": "pigeon"}',
    '{"name": "x", "holdout": 1.5}',
    '{"name": "x", "holdout": NaN}',
    '{"name": "x", "segment": "nowhere"}',
    '{"name": "x", "segment": "nowhere.json"}',
    '{"name": "x", "from_email": "a b"}',
    '{"name": ""}',
]


@pytest.mark.parametrize("given", BROKEN)
def test_a_bad_campaign_file_is_refused_with_a_sentence(shop: database.Store, tmp_path: Path, given: str) -> None:
    file = tmp_path / "campaign.json"
    file.write_text(given)
    with pytest.raises(CrmError):
        files.create_from_file(shop, file, Environment(), NOW)
    assert campaigns.saved.listed(shop) == []


def test_a_launched_campaign_cannot_be_changed_or_deleted(shop: database.Store) -> None:
    campaign_id = campaigns.saved.create(shop, campaigns.parse(spec()), NOW)
    campaigns.launch(shop, campaign_id, DAY, campaigns.plan(shop, campaign_id, DAY).checksum, NOW)
    with pytest.raises(BadInputError, match="cannot be changed"):
        campaigns.saved.update(shop, campaign_id, campaigns.parse(spec(name="other")), NOW)
    campaigns.saved.delete_draft(shop, campaign_id, NOW)
    assert campaigns.saved.get(shop, campaign_id).name == "秋"
