"""Where the prediction is not valid it says why, and no number; what is worked out stands until the orders change."""

from datetime import timedelta
from typing import Any

import pytest

from crm.customers import prediction
from crm.customers.prediction import predicting
from crm.segments import compiler, scope
from tests.customers import invented_buyers
from tests.customers.given import fill, order
from tests.customers.test_prediction import END, FIELDS, shop


def _years(people: int, seed: int, **more: Any) -> list[dict[str, Any]]:
    nameless = [order(90_000 + back, None, (END - timedelta(days=back)).isoformat()) for back in range(0, 420, 7)]
    return [*invented_buyers.orders(people, 420, seed, **more), *nameless]


def _late() -> list[dict[str, Any]]:
    """Nobody whom we know comes back in the last 90 days."""
    return [row for row in _years(800, 2) if row["day"] <= END - timedelta(days=90) or row["customer_id"] is None]


def _rush() -> list[dict[str, Any]]:
    """Everybody comes thrice in the last 90 days, whoever she was."""
    rows = _years(800, 2)
    who = sorted({row["customer_id"] for row in rows if row["customer_id"] and row["day"] < END - timedelta(days=90)})
    return rows + [
        order(200_000 + 3 * n + k, one, (END - timedelta(days=20 + k)).isoformat()) for n, one in enumerate(who) for k in range(3)
    ]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (list, predicting.NO_ORDERS),
        (lambda: invented_buyers.orders(700, 120, 1), predicting.SHORT),
        (lambda: _years(450, 1), predicting.FEW),
        (lambda: [row for row in _years(900, 1) if not 250 <= (row["day"] - invented_buyers.BEGIN).days < 300], predicting.SILENT),
        (lambda: _years(800, 1, leaves=(1000.0, 1.0)), predicting.RARE),
        (_late, predicting.NOBODY),
        (_rush, predicting.WORSE),
        (lambda: _years(700, 4, leaves=(0.001, 50.0)), predicting.VAGUE),
    ],
    ids="empty short few silent rare nobody worse vague".split(),
)
def test_where_it_is_not_valid_it_says_why_and_no_number(rows: Any, reason: str) -> None:
    store = shop(rows())
    told = prediction.of(store, END)
    assert told.why and told.why.template == reason, told
    assert not told.valid and not told.valid_spend
    assert (told.alive, told.leaving, told.purchases_90d, told.spend_365d, told.rows) == (None,) * 5
    assert "{" not in told.why.sentence()
    within = scope.at(store, END)
    for name in FIELDS:
        assert store.read(within.facts.filter(compiler.predicate({"field": name, "op": "is_known"}, within))).empty


def test_what_is_worked_out_is_kept_until_the_orders_change() -> None:
    store = shop(_years(700, 3))
    told = prediction.of(store, END)
    for back in range(3):  # looking back does not push today out
        prediction.of(store, END - timedelta(days=120 + back))
    assert prediction.of(store, END) is told is prediction.of(store, END + timedelta(days=30))
    fill(store, [order(300_000, "c1", END.isoformat())])
    later = prediction.of(store, END)
    assert told.fit and later.fit and told.fit.log_likelihood != later.fit.log_likelihood
