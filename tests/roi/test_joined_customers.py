"""Results, caps and filters of a campaign whose recipients were joined with others afterwards."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from crm import roi, segments
from crm.campaigns import audience, recording
from crm.customers import facts, joining, lookup, same_people
from crm.database import Store
from crm.errors import BadInputError
from crm.segments import Definition, Rung
from tests.customers.test_same_people import PHONE, accounts, phone
from tests.imports.given import NOW

SENT, LATER = datetime(2026, 7, 10), date(2026, 9, 1)


@pytest.fixture
def shop(tmp_path: Path, store: Store) -> Store:
    """Four accounts: two with one phone, and two others; all bought before SENT, the second of the two and the last one also after."""
    later = {"订单付款时间": "2026-07-11 10:00:00", "订单创建时间": "2026-07-11 10:00:00"}
    items = [phone(PHONE), phone(PHONE) | {"订单付款时间": "2026-07-09 10:00:00"}, phone(""), phone("")]
    accounts(tmp_path, store, *items)
    accounts(tmp_path, store, {"买家会员名": "o.csv1"} | later, {"买家会员名": "o.csv3"} | later, name="later.csv")
    return store


def ids(store: Store) -> list[str]:
    rows = store.rows("SELECT DISTINCT buyer, customer_id FROM order_records ORDER BY buyer")
    return [row["customer_id"] for row in rows]


def join(store: Store) -> None:
    joining.join(store, [same_people.suggestions(store).groups[0].key], NOW, "test")


def record(store: Store, **arms: str) -> str:
    """A campaign sent at SENT to these customers (number=arm)."""
    known = ids(store)
    rows = [{"customer": known[int(name[1:])], "arm": arm, "sent_at": SENT} for name, arm in arms.items()]
    return recording.record_frame(store, pd.DataFrame(rows), "Summer", "all", NOW).campaign_id


def counted(store: Store, campaign_id: str) -> list[tuple[str, int, int]]:
    result = roi.as_json(roi.report(store, campaign_id, as_of=LATER))
    return [(arm["arm"], arm["people"], arm["orders"]) for arm in result["arms"]]


def members(store: Store, where: dict[str, object]) -> set[str]:
    who = Definition(name="x", rungs=[Rung(name="x", where=where)])
    return set(store.read(segments.members(store, who, LATER)).customer_id)


def test_purchases_of_the_joined_account_count_for_whom_was_written_to(shop: Store) -> None:
    campaign = record(shop, c0="recipients", c2="holdout")
    assert counted(shop, campaign) == [("recipients", 1, 0), ("holdout", 1, 0)]
    join(shop)
    assert counted(shop, campaign) == [("recipients", 1, 1), ("holdout", 1, 0)]
    joining.undo(shop, [joining.decisions(shop)[0].link_id], NOW, "test")
    assert counted(shop, campaign) == [("recipients", 1, 0), ("holdout", 1, 0)]


def test_an_id_that_no_longer_is_a_customer_is_still_found(shop: Store) -> None:
    """The second account lives on as the first: what was written to the second is the first's."""
    campaign, known = record(shop, c1="recipients", c3="holdout"), ids(shop)
    join(shop)
    assert known[1] not in {row["customer_id"] for row in shop.rows("SELECT customer_id FROM customers")}
    assert counted(shop, campaign) == [("recipients", 1, 1), ("holdout", 1, 1)]
    for where in ({"received": {"campaign": "Summer"}}, {"received": {"event": "converted"}}):
        assert members(shop, where) == {known[0]}
    assert members(shop, {"field": "last_contacted_days", "op": "is_known", "value": None}) == {known[0]}
    assert members(shop, {"field": "promotions_30d", "op": "at_least", "value": 1}) == set()
    contacted = audience._contacted(shop, "another", SENT.date() + timedelta(days=3), 30).customers
    assert contacted == {known[0]}
    assert len(lookup.customer(shop, known[1])["orders"]) == 3
    assert record(shop, c1="recipients")
    frame = pd.DataFrame({"customer": ["o.csv0", "o.csv1"], "arm": "recipients", "sent_at": SENT})
    assert recording.record_frame(shop, frame, "By name", "all", NOW).unmatched == 0


def test_a_person_who_was_drawn_twice_into_one_arm_buys_once(shop: Store) -> None:
    campaign = record(shop, c0="recipients", c1="recipients", c2="holdout")
    join(shop)
    assert counted(shop, campaign) == [("recipients", 2, 1), ("holdout", 1, 0)]


def test_a_person_in_both_arms_is_left_out_counted_and_said(shop: Store) -> None:
    """c0 and c1 turn out to be one: in neither arm, with what they bought; the messages that left stay messages."""
    campaign = record(shop, c0="recipients", c1="holdout", c2="recipients", c3="holdout")
    assert counted(shop, campaign) == [("recipients", 2, 0), ("holdout", 2, 2)]
    join(shop)
    assert counted(shop, campaign) == [("recipients", 1, 0), ("holdout", 1, 1)]
    report = roi.report(shop, campaign, as_of=LATER)
    assert (report.split, report.funnel.sent, roi.as_json(report)["joined_in_both_arms"]) == (1, 2, 1)
    joining.undo(shop, [joining.decisions(shop)[0].link_id], NOW, "test")
    assert counted(shop, campaign) == [("recipients", 2, 0), ("holdout", 2, 2)]
    assert roi.report(shop, campaign, as_of=LATER).split == 0


@pytest.mark.parametrize("arms", [{"c0": "recipients", "c1": "holdout"}, {"c0": "holdout", "c1": "recipients", "c2": "holdout"}])
def test_an_arm_that_is_empty_after_a_join_is_no_missing_holdout(shop: Store, arms: dict[str, str]) -> None:
    campaign = record(shop, **arms)
    join(shop)
    report = roi.report(shop, campaign, as_of=LATER)
    assert (report.verdict.code, report.increment) == ("cannot tell yet", None)
    assert report.verdict.sentence().startswith("Nothing can be compared: everybody in one of the groups")


def test_who_was_joined_before_cannot_be_recorded_in_both_arms(shop: Store) -> None:
    join(shop)
    with pytest.raises(BadInputError, match=r"“.*” .row 0: recipients., “.*” .row 1: holdout. .1 in all."):
        record(shop, c0="recipients", c1="holdout", c2="holdout")
    assert shop.rows("FROM campaigns") == shop.rows("FROM recipients") == []


def test_plans_and_facts_see_one_person(shop: Store) -> None:
    join(shop)
    assert len(shop.rows("FROM customer_facts")) == 3
    assert facts.last_day(shop) == date(2026, 7, 11)
