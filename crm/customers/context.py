"""Context: what an analysis looks at: the day, the shop's settings, and the tables as they were on that day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from crm import clock, database
from crm.customers import categories, facts, prediction
from crm.database import Store, tables
from crm.settings import Shop


def _unknown() -> Any:
    return None


@dataclass(frozen=True)
class Context:
    """`as_of`: shop day; everything up to its end counts. The tables are Ibis expressions already cut to it.

    `predicted()`: the table of `prediction`, worked out where it is first asked for; None where it is not valid.
    """

    as_of: date
    shop: Shop
    facts: Any = tables.customer_facts
    categories: Any = tables.customer_categories
    orders: Any = tables.orders
    lines: Any = tables.order_lines
    people: Any = tables.customers
    predicted: Callable[[], Any] = _unknown

    @property
    def end(self) -> datetime:
        """The first moment (UTC) that no longer counts."""
        following = datetime.combine(self.as_of + timedelta(days=1), datetime.min.time())
        return clock.utc(following, self.shop.timezone)


def parts(store: Store, as_of: date, shop: Shop | None = None) -> dict[str, Any]:
    """The fields of a Context, for those who build a richer one."""
    latest = facts.last_day(store)
    values: dict[str, Any] = {"as_of": as_of, "shop": shop or database.load_shop(store)}
    values["predicted"] = partial(prediction.table, store, as_of)
    if latest is None or as_of >= latest:
        return values
    who = facts.who(store, as_of)
    return values | {
        "people": who,
        "facts": facts.past(as_of, who),
        "categories": categories.table(store, as_of),
        "orders": facts.until(tables.orders, as_of),
        "lines": facts.until(tables.order_lines, as_of),
    }
