"""What each arm did after the message: people, buyers, purchases, spend and its moments, counted by the database. Pure Ibis expressions.

They are over tables that are given with the query (`GIVEN`, `DRAWN`), so that each is written down once for all campaigns.
"""

from datetime import date
from functools import cache, lru_cache
from typing import Any

import ibis

from crm.customers import days, merged
from crm.database import tables

SENT = tables.recipients.select("customer_id", "arm", "sent_at").schema()
GIVEN = {
    "sent": "SELECT customer_id, arm, sent_at FROM recipients WHERE campaign_id = $campaign AND sent_at IS NOT NULL",
    "heard": "SELECT * FROM message_events WHERE campaign_id = $campaign",
}
"""Of one campaign: to whom it was sent, and what was reported of its messages."""
DRAWN = ibis.table({**SENT, "person": "string", "first": "boolean", "split": "boolean"}, name="drawn")
"""The rows of `people`."""


@cache
def people() -> Any:
    """Who was drawn: customer_id, arm, sent_at, `person` (the customer they are part of today), `first` (of the person's places the one of
    the lowest id), `split` (that person is in both arms).
    """
    drawn = merged.resolved(ibis.table(SENT, name="sent"))
    each = drawn.group_by("person").aggregate(lowest=drawn.customer_id.min(), both=drawn.arm.min() != drawn.arm.max(), places=drawn.count())
    known = drawn.left_join(each.filter(each.places > 1), "person")  # hardly anybody
    own, split = known.lowest.fill_null(known.customer_id), known.both.fill_null(False)
    return known.select("customer_id", "arm", "sent_at", "person", first=known.customer_id == own, split=split)


@lru_cache
def purchases(window_days: int, as_of: date) -> Any:
    """Purchases of both arms from the person's `sent_at` (inclusive) for `window_days` × 24 hours, up to the end of the shop day `as_of`.

    One row per person and purchase: customer_id, arm, order_key, spend, rate; `kept` of it in the order's `currency`.
    A person who was drawn twice into one arm, because nobody knew yet that both are one, keeps both places and buys in one of them, that
    of the lower id; who was drawn into both arms is left out (`split`).
    """
    counted = DRAWN.filter(DRAWN["first"] & ~DRAWN.split)
    bought = tables.orders.filter(tables.orders.is_purchase & (tables.orders.day <= ibis.literal(as_of)))
    money = ["spend", "rate", "currency"]
    bought = bought.select("order_key", "purchased_at", *money, kept=bought.paid - bought.refunded, person="customer_id")
    joined = counted.inner_join(bought, "person")
    inside = days.follows(joined.purchased_at, joined.sent_at, window_days)
    return joined.filter(inside).select("customer_id", "arm", "order_key", *money, "kept")


@lru_cache
def arms(window_days: int, as_of: date) -> Any:
    """One row per arm: people (whether reached or not: intention to treat; without `split`), converted, orders, spend, squares, cubes."""
    bought = purchases(window_days, as_of)
    per_person = bought.group_by("customer_id").aggregate(orders=bought.count(), spend=bought.spend.sum())
    everyone = DRAWN.filter(~DRAWN.split).left_join(per_person, "customer_id")
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


@cache
def split() -> Any:
    """One row: the people who turned out to be in both arms, because accounts of theirs were joined afterwards, and messages to them."""
    both = DRAWN.filter(DRAWN.split)
    return both.aggregate(people=both.person.nunique(), messages=(both.arm == "recipients").ifelse(1, 0).sum().fill_null(0))


@cache
def funnel() -> Any:
    """One row: how many messages each event was reported for (opens by mail proxies apart)."""
    result = ibis.table(tables.message_events.schema(), name="heard")
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
