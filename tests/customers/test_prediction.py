"""Prediction: the published figures, each number counted again in plain Python, valid only where it was right, never by later orders."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import integrate, stats

from crm import database
from crm.customers import prediction
from crm.customers.prediction import bgnbd, gammagamma
from crm.database import Store
from crm.segments import compiler, definition, explore, listing, scope, why
from tests.conftest import crm
from tests.customers import invented_buyers
from tests.customers.given import fill, order

END = invented_buyers.BEGIN + timedelta(days=419)
FIELDS = ("p_alive", "expected_purchases_90d", "predicted_spend_365d")


def shop(rows: Sequence[dict[str, Any]]) -> Store:
    store = database.memory()
    fill(store, rows)
    return store


@pytest.fixture(scope="module")
def mixed() -> list[dict[str, Any]]:
    """900 buyers of 420 days, and all that may stand in a file beside them; the last order is on the last day."""
    return [*invented_buyers.mixed(invented_buyers.orders(900, 420, 7)), order(99_999, None, END.isoformat())]


@pytest.fixture(scope="module")
def valid(mixed: list[dict[str, Any]]) -> Store:
    return shop(mixed)


def test_cdnow_gives_the_published_figures(shared: Path) -> None:
    lines = (line.split() for line in (shared / "corpus/datasets/CDNOW_sample.txt").read_text().splitlines())
    rows = [
        order(place, who, f"{day[:4]}-{day[4:6]}-{day[6:]}", is_purchase=True, spend=Decimal(spend))
        for place, (_, who, day, _, spend) in enumerate(lines)
    ]
    told = prediction.of(shop(rows), date(1997, 9, 30))
    fit, spend = told.fit, told.spend_fit
    assert fit and spend and told.valid and told.valid_spend
    assert told.buyers == 2357
    assert [fit.r, fit.alpha, fit.a, fit.b] == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=0.005)
    assert fit.log_likelihood == pytest.approx(-9582.43, abs=0.01)
    assert _expected(fit, 2, 30.43, 38.86, 39) == pytest.approx(1.226, abs=0.001)
    assert [spend.p, spend.q, spend.v] == pytest.approx([6.25, 3.74, 15.44], abs=0.02)
    assert spend.log_likelihood == pytest.approx(-4055.92, abs=0.01)


def _expected(fit: bgnbd.Fit, often: float, recency: float, age: float, weeks: float) -> float:
    x, last, until = np.array([often]), np.array([recency]), np.array([age])
    return float((bgnbd.if_alive(fit, x, until, weeks) * bgnbd.alive(fit, x, last, until))[0])


@pytest.mark.parametrize("often", [0, 1, 3, 40])
@pytest.mark.parametrize("fit", [bgnbd.Fit(0.24, 4.4, 0.79, 2.4, 0), bgnbd.Fit(2.0, 9.0, 1.0, 5.0, 0), bgnbd.Fit(0.5, 15.0, 3.0, 4.0, 0)])
def test_expected_purchases_are_the_mean_over_all_rates_and_chances_to_leave(fit: bgnbd.Fit, often: int) -> None:
    """E[Y] of who is alive by definition: her chance to leave is beta(a, b + x), her rate is gamma(r + x, α + T)."""
    age, weeks = 30.0, 90 / 7

    def given(p: float) -> float:
        return float(
            (1 - ((fit.alpha + age) / (fit.alpha + age + p * weeks)) ** (fit.r + often)) / p * stats.beta.pdf(p, fit.a, fit.b + often)
        )

    by_hand = sum(integrate.quad(given, low, high, limit=200)[0] for low, high in ((0, 0.01), (0.01, 0.2), (0.2, 1)))
    ours = float(bgnbd.if_alive(fit, np.array([float(often)]), np.array([age]), weeks)[0])
    assert ours == pytest.approx(by_hand, rel=1e-4)


def test_groups_fit_as_the_people_in_them_do_in_any_order() -> None:
    draw = np.random.default_rng(3)
    x = draw.integers(0, 5, 400).astype(float)
    last = np.where(x > 0, draw.integers(1, 20, 400), 0).astype(float)
    age = last + draw.integers(0, 3, 400)
    people = bgnbd.fit(bgnbd.Cells(x, last, age, np.ones(400)))
    cells, often = np.unique(np.stack([x, last, age], 1), axis=0, return_counts=True)
    turned = cells[::-1]
    groups = bgnbd.fit(bgnbd.Cells(turned[:, 0], turned[:, 1], turned[:, 2], often[::-1].astype(float)))
    assert len(cells) < 300
    assert [groups.r, groups.alpha, groups.a, groups.b] == pytest.approx([people.r, people.alpha, people.a, people.b], rel=1e-3)
    assert groups.log_likelihood == pytest.approx(people.log_likelihood, rel=1e-9)


def test_another_currency_changes_the_scale_of_spend_and_nothing_else() -> None:
    draw = np.random.default_rng(5)
    often, one = draw.integers(1, 6, 300).astype(float), np.ones(300)
    mean = draw.gamma(5, 10 / draw.gamma(3, 0.4, 300))
    small, large = gammagamma.fit(often, mean, one), gammagamma.fit(often, mean * 100, one)
    assert [large.p, large.q, large.v / 100] == pytest.approx([small.p, small.q, small.v], rel=1e-3)
    assert large.log_likelihood == pytest.approx(small.log_likelihood - 300 * np.log(100), rel=1e-9)


def _by_hand(rows: Sequence[dict[str, Any]], told: prediction.Prediction) -> dict[str, tuple[float | None, float, float | None]]:
    """The fields of everybody, in plain Python from the orders, by the parameters."""
    fit, spend, end = told.fit, told.spend_fit, told.day
    assert fit and spend and end
    days: dict[str, dict[date, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row["customer_id"] and row["is_purchase"] and row["day"] <= end:
            days[row["customer_id"]][row["day"]] += [float(row["spend"])] if row["rate"] is not None else []
    values = {}
    for who, bought in days.items():
        first, *again = sorted(bought)
        x, last, age = len(again), (max(bought) - first).days / 7, (end - first).days / 7
        gone = fit.a / (fit.b + x - 1) * ((fit.alpha + age) / (fit.alpha + last)) ** (fit.r + x) if x else 0.0
        paid = [sum(bought[day]) for day in again if bought[day]]
        worth = spend.p * (spend.v + sum(paid)) / (spend.p * len(paid) + spend.q - 1)
        near, far = (_expected(fit, x, last, age, weeks) for weeks in (90 / 7, 365 / 7))
        values[who] = (1 / (1 + gone) if x else None, near, far * worth if any(bought.values()) else None)
    return values


def test_every_field_is_what_the_orders_say_counted_again(valid: Store, mixed: list[dict[str, Any]]) -> None:
    told = prediction.of(valid, END)
    assert told.valid and told.valid_spend and told.day == END
    expected = _by_hand(mixed, told)
    rows = valid.read(told.rows).astype(object)
    found = {row.customer_id: tuple(None if value != value else value for value in row[1:]) for row in rows.itertuples(index=False)}
    assert found.keys() == expected.keys()
    assert len(found) == told.buyers > 900 * 0.95
    for who, (alive, near, spend) in expected.items():
        assert found[who][:2] == (alive and pytest.approx(alive, rel=1e-9), pytest.approx(near, rel=1e-9))
        assert (found[who][2] is None) == (spend is None)
        assert spend is None or float(found[who][2]) == pytest.approx(spend, abs=0.006)
    assert told.alive == pytest.approx(sum(one[0] or 0 for one in expected.values()))
    assert told.leaving == sum(1 for one in expected.values() if one[0] is not None and one[0] < 0.5)
    assert told.purchases_90d == pytest.approx(sum(one[1] for one in expected.values()))
    assert float(told.spend_365d or 0) == pytest.approx(sum(one[2] or 0 for one in expected.values()), abs=5)


def test_the_check_is_what_happened_beside_what_the_earlier_orders_said(valid: Store, mixed: list[dict[str, Any]]) -> None:
    split = END - timedelta(days=90)
    check = prediction.of(valid, END).check
    assert check
    before, after, recent = (defaultdict[str, set[date]](set) for _ in range(3))
    for row in mixed:
        if row["customer_id"] and row["is_purchase"]:
            (before if row["day"] <= split else after)[row["customer_id"]].add(row["day"])
            if split - timedelta(days=90) < row["day"] <= split:
                recent[row["customer_id"]].add(row["day"])
    errors = [(len(after[who]) - len(recent[who])) ** 2 for who in before]
    assert (check.people, check.actual) == (len(before), sum(len(after[who]) for who in before))
    assert check.naive["as_before"].total == sum(len(recent[who]) for who in before)
    assert check.naive["as_before"].per_customer == pytest.approx((sum(errors) / len(before)) ** 0.5)
    pace = {who: (len(days) - 1) * 90 / ((split - min(days)).days or 1) for who, days in before.items()}
    assert check.naive["own_pace"].total == pytest.approx(sum(pace.values()))
    everybody = sum(len(days) - 1 for days in before.values()) / sum((split - min(days)).days for days in before.values()) * 90
    assert check.naive["all_alike"].total == pytest.approx(everybody * len(before))


def test_orders_after_the_day_make_no_difference(valid: Store, mixed: list[dict[str, Any]]) -> None:
    day = END - timedelta(days=100)
    looking_back, never = prediction.of(valid, day), prediction.of(shop([row for row in mixed if row["day"] <= day]), END)
    assert looking_back.day == never.day
    for name in ("fit", "spend_fit", "buyers", "why", "leaving"):
        assert getattr(looking_back, name) == getattr(never, name)
    back, none = looking_back.check, never.check
    assert back and none and (back.start, back.end, back.people, back.actual) == (none.start, none.end, none.people, none.actual)
    assert back.ours.per_customer == pytest.approx(none.ours.per_customer)
    assert looking_back.purchases_90d == pytest.approx(never.purchases_90d)
    assert prediction.of(valid, END).fit != looking_back.fit


def test_the_fields_are_conditions_columns_and_known_of_one_customer(valid: Store) -> None:
    within = scope.at(valid, END)
    whole = len(valid.read(within.facts.select("customer_id")))
    known = [
        int(valid.read(within.facts.filter(compiler.predicate({"field": name, "op": "is_known"}, within)).count().as_table()).iloc[0, 0])
        for name in FIELDS
    ]
    assert 0 < known[0] < known[2] <= known[1] <= whole
    node = {"field": "p_alive", "op": "below", "value": 0.5}
    ladder = definition.parse({"rungs": [{"name": "leaving", "where": node}]})
    page = listing.page(valid, ladder, END, shown=FIELDS, by="expected_purchases_90d", limit=5)
    assert list(page.expected_purchases_90d) == sorted(page.expected_purchases_90d, reverse=True)
    assert (page.p_alive < 0.5).all() and len(page) == 5
    told = why.explain(valid, ladder, page.customer_id[0], END)
    assert told.failed is None and told.rungs[0].reason.value == page.p_alive[0]
    assert explore.explore(valid, {}, within, ["lapse"]).customers == whole


def test_the_terminal_says_it(tmp_path: Path, mixed: list[dict[str, Any]]) -> None:
    store = database.open_store(tmp_path)
    fill(store, mixed)
    told = prediction.of(store, END)
    store.close()
    said = json.loads(crm("predict", "--as-of", END.isoformat(), "--json", data=tmp_path).stdout)
    assert told.fit and (said["valid"], said["why"], said["day"], said["unit"]) == (True, None, END.isoformat(), "weeks")
    assert said["bg_nbd"]["r"] == pytest.approx(told.fit.r)
    assert said["check"]["model"]["per_customer"] < min(one["per_customer"] for one in said["check"]["naive"].values())
    assert said["expected_purchases_90d"] == pytest.approx(told.purchases_90d)
