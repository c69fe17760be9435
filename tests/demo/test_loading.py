"""The demo shop in a database: campaigns whose measured effect can be held against the truth; put in and taken out without a trace."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from crm import database, demo, jobs, roi
from crm.campaigns import saved
from crm.database import Store
from crm.demo.loading import STEP
from crm.demo.past import Past
from crm.imports import steps
from crm.settings import Shop

AS_OF, NOW = date(2026, 11, 21), datetime(2026, 11, 21, 2)
DATA = tuple(
    """
    orders order_lines customers customer_facts customer_categories order_records line_records imports import_rejections
    campaigns recipients message_states message_events suppressions
    """.split()
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = database.memory()
    demo.load(store, tmp_path_factory.mktemp("demo"), AS_OF, NOW, customers=6_000)
    yield store
    store.close()


def counts(store: Store) -> dict[str, int]:
    return {table: store.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"] for table in DATA}  # noqa: S608


def test_nothing_is_rejected_and_everything_is_marked(loaded: Store) -> None:
    rows = loaded.rows("SELECT demo, rejected, orders FROM imports")
    assert len(rows) == 4
    assert all(row["demo"] and not row["rejected"] for row in rows)
    assert demo.present(loaded)
    assert not demo.wanted(loaded)


def test_places_and_categories_are_recognised(loaded: Store) -> None:
    known = loaded.rows("SELECT count(province) / count(*) AS province, count(city_tier) / count(*) AS tier FROM customers")[0]
    assert known["province"] > 0.99
    assert known["tier"] > 0.9
    row = loaded.rows("SELECT count(DISTINCT category) AS n, count(category) / count(*) AS share FROM order_lines")[0]
    assert row["n"] == 8
    assert 0.8 < row["share"] < 1
    without = loaded.rows("SELECT DISTINCT product FROM order_lines WHERE category IS NULL")
    assert len(without) == 3


@pytest.mark.parametrize("past", demo.CAMPAIGNS, ids=lambda past: past.segment)
def test_the_interval_covers_the_true_effect(loaded: Store, past: Past) -> None:
    campaign = next(row for row in saved.listed(loaded) if row.name == past.name)
    report = roi.report(loaded, campaign.campaign_id, as_of=AS_OF)
    assert report.per_person is not None
    assert report.per_person.low <= float(demo.truth(past.name)) <= report.per_person.high
    assert not report.is_open


def test_the_win_back_works_and_the_empty_one_is_not_said_to(loaded: Store) -> None:
    verdicts = {row.name: roi.report(loaded, row.campaign_id, as_of=AS_OF).verdict.code for row in saved.listed(loaded)}
    assert verdicts["沉睡客户唤回 · 满 99 减 20"] == "works"
    assert verdicts["新品上架通知"] == "cannot tell yet"


def test_messages_have_their_fates(loaded: Store) -> None:
    for row in saved.listed(loaded):
        result = roi.report(loaded, row.campaign_id, as_of=AS_OF).funnel
        assert result.delivered is not None
        assert result.sent > result.delivered > (result.opened or 0) > (result.clicked or 0) > 0
        assert result.opened_by_machine


def test_loading_twice_is_loading_once(tmp_path: Path) -> None:
    store = database.memory()
    demo.load(store, tmp_path, AS_OF, NOW, customers=400)
    first = counts(store)
    demo.load(store, tmp_path, AS_OF, NOW, customers=400)
    assert counts(store) == first


def test_removed_without_a_trace_and_own_orders_stay(tmp_path: Path, shared: Path) -> None:
    store = database.memory()
    assert demo.wanted(store)
    own = shared / "corpus" / "datasets" / "rfm_data_orders.csv"
    steps.import_orders(store, [own], now=NOW)
    before = counts(store)
    demo.load(store, tmp_path, AS_OF, NOW, customers=400)
    assert counts(store) != before
    demo.remove(store, NOW)
    assert counts(store) == before
    assert not demo.present(store)
    assert database.load_shop(store) == Shop()


def test_settings_of_the_shop_are_not_overwritten(tmp_path: Path) -> None:
    store = database.memory()
    database.save_shop(store, Shop(name="Mine"))
    demo.load(store, tmp_path, AS_OF, NOW, customers=300)
    assert database.load_shop(store).name == "Mine"
    demo.remove(store, NOW)
    assert database.load_shop(store) == Shop(name="Mine")


def test_stopped_in_the_middle_nothing_is_left(tmp_path: Path) -> None:
    store = database.memory()
    before = counts(store)
    campaigns = 0

    def stop_late(step: str, done: int, total: int) -> None:
        nonlocal campaigns
        campaigns += step == STEP
        if campaigns > 3:
            raise jobs.Cancelled

    with pytest.raises(jobs.Cancelled):
        demo.load(store, tmp_path, AS_OF, NOW, stop_late, customers=300)
    assert counts(store) == before
    assert demo.wanted(store)
