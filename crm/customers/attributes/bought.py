"""What customers bought: how often, how much, when, and which products; each with its filter field, its chart and its docs row."""

from typing import Any

from crm.customers import firsts, measures, rfm
from crm.customers.attribute import Attribute, Chart
from crm.customers.bins import UNKNOWN, Band, amounts, whole
from crm.customers.context import Context
from crm.customers.measures import fact
from crm.settings import Shop

_NEVER = ("未成交", "Never bought")
_UNSORTED = {"unknown": ("未归类", "Uncategorised")}  # bought, and in no category


def _values(table: Any, value: Any) -> Any:
    return table.select("customer_id", value=value)


def _categories(context: Context) -> Any:
    return _values(context.categories, context.categories.category)


def _per_category(context: Context) -> Any:
    rows = context.categories
    return rows.select("customer_id", "spend", bin=rows.category.fill_null(UNKNOWN), orders="purchases")


def _products(context: Context) -> Any:
    lines = context.lines
    bought = lines.filter(lines.is_purchase & lines.customer_id.notnull() & lines["product"].notnull())
    return _values(bought, bought["product"])


def overdue(context: Context) -> Any:
    """recency ÷ the customer's own median interval, or the median of their favourite category's customers."""
    facts = context.facts.mutate(recency=measures.recency(context))
    usual = facts.group_by("favourite_category").aggregate(usual=facts.interval_days.median())
    both = facts.left_join(usual, "favourite_category")
    return _values(both, both.recency / both.interval_days.nullif(0).fill_null(both.usual).nullif(0)).filter(
        lambda row: row.value.notnull()
    )


def lapse(shop: Shop) -> list[Band]:
    """The bands of days since the last purchase."""
    return whole(0, *rfm.days(shop))


def frequency(shop: Shop) -> list[Band]:
    """The bands of purchases; the first is that of none."""
    return whole(0, 1, *rfm.times(shop))


PURCHASES: list[Attribute] = [
    Attribute(
        "recency_days",
        "距上次购买天数",
        "Days since last purchase",
        "days",
        measures.recency,
        "days since the last purchase",
        phrases={
            "at_most": ("最近 {value} 天内买过", "bought in the last {value} days"),
            "at_least": ("至少 {value} 天没买", "has not bought for {value} days or more"),
            "between": ("上次购买在 {low}–{high} 天前", "last bought {low}–{high} days ago"),
            "is_unknown": ("从未成交", "never bought"),
        },
        chart=Chart(20, "lapse", "距上次购买", "Time since last purchase", always=True, bands=lapse, unit=(" 天", " days"), missing=_NEVER),
    ),
    Attribute(
        "purchases",
        "购买次数",
        "Purchases",
        "count",
        fact("purchases"),
        "number of purchases",
        phrases={
            "is": ("买过 {value} 次", "bought {value}×"),
            "between": ("买过 {low}–{high} 次", "bought {low}–{high}×"),
            "at_least": ("买过 {value} 次以上（含）", "bought {value}× or more"),
            "at_most": ("最多买过 {value} 次", "bought {value}× at most"),
        },
        chart=Chart(30, "frequency", always=True, bands=frequency, unit=(" 次", "×")),
    ),
    Attribute(
        "spend",
        "消费金额",
        "Spend",
        "money",
        measures.spend,
        "paid minus refunded, over purchases",
        chart=Chart(75, always=True, bands=lambda shop: amounts(shop.spend_bands)),
    ),
    Attribute(
        "average_order_value",
        "笔单价",
        "Average order value",
        "money",
        measures.average_order_value,
        "spend ÷ purchases",
        chart=Chart(50, "order_value", always=True, bands=lambda shop: amounts(shop.spend_bands)[1:], missing=_NEVER),
    ),
    Attribute("largest_order", "最大一单", "Largest order", "money", fact("largest_order"), "the largest purchase"),
    Attribute("first_purchase_at", "首次购买日", "First purchase", "date", fact("first_purchase_day"), "day of the first purchase"),
    Attribute("last_purchase_at", "上次购买日", "Last purchase", "date", fact("last_purchase_day"), "day of the last purchase"),
    Attribute(
        "interval_days",
        "复购周期（天）",
        "Usual days between purchases",
        "days",
        fact("interval_days"),
        "the customer's own median days between purchases",
    ),
    Attribute(
        "overdue_ratio",
        "超期倍数",
        "Overdue ratio",
        "ratio",
        overdue,
        "recency ÷ own usual interval, or that of the favourite category",
        rows=True,
        among_all=True,
    ),
    Attribute(
        "stage",
        "阶段",
        "Stage",
        "choice",
        measures.stage,
        "active, sleeping, lost (shop settings)",
        values=measures.STAGES,
        chart=Chart(140),
    ),
    Attribute(
        "rfm_class",
        "RFM 分类",
        "RFM class",
        "choice",
        rfm.rfm_class,
        "recency, frequency and money, each above or below the mean of all buyers",
        rows=True,
        among_all=True,
        values=rfm.CLASSES,
        chart=Chart(145),
    ),
]

PRODUCTS: list[Attribute] = [
    Attribute(
        "categories",
        "买过的品类",
        "Categories bought",
        "set",
        _categories,
        "every category ever bought; “unknown” is what belongs to none",
        rows=True,
        named=_UNSORTED,
        phrases=dict.fromkeys(("is", "one_of"), ("买过 {value}", "bought {value}")),
        chart=Chart(60, "category", always=True, per_bin=_per_category),
    ),
    Attribute("products", "买过的商品", "Products bought", "set", _products, "every product ever bought", rows=True),
    Attribute(
        "favourite_category", "偏好品类", "Favourite category", "choice", fact("favourite_category"), "the category they spent most on"
    ),
    Attribute(
        "first_category",
        "首单品类",
        "First category",
        "choice",
        firsts.first_category,
        "the category of what brought most in the first purchase",
        rows=True,
    ),
    Attribute(
        "first_product",
        "首单商品",
        "First product",
        "choice",
        firsts.first_product,
        "the product that brought most in the first purchase",
        rows=True,
    ),
]
