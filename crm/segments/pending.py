"""What will not wait: orders that still lack their money, as expressions for the filter fields."""

from collections.abc import Callable
from typing import Any

from crm.segments.scope import Scope


def orders_in(status: str) -> Callable[[Scope], Any]:
    """A field's rows: customer_id, value: how many of the customer's orders are in this status now (0 for the others)."""

    def rows(scope: Scope) -> Any:
        waiting = scope.orders.filter((scope.orders.status == status) & scope.orders.customer_id.notnull())
        counted = waiting.group_by("customer_id").aggregate(value=waiting.count())
        everyone = scope.facts.select("customer_id").left_join(counted, "customer_id")
        return everyone.select("customer_id", value=everyone.value.fill_null(0))

    return rows
