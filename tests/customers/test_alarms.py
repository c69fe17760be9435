"""Rates that leave their band, the people behind them, and the shop beside its trade and rivals."""

from datetime import date, timedelta
from typing import Any

import pytest

from crm import segments
from crm.customers import alarms, benchmarks
from crm.customers.totals import Period
from crm.database import Store
from crm.segments.definition import Definition, Rung
from crm.settings import Rival, Shop
from tests.customers.given import fill, order

NOW = Period(date(2025, 12, 1), date(2025, 12, 30))


def year(refunded_in_december: int, days: int = 360) -> list[dict[str, Any]]:
    """Four orders a day up to the end of December; one in twenty is refunded, in December so many in ten."""
    orders = []
    for n in range(days * 4):
        day = NOW.end - timedelta(days=n // 4)
        bad = n % 10 < refunded_in_december if day >= NOW.start else n % 20 == 0
        orders.append(order(n, f"c{n % 97}", day.isoformat(), 100, 40 if bad else 0))
    return orders


def test_a_rate_outside_its_band_and_the_people_behind_it(store: Store) -> None:
    fill(store, year(3))
    (alarm,) = alarms.of(store, NOW.end, NOW)
    assert (alarm.metric.name, alarm.bad, alarm.runs) == ("refund_rate", True, 11)
    assert alarm.value == pytest.approx(0.3)
    assert alarm.low < 0.05 < alarm.high < 0.3
    ladder = Definition(name="x", rungs=[Rung(name="r", where=node) for node in alarm.people])
    refunded = {one["customer_id"] for one in year(3) if one["refunded"] and one["day"] >= NOW.start}
    assert segments.count(store, ladder, NOW.end)[-1].customers == len(refunded)


def test_within_its_band_nothing_is_said(store: Store) -> None:
    fill(store, year(0))
    assert alarms.of(store, NOW.end, NOW) == []  # none of 120 where 6 are usual happens by itself


def test_without_a_past_there_is_no_band(store: Store) -> None:
    fill(store, year(9, days=150))
    assert alarms.of(store, NOW.end, NOW) == []


def test_one_odd_period_does_not_widen_the_band_and_few_people_do() -> None:
    usual = [0.10, 0.11, 0.09, 0.10, 0.11, 0.09]
    _, high = alarms.band([*usual, 0.9], 100_000)
    assert high < 0.2 < alarms.band(usual, 30)[1]
    assert alarms.band([0.0] * 6, 50)[1] > 0


def test_the_gap_to_the_trade_and_to_rivals(store: Store) -> None:
    fill(
        store,
        [
            order(0, "z", "2024-11-01", 1),
            order(1, "a", "2025-12-01", 50),
            order(2, "a", "2025-12-02", 70),
            *(order(n, f"x{n}", "2025-12-03", 60) for n in range(3, 12)),
        ],
    )
    shop = Shop(trade="cosmetics", rivals=[Rival(name="隔壁", rate=0.05, source="老板娘", day=NOW.start)])
    result = benchmarks.standing(store, NOW.end, shop)
    assert (result.rate, result.customers) == (0.1, 10)
    trade, rival = result.compared
    assert (trade.kind, trade.low, trade.gap_people) == ("trade", 0.25, 2)  # (0.25 − 0.1) × 10, to the even person
    assert trade.gap_spend == pytest.approx(2 * 660 / 11)
    assert (rival.gap_people, rival.gap_spend, rival.day) == (0, 0, NOW.start)
    assert result.since == date(2024, 12, 31)
    early = benchmarks.standing(store, date(2025, 10, 1), shop)  # eleven months: a rate, and no gap
    assert [one.gap_people for one in early.compared] == [None, None]
    nothing = benchmarks.standing(store, date(2024, 1, 1), shop)
    assert (nothing.rate, [one.gap_people for one in nothing.compared]) == (None, [None, None])


def test_every_benchmark_names_its_source() -> None:
    assert all((one.source_zh, one.source_en, 0 < one.low <= one.high < 1) for one in benchmarks.trades().values())
