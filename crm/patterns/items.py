"""What patterns ask of products and categories: which are looked at, who bought them on which days, the filters of their buyers."""

from typing import Any

import ibis

from crm.errors import NotFoundError
from crm.segments.scope import Node, Scope

KINDS = ("category", "product")


def checked(kind: str) -> str:
    """The kind itself; NotFoundError where it is none."""
    if kind not in KINDS:
        raise NotFoundError(
            "patterns.unknown_kind", "There are no patterns of “{given}”. Known are: {known}.", given=kind[:40], known=", ".join(KINDS)
        )
    return kind


def bought(within: Scope, kind: str, most: int) -> Any:
    """customer_id, item, day: each identified buyer of each of the `most` items with the most buyers, once a day."""
    lines = within.lines
    known = lines.filter(lines.is_purchase & lines.customer_id.notnull() & lines[kind].notnull())
    days = known.select("customer_id", "day", item=known[kind]).distinct()
    ranked = days.group_by("item").aggregate(people=days.customer_id.nunique()).order_by([ibis.desc("people"), "item"]).limit(most)
    return days.semi_join(ranked, "item")


def buyers(kind: str, item: str, **more: Any) -> Node:
    """The filter of who bought it. `more`: as of `bought` in the filter language."""
    return {"bought": {kind: item, **more}}
