"""What is known of each customer, in the order in which it is asked for. One entry makes a filter field, its chart and its row in the docs.

A value that the facts hold, or that follows from them, is an expression over them (`measures`); one that is counted anew from orders or
messages is a table of rows (`pending`, `contacts`). `make docs` writes the tables of docs/segments.md from here.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from crm.customers import contacts, measures, pending
from crm.customers.attribute import Attribute, Chart
from crm.customers.bins import Band, amounts, whole
from crm.customers.context import Context
from crm.customers.place_names import CITIES, COUNTRIES, PROVINCES, TIERS
from crm.settings import Shop


def _fact(column: str) -> Callable[[Context], Any]:
    return lambda context: context.facts[column]


def _values(table: Any, value: Any) -> Any:
    return table.select("customer_id", value=value)


def _categories(context: Context) -> Any:
    return _values(context.categories, context.categories.category)


def _products(context: Context) -> Any:
    lines = context.lines
    bought = lines.filter(lines.is_purchase & lines.customer_id.notnull() & lines["product"].notnull())
    return _values(bought, bought["product"])


def _overdue(context: Context) -> Any:
    """recency ÷ the customer's own median interval, or the median of their favourite category's customers."""
    facts = context.facts.mutate(recency=measures.recency(context))
    usual = facts.group_by("favourite_category").aggregate(usual=facts.interval_days.median())
    both = facts.left_join(usual, "favourite_category")
    return _values(both, both.recency / both.interval_days.fill_null(both.usual).nullif(0)).filter(lambda row: row.value.notnull())


def _lapse(shop: Shop) -> list[Band]:
    return whole(*sorted({0, 31, shop.active_days + 1, shop.sleeping_days + 1, shop.lost_days + 1}))


def _frequency(shop: Shop) -> list[Band]:
    return whole(*sorted({0, 1, 2, 3, 4, 6, 10, shop.repeat_purchases, shop.fan_purchases}))


_TIMES, _NEVER = (" 次", "×"), ("未成交", "Never bought")
_ADDRESS = "from the address of the latest order"
_UNSORTED = {"unknown": ("未归类", "Uncategorised")}  # bought, and in no category

MENU: dict[str, list[Attribute]] = {
    "purchases": [
        Attribute(
            "recency_days", "距上次购买天数", "Days since last purchase", "days", measures.recency, "days since the last purchase",
            phrases={
                "at_most": ("最近 {value} 天内买过", "bought in the last {value} days"),
                "at_least": ("至少 {value} 天没买", "no purchase for {value} days or more"),
                "between": ("上次购买在 {low}–{high} 天前", "last bought {low}–{high} days ago"),
                "is_unknown": ("从未成交", "never bought"),
            },
            chart=Chart(
                20, "lapse", "距上次购买", "Time since last purchase", always=True, bands=_lapse, unit=(" 天", " days"), missing=_NEVER,
            ),
        ),
        Attribute(
            "purchases", "购买次数", "Purchases", "count", _fact("purchases"), "number of purchases",
            phrases={
                "is": ("买过 {value} 次", "bought {value}×"),
                "between": ("买过 {low}–{high} 次", "bought {low}–{high}×"),
                "at_least": ("买过 {value} 次以上（含）", "bought {value}× or more"),
                "at_most": ("最多买过 {value} 次", "bought {value}× at most"),
            },
            chart=Chart(30, "frequency", always=True, bands=_frequency, unit=_TIMES),
        ),
        Attribute(
            "spend", "消费金额", "Spend", "money", measures.spend, "paid minus refunded, over purchases",
            chart=Chart(40, always=True, bands=lambda shop: amounts(shop.spend_bands)),
        ),
        Attribute(
            "average_order_value", "笔单价", "Average order value", "money", measures.average_order_value, "spend ÷ purchases",
            chart=Chart(50, "order_value", always=True, bands=lambda shop: amounts(shop.spend_bands)[1:], missing=_NEVER),
        ),
        Attribute("largest_order", "最大一单", "Largest order", "money", _fact("largest_order"), "the largest purchase"),
        Attribute("first_purchase_at", "首次购买日", "First purchase", "date", _fact("first_purchase_day"), "day of the first purchase"),
        Attribute("last_purchase_at", "上次购买日", "Last purchase", "date", _fact("last_purchase_day"), "day of the last purchase"),
        Attribute(
            "interval_days", "复购周期（天）", "Usual days between purchases", "days", _fact("interval_days"),
            "the customer's own median days between purchases",
        ),
        Attribute(
            "overdue_ratio", "超期倍数", "Overdue ratio", "ratio", _overdue,
            "recency ÷ own usual interval, or that of the favourite category", rows=True,
        ),
        Attribute(
            "stage", "阶段", "Stage", "choice", measures.stage, "active, sleeping, lost (shop settings)",
            values=measures.STAGES, chart=Chart(140),
        ),
    ],
    "products": [
        Attribute(
            "categories", "买过的品类", "Categories bought", "set", _categories,
            "every category ever bought; “unknown” is what belongs to none", rows=True, named=_UNSORTED,
            phrases=dict.fromkeys(("is", "one_of"), ("买过 {value}", "bought {value}")), chart=Chart(60, "category", always=True),
        ),
        Attribute("products", "买过的商品", "Products bought", "set", _products, "every product ever bought", rows=True),
        Attribute(
            "favourite_category", "偏好品类", "Favourite category", "choice", _fact("favourite_category"),
            "the category they spent most on",
        ),
    ],
    "place": [
        Attribute(
            "source", "来源", "Source", "choice", _fact("source"),
            "where the first purchase came from; unknown where its file does not say so, and for whoever never bought",
            chart=Chart(90, always=True),
        ),
        Attribute(
            "country", "国家/地区", "Country", "choice", _fact("country"), _ADDRESS,
            named=COUNTRIES, chart=Chart(110),
        ),
        Attribute(
            "province", "省份", "Province", "choice", _fact("province"), _ADDRESS,
            named=PROVINCES, chart=Chart(10, always=True, longest=15),
        ),
        Attribute("city", "城市", "City", "choice", _fact("city"), _ADDRESS, named=CITIES, chart=Chart(70, always=True)),
        Attribute("district", "区县", "District", "choice", _fact("district"), _ADDRESS, chart=Chart(150)),
        Attribute(
            "city_tier", "城市级别", "City tier", "choice", _fact("city_tier"), "tier of the city of that address",
            values=TIERS, chart=Chart(80, always=True),
        ),
    ],
    "person": [
        Attribute(
            "gender", "性别", "Gender", "choice", _fact("gender"), "female, male or other, from a dossier",
            values=measures.GENDERS, chart=Chart(130),
        ),
        Attribute(
            "age", "年龄", "Age", "count", measures.age, "whole years on the day; by the year alone where only that is known",
            chart=Chart(120, bands=lambda shop: whole(0, 18, 26, 31, 36), unit=(" 岁", "")),
        ),
        Attribute(
            "birthday", "生日", "Birthday", "coming", measures.birthday,
            "the next one; within N days means today or in the next N days; lunar birthdays by the lunar calendar",
            phrases={
                "within_days": ("未来 {value} 天内过生日", "birthday in the next {value} days"),
                "between": ("{low}–{high} 天后过生日", "birthday in {low}–{high} days"),
            },
        ),
        Attribute(
            "birthday_month", "生日月份", "Month of birthday", "count", measures.birthday_month,
            "the (solar) month of the next birthday, 1–12", phrases={"is": ("{value} 月过生日", "birthday in month {value}")},
        ),
        Attribute("tags", "标签", "Tags", "set", contacts.tags, "as the dossier says", rows=True),
        Attribute("owner", "负责人", "Owner", "choice", _fact("owner"), "as the dossier says"),
        Attribute(
            "profile_complete", "登记完整", "Complete record", "flag", measures.complete,
            "name, gender, birthday and an e-mail address or clear phone number are known",
        ),
    ],
    "reach": [
        Attribute(
            "has_email", "有邮箱", "Has an e-mail address", "flag", lambda context: context.facts.email_norm.notnull(),
            "has a valid e-mail address",
        ),
        Attribute(
            "mailbox", "邮箱服务商", "Mailbox provider", "choice", _fact("mailbox"), "the mailbox provider's domain", chart=Chart(170),
        ),
        Attribute(
            "phone_quality", "手机号状态", "Phone number", "choice", _fact("phone_quality"), "clear, virtual, masked or cipher",
            values=measures.PHONE_QUALITIES, chart=Chart(180),
        ),
        Attribute(
            "call_before", "虚拟号失效日", "Virtual number dies on", "date", _fact("phone_until"),
            "the day on which the virtual number of the latest order dies: 15 days after its completion, where the file tells that; "
            "from then on it counts as reachable neither by SMS nor by call",
        ),
        Attribute(
            "consent_email", "同意收邮件", "Agreed to e-mail", "flag", contacts.email_consent,
            "agreed to marketing e-mail; a no is never lifted by a file, nor is that of an order by the yes of another file",
        ),
        Attribute(
            "consent_sms", "同意收短信", "Agreed to SMS", "flag", contacts.sms_consent, "agreed to SMS; a no is never lifted by a file",
        ),
        Attribute(
            "last_contacted_days", "距上次联系天数", "Days since last contacted", "days", contacts.last_contacted,
            "days since the last campaign message, by the shop's calendar", rows=True,
        ),
        Attribute(
            "promotions_30d", "近30天推广次数", "Promotions in the last 30 days", "count", contacts.promotions,
            "campaigns that wrote to them in the last 30 days", rows=True,
        ),
    ],
    "trouble": [
        Attribute(
            "refunds", "退款单数", "Orders with a refund", "count", _fact("refunds"), "orders with a refund",
            chart=Chart(160, bands=lambda shop: whole(0, 1, 2), unit=_TIMES),
        ),
        Attribute(
            "lost_payments", "未付款订单", "Orders never paid", "count", _fact("lost_payments"), "orders closed without ever being paid",
        ),
        Attribute(
            "unpaid_orders", "待付款订单", "Orders waiting for payment", "count", pending.orders_in("unpaid"),
            "orders that wait for their payment", rows=True,
        ),
        Attribute(
            "open_presales", "预售待付尾款", "Presales waiting for the balance", "count", pending.orders_in("deposit_paid"),
            "presale orders whose deposit is paid and whose balance is not", rows=True,
        ),
        Attribute("bad_reviews", "中差评数", "Bad reviews", "count", _fact("bad_reviews"), "reviews that are not good (中评 and 差评)"),
        Attribute("inquiries", "咨询次数", "Inquiries", "count", _fact("inquiries"), "questions without an order"),
        Attribute("disputes", "纠纷次数", "Disputes", "count", _fact("disputes"), "complaints"),
    ],
}  # fmt: skip
"""By group of the menu of conditions."""


@cache
def every() -> dict[str, Attribute]:
    """All attributes by name."""
    return {one.name: one for group in MENU.values() for one in group}
