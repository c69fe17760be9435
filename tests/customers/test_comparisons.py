"""`crm kpi --compare`: the same numbers of two other windows, or none with the reason; a word where the window is not covered."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crm import database
from crm.customers import comparisons, kpi
from crm.database import Store
from tests.customers.given import fill, order
from tests.customers.test_coverage import daily
from tests.segments.test_terminal import KPI
from tests.test_bad_input import run

TODAY = date(2026, 11, 27)
KEYS = ["from", "to", "numbers", "change", "reason"]


def compared(store: Store, start: str | None, end: str | None = None) -> dict[str, Any]:
    first, last = (date.fromisoformat(text) if text else None for text in (start, end))
    return comparisons.compute(store, TODAY, first, last)


def test_a_window_beside_the_one_before_and_last_year(store: Store) -> None:
    daily(store, "2025-01-01", "2026-11-26")
    fill(store, [order(9_999, "z", "2026-10-05", 1_000)])
    result = compared(store, "2026-10-01", "2026-10-31")
    assert list(result) == ["data", "period_before", "last_year"]
    assert result["data"] == {"first_day": date(2025, 1, 1), "last_day": date(2026, 11, 26), "silences": []}
    before, year = result["period_before"], result["last_year"]
    assert [list(before), list(year)] == [KEYS, KEYS]
    assert (before["from"], before["to"]) == (date(2026, 9, 1), date(2026, 9, 30))
    assert (year["from"], year["to"]) == (date(2025, 10, 1), date(2025, 10, 31))
    assert before["numbers"] == kpi.compute(store, TODAY, before["from"], before["to"]).as_json()
    assert year["change"]["spend"] == pytest.approx(1_620 / 620 - 1)
    assert year["change"]["repeat_buyer_rate"] == pytest.approx(22 / 41 - 22 / 40)
    assert (before["reason"], year["reason"]) == (None, None)


REASONS = {
    "no first day": (None, None, comparisons.WHOLE, comparisons.WHOLE),
    "last year is not covered": ("2026-10-05", "2026-10-31", None, "since 2026-05-27; not comparable"),
    "neither": ("2026-06-01", "2026-07-31", *["since 2026-05-27; not comparable"] * 2),
    "it begins before the data": ("2026-05-01", "2026-06-30", *["since 2026-05-27; not comparable"] * 2),
    "the silence": ("2026-09-10", "2026-10-05", "no orders 2026-08-01 to 2026-08-31; not comparable", "since 2026-05-27; not comparable"),
    "inside the silence": ("2026-08-01", "2026-08-31", *["no orders 2026-08-01 to 2026-08-31; not comparable"] * 2),
    "after the data": ("2026-11-27", None, *["orders are known until 2026-11-26 only; not comparable"] * 2),
    "one day": ("2026-11-26", "2026-11-26", None, "since 2026-05-27; not comparable"),
}


@pytest.mark.parametrize("name", REASONS)
def test_what_is_not_covered_is_null_with_its_reason(store: Store, name: str) -> None:
    start, end, before, year = REASONS[name]
    daily(store, "2026-05-27", "2026-11-26", ("2026-08-01", "2026-08-31"))
    result = compared(store, start, end)
    assert (result["period_before"]["reason"], result["last_year"]["reason"]) == (before, year)
    for window in (result["period_before"], result["last_year"]):
        assert (window["numbers"] is None) == (window["change"] is None) == (window["reason"] is not None)


def test_a_window_that_is_not_over_is_compared_up_to_the_last_order(store: Store) -> None:
    daily(store, "2025-01-01", "2026-11-20")
    year = compared(store, "2026-11-01")["last_year"]
    assert (year["from"], year["to"], year["change"]["spend"]) == (date(2025, 11, 1), date(2025, 11, 20), 0)


def test_shares_of_old_customers_need_half_a_year_of_past(store: Store) -> None:
    daily(store, "2026-01-01", "2026-11-26")
    assert compared(store, "2026-11-01", "2026-11-26")["period_before"]["change"]["repeat_order_share"] is not None
    early = compared(store, "2026-03-01", "2026-03-31")["period_before"]["change"]
    assert [early[name] for name in comparisons.PAST] == [None] * 3
    assert early["orders"] is not None


def test_orders_in_another_currency_are_named_and_not_compared(store: Store) -> None:
    daily(store, "2025-01-01", "2026-11-26")
    with store.transaction() as change:
        change.execute("UPDATE orders SET currency = 'USD', rate = NULL, spend = 0 WHERE day IN (DATE '2026-09-10', DATE '2026-10-10')")
    before = compared(store, "2026-10-01", "2026-10-31")["period_before"]
    assert before["numbers"]["other_currencies"] == [{"currency": "USD", "orders": 2, "amount": 20.0}]
    assert (before["change"]["other_currencies"], list(before["change"])) == (None, list(before["numbers"]))


def test_without_orders_nothing_is_compared(store: Store) -> None:
    assert compared(store, "2026-01-01")["last_year"]["reason"] == comparisons.NOTHING_YET


def test_the_terminal(tmp_path: Path) -> None:
    store = database.open_store(tmp_path)
    daily(store, "2026-05-27", "2026-11-26")
    store.close()
    code, outcome, result = run("kpi", "--from", "2026-05-01", "--to", "2026-06-30", "--as-of", "2026-11-27", "--json", data=tmp_path)
    assert (code, result) == (0, "These days are not all in the data: since 2026-05-27; not comparable.\n")
    assert '"data"' not in outcome
    code, outcome, result = run("kpi", "--from", "2026-06-01", "--compare", "--as-of", "2026-11-27", "--json", data=tmp_path)
    assert (code, result) == (0, "")
    assert [f'"{key}"' in outcome for key in (*KPI.split(), "data", "period_before", "last_year")] == [True] * 17
