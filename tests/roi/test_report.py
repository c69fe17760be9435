"""What counts as a result: who, when, how much, and what is said about it."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import database, roi
from crm.database import Store, save_shop
from crm.errors import BadInputError, NotFoundError
from crm.roi import verdict
from crm.roi.inference import Difference
from crm.settings import Shop
from tests.roi.given import SENT, campaign, purchase
from tests.shares import examples

LATER = date(2026, 6, 1)
KEYS = {"arms", "lift", "incremental_spend", "interval", "cost", "profit", "roi", "verdict"}


def arm(report: roi.Report, name: str) -> roi.Arm:
    result = report.arm(name)
    assert result is not None
    return result


def test_counts_people_buyers_orders_and_spend_of_both_arms(store: Store) -> None:
    spring = campaign(store, ["a", "b", "c"], ["x", "y"])
    for customer, hours, spend in (("a", 1, "100"), ("a", 30, "50.50"), ("b", 100, "20"), ("x", 2, "70")):
        purchase(store, customer, timedelta(hours=hours), spend)
    result = roi.as_json(roi.report(store, spring, as_of=LATER))
    assert result["arms"] == [
        {"arm": "recipients", "people": 3, "converted": 2, "orders": 3, "spend": 170.5},
        {"arm": "holdout", "people": 2, "converted": 1, "orders": 1, "spend": 70},
    ]
    assert set(result) >= KEYS


def busy(store: Store, recipients: int = 400, holdout: int = 100) -> str:
    """A campaign large enough to be judged: every tenth recipient and every twentieth of the others spends 100."""
    mailed, held = [f"r{number}" for number in range(recipients)], [f"h{number}" for number in range(holdout)]
    spring = campaign(store, mailed, held)
    for customer in [*mailed[::10], *held[::20]]:
        purchase(store, customer, timedelta(hours=1))
    return spring


def test_the_increment_is_the_difference_per_person_times_recipients(store: Store) -> None:
    save_shop(store, Shop(cost_per_message=2, margin="0.5"))
    result = roi.as_json(roi.report(store, busy(store), as_of=LATER))
    assert result["incremental_spend"] == pytest.approx((40 * 100 / 400 - 5 * 100 / 100) * 400)
    assert (result["cost"], result["profit"], result["roi"], result["attributed_roi"]) == (800, 200, 1.25, 5)
    low, high = result["interval"]
    assert low < 2000 < high
    assert [float(end) for end in result["profit_interval"]] == pytest.approx([low / 2 - 800, high / 2 - 800], abs=0.01)


def test_too_few_are_no_numbers(store: Store) -> None:
    """Six people held out: nothing that rests on their mean is told, neither to people nor to machines; what is sure stays."""
    result = roi.as_json(roi.report(store, busy(store, 400, 6), as_of=LATER))
    absent = ("incremental_spend", "interval", "profit", "profit_interval", "roi")
    assert [result[key] for key in absent] == [None] * 5
    assert (result["lift"]["spend_per_person"], result["lift"]["relative"]) == (None, None)
    assert result["lift"]["smallest_visible"] > 0
    assert result["verdict"] == verdict.CANNOT_TELL
    assert result["sentence"].startswith("Too few people to tell: 41 buyers among 406 people. An effect would have to be about ")
    assert (result["attributed_spend"], result["arms"][0]["converted"]) == (4000, 40)


def test_without_any_buyer_no_smallest_effect_is_invented(store: Store) -> None:
    result = roi.as_json(roi.report(store, campaign(store, ["a", "b"], ["x", "y"]), as_of=LATER))
    assert result["sentence"] == "Too few people to tell: 0 buyers among 4 people."
    assert result["lift"]["smallest_visible"] is None


@pytest.mark.parametrize(
    ("people", "buyers", "few"),
    [((400, 100), 45, False), ((400, 49), 60, True), ((400, 100), 19, True), ((5000, 100), 200, True), ((2670, 330), 50, False)],
)
def test_when_there_are_too_few(people: tuple[int, int], buyers: int, few: bool) -> None:
    assert verdict.too_few(people, buyers) is few


def test_the_window_opens_with_the_message_and_closes_after_its_days(store: Store) -> None:
    spring = campaign(store, ["a", "b", "c", "d"], ["x"])
    purchase(store, "a", timedelta(seconds=-1))
    purchase(store, "b", timedelta(0))
    purchase(store, "c", timedelta(days=14) - timedelta(seconds=1))
    purchase(store, "d", timedelta(days=14))
    report = roi.report(store, spring, 14, as_of=LATER)
    assert arm(report, "recipients").converted == 2
    assert arm(roi.report(store, spring, 15, as_of=LATER), "recipients").converted == 3


def test_only_purchases_count(store: Store) -> None:
    spring = campaign(store, ["a"], ["x"])
    purchase(store, "a", timedelta(hours=1), bought=False)
    assert arm(roi.report(store, spring, as_of=LATER), "recipients").orders == 0


def test_later_days_are_not_known_yet(store: Store) -> None:
    spring = campaign(store, ["a"], ["x"])
    purchase(store, "a", timedelta(days=3))
    report = roi.report(store, spring, as_of=date(2026, 3, 3))
    assert arm(report, "recipients").orders == 0
    assert report.is_open
    assert report.verdict.code == verdict.CANNOT_TELL
    assert report.window_ends == date(2026, 3, 15)


def test_without_holdout_no_effect_is_claimed(store: Store) -> None:
    spring = campaign(store, ["a", "b"], [])
    purchase(store, "a", timedelta(hours=1))
    report = roi.report(store, spring, as_of=LATER)
    assert report.verdict.code == verdict.NO_HOLDOUT
    assert (report.increment, report.profit, report.roi) == (None, None, None)
    assert report.attributed_spend == 100


@pytest.mark.parametrize("days", [0, -3, 366])
def test_a_window_must_be_a_window(store: Store, days: int) -> None:
    spring = campaign(store, ["a"], ["x"])
    with pytest.raises(BadInputError):
        roi.report(store, spring, days, as_of=LATER)


def test_an_unknown_campaign_is_refused(store: Store) -> None:
    with pytest.raises(NotFoundError):
        roi.report(store, "nothing", as_of=LATER)


def evidence(low: float, high: float, **other: object) -> verdict.Evidence:
    given: dict[str, object] = {"people": (1000, 1000), "buyers": 90, "open_until": None, "window_days": 14, "attributed": 9, "profit": 5}
    return verdict.Evidence(Difference((low + high) / 2, low, high, high - low), **(given | other))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (evidence(10, 90), "works"),
        (evidence(-90, -10), "loses"),
        (evidence(-10, 90), "cannot tell yet"),
        (evidence(10, 90, open_until=date(2026, 3, 15)), "cannot tell yet"),
        (evidence(10, 90, buyers=5), "cannot tell yet"),
        (evidence(10, 90, people=(1000, 20)), "cannot tell yet"),
        (evidence(10, 90, people=(1000, 0)), "no holdout"),
        (evidence(10, 90, people=(0, 0)), "cannot tell yet"),
    ],
)
def test_the_verdict_claims_no_more_than_is_known(found: verdict.Evidence, code: str) -> None:
    judged = verdict.judge(found)
    assert judged.code == code
    assert "{" not in judged.sentence()


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("abcxyz"), st.integers(-50, 500), st.integers(1, 900)), max_size=12), st.integers(1, 20))
def test_the_database_counts_as_one_would_by_hand(bought: list[tuple[str, int, int]], days: int) -> None:
    store = database.memory()
    spring = campaign(store, ["a", "b", "c"], ["x", "y", "z"])
    for customer, hours, spend in bought:
        purchase(store, customer, timedelta(hours=hours), str(spend))
    report = roi.report(store, spring, days, as_of=LATER)
    for name, members in (("recipients", "abc"), ("holdout", "xyz")):
        inside = [(who, spend) for who, hours, spend in bought if who in members and 0 <= hours < days * 24]
        per_person = [sum(spend for who, spend in inside if who == one) for one in members]
        counted = arm(report, name)
        assert (counted.people, counted.orders, counted.spend) == (3, len(inside), sum(per_person))
        assert counted.squares == pytest.approx(sum(spend**2 for spend in per_person))
        assert counted.cubes == pytest.approx(sum(spend**3 for spend in per_person))
        assert counted.converted == sum(1 for spend in per_person if spend)
    store.close()


def test_moments_are_utc_and_days_the_shops(store: Store) -> None:
    """Sent at 10:00 in Shanghai; a window of one day ends on the next shop day."""
    spring = campaign(store, ["a"], ["x"])
    report = roi.report(store, spring, 1, as_of=LATER)
    assert (report.sent_at, report.window_ends) == (datetime(2026, 3, 1, 2), date(2026, 3, 2))
    assert report.sent_at == SENT
