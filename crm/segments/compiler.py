"""From a NODE to an Ibis boolean over the facts. An unknown value never matches, and its `not` does: no result is ever null."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any

import ibis

from crm.customers import contacts, days, festivals, merged
from crm.customers.attribute import Attribute
from crm.customers.bins import UNKNOWN
from crm.database import tables
from crm.errors import BadInputError, NotFoundError
from crm.orders import money
from crm.segments import filters, ops, periods
from crm.segments.ops import OPS
from crm.segments.scope import Node, Scope

NEGATED = {"is_not": "is", "none_of": "one_of"}


def predicate(node: Node, scope: Scope, inside: tuple[str, ...] = ()) -> Any:
    """A boolean, never null, over `scope.facts`. `inside`: the segments being looked into, to refuse circles."""
    filters.check(node)
    if "all" in node:
        return reduce(lambda a, b: a & b, [predicate(part, scope, inside) for part in node["all"]], ibis.literal(True))
    if "any" in node:
        return reduce(lambda a, b: a | b, [predicate(part, scope, inside) for part in node["any"]], ibis.literal(False))
    if "not" in node:
        return ~predicate(node["not"], scope, inside)
    if "in_segment" in node:
        return _in_segment(node["in_segment"], scope, inside)
    if "in_list" in node:
        return _in_list(node["in_list"], scope)
    leaf = (
        _bought(node["bought"], scope)
        if "bought" in node
        else _received(node["received"], scope)
        if "received" in node
        else _field(node, scope)
    )
    return leaf.fill_null(False)


def _in_segment(name: str, scope: Scope, inside: tuple[str, ...]) -> Any:
    if name in inside:
        raise BadInputError(
            "segment.circular",
            "The segment “{name}” leads back to itself ({path}). Please take that condition out.",
            name=name,
            path=" → ".join((*inside, name)),
        )
    return predicate(saved_node(name, scope.saved), scope, (*inside, name))


def _in_list(wanted: Node, scope: Scope) -> Any:
    """Everybody on a list of customers, under the ids that they live on as."""
    list_id = scope.lists.get(wanted["list"])
    if list_id is None:
        raise NotFoundError(
            "segment.list_not_found",
            "There is no list “{name}” in this shop. Nothing was counted. Please paste it again, or choose another list.",
            name=filters.short(wanted.get("name") or wanted["list"]),
        )
    members = tables.customer_list_members
    return scope.facts.customer_id.isin(merged.current(members.filter(members.list_id == list_id)).customer_id)


def saved_node(name: str, saved: Mapping[str, Node]) -> Node:
    """The NODE of a kept segment; NotFoundError naming the nearest."""
    if name not in saved:
        known = filters.nearest(name, list(saved)) or ["—"]
        raise NotFoundError(
            "segment.not_found", "There is no segment “{name}”. Nearest known: {known}.", name=filters.short(name), known=", ".join(known)
        )
    return saved[name]


def _field(node: Node, scope: Scope) -> Any:
    field, op = filters.field_of(node["field"]), node["op"]
    given = node.get("value")
    value = given if OPS[op].needs in ("period", "node") else plain(field, given)
    if not field.rows:
        return ops.of(field.kind, op).test(field.of(scope), value, scope.as_of)
    rows = field.of(scope)
    known = scope.facts.customer_id.isin(rows.filter(rows.value.notnull()).customer_id)
    if op in ("is_known", "is_unknown"):
        return known if op == "is_known" else ~known
    if field.kind == "set":
        rows = rows.mutate(value=rows.value.fill_null(UNKNOWN))
    if field.kind == "set" and op in NEGATED:
        return known & ~_has(rows, NEGATED[op], value, scope)
    return _has(rows, op, value, scope)


def _has(rows: Any, op: str, value: Any, scope: Scope) -> Any:
    return scope.facts.customer_id.isin(rows.filter(OPS[op].test(rows.value, value, scope.as_of)).customer_id)


def plain(field: Attribute, value: Any) -> Any:
    """A JSON value as the column's own type: days as dates, amounts as decimals."""
    if isinstance(value, list | tuple):
        return [plain(field, one) for one in value]
    if field.kind == "date" and isinstance(value, str):
        return ibis.literal(date.fromisoformat(value))
    return Decimal(str(value)) if field.kind == "money" and isinstance(value, float) else value


def _bought(wanted: Node, scope: Scope) -> Any:
    """Customers with at least `at_least` purchases (and `spend_at_least`) that fit all the rest."""
    by_line, source = _by_line(wanted), bought(wanted, scope)
    least, money = wanted.get("at_least", 1), Decimal(str(wanted.get("spend_at_least", 0)))
    if least == 1 and not money:  # by far the most frequent: nothing has to be counted
        return scope.facts.customer_id.isin(source.customer_id)
    orders = source.order_key.nunique() if by_line else source.count()
    per = source.group_by("customer_id").aggregate(purchases=orders, spend=source.spend.sum())
    enough = per.filter((per.purchases >= least) & (per.spend >= money)) if money else per.filter(per.purchases >= least)
    result = scope.facts.customer_id.isin(enough.customer_id)
    return result | ~scope.facts.customer_id.isin(per.customer_id) if least == 0 and not money else result


def _by_line(wanted: Node) -> bool:
    return bool(wanted.keys() & {"category", "product"})


def bought(wanted: Node, scope: Scope) -> Any:
    """The purchases (of a category or product: their lines) that fit all of a `bought` but how many and how much, with day and spend."""
    source = _lines(wanted, scope) if _by_line(wanted) else scope.orders.filter(scope.orders.is_purchase)
    return source.filter(source.customer_id.notnull() & _days(source.day, wanted, scope.as_of))


def _lines(wanted: Node, scope: Scope) -> Any:
    """What was bought of a category or product, with its net share of the order's money."""
    loose = UNKNOWN in _many(wanted.get("category", []))  # what is no line's is in no category, and no product's
    lines = money.bought(scope.orders, scope.lines) if loose else scope.lines.filter(scope.lines.is_purchase)
    lines = lines.mutate(spend=lines.spend.fill_null(0).cast(money.MONEY))
    if "category" in wanted:
        lines = lines.filter(lines.category.fill_null(UNKNOWN).isin(_many(wanted["category"])))
    if "product" in wanted:
        titles = lines["product"].lower()
        lines = lines.filter(reduce(lambda a, b: a | b, [titles.contains(part.lower()) for part in _many(wanted["product"])]))
    return lines


def _many(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _days(day: Any, wanted: Node, as_of: date) -> Any:
    tests = [ibis.literal(True)]
    if "from" in wanted:
        tests.append(day >= ibis.literal(date.fromisoformat(wanted["from"])))
    if "to" in wanted:
        tests.append(day <= ibis.literal(date.fromisoformat(wanted["to"])))
    if "within_days" in wanted:
        tests.append(OPS["within_days"].test(day, wanted["within_days"], as_of))
    for key, found in (("period", periods.window), ("since", periods.since)):
        if key in wanted:
            first, last = found(wanted[key], as_of)
            tests.append(day.between(ibis.literal(first), ibis.literal(last)))
    if "node" in wanted:
        periods.require_covered(wanted, as_of)
        windows = festivals.windows(wanted["node"])
        tests.append(reduce(lambda a, b: a | b, [day.between(ibis.literal(first), ibis.literal(last)) for first, last in windows]))
    return reduce(lambda a, b: a & b, tests)


def _received(wanted: Node, scope: Scope) -> Any:
    """Customers a campaign wrote to (or for whom that event happened)."""
    return scope.facts.customer_id.isin(received(wanted, scope).customer_id)


def received(wanted: Node, scope: Scope) -> Any:
    """The rows of `recipients` that fit a `received`; with `converted` each as often as was bought after it."""
    people = contacts.written_to(scope)
    if "campaign" in wanted or "channel" in wanted:
        people = people.filter(people.campaign_id.isin(_campaigns(wanted, scope)))
    if "within_days" in wanted:
        people = people.filter(days.within(days.shop_day(people.sent_at, scope.shop.timezone), scope.as_of, wanted["within_days"]))
    if wanted.get("event") == "converted":
        people = _converted(people, scope)
    elif "event" in wanted:
        result = tables.message_events
        people = people.filter(people.message_id.isin(result.filter(_happened(result, wanted["event"], scope)).message_id))
    return people


def _campaigns(wanted: Node, scope: Scope) -> list[str]:
    names, channels = _many(wanted.get("campaign", [])), _many(wanted.get("channel", []))
    known = {word for entry in scope.campaigns for word in entry[:2]}
    for name in names:
        if name not in known:
            raise NotFoundError("segment.unknown_campaign", "There is no campaign “{name}”. Nothing was counted.", name=filters.short(name))
    fitting = [c for c in scope.campaigns if (not names or c[0] in names or c[1] in names) and (not channels or c[2] in channels)]
    return [c[0] for c in fitting] or [""]


def _happened(result: Any, event: str, scope: Scope) -> Any:
    return (result.event == event) & ~result.machine & (result.happened_at < ibis.literal(scope.end))


def _converted(people: Any, scope: Scope) -> Any:
    bought = scope.orders.filter(scope.orders.is_purchase).select(buyer="customer_id", at="purchased_at")
    both = people.join(bought, people.customer_id == bought.buyer)
    return both.filter(days.follows(both.at, both.sent_at, scope.shop.window_days))
