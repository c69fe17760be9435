"""Every metric of the registry against pandas on generated shops; the reason where there is none; what a metric is compared with."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm import database
from crm.customers import beside, comparisons, coverage, kpi, metrics
from crm.customers.totals import Period
from tests.customers.given import customer, fill, order
from tests.shares import examples

FIRST, TODAY = date(2024, 11, 1), date(2025, 9, 30)
START, END = date(2025, 3, 1), date(2025, 6, 20)
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
DAYS = st.integers(0, (TODAY - FIRST).days).map(lambda n: (FIRST + timedelta(days=n)).isoformat())
ROW = st.fixed_dictionaries(
    {
        "who": st.sampled_from(["a", "b", "c", "d", "e", None]),
        "day": DAYS,
        "paid": st.integers(1, 500),
        "back": st.sampled_from([0, 0, 0, 5, 500]),
        "lost": st.sampled_from([False, False, False, True]),
        "items": st.sampled_from([1, 2, 7, None]),
        "rate": st.sampled_from([1, 1, 1, None]),
    }
)


def shop(rows: list[dict[str, Any]]) -> tuple[database.Store, pd.DataFrame]:
    """The orders in a shop, and the same in pandas; a to c have a complete record."""
    store = database.memory()
    orders = []
    for n, row in enumerate(rows):
        more = {"is_lost": row["lost"], "items": row["items"], "rate": row["rate"]}
        one = order(n, row["who"], row["day"], row["paid"], min(row["back"], row["paid"]), **more)
        orders.append(one if row["rate"] else one | {"spend": 0, "currency": "USD"})
    known = {"name": "王", "email_norm": "w@example.com"}
    people = [customer(who, **known) for who in "abc" if any(row["who"] == who for row in rows)]
    fill(store, orders, people)
    with store.transaction() as change:
        change.execute("UPDATE customer_facts SET gender = 'female', birth_month = 1 WHERE customer_id IN ('a', 'b', 'c')")
    return store, pd.DataFrame(orders)


def ratio(part: float, whole: float) -> float | None:
    return float(part) / float(whole) if whole else None


def rates(inside: pd.DataFrame, placed: pd.DataFrame) -> dict[str, float | None]:
    """What needs nothing from outside the window."""
    people, gaps, paid = inside.customer_id.nunique(), inside.gap.dropna(), placed[placed.is_paid]
    return {
        "identified_spend": inside.spend.sum(),
        "spend_per_customer": ratio(inside.spend.sum(), inside[inside.summed].customer_id.nunique()),
        "pay_rate": ratio(len(paid), len(placed)),
        "refund_rate": ratio((paid.refunded.astype(float) > 0).sum(), len(paid)),
        "repeat_buyer_rate": ratio((inside.customer_id.value_counts() > 1).sum(), people),
        "repeat_order_share": ratio((inside.nth > 1).sum(), len(inside)),
        "repeat_spend_share": ratio(inside[inside.nth > 1].spend.sum(), inside.spend.sum()),
        "median_repurchase_days": gaps.median() if len(gaps) else None,
        "repurchase_days_p25": gaps.quantile(0.25) if len(gaps) else None,
        "repurchase_days_p75": gaps.quantile(0.75) if len(gaps) else None,
    }


def prepared(every: pd.DataFrame, merged: bool) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """All orders, all purchases, and those of a known buyer with `nth` and the days since the one before."""
    every = every[every.day <= TODAY].assign(spend=lambda all: all.spend.astype(float), summed=lambda all: all.rate.notna())
    bought = every[every.is_purchase].sort_values(["purchased_at", "order_key"], kind="stable")
    if merged:
        keys = bought.customer_id.where(bought.customer_id.notna(), bought.order_key.astype(str))
        sums = {"customer_id": "first", "spend": "sum", "summed": "any", "items": lambda some: some.sum(min_count=1)}
        bought = bought.groupby([keys.rename("key"), "day"], sort=False, as_index=False).agg(sums).sort_values("day", kind="stable")
    known = bought[bought.customer_id.notna()]
    known = known.assign(nth=known.groupby("customer_id").cumcount() + 1, gap=known.groupby("customer_id").day.diff().map(in_days))
    return every, bought, known


def by_hand(every: pd.DataFrame, start: date, end: date, merged: bool, bounds: tuple[int, int]) -> dict[str, float | None]:
    """All metrics with pandas; nothing in it is shared with the code."""
    every, bought, known = prepared(every, merged)
    inside, all_inside, placed = (some[(some.day >= start) & (some.day <= end)] for some in (known, bought, every))
    firsts = known.groupby("customer_id").day.min()
    fresh = set(firsts[(firsts >= start) & (firsts <= end)].index)
    old = inside[inside.customer_id.map(firsts) < start]
    before = known[(known.day < start) & (known.day >= start - (end - start) - timedelta(days=1))]
    ripe = {who for who in fresh if firsts[who] <= TODAY - timedelta(days=90)}
    seconds = known[known.nth == 2].set_index("customer_id").day
    active = [who for who, one in known[known.day < start].groupby("customer_id") if (start - one.day.max()).days - 1 <= bounds[0]]
    lost = [who for who in active if (end - known[(known.customer_id == who) & (known.day <= end)].day.max()).days > bounds[1]]
    numbers = rates(inside, placed)
    return numbers | {
        "spend": all_inside.spend.sum(),
        "orders": len(all_inside),
        "customers": None if len(all_inside) and not len(inside) else inside.customer_id.nunique(),
        "average_order_value": ratio(all_inside.spend.sum(), all_inside.summed.sum()),
        "items_per_order": ratio(all_inside["items"].sum(), all_inside["items"].notna().sum()),
        "retention_rate": ratio(len(set(before.customer_id) & set(inside.customer_id)), before.customer_id.nunique()),
        "second_purchase_rate": ratio(sum((seconds.get(who, date.max) - firsts[who]).days <= 90 for who in ripe), len(ripe)),
        "old_customer_share": ratio(old.customer_id.nunique(), inside.customer_id.nunique()),
        "old_customer_spend_share": ratio(old.spend.sum(), inside.spend.sum()),
        "churn_rate": ratio(len(lost), len(active)),
        "registration_rate": ratio(len(fresh & set("abc")), len(fresh)),
    }


def in_days(gap: Any) -> float:
    return np.nan if pd.isna(gap) else gap.days


@settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=QUICK)
@given(st.lists(ROW, min_size=1, max_size=40), st.booleans())
def test_every_metric_against_pandas(rows: list[dict[str, Any]], merged: bool) -> None:
    store, frame = shop(rows)
    window = kpi.window(store, TODAY, START, END, "merged" if merged else "separate")
    numbers = kpi.values(store, window, metrics.ALL)
    expected = by_hand(frame, START, END, merged, (window.shop.active_days, window.shop.sleeping_days))
    assert set(numbers) == set(metrics.REGISTRY) == set(expected)
    for name, number in expected.items():
        assert numbers[name] == (None if number is None else pytest.approx(number)), name
    store.close()


@settings(max_examples=examples(4), deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=QUICK)
@given(st.lists(ROW, min_size=5, max_size=40))
def test_leaving_out_later_orders_changes_no_number(rows: list[dict[str, Any]]) -> None:
    store, _ = shop(rows)
    earlier, _ = shop([row for row in rows if row["day"] <= END.isoformat()] or rows[:1])
    if all(row["day"] <= END.isoformat() for row in rows) or not any(row["day"] <= END.isoformat() for row in rows):
        return
    told = [kpi.values(one, kpi.window(one, END, START, END), metrics.ALL) for one in (store, earlier)]
    for name in metrics.REGISTRY.keys() - {"registration_rate"}:  # dossiers are as of today
        assert told[0][name] == (None if told[1][name] is None else pytest.approx(told[1][name])), name
    for one in (store, earlier):
        one.close()


def reasons(store: database.Store, start: date | None, end: date) -> dict[str, str | None]:
    told = kpi.told(store, kpi.window(store, TODAY, start, end))
    assert all((one.value is None) == (one.reason is not None) for one in told)
    return {one.metric.name: one.reason and one.reason.sentence() for one in told}


def test_what_cannot_be_computed_says_why(store: database.Store) -> None:
    nothing = reasons(store, START, END)
    assert set(nothing.values()) == {"cannot be computed from what happened in these days"}
    fill(store, [order(n, "ab"[n % 2], (FIRST + timedelta(days=n)).isoformat()) for n in range((TODAY - FIRST).days)])
    whole = reasons(store, None, TODAY)
    assert {name for name, why in whole.items() if why} == {
        "retention_rate",
        "old_customer_share",
        "old_customer_spend_share",
        "churn_rate",
    }
    short = reasons(store, date(2025, 6, 1), date(2025, 6, 30))
    assert short["churn_rate"] == "needs days in which somebody active could be lost: at least 91"
    early = reasons(store, FIRST, date(2025, 3, 30))
    assert early["old_customer_share"] == "cannot be told: orders are known since 2024-11-01 only"
    assert early["retention_rate"] == "since 2024-11-01; not comparable"
    assert early["spend"] is None


def test_days_of_which_nothing_is_known_yet_are_no_days_without_sales(store: database.Store) -> None:
    fill(store, [order(n, "a", (START + timedelta(days=n)).isoformat()) for n in range(75)])  # up to 14 May
    table = comparisons.table(store, kpi.window(store, TODAY, date(2025, 5, 1), date(2025, 5, 31)))
    spend = table.rows[0]
    assert (spend.metric.name, spend.now.value, spend.before.value) == ("spend", 1400, 1400)
    late = {
        row.now.reason and row.now.reason.sentence() for row in comparisons.table(store, kpi.window(store, TODAY, date(2025, 6, 1))).rows
    }
    assert late == {"orders are known until 2025-05-14 only; not comparable"}


@pytest.mark.parametrize("metric", metrics.ALL, ids=lambda metric: metric.name)
def test_every_metric_says_what_it_is(metric: Any) -> None:
    assert all((metric.zh, metric.en, *metric.formula, *metric.unknown))
    assert metric.unit in ("money", "count", "share", "days", "ratio")
    assert metric.good in ("up", "down", "")


def test_a_month_is_beside_the_month_before() -> None:
    march = Period(date(2026, 3, 1), date(2026, 3, 31))
    assert beside.before(march) == Period(date(2026, 2, 1), date(2026, 2, 28))
    so_far = Period(date(2026, 3, 1), date(2026, 3, 30))
    assert beside.before(so_far, by_month=True) == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert beside.before(Period(date(2026, 3, 1), date(2026, 3, 18)), by_month=True) == Period(date(2026, 2, 1), date(2026, 2, 18))
    assert beside.before(Period(date(2026, 3, 1), date(2026, 3, 18))) == Period(date(2026, 2, 11), date(2026, 2, 28))
    assert beside.last_year(Period(date(2025, 2, 1), date(2025, 2, 28))).period.days == 28


@pytest.mark.parametrize(
    ("start", "end", "then", "lunar"),
    [
        ("2026-02-10", "2026-02-16", "2025-01-22", True),  # the week before 2026-02-17 is the week before 2025-01-29
        ("2026-01-10", "2026-01-30", "2024-12-22", True),  # a year ago these dates were the festival
        ("2026-06-01", "2026-06-30", "2025-06-01", False),
        ("2026-01-01", "2026-03-31", "2025-01-01", False),
    ],
)
def test_around_spring_festival_lunar_days_are_compared(start: str, end: str, then: str, lunar: bool) -> None:
    period = Period(date.fromisoformat(start), date.fromisoformat(end))
    year = beside.last_year(period)
    assert (year.period.start.isoformat(), year.lunar, year.period.days) == (then, lunar, period.days)
    assert coverage.Coverage(period.start, period.end).missing(period.start, period.end) is None
