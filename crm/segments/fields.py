"""The fields of the filter language. One line each: name, words in both languages, kind, where its value comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm.customers import measures
from crm.segments import contacts, pending
from crm.segments.scope import Scope


@dataclass(frozen=True)
class Field:
    """A field. `of` gives a column of the facts; with `rows`, a table (customer_id, value) of its own instead."""

    name: str
    zh: str
    en: str
    kind: str
    of: Callable[[Scope], Any]
    rows: bool = False


def _fact(column: str) -> Callable[[Scope], Any]:
    return lambda scope: scope.facts[column]


def _values(table: Any, value: Any) -> Any:
    return table.select("customer_id", value=value)


def _categories(scope: Scope) -> Any:
    return _values(scope.categories, scope.categories.category)


def _products(scope: Scope) -> Any:
    bought = scope.lines.filter(scope.lines.is_purchase & scope.lines.customer_id.notnull() & scope.lines["product"].notnull())
    return _values(bought, bought["product"])


def _overdue(scope: Scope) -> Any:
    """recency ÷ the customer's own median interval, or the median of their favourite category's customers."""
    facts = scope.facts.mutate(recency=measures.recency(scope))
    usual = facts.group_by("favourite_category").aggregate(usual=facts.interval_days.median())
    beside = facts.left_join(usual, "favourite_category")
    return _values(beside, beside.recency / beside.interval_days.fill_null(beside.usual).nullif(0)).filter(lambda row: row.value.notnull())


ALL = [
    Field("recency_days", "距上次购买天数", "Days since last purchase", "days", measures.recency),
    Field("purchases", "购买次数", "Purchases", "count", _fact("purchases")),
    Field("spend", "消费金额", "Spend", "money", measures.spend),
    Field("average_order_value", "笔单价", "Average order value", "money", measures.average_order_value),
    Field("largest_order", "最大一单", "Largest order", "money", _fact("largest_order")),
    Field("first_purchase_at", "首次购买日", "First purchase", "date", _fact("first_purchase_day")),
    Field("last_purchase_at", "上次购买日", "Last purchase", "date", _fact("last_purchase_day")),
    Field("interval_days", "复购周期（天）", "Usual days between purchases", "days", _fact("interval_days")),
    Field("overdue_ratio", "超期倍数", "Overdue ratio", "ratio", _overdue, rows=True),
    Field("stage", "阶段", "Stage", "choice", measures.stage),
    Field("favourite_category", "偏好品类", "Favourite category", "choice", _fact("favourite_category")),
    Field("categories", "买过的品类", "Categories bought", "set", _categories, rows=True),
    Field("products", "买过的商品", "Products bought", "set", _products, rows=True),
    Field("source", "来源", "Source", "choice", _fact("source")),
    Field("country", "国家/地区", "Country", "choice", _fact("country")),
    Field("province", "省份", "Province", "choice", _fact("province")),
    Field("city", "城市", "City", "choice", _fact("city")),
    Field("district", "区县", "District", "choice", _fact("district")),
    Field("city_tier", "城市级别", "City tier", "choice", _fact("city_tier")),
    Field("refunds", "退款单数", "Orders with a refund", "count", _fact("refunds")),
    Field("lost_payments", "未付款订单", "Orders never paid", "count", _fact("lost_payments")),
    Field("unpaid_orders", "待付款订单", "Orders waiting for payment", "count", pending.orders_in("unpaid"), rows=True),
    Field("open_presales", "预售待付尾款", "Presales waiting for the balance", "count", pending.orders_in("deposit_paid"), rows=True),
    Field("has_email", "有邮箱", "Has an e-mail address", "flag", lambda scope: scope.facts.email_norm.notnull()),
    Field("mailbox", "邮箱服务商", "Mailbox provider", "choice", _fact("mailbox")),
    Field("phone_quality", "手机号状态", "Phone number", "choice", _fact("phone_quality")),
    Field("call_before", "虚拟号失效日", "Virtual number dies on", "date", _fact("phone_until")),
    Field("gender", "性别", "Gender", "choice", _fact("gender")),
    Field("age", "年龄", "Age", "count", measures.age),
    Field("birthday", "生日", "Birthday", "coming", measures.birthday),
    Field("birthday_month", "生日月份", "Month of birthday", "count", measures.birthday_month),
    Field("tags", "标签", "Tags", "set", contacts.tags, rows=True),
    Field("owner", "负责人", "Owner", "choice", _fact("owner")),
    Field("profile_complete", "登记完整", "Complete record", "flag", measures.complete),
    Field("bad_reviews", "中差评数", "Bad reviews", "count", _fact("bad_reviews")),
    Field("inquiries", "咨询次数", "Inquiries", "count", _fact("inquiries")),
    Field("disputes", "纠纷次数", "Disputes", "count", _fact("disputes")),
    Field("consent_email", "同意收邮件", "Agreed to e-mail", "flag", contacts.email_consent),
    Field("consent_sms", "同意收短信", "Agreed to SMS", "flag", contacts.sms_consent),
    Field("last_contacted_days", "距上次联系天数", "Days since last contacted", "days", contacts.last_contacted, rows=True),
    Field("promotions_30d", "近30天推广次数", "Promotions in the last 30 days", "count", contacts.promotions, rows=True),
]
FIELDS = {field.name: field for field in ALL}
