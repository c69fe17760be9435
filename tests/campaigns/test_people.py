"""Who was in a campaign and who was left out, person by person: each once, with arm and state, a page at a time."""

from dataclasses import asdict
from datetime import timedelta

import pandas as pd
import pytest

from crm import campaigns
from crm.campaigns import roster
from crm.database import Store
from crm.messaging import ledger
from tests.campaigns.given import NOW, launch, people, person


@pytest.fixture
def campaign(store: Store) -> str:
    """Forty people, a quarter held out, two without an address, one name missing."""
    rows = [person(number) for number in range(40)]
    rows[3]["email_norm"] = rows[4]["email_norm"] = None
    rows[5]["nickname"] = None
    people(store, rows)
    return launch(store, holdout=0.25)


def test_everybody_is_there_once(store: Store, campaign: str) -> None:
    rows = roster.people(store, campaign, limit=1_000)
    assert sorted(row.customer_id for row in rows) == [f"c{number:06}" for number in range(40)]
    counts = asdict(campaigns.status(store, campaign))
    for place in roster.PLACES:
        match = counts.get(place, counts["left_out"].get(place))
        assert len(roster.people(store, campaign, place, limit=1_000)) == match == sum(row.place == place for row in rows)
    assert [row.customer_id for row in rows if row.place == "no_address"] == ["c000003", "c000004"]


def test_pages_follow_each_other(store: Store, campaign: str) -> None:
    whole = roster.people(store, campaign, limit=1_000)
    assert [row for page in range(6) for row in roster.people(store, campaign, limit=7, offset=7 * page)] == whole
    assert [row.place for row in whole] == sorted((row.place for row in whole), key=roster.PLACES.index)


def test_only_who_got_a_message_has_a_state(store: Store, campaign: str) -> None:
    mailed = roster.people(store, campaign, "recipients", limit=1_000)
    ids = store.rows("SELECT message_id FROM recipients WHERE customer_id = ?", [mailed[0].customer_id])
    with store.transaction() as change:
        ledger.note(change, campaign, [ids[0]["message_id"]], "accepted", NOW)
        ledger.note(change, campaign, [ids[0]["message_id"]], "failed", NOW + timedelta(minutes=1), detail="bounced")
    rows = roster.people(store, campaign, limit=1_000)
    assert [(row.state, row.detail) for row in rows][:2] == [("failed", "bounced"), ("pending", "")]
    assert {row.state for row in rows if row.place != "recipients"} == {None}


def test_names_and_accounts(store: Store, campaign: str) -> None:
    rows = {row.customer_id: row for row in roster.people(store, campaign, limit=1_000)}
    assert (rows["c000001"].name, rows["c000001"].buyer) == ("小1", "C000001")
    assert (rows["c000005"].name, rows["c000005"].buyer) == (None, "C000005")


def test_who_is_part_of_another_customer_today_is_named_as_that_one(store: Store) -> None:
    people(store, [person(1), person(2)])
    frame = pd.DataFrame({"customer": ["c000001", "c000002"], "arm": ["recipients", "holdout"], "sent_at": [NOW, NOW]})
    campaign_id = campaigns.record_frame(store, frame, "x", "", NOW).campaign_id
    with store.transaction() as change:
        change.execute("DELETE FROM customers WHERE customer_id = 'c000002'")
        change.insert("merged_customers", pd.DataFrame({"customer_id": ["c000002"], "merged_into": ["c000001"]}))
    assert [(row.customer_id, row.name, row.place) for row in roster.people(store, campaign_id)] == [
        ("c000001", "小1", "recipients"),
        ("c000002", "小1", "holdout"),
    ]


def test_who_is_gone_still_has_a_row(store: Store, campaign: str) -> None:
    with store.transaction() as change:
        change.execute("DELETE FROM customers")
    rows = roster.people(store, campaign, limit=1_000)
    assert (len(rows), {row.name for row in rows}) == (40, {None})
