"""The menu of a condition: what can be asked of customers, in groups; and what is kept when the question changes to a like one."""

from typing import Any

from crm.customers import attributes
from crm.ui.words import _, label

SPECIAL = ("bought", "received", "in_segment", "in_list")
SAID = ("is", "one_of", "contains")
Node = dict[str, Any]


def groups() -> dict[str, list[str]]:
    """Every field and special condition once, in the order of the menu."""
    values = {group: [one.name for one in some] for group, some in attributes.MENU.items()}
    values["products"].insert(0, "bought")
    values["reach"].append("received")
    return values | {"segment": ["in_segment", "in_list"]}


def sorts() -> list[str]:
    """The menu as one list."""
    return [name for names in groups().values() for name in names]


def title(sort: str) -> str:
    """A field as the menu names it: its group first, so that typing the group's name finds all of it."""
    titles = {
        "purchases": _("How they buy"),
        "predicted": _("What is to be expected"),
        "products": _("What they bought"),
        "habits": _("How they usually buy"),
        "place": _("Where from"),
        "person": _("The person"),
        "reach": _("Contact"),
        "trouble": _("Refunds, unpaid, service"),
        "segment": _("Segments"),
    }
    return f"{titles[next(group for group, names in groups().items() if sort in names)]} · {name(sort)}"


def name(sort: str) -> str:
    """A field or special condition in words."""
    special = {
        "bought": _("Bought in some time, so often, for so much"),
        "received": _("Received a campaign …"),
        "in_segment": _("Is in the segment …"),
        "in_list": _("Is on the list …"),
    }
    return special.get(sort) or label(attributes.every()[sort])


def carried(node: Node, sort: str) -> Node:
    """A new condition of another sort with what was chosen of categories or product words; empty where nothing of it fits."""
    categories, product = _chosen(node)
    if sort == "bought":
        result: Node = ({"category": categories} if categories else {}) | ({"product": product} if product else {})
        return {"bought": result} if result else {}
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
