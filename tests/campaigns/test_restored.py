"""An older copy of the database put back: nobody is written to twice, opt-outs count, and nothing is sent until a person has decided."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crm import campaigns, database
from crm.campaigns import restored, saved
from crm.campaigns.restored import State
from crm.errors import BadInputError
from crm.messaging import Outcome, ledger, suppressions, unsubscribe
from crm.settings import Environment
from tests.campaigns.given import DAY, NOW, Scripted, launch, launched, people, person, spec

ENV = Environment()
DRAFT, LAUNCHED, HALF, GONE = "draft", "launched", "half sent", "not there"


class Shop:
    """A data folder of which a copy is made and put back, and the letters that really left."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.letters = folder, Counter[str]()
        self.before: set[str] = set()
        self.store = database.open_store(folder)

    def send(self, campaign_id: str, *answers: Outcome | BaseException) -> dict[str, int]:
        channel = Scripted(*answers)
        try:
            return campaigns.send(self.store, campaign_id, ENV, lambda: NOW, channel=channel, wait=lambda _: None)
        finally:
            self.letters.update(channel.sent)

    def copy(self) -> None:
        self.before = set(self.letters)
        self.reopen(lambda: shutil.copy2(self.folder / "shop.duckdb", self.folder.parent / "copy.duckdb"))

    def put_back(self) -> None:
        self.reopen(lambda: shutil.copy2(self.folder.parent / "copy.duckdb", self.folder / "shop.duckdb"))

    def reopen(self, between: Callable[[], Any] = lambda: None) -> None:
        self.store.close()
        between()
        self.store = database.open_store(self.folder)

    def token(self, campaign_id: str, number: int) -> str:
        row = self.store.one("SELECT message_id FROM recipients WHERE campaign_id = ? AND customer_id = ?", [campaign_id, f"c{number:06}"])
        assert row is not None
        return str(row["message_id"])


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path / "shop")
    yield made
    made.store.close()


def copied_when(shop: Shop, state: str) -> str:
    """A campaign to 40 people that was in this state when the copy was made, was sent to all, and one opted out; then the copy is back."""
    people(shop.store, [person(at) for at in range(40)])
    if state == GONE:
        shop.copy()
    campaign_id = saved.create(shop.store, campaigns.parse(spec()), NOW)
    if state == DRAFT:
        shop.copy()
    campaigns.launch(shop.store, campaign_id, DAY, campaigns.plan(shop.store, campaign_id, DAY).checksum, NOW)
    if state == LAUNCHED:
        shop.copy()
    if state == HALF:
        shop.send(campaign_id, Outcome("accepted"), Outcome("rejected", "a broken key", pause=True))
        shop.copy()
    shop.send(campaign_id)
    campaigns.retry_safe(shop.store, campaign_id, NOW)
    shop.send(campaign_id)
    assert sum(shop.letters.values()) == 40
    assert unsubscribe.open(shop.store, shop.token(campaign_id, 7), NOW)
    shop.put_back()
    return campaign_id


def again(shop: Shop, campaign_id: str) -> None:
    """Everything a person could do to send it: launch the draft, continue, retry, a new campaign with the same words."""
    row = shop.store.one("SELECT state FROM campaigns WHERE campaign_id = ?", [campaign_id])
    if row and row["state"] == "draft":
        campaigns.launch(shop.store, campaign_id, DAY, campaigns.plan(shop.store, campaign_id, DAY).checksum, NOW)
    if row:
        campaigns.recover(shop.store, ENV, NOW)
        campaigns.retry_safe(shop.store, campaign_id, NOW)
        shop.send(campaign_id)
    else:
        shop.send(launch(shop.store))


@pytest.mark.parametrize("state", [DRAFT, LAUNCHED, HALF, GONE])
def test_nothing_is_sent_before_a_person_has_decided(shop: Shop, state: str) -> None:
    campaign_id = copied_when(shop, state)
    result = restored.state(shop.store)
    left = 30 if state == HALF else 40
    assert (result.stopped, result.messages, result.opt_outs, result.troubles) == (True, left, 1, [])
    assert [(row.campaign_id, row.name, row.messages) for row in result.campaigns] == [(campaign_id, "秋", left)]
    with pytest.raises(BadInputError, match=f"{left} messages left after it was made. Nothing is sent"):
        again(shop, campaign_id)
    shop.reopen()
    with pytest.raises(BadInputError, match="Nothing is sent until you have decided"):
        again(shop, campaign_id)
    assert set(shop.letters.values()) == {1}


@pytest.mark.parametrize("state", [DRAFT, LAUNCHED, HALF, GONE])
def test_kept_nobody_gets_it_twice_and_only_new_people_get_it(shop: Shop, state: str) -> None:
    campaign_id = copied_when(shop, state)
    assert restored.keep(shop.store, None, NOW) == (30 if state == HALF else 40)
    people(shop.store, [person(at) for at in range(40, 45)])
    if state in (LAUNCHED, HALF):
        again(shop, campaign_id)
        assert saved.get(shop.store, campaign_id).state == "finished"
        assert ledger.counts(shop.store, campaign_id)["accepted"] == 40
    else:
        again(shop, campaign_id)
        assert {f"p{at}@example.com" for at in range(40, 45)} <= set(shop.letters)
    assert set(shop.letters.values()) == {1}
    assert restored.state(shop.store).stopped is False


@pytest.mark.parametrize("state", [DRAFT, LAUNCHED, HALF, GONE])
def test_forgotten_they_get_it_again_but_never_the_one_who_opted_out(shop: Shop, state: str) -> None:
    campaign_id = copied_when(shop, state)
    with pytest.raises(BadInputError, match="say the number"):
        restored.forget(shop.store, campaign_id, 1, NOW)
    assert restored.state(shop.store).stopped
    restored.forget(shop.store, campaign_id, 30 if state == HALF else 40, NOW)
    again(shop, campaign_id)
    assert shop.letters["p7@example.com"] == 1
    assert {who for who, times in shop.letters.items() if times == 2} == set(shop.letters) - shop.before - {"p7@example.com"}


def test_opt_outs_count_at_once_known_or_not(shop: Shop) -> None:
    people(shop.store, [person(1), person(2)])
    shop.copy()
    suppressions.add(shop.store, ["P1@Example.com", "later@example.com"], "manual", "desk", NOW)
    shop.put_back()
    plan = campaigns.plan(shop.store, saved.create(shop.store, campaigns.parse(spec()), NOW), DAY)
    assert (plan.suppressed, plan.recipients) == (1, 1)
    people(shop.store, [person(3, email_norm="later@example.com")])
    assert suppressions.among(shop.store, ["later@example.com", "p2@example.com"]) == {"later@example.com"}
    assert replace(restored.state(shop.store), opt_outs=0) == State(stopped=False, troubles=[], campaigns=[], messages=0, opt_outs=0)


def test_the_links_of_letters_that_this_copy_does_not_know_still_work(shop: Shop) -> None:
    people(shop.store, [person(at) for at in range(5)])
    shop.copy()
    campaign_id = launch(shop.store)
    shop.send(campaign_id)
    token = shop.token(campaign_id, 3)
    shop.put_back()
    restored.keep(shop.store, None, NOW)
    assert unsubscribe.open(shop.store, token, NOW)
    assert not unsubscribe.open(shop.store, token, NOW)
    assert suppressions.among(shop.store, [f"p{at}@example.com" for at in range(5)]) == {"p3@example.com"}
    shop.put_back()
    assert suppressions.among(shop.store, ["p3@example.com"]) == set()
    restored.state(shop.store)
    assert suppressions.among(shop.store, ["p3@example.com"]) == {"p3@example.com"}


def test_a_copy_put_back_twice_asks_twice_and_loses_nothing(shop: Shop) -> None:
    campaign_id = copied_when(shop, LAUNCHED)
    restored.keep(shop.store, campaign_id, NOW)
    shop.put_back()
    assert restored.state(shop.store).messages == 40
    restored.keep(shop.store, campaign_id, NOW)
    again(shop, campaign_id)
    assert set(shop.letters.values()) == {1}


def test_what_certainly_did_not_leave_is_not_held_against_anybody(shop: Shop) -> None:
    campaign_id = launched(shop.store, 30)
    shop.copy()
    shop.send(campaign_id, Outcome("accepted"), Outcome("refused", "busy", pause=True))
    shop.put_back()
    assert restored.state(shop.store).messages == 10
    restored.keep(shop.store, None, NOW)
    shop.send(campaign_id)
    assert (len(shop.letters), set(shop.letters.values())) == (30, {1})


def test_what_may_have_left_is_left_to_a_person_after_the_decision(shop: Shop) -> None:
    campaign_id = launched(shop.store, 10)
    shop.copy()
    shop.send(campaign_id, Outcome("unknown", "timeout"))
    shop.put_back()
    restored.keep(shop.store, None, NOW)
    assert ledger.counts(shop.store, campaign_id)["undecided"] == 10


def test_without_a_copy_nothing_is_ever_asked(shop: Shop) -> None:
    campaign_id = launched(shop.store, 30)
    shop.send(campaign_id, Outcome("accepted"), Outcome("unknown", "timeout", pause=True))
    for _ in range(3):
        shop.reopen()
        assert restored.state(shop.store).stopped is False
        shop.send(campaign_id)
    assert set(shop.letters.values()) == {1}
