"""Customer ids of earlier days (recipients of a campaign) as the customers that they are part of today. Pure Ibis expressions."""

from typing import Any

from crm.database import tables


def current(rows: Any) -> Any:
    """The same rows; `customer_id` is the id that the customer lives on as."""
    return resolved(rows).mutate(customer_id=lambda row: row.person).select(*rows.columns)


def resolved(rows: Any) -> Any:
    """The same rows and `person`: the id that their `customer_id` lives on as."""
    result = rows.left_join(tables.merged_customers, "customer_id")
    return result.mutate(person=result.merged_into.fill_null(result.customer_id)).select(*rows.columns, "person")
