"""Sending: nobody twice, nobody left out, whatever the wire does and wherever the process dies."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import campaigns, database, jobs
from crm.errors import BadInputError
from crm.messaging import Batch, Outcome, events, ledger, suppressions
from crm.settings import Environment
from tests.campaigns.given import NOW, Scripted, launched
from tests.shares import examples

ENV = Environment()
LATER = NOW + timedelta(days=2)


class Died(BaseException):
    """The process ends here."""


def _send(store: database.Store, campaign_id: str, channel: Scripted, now: datetime = NOW) -> dict[str, int]:
    return campaigns.send(store, campaign_id, ENV, lambda: now, channel=channel, wait=lambda seconds: None)


def test_everybody_gets_it_once_and_the_campaign_is_finished(store: database.Store) -> None:
    campaign_id, channel = launched(store, 45), Scripted()
    assert _send(store, campaign_id, channel) == {"accepted": 45, "rejected": 0, "unknown": 0, "pending": 0}
    assert len(channel.sent) == len(set(channel.sent)) == 45
    assert campaigns.saved.get(store, campaign_id).state == "finished"
    assert _send(store, campaign_id, channel)["accepted"] == 45
    assert len(channel.sent) == 45


def test_a_draft_is_not_sent(store: database.Store) -> None:
    campaign_id = campaigns.saved.create(store, campaigns.parse({"name": "x"}), NOW)
    with pytest.raises(BadInputError, match="not been launched"):
        _send(store, campaign_id, Scripted())


def test_what_went_on_the_wire_was_recorded_before(store: database.Store) -> None:
    campaign_id = launched(store, 10)

    class Watching(Scripted):
        def deliver(self, batch: Batch) -> Outcome:
            found = ledger.states(store, campaign_id)
            assert {row.state for row in found} == {"sending"}
            assert len({row.attempt_id for row in found}) == 1
            return Outcome("accepted")

    _send(store, campaign_id, Watching())


@pytest.mark.parametrize(("kind", "key"), [("unknown", "unknown"), ("rejected", "rejected")])
def test_what_may_have_arrived_is_never_tried_again_by_itself(store: database.Store, kind: str, key: str) -> None:
    campaign_id, channel = launched(store, 10), Scripted(Outcome(kind, "why"), Outcome("accepted"))  # type: ignore[arg-type]
    assert _send(store, campaign_id, channel)[key] == 10
    assert _send(store, campaign_id, channel)[key] == 10
    assert channel.sent == []


def test_what_certainly_was_refused_is_tried_again_at_the_named_time(store: database.Store) -> None:
    waited: list[float] = []
    campaign_id, channel = (
        launched(store, 10),
        Scripted(Outcome("refused", "429", retry_at=NOW + timedelta(seconds=7)), Outcome("accepted")),
    )
    campaigns.send(store, campaign_id, ENV, lambda: NOW, channel=channel, wait=waited.append)
    assert sum(waited) == pytest.approx(7)
    assert len(channel.sent) == 10


def test_a_time_too_far_away_pauses_instead(store: database.Store) -> None:
    campaign_id, channel = launched(store, 10), Scripted(Outcome("refused", "429", retry_after=7200.0))
    assert _send(store, campaign_id, channel)["pending"] == 10
    assert campaigns.saved.get(store, campaign_id).state == "paused"


def test_a_wrong_key_pauses_at_once_and_sends_after_it_is_mended(store: database.Store) -> None:
    campaign_id, channel = launched(store, 30), Scripted(Outcome("refused", "key", pause=True), Outcome("accepted"))
    assert _send(store, campaign_id, channel)["pending"] == 30
    match = campaigns.saved.get(store, campaign_id)
    assert (match.state, match.state_reason) == ("paused", "Paused: key.")
    assert _send(store, campaign_id, channel)["accepted"] == 30


def test_three_failures_in_a_row_pause_with_a_reason(store: database.Store) -> None:
    campaign_id, channel = launched(store, 100), Scripted(Outcome("unknown", "timeout"))
    result = _send(store, campaign_id, channel)
    assert (len(channel.batches), result["unknown"], result["pending"]) == (3, 30, 70)
    assert "3 failures in a row: timeout" in campaigns.saved.get(store, campaign_id).state_reason


def test_whoever_opts_out_after_the_launch_is_left_out(store: database.Store) -> None:
    campaign_id, channel = launched(store, 10), Scripted()
    suppressions.add(store, ["p3@example.com"], "unsubscribed", "test", NOW)
    assert _send(store, campaign_id, channel) == {"accepted": 9, "rejected": 1, "unknown": 0, "pending": 0}
    assert "p3@example.com" not in channel.sent
    assert campaigns.retry_safe(store, campaign_id, NOW) == 0


def test_only_what_was_rejected_is_queued_again(store: database.Store) -> None:
    campaign_id, channel = launched(store, 20), Scripted(Outcome("rejected", "400"), Outcome("unknown", "cut"), Outcome("accepted"))
    _send(store, campaign_id, channel)
    assert campaigns.retry_safe(store, campaign_id, NOW) == 10
    assert _send(store, campaign_id, channel) == {"accepted": 10, "rejected": 0, "unknown": 10, "pending": 0}


def test_a_stop_by_a_person_pauses_and_the_rest_waits(store: database.Store) -> None:
    campaign_id, channel = launched(store, 30), Scripted()

    def stop(step: str, done: int, total: int) -> None:
        if done >= 10:
            raise jobs.Cancelled

    with pytest.raises(jobs.Cancelled):
        campaigns.send(store, campaign_id, ENV, lambda: NOW, stop, channel=channel)
    assert campaigns.saved.get(store, campaign_id).state == "paused"
    assert _send(store, campaign_id, channel)["accepted"] == 30
    assert len(channel.sent) == len(set(channel.sent)) == 30


def test_a_crash_leaves_unknown_then_an_event_proves_it(store: database.Store) -> None:
    campaign_id, channel = launched(store, 10), Scripted(Died(), Outcome("accepted"))
    with pytest.raises(Died):
        _send(store, campaign_id, channel)
    assert campaigns.recover(store, ENV.model_copy(update={"data": ENV.data / "none"}), NOW) == [campaign_id]


def test_news_that_come_while_the_line_is_open_stand(store: database.Store) -> None:
    campaign_id = launched(store, 3)

    class Fast(Scripted):
        def deliver(self, batch: Batch) -> Outcome:
            told = [{"message_id": one.message_id, "event": "delivered", "timestamp": 1793500000} for one in batch.messages[:2]]
            events.ingest(store, told, NOW)
            return Outcome("unknown", "cut")

    _send(store, campaign_id, Fast())
    counts = ledger.counts(store, campaign_id)
    assert (counts["delivered"], counts["unknown"]) == (2, 1)


def test_silence_makes_it_undecided_and_a_person_decides(store: database.Store) -> None:
    campaign_id, channel = launched(store, 10), Scripted(Outcome("unknown", "cut"), Outcome("accepted"))
    _send(store, campaign_id, channel)
    message = ledger.states(store, campaign_id)[0].message_id
    events.ingest(store, [{"message_id": message, "event": "delivered", "timestamp": 1793500000}], NOW)
    campaigns.recover(store, ENV, LATER)
    counts = ledger.counts(store, campaign_id)
    assert (counts["delivered"], counts["undecided"]) == (1, 9)
    assert campaigns.decide(store, campaign_id, False, LATER) == 9
    assert _send(store, campaign_id, channel)["accepted"] == 10
    assert channel.sent == []


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(st.sampled_from(["accepted", "rejected", "unknown", "refused", "pause", "died"]), max_size=12), st.integers(1, 35))
def test_whatever_happens_nobody_twice_and_nobody_left_out(script: list[str], number: int) -> None:
    store = database.memory()
    campaign_id = launched(store, number)
    made: dict[str, Outcome | BaseException] = {name: Outcome(name, name) for name in ("accepted", "rejected", "unknown")}  # type: ignore[arg-type]
    made |= {"refused": Outcome("refused", "429", retry_after=0.0), "pause": Outcome("refused", "401", pause=True), "died": Died()}
    channel = Scripted(*[made[one] for one in script], Outcome("accepted"))
    for _ in range(len(script) + 2):
        try:
            _send(store, campaign_id, channel)
        except Died:
            campaigns.recover(store, ENV.model_copy(update={"sendgrid_api_key": ""}), NOW)
    assert len(channel.sent) == len(set(channel.sent))
    assert sum(campaigns.sending.result(store, campaign_id).values()) == number
    assert campaigns.sending.result(store, campaign_id)["pending"] == 0
    store.close()
