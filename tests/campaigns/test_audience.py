"""The audience: everybody in exactly one place, reasons that add up, arms that stay, a plan that cannot go stale unnoticed."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import campaigns, database
from crm.errors import BadInputError
from crm.messaging import suppressions
from tests.campaigns.given import DAY, NOW, Scripted, launch, people, person, spec
from tests.shares import examples


def _plan(store: database.Store, **changed: object) -> campaigns.Plan:
    return campaigns.plan(store, campaigns.saved.create(store, campaigns.parse(spec(**changed)), NOW), DAY)


def _sum(plan: campaigns.Plan) -> int:
    return plan.suppressed + plan.no_address + plan.capped + plan.duplicates + plan.holdout + plan.recipients


def test_each_reason_is_counted_once(store: database.Store) -> None:
    people(
        store, [person(1), person(2, email_norm=None), person(3, email_norm="p1@example.com"), person(4), person(5, email_norm="broken")]
    )
    suppressions.add(store, ["P4@example.com"], "unsubscribed", "test", NOW)
    plan = _plan(store)
    assert (plan.segment, plan.suppressed, plan.no_address, plan.capped, plan.duplicates, plan.holdout, plan.recipients) == (
        5,
        1,
        2,
        0,
        1,
        0,
        1,
    )


def test_consent_refused_is_never_written_to(store: database.Store) -> None:
    people(store, [person(1, accepts_marketing=False), person(2, accepts_marketing=True), person(3, accepts_marketing=None)])
    assert (_plan(store).suppressed, _plan(store).recipients) == (1, 2)


@pytest.mark.parametrize(("import_id", "suppressed"), [("i1", 1), (None, 0)])
def test_only_a_yes_told_to_us_outweighs_the_no_of_an_order(store: database.Store, import_id: str | None, suppressed: int) -> None:
    people(store, [person(1, accepts_marketing=False), person(2)])
    (row,) = store.rows("SELECT email_norm FROM customer_facts WHERE NOT accepts_marketing")
    with store.transaction() as change:
        items = [row["email_norm"], NOW - timedelta(days=1), import_id]
        change.execute("INSERT INTO consents VALUES ('email', ?, true, 'x', NULL, NULL, ?, ?)", items)
    assert _plan(store).suppressed == suppressed


def test_cap_counts_what_was_sent_in_its_days_by_any_campaign(store: database.Store) -> None:
    people(store, [person(number) for number in range(4)])
    first = launch(store, NOW - timedelta(days=20))
    campaigns.send(store, first, _env(), lambda: NOW, channel=Scripted())
    people(store, [person(9)])
    assert (_plan(store).capped, _plan(store).recipients) == (4, 1)
    assert _plan(store, cap_days=10).capped == 0
    assert _plan(store, cap_days=0).capped == 0


@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(days=400)])
def test_cap_counts_what_was_sent_before_the_clock_was_set_back(store: database.Store, ahead: timedelta) -> None:
    people(store, [person(number) for number in range(4)])
    campaigns.send(store, launch(store, NOW + ahead), _env(), lambda: NOW + ahead, channel=Scripted())
    assert (_plan(store).capped, _plan(store, cap_days=1).capped, _plan(store, cap_days=0).capped) == (4, 4, 0)


def test_rejected_messages_do_not_count_as_contact(store: database.Store) -> None:
    from crm.messaging import Outcome

    people(store, [person(number) for number in range(4)])
    campaigns.send(store, launch(store), _env(), lambda: NOW, channel=Scripted(Outcome("rejected", "bad")))
    assert _plan(store).capped == 0


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([None, "", "x", "a@example.com", "b@example.com", "c@example.com"]), st.booleans()), max_size=12))
def test_the_sum_of_all_places_is_the_segment(rows: list[tuple[str | None, bool]]) -> None:
    store = database.memory()
    if rows:
        people(store, [person(at, email_norm=email or None) for at, (email, _) in enumerate(rows)])
        suppressions.add(store, [email for email, barred in rows if email and barred], "manual", "test", NOW)
    plan = _plan(store, holdout=0.3)
    assert _sum(plan) == plan.segment == len(rows)
    store.close()


def test_arms_are_stable_and_about_the_share_asked_for(store: database.Store) -> None:
    chosen = {f"c{number}" for number in range(20_000) if campaigns.audience.in_holdout("one", f"c{number}", 0.1)}
    assert 1_850 < len(chosen) < 2_150
    assert chosen == {f"c{number}" for number in range(20_000) if campaigns.audience.in_holdout("one", f"c{number}", 0.1)}
    other = {f"c{number}" for number in range(20_000) if campaigns.audience.in_holdout("two", f"c{number}", 0.1)}
    assert len(chosen & other) < 300


def test_launch_refuses_when_the_audience_or_the_words_changed(store: database.Store) -> None:
    people(store, [person(1), person(2)])
    campaign_id = campaigns.saved.create(store, campaigns.parse(spec()), NOW)
    checksum = campaigns.plan(store, campaign_id, DAY).checksum
    suppressions.add(store, ["p1@example.com"], "unsubscribed", "test", NOW)
    with pytest.raises(BadInputError, match="has changed since"):
        campaigns.launch(store, campaign_id, DAY, checksum, NOW)
    checksum = campaigns.plan(store, campaign_id, DAY).checksum
    campaigns.saved.update(store, campaign_id, spec(subject="AD 别的"), NOW)
    with pytest.raises(BadInputError, match="has changed since"):
        campaigns.launch(store, campaign_id, DAY, checksum, NOW)
    assert store.rows("SELECT * FROM recipients") == []


def test_launching_twice_freezes_once(store: database.Store) -> None:
    people(store, [person(1), person(2)])
    campaign_id = campaigns.saved.create(store, campaigns.parse(spec(cap_days=0)), NOW)
    checksum = campaigns.plan(store, campaign_id, DAY).checksum
    campaigns.launch(store, campaign_id, DAY, checksum, NOW)
    with pytest.raises(BadInputError):
        campaigns.launch(store, campaign_id, DAY, checksum, NOW)
    assert len(store.rows("SELECT * FROM recipients")) == 2


def test_both_arms_start_their_window_at_the_launch(store: database.Store) -> None:
    people(store, [person(number) for number in range(60)])
    launch(store, holdout=0.5)
    rows = store.rows(
        "SELECT arm, count(*) AS n, count(message_id) AS messages, min(sent_at) AS sent FROM recipients GROUP BY arm ORDER BY arm"
    )
    assert [row["sent"] for row in rows] == [NOW, NOW]
    assert {row["arm"]: row["messages"] for row in rows} == {
        "holdout": 0,
        "recipients": next(r["n"] for r in rows if r["arm"] == "recipients"),
    }


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"subject": ""}, "no subject"),
        ({"body": "{% if shop.name %}"}, "Line 1 of the text opens a tag"),
        ({"approval": True}, "second person"),
        ({"send_at": (NOW + timedelta(hours=1)).isoformat()}, "later moment"),
        ({"send_at": (NOW - timedelta(minutes=31)).isoformat()}, "30 minutes ago"),
        ({"ladder": None}, "no segment"),
    ],
)
def test_launch_refuses_what_nobody_can_have_meant(store: database.Store, changed: dict[str, object], sentence: str) -> None:
    people(store, [person(1)])
    campaign_id = campaigns.saved.create(store, campaigns.parse(spec(**changed)), NOW)
    with pytest.raises(BadInputError, match=sentence):
        campaigns.launch(store, campaign_id, DAY, "any", NOW)
    assert campaigns.saved.get(store, campaign_id).state == "draft"


def test_a_copy_never_inherits_the_date(store: database.Store) -> None:
    first = campaigns.saved.create(store, campaigns.parse(spec(send_at=NOW.isoformat())), NOW)
    assert campaigns.saved.get(store, campaigns.saved.copy(store, first, "copy", NOW)).spec.send_at is None


def _env() -> object:
    from crm.settings import Environment

    return Environment()


def test_mailboxes_lent_by_a_marketplace_are_left_out(store: database.Store) -> None:
    people(store, [person(1), person(2, email_norm="x1y2@marketplace.amazon.de")])
    campaign_id = campaigns.saved.create(store, campaigns.parse(spec()), NOW)
    result = campaigns.plan(store, campaign_id, DAY)
    assert (result.segment, result.recipients, result.suppressed) == (2, 1, 1)
