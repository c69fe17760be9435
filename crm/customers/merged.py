"""Customer ids of earlier days (recipients of a campaign) as the customers that they are part of today. Pure Ibis expressions."""

from typing import Any

from crm.database import tables


def current(rows: Any) -> Any:
    """The same rows; `customer_id` is the id that the customer lives on as."""
    return beside(rows).mutate(customer_id=lambda row: row.person).select(*rows.columns)


def beside(rows: Any) -> Any:
    """The same rows and `person`: the id that their `customer_id` lives on as."""
    found = rows.left_join(tables.merged_customers, "customer_id")
    return found.mutate(person=found.merged_into.fill_null(found.customer_id)).select(*rows.columns, "person")
