"""One customer's page: the time line against every table read as a whole, what is missing, what was said, her sign in the address."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crm import privacy
from crm.customers import lookup, missing, story
from crm.database import Store
from crm.messaging import standing
from crm.uploads import by_hand
from tests.privacy.given import EMAIL, LATER, PHONE, shop


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, str]]:
    """A woman with two joined accounts, four orders, a review, consents and a letter; and her id."""
    store = shop(tmp_path_factory.mktemp("her"))
    who = str(privacy.find(store, PHONE)[0].customer_id)
    by_hand.note(store, who, "爱喝茶", LATER, "小木")
    yield store, who
    store.close()


def rows(store: Store, table: str) -> list[dict[str, Any]]:
    return store.frame(f"SELECT * FROM {table}").to_dict("records")  # noqa: S608


def test_the_time_line_is_all_that_is_hers_and_nothing_else(full: tuple[Store, str]) -> None:
    store, who = full
    events, total = story.of(store, who, 1000)
    ids = {who, *(row["customer_id"] for row in rows(store, "merged_customers") if row["merged_into"] == who)}
    assert len(ids) == 2
    orders = [row for row in rows(store, "orders") if row["customer_id"] == who]
    written = [row for row in rows(store, "recipients") if row["customer_id"] in ids]
    letters = {row["message_id"] for row in written}
    words = {"opened", "clicked", "unsubscribed", "complained", "bounced"}
    told = {
        (row["message_id"], row["event"])
        for row in rows(store, "message_events")
        if row["message_id"] in letters and row["event"] in words and not row["machine"]
    }
    expected = Counter({"order": len(orders)})
    expected.update(row["kind"] for row in rows(store, "touches") if row["customer_id"] == who)
    expected.update({"holdout": "held_out", "recipients": "sent"}[row["arm"]] for row in written)
    expected.update("left_out" for row in rows(store, "skipped") if row["customer_id"] in ids)
    expected.update(event for _, event in told)
    assert Counter(event.kind for event in events) == expected
    assert total == len(events) == expected.total() > 6
    moments = [event.happened_at for event in events if event.happened_at]
    assert moments == sorted(moments, reverse=True)
    assert (events[0].kind, events[0].body, events[0].actor) == ("note", "爱喝茶", "小木")
    assert [story.of(store, who, most) for most in (1, 3)] == [(events[:1], total), (events[:3], total)]


def test_its_amounts_add_up_to_what_was_spent(full: tuple[Store, str]) -> None:
    store, who = full
    paid = [event for event in story.of(store, who, 1000)[0] if event.kind == "order"]
    facts = lookup.customer(store, who)["facts"]
    assert sum((event.amount or Decimal(0)) - (event.refunded or Decimal(0)) for event in paid if event.amount) == facts["spend"] > 0
    assert [event.status for event in paid if event.amount is None] == ["closed_unpaid"]
    assert [line.product for event in paid for line in event.lines] == ["锅", "锅"]
    accounts = lookup.accounts(store, who)
    assert sum(row["orders"] for row in accounts) == len(paid)
    assert {row["account"] for row in accounts} == {"zqaccount", "zqsecond"}


def test_what_was_said_of_being_written_to(full: tuple[Store, str]) -> None:
    store, who = full
    said = standing.of(store, who)
    assert {(one.channel, one.meaning, one.address, one.file) for one in said} >= {
        ("email", "granted", EMAIL, "consents.csv"),
        ("sms", "unsubscribed", PHONE, "noes.csv"),
    }
    assert {one.address for one in said} <= {EMAIL, PHONE} | {row["identity_key"] for row in rows(store, "identities")}


def test_her_sign_names_nobody_and_leads_to_her(full: tuple[Store, str]) -> None:
    store, who = full
    everybody = [row["customer_id"] for row in rows(store, "customer_facts")]
    signs = {lookup.sign(store, one): one for one in everybody}
    assert len(signs) == len(everybody) > 3
    assert not set(signs) & set(everybody)
    assert {sign: lookup.signed(store, sign) for sign in signs} == signs
    assert lookup.signed(store, who) is None and lookup.signed(store, "'; --") is None


KNOWN = {"phone_quality": "clear", "email_norm": "a@b.cd", "name": "甲", "gender": "female", "birth_month": 3}
REST = {"wechat": "w", "size": "M", "colours": "c", "family": "f"}


@pytest.mark.parametrize(
    ("facts", "dossier", "consent", "gone"),
    [
        ({}, {}, {"email": True, "sms": False}, []),
        ({}, {}, {}, ["consent_email", "consent_sms"]),
        ({"phone_quality": "virtual", "email_norm": None}, {}, {}, ["phone", "email"]),
        (
            {"birth_month": None, "gender": None, "name": None},
            {"size": ""},
            {"email": False, "sms": True},
            ["name", "gender", "birthday", "size"],
        ),
    ],
)
def test_what_to_ask_next(facts: dict[str, Any], dossier: dict[str, str], consent: dict[str, bool], gone: list[str]) -> None:
    assert missing.of(KNOWN | facts, REST | dossier, consent) == gone


def test_who_was_erased_is_said_to_be(tmp_path: Path) -> None:
    store = shop(tmp_path)
    person = privacy.find(store, PHONE)[0]
    old, sign = str(person.customer_id), lookup.sign(store, str(person.customer_id))
    assert lookup.erased_at(store, old) is None
    privacy.erase(store, [person], None, LATER)
    assert lookup.signed(store, sign) is None
    (left,) = {
        row["customer_id"]
        for row in rows(store, "tombstones")
        if row["customer_id"] in {one["customer_id"] for one in rows(store, "orders")}
    }
    assert lookup.erased_at(store, left) == LATER
    assert standing.of(store, left) == []
    assert [event.body for event in story.of(store, left, 100)[0] if event.body] == []
    store.close()
