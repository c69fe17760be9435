"""Ages and sorts of customers, computed from the facts with `as_of`: used by the dimensions and by the segment fields alike."""

from typing import Any

import ibis

from crm.customers.context import Context

STAGES = {
    "active": ("活跃", "Active"),
    "sleeping": ("沉睡", "Sleeping"),
    "lost": ("流失", "Lost"),
    "never": ("未成交", "Never bought"),
}
PHONE_QUALITIES = {
    "clear": ("可拨打", "Clear"),
    "virtual": ("虚拟号", "Virtual"),
    "masked": ("已脱敏", "Masked"),
    "cipher": ("密文", "Ciphertext"),
}


def days_since(day: Any, context: Context) -> Any:
    """Whole days from a day column to `as_of`; null where the day is unknown."""
    return ibis.literal(context.as_of).delta(day, unit="day")


def recency(context: Context) -> Any:
    """Days since the last purchase; null for people who never bought."""
    return days_since(context.facts.last_purchase_day, context)


def average_order_value(context: Context) -> Any:
    """spend ÷ purchases, to the cent; null without a purchase."""
    return (context.facts.spend / context.facts.purchases.nullif(0)).round(2)


def stage(context: Context) -> Any:
    """active (≤ active_days since the last purchase), sleeping (≤ sleeping_days), lost (more), never (no purchase)."""
    age, shop = recency(context), context.shop
    return ibis.cases((age.isnull(), "never"), (age <= shop.active_days, "active"), (age <= shop.sleeping_days, "sleeping"), else_="lost")
