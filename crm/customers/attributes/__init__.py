"""What is known of each customer, in the order in which it is asked for. One entry makes a filter field, its chart and its row in the docs.

A value that the facts hold, or that follows from them, is an expression over them (`measures`); one that is counted anew from orders or
messages is a table of rows (`pending`, `contacts`). `make docs` writes the tables of docs/segments.md from here.
"""

from functools import cache

from crm.customers.attribute import Attribute
from crm.customers.attributes import bought, habits, person, predicted, reach

MENU: dict[str, list[Attribute]] = {
    "purchases": bought.PURCHASES,
    "predicted": predicted.PREDICTED,
    "products": bought.PRODUCTS,
    "habits": habits.HABITS,
    "place": [*person.PLACE, *person.ADDRESS],
    "person": person.PERSON,
    "reach": reach.REACH,
    "trouble": reach.TROUBLE,
}
"""By group of the menu of conditions."""


@cache
def every() -> dict[str, Attribute]:
    """All attributes by name."""
    return {one.name: one for group in MENU.values() for one in group}
