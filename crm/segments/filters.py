"""The filter language: a NODE is a plain dict (docs: design §6). Here it is checked; every refusal is a sentence naming what is known."""

from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from typing import Any

from crm.customers import attributes, festivals
from crm.customers.attribute import Attribute
from crm.errors import BadInputError
from crm.segments import periods
from crm.segments.ops import BY_KIND, OPS
from crm.segments.scope import Node

DEEPEST = 12
BOUGHT = ("category", "product", "node", "period", "since", "from", "to", "within_days", "at_least", "spend_at_least")
RECEIVED = ("campaign", "channel", "within_days", "event")
EVENTS = ("delivered", "opened", "clicked", "bounced", "converted")


def check(node: Any, depth: int = 0) -> Node:
    """The node itself when it is a filter; raises BadInputError with a sentence otherwise."""
    if not isinstance(node, dict):
        raise BadInputError(
            "segment.filter_not_an_object",
            "A filter must be an object like {example}, not {given}.",
            example='{"field": …}',
            given=short(node),
        )
    if depth > DEEPEST:
        raise BadInputError(
            "segment.nested_too_deep",
            "This filter is nested more than {depth} levels deep. Nothing was counted. Please save a part as its own segment.",
            depth=DEEPEST,
        )
    kind = next((key for key in CHECKS if key in node), None)
    extra = set(node) - ({"field", "op", "value"} if kind == "field" else {kind})
    if kind is None or extra:
        raise BadInputError(
            "segment.unknown_filter",
            "“{given}” is not a filter. Known are: {known}.",
            given=short(min(extra, default="{}")),
            known=", ".join(CHECKS),
        )
    CHECKS[kind](node, depth)
    return node


def short(value: Any) -> str:
    """A value as it may stand in a sentence."""
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _several(key: str) -> Any:
    def several(node: Node, depth: int) -> None:
        if not isinstance(node[key], list):
            raise BadInputError("segment.needs_a_list", "“{key}” needs a list of filters.", key=key)
        for part in node[key]:
            check(part, depth + 1)

    return several


def field_of(name: Any) -> Attribute:
    """The field of that name; raises BadInputError naming the nearest known ones."""
    known = attributes.every()
    if name in known:
        return known[name]
    raise BadInputError(
        "segment.unknown_field",
        "There is no field “{name}”. Nearest known: {known}.",
        name=short(name),
        known=", ".join(nearest(str(name), list(known))),
    )


def nearest(name: str, known: list[str]) -> list[str]:
    """Up to three known names that look like this one; the first ones when none does."""
    return get_close_matches(name, known, 3, 0.5) or [word for word in known if word.split("_")[0] in name or name in word][:3] or known[:3]


def _field(node: Node, depth: int) -> None:
    field, name = field_of(node["field"]), node.get("op")
    if name not in BY_KIND[field.kind]:
        allowed = ", ".join(BY_KIND[field.kind])
        raise BadInputError(
            "segment.unknown_operator",
            "“{field}” cannot be compared with “{op}”. Possible: {known}.",
            field=field.name,
            op=short(name),
            known=allowed,
        )
    if not _fits(field.kind, OPS[name].needs, node.get("value")):
        needed = EXAMPLES[OPS[name].needs if OPS[name].needs != "one" else field.kind]
        raise BadInputError(
            "segment.wrong_value",
            "“{field} {op}” needs a value like {example}, not {given}.",
            field=field.name,
            op=name,
            example=needed,
            given=short(node.get("value")),
        )


EXAMPLES = {
    "many": '["…", "…"]',
    "pair": "[1, 90]",
    "days": "90",
    "nothing": "null",
    "period": '"last_month"',
    "node": '"双十一"',
    "count": "2",
    "money": "99.5",
    "ratio": "1.5",
    "date": '"2026-11-11"',
    "choice": '"…"',
    "set": '"…"',
    "flag": "true",
}


CALENDAR: dict[str, Callable[[], tuple[str, ...]]] = {
    "period": lambda: tuple(periods.NAMES),
    "node": festivals.names,
    "since": festivals.names,
    "event": lambda: EVENTS,
}
"""What must be one of a few names: the names."""


def _fits(kind: str, needs: str, value: Any) -> bool:
    if needs == "nothing":
        return value is None
    if needs == "days":
        return is_number(value) and float(value).is_integer() and 0 <= value <= 36500
    if needs in CALENDAR:
        return isinstance(value, str) and value in CALENDAR[needs]()
    if needs == "many":
        return isinstance(value, list) and bool(value) and all(_single(kind, one) for one in value)
    if needs == "pair":
        return isinstance(value, list | tuple) and len(value) == 2 and all(_single(kind, one) for one in value) and value[0] <= value[1]
    return _single(kind, value)


def is_number(value: Any) -> bool:
    """Whether this is a number that may stand in a filter."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 10**15


def _single(kind: str, value: Any) -> bool:
    if kind in ("choice", "set"):
        return isinstance(value, str) and value != ""
    if kind == "flag":
        return isinstance(value, bool)
    return is_day(value) if kind == "date" else is_number(value)


def is_day(value: Any) -> bool:
    """Whether this is a day as text, YYYY-MM-DD."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).year > 1900
    except ValueError:
        return False


def _keys(name: str, known: tuple[str, ...]) -> Any:
    def keys(node: Node, depth: int) -> None:
        given = node[name]
        if not isinstance(given, dict) or not given:
            raise BadInputError(
                "segment.needs_an_object", "“{name}” needs an object with some of: {known}.", name=name, known=", ".join(known)
            )
        for key, value in given.items():
            if key not in known:
                raise BadInputError(
                    "segment.unknown_key",
                    "“{name}” does not know “{key}”. Known are: {known}.",
                    name=name,
                    key=short(key),
                    known=", ".join(known),
                )
            _part(name, key, value)

    return keys


def _part(name: str, key: str, value: Any) -> None:
    if key in ("within_days", "at_least"):
        good, example = _fits("count", "days", value), "90"
    elif key == "spend_at_least":
        good, example = is_number(value), "99.5"
    elif key in ("from", "to"):
        good, example = is_day(value), EXAMPLES["date"]
    elif key in CALENDAR:
        known = CALENDAR[key]()
        good, example = value in known, ", ".join(nearest(str(value), list(known)))
    else:
        good, example = _single("choice", value) or _fits("choice", "many", value), EXAMPLES["choice"]
    if not good:
        raise BadInputError(
            "segment.wrong_value",
            "“{field} {op}” needs a value like {example}, not {given}.",
            field=name,
            op=key,
            example=example,
            given=short(value),
        )


def _in_segment(node: Node, depth: int) -> None:
    if not isinstance(node["in_segment"], str):
        raise BadInputError("segment.needs_a_name", "“in_segment” needs the name of a saved segment.")


def _in_list(node: Node, depth: int) -> None:
    given = node["in_list"]
    if (
        not isinstance(given, dict)
        or not given.keys() <= {"list", "name"}
        or not _single("choice", given.get("list"))
        or not isinstance(given.get("name", ""), str)
    ):
        raise BadInputError(
            "segment.needs_a_list_name", "“in_list” needs a list of customers like {example}.", example='{"list": "…", "name": "…"}'
        )


CHECKS = {
    "all": _several("all"),
    "any": _several("any"),
    "not": lambda node, depth: check(node["not"], depth + 1),
    "field": _field,
    "bought": _keys("bought", BOUGHT),
    "received": _keys("received", RECEIVED),
    "in_segment": _in_segment,
    "in_list": _in_list,
}
