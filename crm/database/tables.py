"""The tables as unbound Ibis tables, for expressions that run on DuckDB here and on Spark elsewhere. A test holds them equal to the SQL."""

from typing import Any

import ibis

_TYPES = {
    "text": "string",
    "moment": "timestamp(6)",
    "money": "decimal(12, 2)",
    "total": "decimal(18, 2)",
    "rate": "decimal(18, 10)",
}


def _table(name: str, columns: str) -> Any:
    """`columns`: name and type of each, the type as Ibis calls it or as _TYPES does."""
    pairs = [column.split() for column in columns.split(",")]
    return ibis.table({column: _TYPES.get(kind, kind) for column, kind in pairs}, name=name)


orders = _table(
    "orders",
    """
    order_key int64, record_id uint64, platform text, shop text, order_id text, customer_id text, status text, created_at moment,
    paid_at moment, purchased_at moment, day date, payable money, paid money, refunded money, spend money, currency text,
    rate rate, is_purchase boolean, is_paid boolean, is_lost boolean, items int32, country text, province text, city text,
    district text, source text, import_id text
    """,
)

order_lines = _table(
    "order_lines",
    """
    order_key int64, line_id text, customer_id text, day date, is_purchase boolean, product text, sku text, category text,
    category_from text, quantity int32, amount money, refunded money, spend money
    """,
)

customers = _table(
    "customers",
    """
    customer_id text, platform text, shop text, buyer text, nickname text, name text, email text, email_norm text, mailbox text,
    phone text, phone_quality text, phone_until date, country text, province text, city text, district text, city_tier text,
    accepts_marketing boolean, first_seen_at moment
    """,
)

customer_facts = _table(
    "customer_facts",
    """
    customer_id text, placed_orders int64, paid_orders int64, purchases int64, summed_purchases int64, spend total, items int64,
    largest_order money, refunds int64, refunded total, lost_payments int64, first_purchase_at moment, last_purchase_at moment,
    first_purchase_day date, last_purchase_day date, last_placed_day date, interval_days float64, source text,
    favourite_category text, nickname text, name text, platform text, shop text, country text, province text, city text,
    district text, city_tier text, mailbox text, email_norm text, phone_quality text, phone_until date, accepts_marketing boolean,
    gender text, birth_lunar boolean, birth_year int32, birth_month int32, birth_day int32, birth_leap boolean, born date,
    owner text, bad_reviews int64, inquiries int64, disputes int64, calendar_purchases int64, node_purchases int64, priced total,
    discounted total
    """,
)

customer_categories = _table("customer_categories", "customer_id text, category text, purchases int64, spend total, last_purchase_day date")

merged_customers = _table("merged_customers", "customer_id text, merged_into text")

order_records = _table(
    "order_records",
    """
    order_key int64, record_id uint64, customer_id text, platform text, shop text, order_id text, import_id text, import_seq int64,
    buyer text, nickname text, receiver text, email text, phone text, phone_quality text, country text, province text, city text,
    district text, address text, status text, status_rank int32, status_raw text, created_at moment, paid_at moment,
    completed_at moment, payable money, paid money, refunded money, currency text, items int32, source text,
    accepts_marketing boolean, observed_at moment, part text, shipping money
    """,
)

part_orders = _table(
    "part_orders",
    """
    order_key int64, record_id uint64, made_of array<uint64>, customer_id text, platform text, shop text, order_id text,
    import_id text, import_seq int64, buyer text, nickname text, receiver text, email text, phone text, phone_quality text,
    country text, province text, city text, district text, address text, status text, status_rank int32, status_raw text,
    created_at moment, paid_at moment, completed_at moment, payable money, paid money, refunded money, currency text, items int32,
    source text, accepts_marketing boolean, observed_at moment
    """,
)

profiles = _table(
    "profiles",
    """
    customer_id text, platform text, shop text, buyer text, name text, nickname text, gender text, birth_lunar boolean,
    birth_year int32, birth_month int32, birth_day int32, birth_leap boolean, born date, phone text, phone_quality text,
    email text, email_norm text, mailbox text, qq text, wechat text, size text, colours text, family text, owner text,
    remarks text, known_day date
    """,
)

customer_tags = _table("customer_tags", "customer_id text, tag text")

touches = _table(
    "touches",
    """
    customer_id text, kind text, happened_at moment, day date, rating text, product text, body text, actor text
    """,
)

identities = _table("identities", "identity_key text, customer_id text")

recipients = _table(
    "recipients",
    """
    campaign_id text, customer_id text, arm text, address text, address_norm text, message_id text, tokens text, sent_at moment
    """,
)

message_events = _table(
    "message_events",
    """
    event_key text, message_id text, campaign_id text, event text, happened_at moment, url text, machine boolean,
    received_at moment
    """,
)

message_states = _table(
    "message_states",
    """
    message_id text, campaign_id text, state text, happened_at moment, attempt_id text, detail text, seq int64
    """,
)

suppressions = _table("suppressions", "channel text, address_norm text, reason text, source text, happened_at moment, import_id text")

consents = _table(
    "consents",
    """
    channel text, address_norm text, granted boolean, source text, text_version text, operator text, happened_at moment,
    import_id text
    """,
)

customer_list_members = _table("customer_list_members", "list_id text, customer_id text")

ALL = [value for value in list(globals().values()) if isinstance(value, ibis.Table)]
