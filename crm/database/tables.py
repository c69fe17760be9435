"""The tables as unbound Ibis tables, for expressions that run on DuckDB here and on Spark elsewhere. A test holds them equal to the SQL."""

from typing import Any

import ibis

_MONEY = "decimal(12, 2)"
_TOTAL = "decimal(18, 2)"

orders: Any = ibis.table(
    {
        "order_key": "int64", "telling": "uint64", "platform": "string", "shop": "string", "order_id": "string", "customer_id": "string",
        "status": "string", "created_at": "timestamp(6)", "paid_at": "timestamp(6)", "purchased_at": "timestamp(6)", "day": "date",
        "payable": _MONEY, "paid": _MONEY, "refunded": _MONEY, "spend": _MONEY, "currency": "string", "rate": "decimal(18, 10)",
        "is_purchase": "boolean", "is_paid": "boolean", "is_lost": "boolean", "items": "int32",
        "country": "string", "province": "string", "city": "string", "district": "string", "source": "string", "import_id": "string",
    },
    name="orders",
)  # fmt: skip

order_lines: Any = ibis.table(
    {
        "order_key": "int64", "line_id": "string", "customer_id": "string", "day": "date", "is_purchase": "boolean",
        "product": "string", "sku": "string", "category": "string", "category_from": "string",
        "quantity": "int32", "amount": _MONEY, "refunded": _MONEY, "spend": _MONEY,
    },
    name="order_lines",
)  # fmt: skip

customers: Any = ibis.table(
    {
        "customer_id": "string", "platform": "string", "shop": "string", "buyer": "string", "nickname": "string", "name": "string",
        "email": "string", "email_norm": "string", "mailbox": "string", "phone": "string", "phone_quality": "string", "phone_until": "date",
        "country": "string", "province": "string", "city": "string", "district": "string", "city_tier": "string",
        "accepts_marketing": "boolean", "first_seen_at": "timestamp(6)",
    },
    name="customers",
)  # fmt: skip

customer_facts: Any = ibis.table(
    {
        "customer_id": "string", "placed_orders": "int64", "paid_orders": "int64", "purchases": "int64", "summed_purchases": "int64",
        "spend": _TOTAL, "items": "int64", "largest_order": _MONEY, "refunds": "int64", "refunded": _TOTAL, "lost_payments": "int64",
        "first_purchase_at": "timestamp(6)", "last_purchase_at": "timestamp(6)", "first_purchase_day": "date", "last_purchase_day": "date",
        "last_placed_day": "date", "interval_days": "float64", "source": "string", "favourite_category": "string",
        "nickname": "string", "name": "string", "platform": "string", "shop": "string", "country": "string", "province": "string",
        "city": "string", "district": "string", "city_tier": "string", "mailbox": "string", "email_norm": "string",
        "phone_quality": "string", "phone_until": "date", "accepts_marketing": "boolean", "gender": "string",
        "birth_lunar": "boolean", "birth_year": "int32",
        "birth_month": "int32", "birth_day": "int32", "birth_leap": "boolean", "born": "date", "owner": "string",
        "bad_reviews": "int64", "inquiries": "int64", "disputes": "int64",
    },
    name="customer_facts",
)  # fmt: skip

customer_categories: Any = ibis.table(
    {"customer_id": "string", "category": "string", "purchases": "int64", "spend": _TOTAL, "last_purchase_day": "date"},
    name="customer_categories",
)

merged_customers: Any = ibis.table({"customer_id": "string", "merged_into": "string"}, name="merged_customers")

order_rows: Any = ibis.table(
    {
        "order_key": "int64", "telling": "uint64", "customer_id": "string", "platform": "string", "shop": "string", "order_id": "string",
        "import_id": "string", "import_seq": "int64", "buyer": "string", "nickname": "string", "receiver": "string", "email": "string",
        "phone": "string", "phone_quality": "string", "country": "string", "province": "string", "city": "string", "district": "string",
        "address": "string", "status": "string", "status_rank": "int32", "status_raw": "string", "created_at": "timestamp(6)",
        "paid_at": "timestamp(6)", "completed_at": "timestamp(6)", "payable": _MONEY, "paid": _MONEY, "refunded": _MONEY,
        "currency": "string", "items": "int32", "source": "string", "accepts_marketing": "boolean",
        "observed_at": "timestamp(6)", "part": "string", "shipping": _MONEY,
    },
    name="order_rows",
)  # fmt: skip

part_orders: Any = ibis.table(
    {
        "order_key": "int64", "telling": "uint64", "made_of": "array<uint64>", "customer_id": "string", "platform": "string",
        "shop": "string", "order_id": "string", "import_id": "string", "import_seq": "int64", "buyer": "string", "nickname": "string",
        "receiver": "string", "email": "string", "phone": "string", "phone_quality": "string", "country": "string", "province": "string",
        "city": "string", "district": "string", "address": "string", "status": "string", "status_rank": "int32", "status_raw": "string",
        "created_at": "timestamp(6)", "paid_at": "timestamp(6)", "completed_at": "timestamp(6)", "payable": _MONEY, "paid": _MONEY,
        "refunded": _MONEY, "currency": "string", "items": "int32", "source": "string", "accepts_marketing": "boolean",
        "observed_at": "timestamp(6)",
    },
    name="part_orders",
)  # fmt: skip

profiles: Any = ibis.table(
    {
        "customer_id": "string", "platform": "string", "shop": "string", "buyer": "string", "name": "string", "nickname": "string",
        "gender": "string", "birth_lunar": "boolean", "birth_year": "int32", "birth_month": "int32", "birth_day": "int32",
        "birth_leap": "boolean", "born": "date", "phone": "string", "phone_quality": "string", "email": "string", "email_norm": "string",
        "mailbox": "string", "qq": "string", "wechat": "string", "size": "string", "colours": "string", "family": "string",
        "owner": "string", "remarks": "string", "known_day": "date",
    },
    name="profiles",
)  # fmt: skip

customer_tags: Any = ibis.table({"customer_id": "string", "tag": "string"}, name="customer_tags")

touches: Any = ibis.table(
    {
        "customer_id": "string", "kind": "string", "happened_at": "timestamp(6)", "day": "date", "rating": "string", "product": "string",
        "body": "string",
    },
    name="touches",
)  # fmt: skip

told_customers: Any = ibis.table({"told_key": "string", "customer_id": "string"}, name="told_customers")

recipients: Any = ibis.table(
    {
        "campaign_id": "string", "customer_id": "string", "arm": "string", "address": "string", "address_norm": "string",
        "message_id": "string", "tokens": "string", "sent_at": "timestamp(6)",
    },
    name="recipients",
)  # fmt: skip

messages: Any = ibis.table(
    {
        "message_id": "string",
        "campaign_id": "string",
        "state": "string",
        "happened_at": "timestamp(6)",
        "attempt_id": "string",
        "detail": "string",
    },
    name="messages",
)

message_events: Any = ibis.table(
    {
        "event_key": "string", "message_id": "string", "campaign_id": "string", "event": "string", "happened_at": "timestamp(6)",
        "url": "string", "machine": "boolean", "received_at": "timestamp(6)",
    },
    name="message_events",
)  # fmt: skip

suppressions: Any = ibis.table(
    {
        "channel": "string", "address_norm": "string", "reason": "string", "source": "string", "happened_at": "timestamp(6)",
        "import_id": "string",
    },
    name="suppressions",
)  # fmt: skip

consents: Any = ibis.table(
    {
        "channel": "string", "address_norm": "string", "granted": "boolean", "source": "string", "text_version": "string",
        "operator": "string", "happened_at": "timestamp(6)", "import_id": "string",
    },
    name="consents",
)  # fmt: skip

ALL: list[Any] = [
    orders, order_lines, customers, customer_facts, customer_categories, merged_customers, order_rows, part_orders, profiles, customer_tags,
    touches, told_customers, recipients, messages, message_events, suppressions, consents,
]  # fmt: skip
