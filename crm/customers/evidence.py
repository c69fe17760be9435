"""Evidence that two accounts are one person: the same clear phone number or e-mail address in any of their records. Pure Ibis expressions.

Names, addresses, masked, virtual and encrypted phone numbers are no evidence; nor is a mailbox that a marketplace lends.
"""

from typing import Any

import ibis

from crm.database import tables
from crm.settings import RELAYS

MOBILE = "^(00)?86(1[3-9][0-9]{9})$"
ADDRESS = r'^[^@\s,;<>()"*]+@([\p{L}\d-]+\.)+\p{L}{2,}$'
SHORTEST = 10
"""Digits of a phone number that stands for one person: shorter ones lack their area code."""


def expression() -> Any:
    """Rows of account, customer_id, kind, mark, name, customers, purchases: every mark that more than one customer carries.

    `account` is the customer as told, `customer_id` the one they live on as; `name` the receiver told together with the mark;
    `customers` how many customers carry the mark, `purchases` how often this one bought.
    """
    result = ibis.union(_phones(), _mails())
    merged = tables.merged_customers.select(account="customer_id", into="merged_into")
    beside = result.left_join(merged, "account").drop("account_right")
    known = beside.select("account", "kind", "mark", "name", customer_id=beside.into.fill_null(beside.account))
    carried = known.group_by("kind", "mark").aggregate(customers=known.customer_id.nunique())
    several = known.join(carried.filter(carried.customers > 1), ["kind", "mark"])
    phone, mark = several.kind == "phone", several["mark"]
    several = several.filter(phone.ifelse(_whole_number(mark), _address(mark)))  # last: it is dear, and few are left
    facts = tables.customer_facts.select("customer_id", "purchases")
    return several.join(facts, "customer_id").select("account", "customer_id", "kind", "mark", "name", "customers", "purchases")


def _phones() -> Any:
    rows = tables.order_records
    clear = rows.filter(rows.customer_id.notnull() & (rows.phone_quality == "clear") & rows.phone.notnull())
    result = clear.select(account="customer_id", raw="phone", name="receiver").distinct()
    digits = result.raw.re_replace("[^0-9]", "")
    abroad = result.raw.startswith("+").ifelse(ibis.literal("+") + digits, digits)
    mark = digits.re_search(MOBILE).ifelse(digits.right(11), abroad)
    return result.select("account", "name", kind=ibis.literal("phone"), mark=mark)


def _mails() -> Any:
    rows = tables.order_records
    result = rows.filter(rows.customer_id.notnull() & rows.email.contains("@"))
    result = result.select(account="customer_id", raw="email", name="receiver").distinct()
    return result.select("account", "name", kind=ibis.literal("email"), mark=result.raw.strip().lower())


def _whole_number(mark: Any) -> Any:
    return mark.replace("+", "").length() >= SHORTEST


def _address(mark: Any) -> Any:
    return mark.re_search(ADDRESS) & ~mark.contains("..") & ~mark.contains("@" + RELAYS)
