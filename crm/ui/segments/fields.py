"""The menu of a condition: what can be asked of customers, in groups; and what is kept when the question changes to a like one."""

from typing import Any

from crm.segments.fields import FIELDS
from crm.ui.words import _, label

SPECIAL = ("bought", "received", "in_segment")
GROUPS: dict[str, tuple[str, ...]] = {
    "purchases": (
        "recency_days", "purchases", "spend", "average_order_value", "largest_order", "first_purchase_at", "last_purchase_at",
        "interval_days", "overdue_ratio", "stage",
    ),
    "products": ("bought", "categories", "products", "favourite_category"),
    "place": ("source", "country", "province", "city", "district", "city_tier"),
    "person": ("gender", "age", "birthday", "birthday_month", "tags", "owner", "profile_complete"),
    "reach": (
        "has_email", "mailbox", "phone_quality", "call_before", "consent_email", "consent_sms", "last_contacted_days", "promotions_30d",
        "received",
    ),
    "trouble": ("refunds", "lost_payments", "unpaid_orders", "open_presales", "bad_reviews", "inquiries", "disputes"),
    "segment": ("in_segment",),
}  # fmt: skip
"""Every field and special condition once, in the order of the menu."""

SORTS = [name for names in GROUPS.values() for name in names]
SAID = ("is", "one_of", "contains")
Node = dict[str, Any]


def title(sort: str) -> str:
    """A field as the menu names it: its group first, so that typing the group's name finds all of it."""
    groups = {
        "purchases": _("How they buy"), "products": _("What they bought"), "place": _("Where from"), "person": _("The person"),
        "reach": _("Contact"), "trouble": _("Refunds, unpaid, service"), "segment": _("Segments"),
    }  # fmt: skip
    return f"{groups[next(group for group, names in GROUPS.items() if sort in names)]} · {name(sort)}"


def name(sort: str) -> str:
    """A field or special condition in words."""
    special = {
        "bought": _("Bought in some time, so often, for so much"),
        "received": _("Received a campaign …"),
        "in_segment": _("Is in the segment …"),
    }
    return special.get(sort) or label(FIELDS[sort])


def carried(node: Node, sort: str) -> Node:
    """A new condition of another sort with what was chosen of categories or product words; empty where nothing of it fits."""
    categories, product = _chosen(node)
    if sort == "bought":
        told: Node = ({"category": categories} if categories else {}) | ({"product": product} if product else {})
        return {"bought": told} if told else {}
    if sort in ("categories", "favourite_category") and categories:
        return {"field": sort, "op": "one_of", "value": categories}
    return {"field": sort, "op": "contains", "value": product} if sort == "products" and product else {}


def _chosen(node: Node) -> tuple[list[str], str]:
    """The categories and the product word of a condition that asks for them (not of one that rules them out)."""
    if "bought" in node:
        return several(node["bought"].get("category")), next(iter(several(node["bought"].get("product"))), "")
    given = several(node.get("value")) if node.get("op") in SAID else []
    if node.get("field") in ("categories", "favourite_category") and node["op"] != "contains":
        return given, ""
    return [], given[0] if node.get("field") == "products" and len(given) == 1 else ""


def several(given: Any) -> list[str]:
    """One text or many as a list."""
    return list(given) if isinstance(given, list) else [given] if given else []
