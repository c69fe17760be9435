"""At which campaign nodes customers bought, by the festival calendar; what they bought in a year without calendar is named as that."""

from functools import cache
from typing import Any

import ibis

from crm.customers import festivals
from crm.customers.context import Context

ORDINARY, UNCOVERED = "ordinary", "uncovered"
"""What is said of a purchase at no node, and of one outside the years of the calendar."""


@cache
def _table(year: int) -> Any:
    """node_day and node of the calendar up to the end of a year, a row for each day of each node."""
    pairs = [(day, name) for name in festivals.names() for window in festivals.windows(name) for day in festivals.days_of(window)]
    structs = [{"day": day.isoformat(), "node": name} for day, name in pairs if day.year <= max(year, festivals.FIRST)]
    rows = ibis.literal(structs, type="array<struct<day: string, node: string>>").unnest().name("pair").as_table()
    return rows.select(node_day=rows.pair["day"].cast("date"), node=rows.pair["node"])


def bought(context: Context) -> Any:
    """customer_id, value, spend: a row for each purchase and node it was at; ORDINARY or UNCOVERED where it was at none."""
    orders, days = context.orders, _table(context.as_of.year)
    known = orders.filter(orders.is_purchase & orders.customer_id.notnull()).select("customer_id", "day", "spend")
    placed = known.left_join(days, known.day == days.node_day)
    none = placed.day.between(*map(ibis.literal, festivals.covered())).ifelse(ORDINARY, UNCOVERED)
    return placed.select("customer_id", "spend", value=ibis.coalesce(placed.node, none))


def per_bin(context: Context) -> Any:
    """customer_id, bin, orders, spend: one row per customer and node they bought at."""
    rows = bought(context)
    return rows.group_by("customer_id", bin="value").aggregate(orders=rows.count(), spend=rows.spend.sum())


def called() -> dict[str, tuple[str, str]]:
    """Every value of `bought` in both languages."""
    words = {name: (name, festivals.title(name, "en")) for name in festivals.names()}
    return words | {ORDINARY: ("平日（不在节点）", "Ordinary days"), UNCOVERED: ("日历里没有的年份", "Not in the calendar")}
