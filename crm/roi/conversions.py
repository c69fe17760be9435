"""What each arm did after the message: people, buyers, purchases, spend and its moments, counted by the database. Pure Ibis expressions."""

from datetime import date
from typing import Any

import ibis

from crm.customers import days, merged
from crm.database import tables


def purchases(campaign_id: str, window_days: int, as_of: date) -> Any:
    """Purchases of both arms from the person's `sent_at` (inclusive) for `window_days` × 24 hours, up to the end of the shop day `as_of`.

    One row per person and purchase: customer_id, arm, order_key, spend, rate; `kept` of it in the order's `currency`.
    A person who was drawn twice into one arm, because nobody knew yet that both are one, keeps both places and buys in one of them, that
    of the lower id; who was drawn into both arms is left out (`split`).
    """
    people = _people(campaign_id).mutate(place=_place)
    people = people.filter((people.place == 0) & ~people.split)
    bought = tables.orders.filter(tables.orders.is_purchase & (tables.orders.day <= ibis.literal(as_of)))
    money = ["spend", "rate", "currency"]
    bought = bought.select("order_key", "purchased_at", *money, kept=bought.paid - bought.refunded, person="customer_id")
    joined = people.inner_join(bought, "person")
    inside = days.follows(joined.purchased_at, joined.sent_at, window_days)
    return joined.filter(inside).select("customer_id", "arm", "order_key", *money, "kept")


def arms(campaign_id: str, window_days: int, as_of: date) -> Any:
    """One row per arm: people (whether reached or not: intention to treat; without `split`), converted, orders, spend, squares, cubes."""
    bought = purchases(campaign_id, window_days, as_of)
    per_person = bought.group_by("customer_id").aggregate(orders=bought.count(), spend=bought.spend.sum())
    everyone = _people(campaign_id).filter(lambda row: ~row.split).left_join(per_person, "customer_id")
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


def split(campaign_id: str) -> Any:
    """One row: the people who turned out to be in both arms, because accounts of theirs were joined afterwards, and messages to them."""
    both = _people(campaign_id).filter(lambda row: row.split)
    return both.aggregate(people=both.person.nunique(), messages=(both.arm == "recipients").ifelse(1, 0).sum().fill_null(0))


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
    """Who was drawn: customer_id, arm, sent_at, `person` (the customer they are part of today), `split` (that person is in both arms)."""
    everyone = tables.recipients
    sent = everyone.filter((everyone.campaign_id == campaign_id) & everyone.sent_at.notnull())
    drawn = merged.beside(sent.select("customer_id", "arm", "sent_at"))
    of_person = ibis.window(group_by="person")
    return drawn.mutate(split=drawn.arm.min().over(of_person) != drawn.arm.max().over(of_person))


def _place(row: Any) -> Any:
    return ibis.row_number().over(group_by=row.person, order_by=row.customer_id)
