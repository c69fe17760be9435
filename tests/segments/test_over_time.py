"""A segment's size over time: each point is what was counted on its day, and nothing that came later changes it."""

import threading
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm import database, jobs, segments, works
from crm.errors import BadInputError, NotFoundError
from crm.segments import over_time, saved
from crm.segments.definition import Definition, parse
from tests.conftest import wait_for
from tests.customers.given import fill, order
from tests.segments import given as made
from tests.segments.given import TODAY

NOW = datetime(2025, 6, 30, 4)


def ladder_of(*nodes: Any) -> Definition:
    return parse({"name": "x", "rungs": [{"name": f"r{place}", "where": node} for place, node in enumerate(nodes)]})


SIZED = ladder_of({"field": "purchases", "op": "at_least", "value": 1}, {"field": "recency_days", "op": "at_most", "value": 60})


def points(store: database.Store, definition: Definition, weeks: int = 3) -> dict[date, tuple[int, Decimal]]:
    return {one.day: (one.customers, one.spend) for one in over_time.compute(store, definition, TODAY, weeks)}


@pytest.fixture(scope="module")
def crowd() -> database.Store:
    """Forty customers who bought over three hundred days."""
    return made.shop(made.told())


def test_a_point_is_what_is_counted_as_of_its_day(crowd: database.Store) -> None:
    found = points(crowd, SIZED)
    assert list(found) == [TODAY - timedelta(weeks=back) for back in range(3)]
    for day, numbers in found.items():
        last = segments.count(crowd, SIZED, day)[-1]
        assert numbers == (last.customers, last.spend)
    assert len(set(found.values())) == 3


def test_orders_that_come_later_change_no_earlier_point(crowd: database.Store) -> None:
    cut = TODAY - timedelta(weeks=2)
    earlier = made.shop([one for one in made.told() if date.fromisoformat(one[1]) <= cut])
    before, found = points(earlier, SIZED), points(crowd, SIZED)
    assert {day: numbers for day, numbers in before.items() if day <= cut} == {day: found[day] for day in found if day <= cut}
    assert before[TODAY] != found[TODAY]


def test_messages_and_consents_count_up_to_the_day() -> None:
    store = made.shop([(0, "2025-05-01", 10, False), (1, "2025-05-01", 10, False)])
    sent = datetime(2025, 6, 18, 4)
    with store.transaction() as change:
        sql = "INSERT INTO recipients (campaign_id, customer_id, arm, message_id, sent_at) VALUES ('k', 'c0', 'recipients', 'm', ?)"
        change.execute(sql, [sent])
        sql = "INSERT INTO consents (channel, address_norm, granted, source, happened_at) VALUES ('email', '0a@qq.com', true, 's', ?)"
        change.execute(sql, [sent])
    for node in ({"received": {"within_days": 300}}, {"field": "consent_email", "op": "is", "value": True}):
        assert [people for people, _ in points(store, ladder_of(node), 4).values()] == [1, 1, 0, 0]


def test_what_nobody_can_know_is_absent_and_not_nought(store: database.Store) -> None:
    assert list(over_time.compute(store, SIZED, TODAY)) == []
    first = TODAY - timedelta(days=100)
    rows = [order(n, f"c{n}", (first + timedelta(days=n % 30)).isoformat()) for n in range(60)]
    rows += [order(100 + n, f"d{n}", (TODAY - timedelta(days=n % 30)).isoformat()) for n in range(60)]
    fill(store, rows)
    days = over_time.days(store, TODAY)
    assert days[0] == TODAY and min(days) >= first
    silent = [TODAY - timedelta(weeks=back) for back in range(5, 11)]
    assert not set(days) & set(silent) and len(days) == 15 - len(silent)
    for weeks in (0, over_time.MOST_WEEKS + 1):
        with pytest.raises(BadInputError, match="weeks can be counted"):
            over_time.days(store, TODAY, weeks)


def test_points_come_one_after_the_other_newest_first_and_not_beside_a_job(crowd: database.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = [], threading.Semaphore(0)
    counted = over_time.point

    def slowly(store: database.Store, definition: Definition, day: date) -> over_time.Point:
        begun.append(day)
        go_on.acquire()
        return counted(store, definition, day)

    monkeypatch.setattr(over_time, "point", slowly)
    job_id = jobs.ask(crowd, works.Rebuild(), NOW)
    series = over_time.asked(crowd, SIZED, TODAY, 4)
    assert over_time.asked(crowd, SIZED, TODAY, 4) is series
    assert (series.total, series.points, series.is_done, begun) == (4, [], False, [])
    jobs.cancel(crowd, job_id)
    go_on.release()
    wait_for(lambda: len(begun) == 2, 20)
    assert [one.day for one in series.points] == [TODAY]
    for _ in range(7):
        go_on.release()
    wait_for(lambda: series.ask().is_done, 60)
    assert begun == sorted(begun, reverse=True) == over_time.days(crowd, TODAY, 4)
    assert series.points == list(over_time.compute(crowd, SIZED, TODAY, 4))[::-1]


def test_counting_rests_when_nobody_looks_and_goes_on_when_somebody_does(crowd: database.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(over_time, "FORGOTTEN", 0.0)
    series = over_time.Series(crowd, SIZED, TODAY)
    series.ask()
    wait_for(lambda: not series.is_running, 20)
    assert series.points == []
    monkeypatch.setattr(over_time, "FORGOTTEN", 60.0)
    monkeypatch.setattr(over_time, "point", lambda store, definition, day: over_time.Point(day, 1, Decimal(1)))
    wait_for(lambda: series.ask().is_done, 20)
    assert len(series.points) == 26
    stopped = over_time.Series(crowd, SIZED, TODAY)
    stopped.stop()
    assert stopped.ask().is_running is False


def test_a_segment_that_is_saved_has_only_those_counted_anew_that_look_into_it() -> None:
    store = made.shop(made.told(3))
    inner = saved.save(store, SIZED.model_copy(update={"name": "inner"}), NOW)
    saved.save(store, ladder_of({"in_segment": "inner"}).model_copy(update={"name": "middle"}), NOW)
    outer = ladder_of({"not": {"in_segment": "middle"}})
    series = {name: over_time.asked(store, one, TODAY, 1) for name, one in {"outer": outer, "alone": SIZED}.items()}
    saved.save(store, ladder_of({"field": "purchases", "op": "is", "value": 0}).model_copy(update={"name": "inner"}), NOW, inner)
    assert over_time.asked(store, SIZED, TODAY, 1) is series["alone"]
    assert over_time.asked(store, outer, TODAY, 1) is not series["outer"]
    over_time.stop(store)
    assert not any(one.is_running for one in series.values())


def test_a_segment_that_cannot_be_counted_says_why(crowd: database.Store) -> None:
    series = over_time.asked(crowd, ladder_of({"in_segment": "nobody knows"}), TODAY)
    wait_for(lambda: series.is_done, 20)
    assert isinstance(series.refusal, NotFoundError) and series.points == []
