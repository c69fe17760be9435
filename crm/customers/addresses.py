"""Kind of address (school, office, home, village, pick-up station) by words in it: the shop's own, or those of data/reference.

The address is that of the customer's latest order that tells one. Of several kinds whose words occur the first of KINDS counts: a parcel
locker at a school is a pick-up station. An address without any of the words is of no kind that is known.
"""

import json
from functools import cache, reduce
from typing import Any

import ibis

from crm.customers import portraits
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
    lowered = rows.address.lower()
    none = (ibis.literal(False), "")  # a shop may have taken all words away
    tests = [(reduce(lambda a, b: a | b, [lowered.contains(word.lower()) for word in known[name]]), name) for name in KINDS if known[name]]
    rows = rows.select("customer_id", value=ibis.cases(none, *tests, else_=ibis.null("string")))
    return rows.filter(rows.value.notnull())


def _latest(context: Context) -> Any:
    """customer_id, address: one row per customer of whom any order tells an address."""
    told = tables.order_records.select("record_id", "address").union(tables.part_orders.select("record_id", "address"))
    told = told.filter(told.address.notnull())
    orders = context.orders.filter(context.orders.customer_id.notnull()).select("customer_id", "record_id", *portraits.ORDER)
    rows = orders.join(told, "record_id")
    newest = rows.group_by("customer_id").aggregate(newest=rows.purchased_at.max())
    last = rows.join(newest, "customer_id")
    last = last.filter(last.purchased_at == last.newest)  # few are left of each: only they are put in order
    ranked = last.mutate(place=ibis.row_number().over(group_by="customer_id", order_by=[ibis.desc(name) for name in portraits.ORDER]))
    return ranked.filter(ranked.place == 0).select("customer_id", "address")
