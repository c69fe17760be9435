"""What pages show first is made ready: all that is listed, for the data as they are now, never before a job, and nothing waits for it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from crm import clock, database, jobs, works
from crm.customers import overview
from crm.database import Store
from crm.ready import READY, Ready
from crm.settings import Environment
from crm.worker import Worker
from tests.conftest import wait_for
from tests.customers.given import fill, order

NOW = datetime(2026, 11, 1, 8, 0)


@pytest.fixture
def shop(store: Store) -> Store:
    """A few customers."""
    fill(store, [order(number, f"c{number % 3}", f"2026-10-{number:02}") for number in range(1, 20)])
    return store


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what was made ready, instead of making it."""
    items: list[str] = []
    for name in READY:
        monkeypatch.setitem(READY, name, lambda store, day, name=name: items.append(name))
    return items


def turns(one: Ready) -> int:
    return sum(1 for _ in iter(one.turn, False))


def test_all_that_is_listed_is_made_and_then_taken(shop: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    day = clock.day_of(clock.now(), database.load_shop(shop).timezone)
    assert turns(Ready(shop)) == len(READY)
    made: list[str] = []
    kept = shop.scratch.kept

    def looked(key: Any, make: Callable[..., Any], **more: Any) -> Any:
        return kept(key, lambda bench: made.append(key) or make(bench), **more)

    monkeypatch.setattr(shop.scratch, "kept", looked)
    for work in READY.values():
        work(shop, day)
    assert made == []
    fill(shop, [order(99, "c1", "2026-10-30")])
    overview.compute(shop, day)
    assert made


def test_a_change_of_the_data_begins_anew_and_nothing_is_made_twice_without_one(shop: Store, noted: list[str]) -> None:
    one = Ready(shop)
    assert (one.turn(), one.turn()) == (True, True)
    fill(shop, [order(99, "c1", "2026-10-30")])
    assert turns(one) == len(READY)
    assert noted == [*list(READY)[:2], *READY]
    assert turns(one) == 0


def test_settings_are_data_too_and_drafts_are_not(shop: Store, noted: list[str]) -> None:
    one = Ready(shop)
    turns(one)
    with shop.transaction() as change:
        change.execute("UPDATE campaigns SET name = name")
    assert turns(one) == 0
    database.change_shop(shop, {"active_days": 30})
    assert turns(one) == len(READY)


def test_a_job_that_waits_or_runs_goes_first(shop: Store, noted: list[str]) -> None:
    one = Ready(shop)
    job_id = jobs.ask(shop, works.Rebuild(), NOW)
    assert (one.turn(), noted) == (False, [])
    jobs.start(shop, job_id, NOW)
    assert (one.turn(), noted) == (False, [])
    jobs.finish(shop, job_id, "done", NOW)
    assert turns(one) == len(READY)


def test_what_fails_is_left_out(shop: Store, noted: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def fails(store: Store, day: object) -> None:
        raise ValueError

    monkeypatch.setitem(READY, "customers", fails)
    one = Ready(shop)
    while one.turn() or len(noted) < len(READY) - 1:
        pass
    assert noted == [name for name in READY if name != "customers"]
    assert "customers could not be made ready" in caplog.text


def test_an_empty_shop_has_nothing_to_make_ready(store: Store, noted: list[str]) -> None:
    assert Ready(store).turn() is False
    assert noted == []


def test_the_worker_makes_it_ready_after_its_start(shop: Store, noted: list[str]) -> None:
    crew = Worker(shop, Environment())
    crew.start()
    wait_for(lambda: noted == list(READY), 20, lambda: str(noted))
    crew.stop()
