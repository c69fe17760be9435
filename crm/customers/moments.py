"""At which hour and weekday customers buy, by the shop's clock. An order whose file tells its day alone has no hour.

Usual is what most of her purchases have; of what is equally frequent, what she bought at last.
"""

from typing import Any

import ibis

from crm.customers import days
from crm.customers.context import Context

WEEKDAYS = (("周一", "Mon"), ("周二", "Tue"), ("周三", "Wed"), ("周四", "Thu"), ("周五", "Fri"), ("周六", "Sat"), ("周日", "Sun"))
HOURS = range(24)
UNKNOWN = "unknown"


def key(weekday: int, hour: int) -> str:
    """The bin of a weekday (1: Monday) and an hour: `2-20`."""
    return f"{weekday}-{hour}"


def called() -> dict[str, tuple[str, str]]:
    """Every bin in both languages."""
    cells = {
        key(day + 1, hour): (f"{chinese} {hour} 点", f"{english} {hour:02}:00")
        for day, (chinese, english) in enumerate(WEEKDAYS)
        for hour in HOURS
    }
    return cells | {UNKNOWN: ("没有钟点", "No time told")}


def _purchases(context: Context) -> Any:
    """customer_id, spend, purchased_at, weekday (1: Monday), hour (null where the time is exactly midnight: the file tells the day)."""
    orders = context.orders
    known = orders.filter(orders.is_purchase & orders.customer_id.notnull()).select("customer_id", "spend", "purchased_at")
    at = days.shop_clock(known.purchased_at, context.shop.timezone)
    told = (at.hour() > 0) | (at.minute() > 0) | (at.second() > 0)
    weekday = (at.day_of_week.index() + 1).cast("int32")
    return known.mutate(weekday=weekday, hour=told.ifelse(at.hour().cast("int32"), ibis.null("int32")))


def _bin(rows: Any) -> Any:
    return ibis.coalesce(rows.weekday.cast("string") + ibis.literal("-") + rows.hour.cast("string"), ibis.literal(UNKNOWN))


def bought(context: Context) -> Any:
    """customer_id, value: the bin of each purchase."""
    rows = _purchases(context)
    return rows.select("customer_id", value=_bin(rows))


def per_bin(context: Context) -> Any:
    """customer_id, bin, orders, spend: one row per customer and hour of the week they bought in."""
    rows = _purchases(context)
    rows = rows.mutate(weekday=rows.hour.isnull().ifelse(0, rows.weekday))  # without an hour all go together
    cells = rows.group_by("customer_id", "weekday", "hour").aggregate(orders=rows.count(), spend=rows.spend.sum())
    return cells.select("customer_id", "orders", "spend", bin=_bin(cells))


def usual_weekday(context: Context) -> Any:
    """customer_id, value: `1` (Monday) to `7`."""
    rows = _purchases(context)
    return _usual(rows.mutate(weekday=rows.weekday.cast("string")), "weekday")


def usual_hour(context: Context) -> Any:
    """customer_id, value: 0 to 23; whose files tell no hours are missing."""
    rows = _purchases(context)
    return _usual(rows.filter(rows.hour.notnull()), "hour")


def _usual(rows: Any, name: str) -> Any:
    counted = rows.group_by("customer_id", value=name).aggregate(orders=rows.count(), latest=rows.purchased_at.max())
    order = [ibis.desc("orders"), ibis.desc("latest"), "value"]
    ranked = counted.mutate(place=ibis.row_number().over(group_by="customer_id", order_by=order))
    return ranked.filter(ranked.place == 0).select("customer_id", "value")
