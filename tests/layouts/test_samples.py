"""Every known layout: its sample file, in the container and encoding the platform uses, gives the orders and lines written beside it."""

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from crm.customers import kpi
from crm.database import Store
from crm.imports import steps
from crm.imports.results import FileResult
from crm.layouts.registry import layouts
from tests.imports.given import NOW
from tests.layouts import samples

ORDERS = """
    SELECT orders.order_id, orders.status, orders.created_at::TEXT AS created_at, orders.paid_at::TEXT AS paid_at,
        completed_at::TEXT AS completed_at, observed_at::TEXT AS observed_at,
        orders.paid::TEXT AS paid, orders.refunded::TEXT AS refunded, is_purchase AS purchase, buyer,
        orders.province, orders.city, orders.district, email, phone, phone_quality AS quality
    FROM orders JOIN (FROM order_records UNION ALL BY NAME FROM part_orders) USING (order_key, record_id) ORDER BY orders.order_id
"""
LINES = "SELECT order_id, product, quantity, amount::TEXT AS amount, refunded::TEXT AS refunded FROM line_records ORDER BY ALL"
REFUNDS = "SELECT order_id, refund_id, status, amount::TEXT AS amount, settled_at::TEXT AS settled_at FROM refund_records ORDER BY ALL"
MOMENTS = ("created_at", "paid_at", "completed_at")


def test_every_layout_has_a_sample() -> None:
    assert sorted(layouts()) == samples.NAMES


@pytest.mark.parametrize("name", samples.NAMES)
def test_the_sample_of_a_layout_gives_what_stands_beside_it(store: Store, tmp_path: Path, name: str) -> None:
    outcome, file = samples.expected(name), samples.write(name, tmp_path)
    results = steps.import_orders(store, [file], now=NOW)
    assert {
        "format": [result.format for result in results],
        "orders": {row.pop("order_id"): {key: value for key, value in row.items() if value is not None} for row in store.rows(ORDERS)},
        "lines": [list(row.values()) for row in store.rows(LINES)],
        "rejected": [rejection(entry.as_json()) for result in results for entry in result.rejections],
    } == {key: outcome[key] for key in ("format", "orders", "lines", "rejected")}
    assert [list(row.values()) for row in store.rows(REFUNDS)] == outcome.get("refunds", [])
    dated(results, list(outcome["orders"].values()))
    silent(store, results, outcome)


def dated(results: list[FileResult], orders: list[dict[str, Any]]) -> None:
    """Two date columns that are taken for each other would be seen: some order has both, and they differ."""
    for read in [result.mapping for result in results if result.orders]:
        for pair in combinations([name for name in MOMENTS if name in read], 2):
            assert any(len({order.get(name) for name in pair} - {None}) == 2 for order in orders), f"no order of the sample has both {pair}"
        latest = [order for order in orders if order.get("observed_at") not in (None, *(order.get(name) for name in MOMENTS))]
        assert latest or "shipped_at" not in read, "no order of the sample was shipped last"


def rejection(entry: dict[str, Any]) -> list[Any]:
    return [entry["row"], entry["column"], entry["value"], entry["reason"]]


def silent(store: Store, results: list[FileResult], values: dict[str, Any]) -> None:
    """What a layout does not tell is said, and never counted as 0."""
    assert results[0].details()["tells"] == values["tells"]
    numbers = kpi.compute(store, NOW.date()).numbers
    if "buyers" not in values["tells"]:
        assert numbers["repeat_buyer_rate"] is numbers["repeat_order_share"] is numbers["spend_per_customer"] is None
        assert not numbers["customers"]
    elif "unpriced" not in values["tells"]:
        assert numbers["repeat_buyer_rate"] is not None
