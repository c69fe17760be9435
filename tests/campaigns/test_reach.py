"""What a rung says it reaches by e-mail is whom a campaign would write to or hold out; a part of a split rung is written to on its own."""

from datetime import timedelta

import pytest

from crm import segments
from crm.campaigns import audience, saved
from crm.database import Store, change_shop
from crm.segments import ladder
from crm.segments.definition import parse
from tests.campaigns.given import DAY, NOW, people, person, spec

RUNGS = [{"name": "all", "where": {"field": "purchases", "op": "at_least", "value": 0}, "split": {"by": "spend", "at": [50, 200]}}]
SENT = (
    "INSERT INTO recipients (campaign_id, customer_id, arm, address_norm, message_id, sent_at) VALUES ('before', ?, 'recipients', ?, ?, ?)"
)
STATE = "INSERT INTO message_states (message_id, campaign_id, state, happened_at) VALUES (?, 'before', ?, ?)"
LADDER = {"name": "all", "rungs": RUNGS}


@pytest.fixture
def shop(store: Store) -> Store:
    """Thirty people: some unsubscribed, some who said no, some without an address, some written to on different days."""
    rows = [person(number, spend=number * 10) for number in range(30)]
    for number in (1, 2):
        rows[number] |= {"email_norm": None}
    rows[3] |= {"accepts_marketing": False}
    people(
        store, [{"accepts_marketing": None, "mailbox": "example.com", "phone_quality": "clear", "phone_until": None} | row for row in rows]
    )
    with store.transaction() as change:
        for number in (4, 5):
            sql = "INSERT INTO suppressions (channel, address_norm, reason, happened_at) VALUES ('email', ?, 'unsubscribed', ?)"
            change.execute(sql, [f"p{number}@example.com", NOW])
        for number, ago in ((6, 0), (7, 5), (8, 28), (9, 29), (10, 30), (11, 31), (12, 2), (13, 3)):
            known = [f"c{number:06}", f"p{number}@example.com", f"m{number}", NOW - timedelta(days=ago)]
            change.execute(SENT, known)
        for message, state in (("m12", "rejected"), ("m13", "rejected"), ("m13", "sent")):  # what came last counts
            change.execute(STATE, [message, state, NOW])
    return store


@pytest.mark.parametrize("cap", [0, 1, 7, 30, 365])
def test_reach_is_whom_a_campaign_would_write_to_or_hold_out(shop: Store, cap: int) -> None:
    change_shop(shop, {"cap_days": cap})
    made = saved.create(shop, spec(ladder=LADDER, holdout=0.3), NOW)
    plan = audience.plan(shop, made, DAY)
    rung = segments.count(shop, parse(LADDER), DAY)[0]
    assert rung.reachable["email"] == plan.recipients + plan.holdout + plan.duplicates
    assert (rung.capped == 0) is (cap == 0)
    assert rung.reachable["sms"] == rung.customers - plan_capped(shop, cap)


def plan_capped(shop: Store, cap: int) -> int:
    """Who was written to within the cap, by hand: c12 was rejected, so nothing came of it."""
    days = {6: 0, 7: 5, 8: 28, 9: 29, 10: 30, 11: 31, 13: 3}
    return sum(ago < cap for ago in days.values())


def test_each_part_of_a_split_rung_is_an_audience_of_its_own(shop: Store) -> None:
    counted = segments.count(shop, parse(LADDER), DAY)
    whole = audience.plan(shop, saved.create(shop, spec(ladder=LADDER), NOW), DAY)
    parts = {name: people for name, people in ladder.choices(counted).items() if name != "all"}
    assert list(parts) == ["all / spend <50", "all / spend 50-200", "all / spend 200+"]
    plans = [audience.plan(shop, saved.create(shop, spec(ladder=LADDER, rung=name), NOW), DAY) for name in parts]
    assert [plan.segment for plan in plans] == list(parts.values())
    assert sum(plan.recipients for plan in plans) == whole.recipients
