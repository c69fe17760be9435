"""What each arm did after the message: people, buyers, purchases, spend and its moments, counted by the database. Pure Ibis expressions."""

from datetime import date
from typing import Any

import ibis

from crm.customers import days, merged
from crm.database import tables


def people(campaign_id: str) -> Any:
    """Who was drawn: customer_id, arm, sent_at, `person` (the customer they are part of today), `first` (of the person's places the one of
    the lowest id), `split` (that person is in both arms).
    """
    everyone = tables.recipients
    sent = everyone.filter((everyone.campaign_id == campaign_id) & everyone.sent_at.notnull())
    drawn = merged.resolved(sent.select("customer_id", "arm", "sent_at"))
    each = drawn.group_by("person").aggregate(lowest=drawn.customer_id.min(), both=drawn.arm.min() != drawn.arm.max(), places=drawn.count())
    known = drawn.left_join(each.filter(each.places > 1), "person")  # hardly anybody
    own, split = known.lowest.fill_null(known.customer_id), known.both.fill_null(False)
    return known.select("customer_id", "arm", "sent_at", "person", first=known.customer_id == own, split=split)


def purchases(drawn: Any, window_days: int, as_of: date) -> Any:
    """Purchases of both arms from the person's `sent_at` (inclusive) for `window_days` × 24 hours, up to the end of the shop day `as_of`.

    `drawn`: rows of `people`. One row per person and purchase: customer_id, arm, order_key, spend, rate; `kept` of it in the order's
    `currency`.
    A person who was drawn twice into one arm, because nobody knew yet that both are one, keeps both places and buys in one of them, that
    of the lower id; who was drawn into both arms is left out (`split`).
    """
    counted = drawn.filter(drawn["first"] & ~drawn.split)
    bought = tables.orders.filter(tables.orders.is_purchase & (tables.orders.day <= ibis.literal(as_of)))
    money = ["spend", "rate", "currency"]
    bought = bought.select("order_key", "purchased_at", *money, kept=bought.paid - bought.refunded, person="customer_id")
    joined = counted.inner_join(bought, "person")
    inside = days.follows(joined.purchased_at, joined.sent_at, window_days)
    return joined.filter(inside).select("customer_id", "arm", "order_key", *money, "kept")


def arms(drawn: Any, window_days: int, as_of: date) -> Any:
    """One row per arm: people (whether reached or not: intention to treat; without `split`), converted, orders, spend, squares, cubes."""
    bought = purchases(drawn, window_days, as_of)
    per_person = bought.group_by("customer_id").aggregate(orders=bought.count(), spend=bought.spend.sum())
    everyone = drawn.filter(lambda row: ~row.split).left_join(per_person, "customer_id")
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


def split(drawn: Any) -> Any:
    """One row: the people who turned out to be in both arms, because accounts of theirs were joined afterwards, and messages to them."""
    both = drawn.filter(lambda row: row.split)
    return both.aggregate(people=both.person.nunique(), messages=(both.arm == "recipients").ifelse(1, 0).sum().fill_null(0))


def funnel(campaign_id: str) -> Any:
    """One row: how many messages each event was reported for (opens by mail proxies apart)."""
    result = tables.message_events.filter(tables.message_events.campaign_id == campaign_id)
    opened = result.event == "opened"
    events = {
        "delivered": result.event.isin(["delivered", "opened", "clicked"]),
        "opened": opened & ~result.machine,
        "opened_any": opened,
        "clicked": result.event == "clicked",
        "unsubscribed": result.event == "unsubscribed",
        "bounced": result.event == "bounced",
    }
    each = result.group_by("message_id").aggregate(**{name: happened.any() for name, happened in events.items()})
    return each.aggregate(reported=each.count(), **{name: each[name].sum().fill_null(0) for name in events})
