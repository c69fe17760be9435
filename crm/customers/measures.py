"""Ages and sorts of customers, computed from the facts with `as_of`: used by the dimensions and by the segment fields alike."""

from collections.abc import Callable
from typing import Any

import ibis

from crm.customers import birthdays
from crm.customers.bins import UNKNOWN
from crm.customers.context import Context

STAGES = {
    "active": ("活跃", "Active"),
    "sleeping": ("沉睡", "Sleeping"),
    "lost": ("流失", "Lost"),
    "never": ("未成交", "Never bought"),
}
GENDERS = {"female": ("女", "Female"), "male": ("男", "Male"), "other": ("其他", "Other")}
BUYER_TYPES = {
    "choosy": ("挑剔型", "Choosy"),
    "lively": ("热闹型", "Follows campaigns"),
    "loyal": ("忠诚型", "Loyal at full price"),
    "plain": ("都不是", "None of these"),
}
PHONE_QUALITIES = {
    "clear": ("可拨打", "Clear"),
    "virtual": ("虚拟号", "Virtual"),
    "masked": ("已脱敏", "Masked"),
    "cipher": ("密文", "Ciphertext"),
}


def fact(column: str) -> Callable[[Context], Any]:
    """A value that stands in the facts."""
    return lambda context: context.facts[column]


def word(column: str) -> Callable[[Context], Any]:
    """A text of the facts; blank, or the very word that charts and filters have for what is not known, is not known."""
    return lambda context: context.facts[column].nullif("").nullif(UNKNOWN)


def days_since(day: Any, context: Context) -> Any:
    """Whole days from a day column to `as_of`; null where the day is unknown."""
    return ibis.literal(context.as_of).delta(day, unit="day")


def recency(context: Context) -> Any:
    """Days since the last purchase; null for people who never bought."""
    return days_since(context.facts.last_purchase_day, context)


def average_order_value(context: Context) -> Any:
    """spend ÷ the purchases that are in it, to the cent; null without any."""
    return (context.facts.spend / context.facts.summed_purchases.nullif(0)).round(2)


def spend(context: Context) -> Any:
    """What a customer spent; null for those who bought in other currencies only, of which there is no rate: that is not nothing."""
    facts = context.facts
    return ((facts.purchases > 0) & (facts.summed_purchases == 0)).ifelse(ibis.null("decimal(18, 2)"), facts.spend)


def stage(context: Context) -> Any:
    """active (≤ active_days since the last purchase), sleeping (≤ sleeping_days), lost (more), never (no purchase)."""
    age, shop = recency(context), context.shop
    return ibis.cases((age.isnull(), "never"), (age <= shop.active_days, "active"), (age <= shop.sleeping_days, "sleeping"), else_="lost")


def age(context: Context) -> Any:
    """Whole years on the day; null where no year of birth is known."""
    return birthdays.age(context.facts, context.as_of)


def birthday(context: Context) -> Any:
    """Days to the next birthday, 0 today; null where it is not known. Lunar birthdays by the lunar calendar."""
    return birthdays.days_until(context.facts, context.as_of)


def birthday_month(context: Context) -> Any:
    """The month (1–12, solar) of the next birthday."""
    return birthdays.month_of(context.facts, context.as_of)


def complete(context: Context) -> Any:
    """Whether name, gender, birthday and a way to reach them (e-mail or clear phone) are known (登记完整)."""
    facts = context.facts
    reach = facts.email_norm.notnull() | (facts.phone_quality == "clear").fill_null(False)
    return facts.name.notnull() & facts.gender.notnull() & facts.birth_month.notnull() & reach


def discount(context: Context) -> Any:
    """Whole percent by which less was paid than was due, over purchases whose files tell both; null without any."""
    facts = context.facts
    return (facts.discounted.cast("float64") * 100 / facts.priced.cast("float64").nullif(0)).round(0).cast("int64")


def buyer_type(context: Context) -> Any:
    """The first that fits of choosy, lively, loyal, else plain; null where files tell too little: never bought, or nothing of discounts.

    Choosy: so many refunds, bad reviews, questions and complaints, and one of them for so many percent of the orders. Lively: buys again,
    so many percent of the purchases (of years in the calendar) at campaign nodes and, where discounts are told, at such a discount. Loyal:
    buys again, at no more than such a discount. The thresholds are the shop's settings.
    """
    facts, shop, off = context.facts, context.shop, discount(context)
    signs = facts.refunds + facts.bad_reviews + facts.inquiries + facts.disputes
    choosy = (signs >= shop.choosy_signs) & (signs * 100 >= facts.placed_orders * shop.choosy_percent)
    again = facts.purchases >= shop.repeat_purchases
    at_nodes = (facts.calendar_purchases > 0) & (facts.node_purchases * 100 >= facts.calendar_purchases * shop.lively_percent)
    lively = again & at_nodes & (off.isnull() | (off >= shop.lively_discount))
    loyal = again & (off <= shop.loyal_discount).fill_null(False)
    untold = (facts.purchases == 0) | (again & off.isnull())
    return ibis.cases((choosy, "choosy"), (lively, "lively"), (loyal, "loyal"), (untold, ibis.null("string")), else_="plain")
