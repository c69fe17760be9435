"""Of each customer what the models look at: repeat purchases, days between, money; and what they make of it. Pure Ibis expressions.

Purchases of one day count as one, as in the papers; days are the shop's days, and a week has seven of them.
"""

from datetime import date, timedelta
from typing import Any

import ibis

from crm.customers.prediction import bgnbd, gammagamma

WEEK = 7.0
CELL = ("frequency", "recency", "age")
COLUMNS = ("p_alive", "expected_purchases_90d", "predicted_spend_365d")


def expression(orders: Any, end: date, recent: int) -> Any:
    """One row per identified buyer of `orders` (a table like `orders`) up to the shop day `end`:

    customer_id, frequency (days with a purchase but the first), recency (days from the first to the last), age (days from the first to
    `end`), paid_days and paid (of the repeat days those whose money is known in the shop's currency, and that money), summed (whether any
    money of hers is known), and of the `recent` days that end on `end`: recent_days with a purchase, recent_spend.
    """
    bought = orders.filter(orders.is_purchase & orders.customer_id.notnull() & (orders.day <= ibis.literal(end)))
    known = bought.rate.notnull()
    per = bought.group_by("customer_id", "day").aggregate(
        spend=bought.spend.sum(where=known).fill_null(0).cast("float64"), known=known.ifelse(1, 0).max()
    )
    late = per.day > ibis.literal(end - timedelta(days=recent))
    whole = per.group_by("customer_id").aggregate(
        days=per.count(),
        first=per.day.min(),
        last=per.day.max(),
        known=per.known.sum(),
        spend=per.spend.sum(),
        first_known=per.known.argmin(per.day),
        first_spend=per.spend.argmin(per.day),
        recent_days=late.ifelse(1, 0).sum(),
        recent_spend=per.spend.sum(where=late).fill_null(0.0),
    )
    return whole.select(
        "customer_id",
        frequency=whole.days - 1,
        recency=whole.last.delta(whole["first"], unit="day"),
        age=ibis.literal(end).delta(whole["first"], unit="day"),
        paid_days=whole.known - whole.first_known,
        paid=whole.spend - whole.first_spend,
        summed=whole.known > 0,
        recent_days=whole.recent_days,
        recent_spend=whole.recent_spend,
    )


def cells(rows: Any) -> Any:
    """frequency, recency, age, people: the groups of customers whom BG/NBD cannot tell apart."""
    return rows.group_by(*CELL).aggregate(people=rows.count()).order_by(CELL)


def means(rows: Any) -> Any:
    """paid_days, paid, people: the groups whom Gamma-Gamma cannot tell apart, of those with repeat purchases of known money."""
    cents = rows.filter((rows.paid_days > 0) & (rows.paid > 0)).mutate(paid=ibis._.paid.round(2))
    return cents.group_by("paid_days", "paid").aggregate(people=ibis._.count()).order_by(["paid_days", "paid"])


def forecast(rows: Any, ahead: Any, fit: bgnbd.Fit, spend: gammagamma.Fit | None) -> Any:
    """Beside `rows` the columns p_alive, purchases (of the near horizon), far (of the far one) and worth (of a purchase of hers).

    `ahead`: by frequency and age what is expected of who is alive: near, far (`bgnbd.if_alive`). `worth` is null where there is no `spend`,
    and of whom no money is known.
    """
    x, waited, last = rows.frequency, fit.alpha + rows.age / WEEK, fit.alpha + rows.recency / WEEK
    grown = ibis.least((fit.r + x) * (waited / last).ln(), ibis.literal(700.0)).exp()  # beyond that it is nothing at all
    odds = (x > 0).ifelse(fit.a / (fit.b + ibis.greatest(x, 1) - 1) * grown, ibis.literal(0.0))
    worth = ibis.null("float64")
    if spend is not None:
        mean = spend.p * (spend.v + rows.paid) / (spend.p * rows.paid_days + (spend.q - 1))
        worth = rows.summed.ifelse(mean, worth)
    told = rows.mutate(p_alive=1 / (1 + odds), worth=worth)
    both = told.join(ahead, ["frequency", "age"])
    return both.mutate(purchases=both.near * both.p_alive, far=both.far * both.p_alive)


def fields(told: Any) -> Any:
    """customer_id and the fields: of a `forecast` over 90 and 365 days.

    p_alive is null of who bought on one day only: in this model nobody leaves before a repeat purchase, so it would say 1 without knowing.
    """
    spend = (told.far * told.worth).round(2).cast("decimal(18, 2)")
    p_alive = (told.frequency > 0).ifelse(told.p_alive, ibis.null("float64"))
    return told.select("customer_id", p_alive=p_alive, expected_purchases_90d=told.purchases, predicted_spend_365d=spend)
