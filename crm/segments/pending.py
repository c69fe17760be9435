"""What will not wait: orders that still lack their money, and virtual phone numbers that soon die, as expressions for the filter fields."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

import ibis

from crm.customers import merged
from crm.database import tables
from crm.segments.scope import Scope

VIRTUAL_DAYS = 15
"""So many days after an order is completed the platform's virtual number stops ringing."""


def orders_in(status: str) -> Callable[[Scope], Any]:
    """A field's rows: customer_id, value: how many of the customer's orders are in this status now (0 for the others)."""

    def rows(scope: Scope) -> Any:
        waiting = scope.orders.filter((scope.orders.status == status) & scope.orders.customer_id.notnull())
        counted = waiting.group_by("customer_id").aggregate(value=waiting.count())
        everyone = scope.facts.select("customer_id").left_join(counted, "customer_id")
        return everyone.select("customer_id", value=everyone.value.fill_null(0))

    return rows


def call_before(scope: Scope, among: Collection[str] | None = None) -> Any:
    """customer_id, value: the shop day on which the virtual number of the latest order that has one dies.

    Missing where the number is of another kind, or the order is not completed, or its file does not tell when. `among`: only these.
    """
    told = tables.order_rows
    told = merged.current(told.filter((told.phone_quality == "virtual") & told.customer_id.notnull()))
    told = told if among is None else told.filter(told.customer_id.isin(list(among)))
    order = [
        ibis.desc(ibis.coalesce(told.paid_at, told.created_at)),
        told.order_key,
        ibis.desc(told.status_rank),
        ibis.desc("completed_at"),
    ]
    latest = told.mutate(place=ibis.row_number().over(group_by="customer_id", order_by=order)).filter(lambda row: row.place == 0)
    local = latest.completed_at + ibis.interval(seconds=int(_offset(scope).total_seconds()))
    ends = latest.select("customer_id", value=(local + ibis.interval(days=VIRTUAL_DAYS)).date()).filter(lambda row: row.value.notnull())
    virtual = scope.facts.filter(scope.facts.phone_quality == "virtual")
    return ends.semi_join(virtual, "customer_id")


def _offset(scope: Scope) -> timedelta:
    """How far the shop's clock is ahead of UTC on the scope's day."""
    return datetime.combine(scope.as_of + timedelta(days=1), datetime.min.time()) - scope.end
