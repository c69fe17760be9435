"""What metrics are made of: tables of one row over a window, pure Ibis expressions that run on any backend.

Each takes the window and its `Sources`: whoever asks several lets the purchases be put in order once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import ibis

from crm.customers import facts, measures, windows
from crm.customers.context import Context
from crm.customers.metric import Window
from crm.database import tables


@dataclass(frozen=True)
class Sources:
    """`bought`: every purchase up to `as_of` (`purchases`); `people` makes the facts of that day: only registration asks for them."""

    bought: Any
    people: Callable[[], Any]


def purchases(as_of: date, same_day: str) -> Any:
    """`windows.purchases` with `gap`: days since the customer's purchase before (null: there is none, or nobody knows whose it is)."""
    bought = windows.purchases(as_of, same_day)
    order = ibis.window(group_by="customer_id", order_by="nth")
    gap = bought.day.delta(bought.day.lag().over(order), unit="day")
    own = (bought.nth > 1).fill_null(False).ifelse(gap, ibis.null("int64"))
    return bought.select("customer_id", "day", "spend", "summed", "items", "nth", gap=own)


def _flag(condition: Any) -> Any:
    return condition.fill_null(False).ifelse(1, 0)


def sold(window: Window, of: Sources) -> Any:
    """The columns of `windows.summed` over the purchases of the window."""
    return windows.summed(windows.within(of.bought, window.start, window.end))


def placed(window: Window, of: Sources) -> Any:
    """placed, paid, refunds: orders placed, those that were paid, and of these the ones with a refund."""
    orders = windows.within(facts.until(tables.orders, window.as_of), window.start, window.end)
    return orders.aggregate(
        placed=orders.count(),
        paid=_flag(orders.is_paid).sum().fill_null(0),
        refunds=_flag(orders.is_paid & (orders.refunded > 0)).sum().fill_null(0),
    )


def second(window: Window, of: Sources) -> Any:
    """old_enough: first-time customers of the window, `second_within` days old at `as_of`; second: those who bought again by then."""
    known, days = _known(of), window.second_within
    per = known.group_by("customer_id").aggregate(day=known.day.min(where=known.nth == 1), again=known.day.min(where=known.nth == 2))
    first = windows.within(per, window.start, min(window.end, window.as_of - timedelta(days=days)))
    soon = first.again.delta(first.day, unit="day") <= days
    return first.aggregate(old_enough=first.count(), second=_flag(soon).sum().fill_null(0))


def _known(of: Sources) -> Any:
    return of.bought.filter(of.bought.customer_id.notnull())


def cycle(window: Window, of: Sources) -> Any:
    """median, low, high: of the days between successive purchases of a customer, the later one in the window, the quartiles."""
    steps = windows.within(of.bought.filter(of.bought.gap.notnull()), window.start, window.end)
    gap = steps.gap.cast("float64")
    return steps.aggregate(median=gap.median(), low=gap.quantile(0.25), high=gap.quantile(0.75))


def old(window: Window, of: Sources) -> Any:
    """customers of the window and their spend; old, old_spend: of those who had bought before it."""
    known = windows.within(_known(of), None, window.end)
    inside, firsts = windows.within(known, window.start, window.end), known.filter(known.nth == 1)
    who = windows.people(inside).join(firsts.select("customer_id", first=firsts.day), "customer_id")
    before = who["first"] <= ibis.literal(window.eve)
    return who.aggregate(customers=who.count(), spend=who.spend.sum(), old=_flag(before).sum(), old_spend=who.spend.sum(where=before))


def kept(window: Window, of: Sources) -> Any:
    """before: customers of the run of as many days just before the window; again: those of them who bought in the window."""
    known = _known(of)
    days = timedelta(days=window.days or 0)
    now = _flag(known.day.between(window.start, window.end)) if window.start else ibis.literal(0)
    then = _flag(known.day.between(window.start - days, window.eve)) if window.start else ibis.literal(0)
    per = known.group_by("customer_id").aggregate(now=now.max(), then=then.max())
    return per.aggregate(before=per.then.sum(), again=(per.now * per.then).sum())


def churned(window: Window, of: Sources) -> Any:
    """active: customers whose last purchase was at most `active_days` old when the window began; lost: of these, who is lost at its end."""
    known, shop = windows.within(_known(of), None, window.end), window.shop
    per = known.group_by("customer_id").aggregate(then=known.day.max(where=known.day <= ibis.literal(window.eve)), last=known.day.max())
    active = (ibis.literal(window.eve).delta(per.then, unit="day") <= shop.active_days).fill_null(False)
    gone = ibis.literal(window.end).delta(per["last"], unit="day") > shop.sleeping_days
    return per.aggregate(active=_flag(active).sum(), lost=_flag(active & gone).sum())


def registered(window: Window, of: Sources) -> Any:
    """new: customers whose first purchase ever is in the window; complete: those whose record is complete as of today."""
    people = of.people()
    full = people.select("customer_id", "first_purchase_day", complete=measures.complete(Context(window.as_of, window.shop, people)))
    fresh = full.filter(full.first_purchase_day.between(ibis.literal(window.start or window.eve), ibis.literal(window.end)))
    return fresh.aggregate(new=fresh.count(), complete=_flag(fresh.complete).sum())
