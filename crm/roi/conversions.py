"""What each arm did after the message: people, buyers, purchases, spend and its moments, counted by the database. Pure Ibis expressions."""

from datetime import date
from typing import Any

import ibis

from crm.customers import merged
from crm.database import tables


def purchases(campaign_id: str, window_days: int, as_of: date) -> Any:
    """Purchases of both arms from the person's `sent_at` (inclusive) for `window_days` × 24 hours, up to the end of the shop day `as_of`.

    One row per person and purchase: customer_id, arm, order_key, spend, rate; `kept` of it in the order's `currency`.
    A person who was drawn twice, because nobody knew yet that both are one, keeps both places and buys in one of them: that of the
    lower id, which knows nothing of the arm.
    """
    people = merged.beside(_people(campaign_id)).mutate(place=_place)
    people = people.filter(people.place == 0)
    bought = tables.orders.filter(tables.orders.is_purchase & (tables.orders.day <= ibis.literal(as_of)))
    money = ["spend", "rate", "currency"]
    bought = bought.select("order_key", "purchased_at", *money, kept=bought.paid - bought.refunded, person="customer_id")
    joined = people.inner_join(bought, "person")
    inside = (joined.purchased_at >= joined.sent_at) & (joined.purchased_at < joined.sent_at + ibis.interval(days=window_days))
    return joined.filter(inside).select("customer_id", "arm", "order_key", *money, "kept")


def arms(campaign_id: str, window_days: int, as_of: date) -> Any:
    """One row per arm: people (all of them, whether reached or not: intention to treat), converted, orders, spend, squares, cubes."""
    bought = purchases(campaign_id, window_days, as_of)
    per_person = bought.group_by("customer_id").aggregate(orders=bought.count(), spend=bought.spend.sum())
    everyone = _people(campaign_id).left_join(per_person, "customer_id")
    spent = everyone.spend.fill_null(0)
    return (
        everyone.mutate(spent=spent, amount=spent.cast("float64"), bought=everyone.orders.fill_null(0))
        .group_by("arm")
        .aggregate(
            people=ibis._.count(),
            converted=(ibis._.bought > 0).ifelse(1, 0).sum(),
            orders=ibis._.bought.sum(),
            spend=ibis._.spent.sum(),
            squares=(ibis._.amount * ibis._.amount).sum(),
            cubes=(ibis._.amount * ibis._.amount * ibis._.amount).sum(),
        )
    )


def funnel(campaign_id: str) -> Any:
    """One row: how many messages each event was reported for (opens by mail proxies apart)."""
    told = tables.message_events.filter(tables.message_events.campaign_id == campaign_id)
    message, opened = told.message_id, told.event == "opened"
    return told.aggregate(
        reported=told.count(),
        delivered=message.nunique(where=told.event.isin(["delivered", "opened", "clicked"])),
        opened=message.nunique(where=opened & ~told.machine),
        opened_any=message.nunique(where=opened),
        clicked=message.nunique(where=told.event == "clicked"),
        unsubscribed=message.nunique(where=told.event == "unsubscribed"),
        bounced=message.nunique(where=told.event == "bounced"),
    )


def _people(campaign_id: str) -> Any:
    everyone = tables.recipients
    sent = everyone.filter((everyone.campaign_id == campaign_id) & everyone.sent_at.notnull())
    return sent.select("customer_id", "arm", "sent_at")


def _place(row: Any) -> Any:
    return ibis.row_number().over(group_by=row.person, order_by=row.customer_id)
