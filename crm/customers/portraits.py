"""Customers as their orders up to some day tell them: the table `customers` for any day. Pure Ibis expressions.

The latest order says who somebody is; what it leaves blank comes from the one before. Of two orders at one moment the later one is the one
whose platform, shop and order id come later (`ORDER`). Of an order with several source records the one that wins is asked first, then the
others. For today `crm/imports/sql/customers.sql` (with `fillings.sql`) makes the same rows faster; a test holds both equal.
"""

from datetime import datetime
from functools import cache
from typing import Any

import ibis

from crm.customers import days
from crm.customers.evidence import ADDRESS
from crm.database import tables
from crm.places import regions

ORDER = ("purchased_at", "platform", "shop", "order_id")
"""In which order a customer's orders came."""
EPOCH = datetime(1970, 1, 1)
TOLD = """
order_key record_id observed_at status_rank refunded import_seq buyer nickname receiver email phone phone_quality
completed_at accepts_marketing country province city district
""".split()
VIRTUAL_DAYS = 15
"""So long after an order is completed its virtual number still works; then the platform takes it back."""


def numbered(orders: Any) -> Any:
    """The same rows with `place`: 0 for a customer's first, 1 for the next …"""
    return orders.mutate(place=ibis.row_number().over(group_by="customer_id", order_by=list(ORDER)))


def expression(orders: Any, zone: str, order_records: Any = tables.order_records, part_orders: Any = tables.part_orders) -> Any:
    """One row per customer of these orders, with the columns of `customers`. `zone`: the shop's."""
    known = orders.filter(orders.customer_id.notnull()).select("order_key", "customer_id", *ORDER, winner="record_id")
    made = part_orders.semi_join(orders, ["order_key", "record_id"])  # orders told in parts, made whole
    rows = known.left_join(order_records.select(*TOLD).union(made.select(*TOLD)), "order_key").drop("order_key_right")
    wins, seen = rows.record_id == rows.winner, rows.observed_at.fill_null(EPOCH)
    rank = [*ORDER, wins, seen, rows.status_rank, rows.refunded.fill_null(0), rows.import_seq, rows.record_id]
    placed = rows.mutate(place=ibis.row_number().over(group_by="customer_id", order_by=rank))
    return _named(_latest(placed), zone)


def _latest(rows: Any) -> Any:
    """Of each customer what was told last."""

    def last(value: Any, where: Any = None) -> Any:
        return value.argmax(rows.place, where=value.notnull() if where is None else where)

    dialled = ibis.struct({"phone": rows.phone, "quality": rows.phone_quality, "completed": rows.completed_at})
    lives = ibis.struct({"province": rows.province, "city": rows.city, "district": rows.district, "country": rows.country})
    return rows.group_by("customer_id").aggregate(
        **{name: last(rows[name]) for name in ("platform", "shop", "buyer", "nickname", "email", "country", "accepts_marketing")},
        name=last(rows.receiver),
        dialled=last(dialled, rows.phone.notnull()),
        lives=last(lives, rows.province.notnull()),
        first_seen_at=rows.purchased_at.min(),
    )


def _named(result: Any, zone: str) -> Any:
    flat = result.mutate(
        phone=result.dialled["phone"],
        phone_quality=result.dialled["quality"],
        completed=result.dialled["completed"],
        province=result.lives["province"],
        city=result.lives["city"],
        district=result.lives["district"],
    )
    lowered = flat.email.strip().lower()
    usable = flat.email.contains("@") & lowered.re_search(ADDRESS) & ~flat.email.contains("..")
    address = usable.ifelse(lowered, ibis.null("string"))
    until = (days.shop_day(flat.completed, zone) + ibis.interval(days=VIRTUAL_DAYS)).cast("date")
    placed = flat.mutate(
        email_norm=address,
        mailbox=address.split("@")[1],
        phone_until=(flat.phone_quality == "virtual").ifelse(until, ibis.null("date")),
        country=ibis.coalesce(flat.lives["country"], flat.country),  # a province goes with its own country
    )
    tiers = _tiers()
    return placed.left_join(tiers, placed.city == tiers.tier_of).select(*tables.customers.columns)


@cache
def _tiers() -> Any:
    """city (as `tier_of`) and city_tier of every prefecture in the list."""
    known = regions.tier_table()
    pairs = [{"city": city, "tier": tier} for city, tier in zip(known.city, known.tier, strict=True)]
    rows = ibis.literal(pairs, type="array<struct<city: string, tier: string>>").unnest().name("pair").as_table()
    return rows.select(tier_of=rows.pair["city"], city_tier=rows.pair["tier"])
