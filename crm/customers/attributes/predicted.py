"""What the prediction says of each customer, where it is valid for the shop; each with its filter field and its docs row."""

from collections.abc import Callable
from typing import Any

import ibis

from crm.customers.attribute import Attribute
from crm.customers.context import Context


def _of(column: str, kind: str) -> Callable[[Context], Any]:
    """customer_id, value; nobody where the prediction is not valid."""

    def rows(context: Context) -> Any:
        told = context.predicted()
        if told is None:
            return context.facts.filter(ibis.literal(False)).select("customer_id", value=ibis.null(kind))
        return told.filter(told[column].notnull()).select("customer_id", value=told[column])

    return rows


PREDICTED: list[Attribute] = [
    Attribute(
        "p_alive",
        "仍是客户的概率",
        "Chance to still be a customer",
        "ratio",
        _of("p_alive", "float64"),
        "P(alive), 0 to 1, of who bought on two days or more (BG/NBD); unknown where the [prediction](prediction.md) is not valid",
        rows=True,
    ),
    Attribute(
        "expected_purchases_90d",
        "预计90天购买次数",
        "Expected purchases, 90 days",
        "ratio",
        _of("expected_purchases_90d", "float64"),
        "days with a purchase to be expected in the 90 days after the last day with orders (BG/NBD); unknown where not valid",
        rows=True,
    ),
    Attribute(
        "predicted_spend_365d",
        "预计一年消费",
        "Predicted spend, 365 days",
        "money",
        _of("predicted_spend_365d", "decimal(18, 2)"),
        "expected purchases of 365 days × what a purchase of hers is worth (Gamma-Gamma); unknown where not valid",
        rows=True,
    ),
]
