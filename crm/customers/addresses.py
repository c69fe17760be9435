"""Kind of address (school, office, home, village, pick-up station) by words in it: the shop's own, or those of data/reference.

The address is that of the customer's latest order that tells one. Of several kinds whose words occur the first of KINDS counts: a parcel
locker at a school is a pick-up station. An address without any of the words is of no kind that is known.
"""

import json
import re
from functools import cache
from typing import Any

import ibis

from crm.customers.context import Context
from crm.database import tables
from crm.settings import Shop, reference

KINDS = {
    "pickup": ("驿站/自提点", "Pick-up station"),
    "school": ("学校", "School"),
    "office": ("公司/单位", "Office"),
    "home": ("住宅", "Home"),
    "village": ("乡村", "Village"),
}


@cache
def usual() -> dict[str, list[str]]:
    """The words of data/reference by kind."""
    with reference("address_kinds.json").open(encoding="utf-8") as file:
        words: dict[str, list[str]] = json.load(file)
    return words


def words(shop: Shop) -> dict[str, list[str]]:
    """The words by kind; a kind that the shop gives words has those alone."""
    return usual() | shop.address_words


def kind(context: Context) -> Any:
    """customer_id, value: the kind of the address of the latest order that tells one."""
    rows = _latest(context)
    known = words(context.shop)
    none = (ibis.literal(False), "")  # a shop may have taken all words away
    tests = [(rows.address.re_search("(?i)" + "|".join(map(re.escape, known[name]))), name) for name in KINDS if known[name]]
    rows = rows.select("customer_id", value=ibis.cases(none, *tests, else_=ibis.null("string")))
    return rows.filter(rows.value.notnull())


def _latest(context: Context) -> Any:
    """customer_id, address: one row per customer of whom any order tells an address. Texts are read last, when few rows are left.

    Of two orders at one moment the one with the greater record_id counts: putting all in `portraits.ORDER` takes ten times as long.
    """
    told = tables.order_records.select("record_id", "address").union(tables.part_orders.select("record_id", "address"))
    told = told.filter(told.address.notnull())
    orders = context.orders.filter(context.orders.customer_id.notnull()).select("customer_id", "record_id", "purchased_at")
    rows = orders.semi_join(told.select("record_id"), "record_id")
    newest = rows.group_by("customer_id").aggregate(newest=rows.purchased_at.max())
    last = rows.join(newest, "customer_id")
    last = last.filter(last.purchased_at == last.newest)
    chosen = last.group_by("customer_id").aggregate(record_id=last.record_id.max())
    return chosen.join(told, "record_id").select("customer_id", "address")
