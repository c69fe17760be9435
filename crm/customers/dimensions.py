"""The ways to look at all customers: the attributes that have a chart."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import TypeVar

from crm.customers import attributes
from crm.customers.attribute import Dimension
from crm.customers.context import Context
from crm.errors import NotFoundError

Within = TypeVar("Within", bound=Context)


@cache
def every() -> dict[str, Dimension]:
    """All dimensions by name, in the order of the attributes."""
    return {one.dimension.name: one.dimension for one in attributes.every().values() if one.dimension}


def get(name: str) -> Dimension:
    """The dimension of that name; NotFoundError naming all."""
    known = every()
    if name not in known:
        raise NotFoundError(
            "dimension.unknown", "There is no dimension “{name}”. Known are: {known}.", name=name[:40], known=", ".join(known)
        )
    return known[name]


def page() -> list[Dimension]:
    """All dimensions in the order of the customers page."""
    return sorted(every().values(), key=lambda one: one.chart.place)


def counted(context: Within, some: Iterable[Dimension]) -> Within:
    """The context with a further column in its facts for each of these dimensions whose attribute has rows of its own."""
    facts = context.facts
    for attribute in [one.attribute for one in some if one.attribute.rows and not one.bins.several]:
        rows = attribute.of(context).select("customer_id", **{attribute.counted: "value"})
        facts = facts.left_join(rows, "customer_id").drop("customer_id_right")
    return context if facts is context.facts else replace(context, facts=facts)
