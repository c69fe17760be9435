"""A NODE in words, in both languages: what the specialist reads on a rung, on a chart's filter, in a campaign."""

from collections.abc import Callable
from typing import Any

from crm.customers import attributes
from crm.customers.attribute import Attribute
from crm.segments.ops import OPS
from crm.segments.scope import Node

Pair = tuple[str, str]
PHRASES: dict[str, Pair] = {
    "is": ("{field}：{value}", "{field}: {value}"),
    "is_not": ("{field}不是 {value}", "{field} is not {value}"),
    "one_of": ("{field}：{value}", "{field}: {value}"),
    "none_of": ("{field}不是 {value}", "{field}: none of {value}"),
    "at_least": ("{field} ≥ {value}", "{field} ≥ {value}"),
    "at_most": ("{field} ≤ {value}", "{field} ≤ {value}"),
    "between": ("{field} {low}–{high}", "{field} {low}–{high}"),
    "before": ("{field}早于 {value}", "{field} before {value}"),
    "after": ("{field}晚于 {value}", "{field} after {value}"),
    "within_days": ("{field}在最近 {value} 天内", "{field} within the last {value} days"),
    "not_within_days": ("{field}在 {value} 天以前", "{field} more than {value} days ago"),
    "contains": ("{field}包含“{value}”", "{field} contains “{value}”"),
    "is_known": ("{field}已知", "{field} known"),
    "is_unknown": ("{field}未知", "{field} unknown"),
}
FLAGS = {True: ("是", "yes"), False: ("否", "no")}


def _pick(pair: Pair, language: str) -> str:
    return pair[0] if language == "zh_CN" else pair[1]


def name(field: str, value: Any, language: str) -> Any:
    """What a value of a field is called in a language; itself where it has no other name."""
    known = attributes.every().get(field)
    names = known.names if known else {}
    return _pick(names[value], language) if value in names else value


def describe(node: Node, language: str) -> str:
    """A NODE in words (`zh_CN` or `en`)."""
    kind = next(key for key in WORDS if key in node)
    return WORDS[kind](node, language)


def joined(nodes: list[Node], language: str, word: Pair = ("，且 ", " and ")) -> str:
    """Several NODEs as one sentence."""
    return _pick(word, language).join(_inner(node, language) for node in nodes)


def _inner(node: Node, language: str) -> str:
    text = describe(node, language)
    inside: list[Node] = node.get("all") or node.get("any") or []
    return _pick(("（{}）", "({})"), language).format(text) if len(inside) > 1 else text


def _all(node: Node, language: str) -> str:
    return joined(node["all"], language) if node["all"] else _pick(("所有客户", "all customers"), language)


def _any(node: Node, language: str) -> str:
    return joined(node["any"], language, (" 或 ", " or ")) if node["any"] else _pick(("没有人", "nobody"), language)


def _not(node: Node, language: str) -> str:
    return _pick(("排除：{}", "not: {}"), language).format(_inner(node["not"], language))


def _field(node: Node, language: str) -> str:
    field, op, value = attributes.every()[node["field"]], OPS[node["op"]].name, node.get("value")
    if field.kind == "flag" and op == "is" and value is True:
        return field.zh if language == "zh_CN" else field.en
    phrase = _pick(field.phrases.get(op, PHRASES[op]), language)
    low, high = value if isinstance(value, list | tuple) and op == "between" else ("", "")
    name = field.zh if language == "zh_CN" else field.en
    return phrase.format(
        field=name, value=_value(field, value, language), low=_value(field, low, language), high=_value(field, high, language)
    )


def _value(field: Attribute, value: Any, language: str) -> str:
    if isinstance(value, list | tuple):
        return _pick(("、", ", "), language).join(_value(field, one, language) for one in value)
    if isinstance(value, bool):
        return _pick(FLAGS[value], language)
    if isinstance(value, str):
        return str(name(field.name, value, language))
    return f"{value:,}" if isinstance(value, int | float) else str(value)


BOUGHT: dict[str, Pair] = {
    "within_days": ("最近 {} 天内", "in the last {} days"),
    "from": ("{} 起", "from {}"),
    "to": ("到 {} 止", "until {}"),
    "node": ("在{}期间", "during {}"),
    "category": ("买过品类 {}", "bought the category {}"),
    "product": ("买过商品“{}”", "bought the product “{}”"),
    "at_least": ("至少 {} 次", "at least {}×"),
    "spend_at_least": ("共花 {} 以上", "spending {} or more"),
}
EVENTS: dict[str, Pair] = {
    "delivered": ("已送达", "delivered"),
    "opened": ("打开过", "opened"),
    "clicked": ("点击过", "clicked"),
    "bounced": ("退信", "bounced"),
    "converted": ("下过单", "bought afterwards"),
}
RECEIVED: dict[str, Pair] = {
    "campaign": ("活动“{}”", "the campaign “{}”"),
    "channel": ("渠道 {}", "by {}"),
    "within_days": ("最近 {} 天内", "in the last {} days"),
    "event": ("{}", "{}"),
}


def _parts(given: Node, phrases: dict[str, Pair], language: str) -> str:
    separator = _pick(("、", ", "), language)
    shown = {key: separator.join(map(str, value)) if isinstance(value, list) else value for key, value in given.items()}
    if given.get("event") in EVENTS:
        shown["event"] = _pick(EVENTS[given["event"]], language)
    return _pick((" ", " "), language).join(_pick(phrases[key], language).format(shown[key]) for key in phrases if key in given)


def _bought(node: Node, language: str) -> str:
    given = node["bought"]
    if "category" in given:
        many = given["category"] if isinstance(given["category"], list) else [given["category"]]
        given = given | {"category": [str(name("categories", one, language)) for one in many]}
    text = _parts(given, BOUGHT, language)
    return text if node["bought"].keys() & {"category", "product"} else _pick(("买过：", "bought "), language) + text


def _received(node: Node, language: str) -> str:
    return _pick(("收到过：", "was sent "), language) + _parts(node["received"], RECEIVED, language)


def _in_segment(node: Node, language: str) -> str:
    return _pick(("在人群“{}”里", "in the segment “{}”"), language).format(node["in_segment"])


WORDS: dict[str, Callable[[Node, str], str]] = {
    "all": _all,
    "any": _any,
    "not": _not,
    "field": _field,
    "bought": _bought,
    "received": _received,
    "in_segment": _in_segment,
}
