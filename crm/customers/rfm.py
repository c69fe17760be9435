"""RFM: each buyer's scores by recency, frequency and money, and the class they make. Pure Ibis expressions.

A score counts from 1; more is better. By bands (default) the stretches are the shop's own, those of the charts: many buy once, and fifths
of a number that most share would part equals. By quintiles everybody of one value has the same score, too: 1 + the whole fifths of buyers
with a lower value. A class says of each score whether it is above the mean of all buyers' scores (docs/patterns.md).
"""

from typing import Any

import ibis

from crm.customers.context import Context
from crm.settings import Shop

CLASSES = {
    "key_value": ("重要价值", "Key: thriving"),
    "key_growth": ("重要发展", "Key: to develop"),
    "key_keep": ("重要保持", "Key: to keep"),
    "key_winback": ("重要挽留", "Key: to win back"),
    "plain_value": ("一般价值", "Ordinary: thriving"),
    "plain_growth": ("一般发展", "Ordinary: to develop"),
    "plain_keep": ("一般保持", "Ordinary: to keep"),
    "plain_winback": ("一般挽留", "Ordinary: to win back"),
}
"""Key: money above the mean; value: recent and often; growth: recent, seldom; keep: often, not recent; winback: neither."""
PARTS = ("r", "f", "m")
ONE = ibis.literal(1, "int32")


def days(shop: Shop) -> list[int]:
    """Where the bands of recency begin but for the first, in days since the last purchase."""
    return sorted({*[days + 1 for days in shop.lapse_bands], shop.active_days + 1, shop.sleeping_days + 1, shop.lost_days + 1})


def times(shop: Shop) -> list[int]:
    """Where the bands of frequency begin but for the first, in purchases."""
    return sorted({*shop.frequency_bands, shop.repeat_purchases, shop.fan_purchases} - {1})


def of_facts(facts: Any) -> Any:
    """One row per buyer: customer_id, day (of the last purchase), purchases, spend (null: all of it in other currencies without a rate)."""
    bought = facts.filter(facts.purchases > 0)
    spend = (bought.summed_purchases == 0).ifelse(ibis.null("decimal(18, 2)"), bought.spend)
    return bought.select("customer_id", "purchases", day=bought.last_purchase_day, spend=spend)


def of_orders(orders: Any) -> Any:
    """The same rows from orders, for a day in the past: give the orders up to it."""
    bought = orders.filter(orders.is_purchase & orders.customer_id.notnull())
    spend = bought.spend.sum(where=bought.rate.notnull()).cast("decimal(18, 2)")
    return bought.group_by("customer_id").aggregate(purchases=bought.count(), day=bought.day.max(), spend=spend)


def scored(buyers: Any, context: Context) -> Any:
    """`buyers` (as of `of_facts`) with their scores r, f, m (m null where the spend is)."""
    shop = context.shop
    if shop.rfm_quintiles:
        return buyers.mutate(r=_fifth(buyers, "day"), f=_fifth(buyers, "purchases"), m=_fifth(buyers, "spend"))
    recency = ibis.literal(context.as_of).delta(buyers.day, unit="day").cast("int32")
    m = ibis.cases((buyers.spend.isnull(), ibis.null("int32")), *_steps(buyers.spend, shop.spend_bands), else_=ONE)
    r = ibis.cases(*[(recency < edge, len(days(shop)) + 1 - place) for place, edge in enumerate(days(shop))], else_=ONE)
    f = ibis.cases(*_steps(buyers.purchases, times(shop)), else_=ONE)
    return buyers.mutate(r=r.cast("int32"), f=f.cast("int32"), m=m.cast("int32"))


def _steps(number: Any, edges: list[int]) -> list[Any]:
    """From the highest band down: whether the number reaches it, and its score."""
    return [(number >= edge, ibis.literal(place + 2, "int32")) for place, edge in reversed([*enumerate(edges)])]


def _fifth(buyers: Any, name: str) -> Any:
    known = buyers[name].notnull()
    lower = ibis.rank().over(ibis.window(group_by=known, order_by=buyers[name]))
    size = known.ifelse(1, 0).sum().over(ibis.window())
    return known.ifelse((lower * 5 / size).floor().cast("int64") + 1, ibis.null("int64"))


def placed(buyers: Any, context: Context) -> Any:
    """What `buyers` has, their scores, and `kind`, the place of their class in CLASSES; of every buyer whose three scores are known."""
    rows = scored(buyers, context)
    rows = rows.filter(rows.m.notnull())
    means = rows.aggregate(n=rows.count(), **{f"all_{part}": rows[part].sum() for part in PARTS})
    both = rows.cross_join(means)
    r, f, m = ((both[part] * both.n > both[f"all_{part}"]).ifelse(0, 1) for part in PARTS)  # score > sum ÷ n, in whole numbers
    return both.select("customer_id", "day", "purchases", "spend", *PARTS, kind=(m * 4 + r * 2 + f).cast("int32"))


def classes(buyers: Any, context: Context) -> Any:
    """The same with `value`, the name of their class."""
    rows = placed(buyers, context)
    return rows.mutate(value=ibis.cases(*[(rows.kind == place, name) for place, name in enumerate(CLASSES)]))


def rfm_class(context: Context) -> Any:
    """customer_id, value: the class of every buyer whose spend is known."""
    return classes(of_facts(context.facts), context).select("customer_id", "value")
