"""A NODE in words, in both languages: short, as it stands on a rung or a chart's filter. Whole sentences: `telling`."""

from collections.abc import Callable
from typing import Any

from crm.customers import attributes, festivals
from crm.customers.attribute import Attribute
from crm.segments import periods
from crm.segments.ops import OPS
from crm.segments.scope import Node

Pair = tuple[str, str]
Phrases = dict[str, Pair]
PHRASES: Phrases = {
    "is": ("{field}：{value}", "{field}: {value}"),
    "is_not": ("{field}不是 {value}", "{field} is not {value}"),
    "one_of": ("{field}：{value}", "{field}: {value}"),
    "none_of": ("{field}不是 {value}", "{field}: none of {value}"),
    "at_least": ("{field} ≥ {value}", "{field} ≥ {value}"),
    "at_most": ("{field} ≤ {value}", "{field} ≤ {value}"),
    "below": ("{field} < {value}", "{field} < {value}"),
    "between": ("{field} {low}–{high}", "{field} {low}–{high}"),
    "before": ("{field}早于 {value}", "{field} before {value}"),
    "after": ("{field}晚于 {value}", "{field} after {value}"),
    "within_days": ("{field}在最近 {value} 天内", "{field} within the last {value} days"),
    "not_within_days": ("{field}在 {value} 天以前", "{field} more than {value} days ago"),
    "in_period": ("{field}在{value}", "{field} {value}"),
    "since": ("{field}在{value}开始以后", "{field} since {value} began"),
    "contains": ("{field}包含“{value}”", "{field} contains “{value}”"),
    "is_known": ("{field}已知", "{field} known"),
    "is_unknown": ("{field}未知", "{field} unknown"),
}
FLAGS = {True: ("是", "yes"), False: ("否", "no")}


def pick(pair: Pair, language: str) -> str:
    """One of two by the language (`zh_CN` or `en`)."""
    return pair[0] if language == "zh_CN" else pair[1]


def name(field: str, value: Any, language: str) -> Any:
    """What a value of a field is called in a language; itself where it has no other name."""
    known = attributes.every().get(field)
    names = known.names if known else {}
    return pick(names[value], language) if value in names else value


def describe(node: Node, language: str) -> str:
    """A NODE in words (`zh_CN` or `en`)."""
    kind = next(key for key in WORDS if key in node)
    return WORDS[kind](node, language)


def joined(some: list[Node], language: str, word: Pair = ("，且 ", " and ")) -> str:
    """Several NODEs as one phrase."""
    return pick(word, language).join(_inner(node, language) for node in some)


def _inner(node: Node, language: str) -> str:
    text = describe(node, language)
    inside: list[Node] = node.get("all") or node.get("any") or []
    return pick(("（{}）", "({})"), language).format(text) if len(inside) > 1 else text


def _all(node: Node, language: str) -> str:
    return joined(node["all"], language) if node["all"] else pick(("所有客户", "all customers"), language)


def _any(node: Node, language: str) -> str:
    return joined(node["any"], language, (" 或 ", " or ")) if node["any"] else pick(("没有人", "nobody"), language)


def _not(node: Node, language: str) -> str:
    return pick(("排除：{}", "not: {}"), language).format(_inner(node["not"], language))


def _field(node: Node, language: str) -> str:
    field, op, value = attributes.every()[node["field"]], node["op"], node.get("value")
    if field.kind == "flag" and op in ("is", "is_not"):
        return flag(field, bool(value) is (op == "is"), language)
    phrase = pick(field.phrases.get(op, PHRASES[op]), language)
    return phrase.format(field=pick((field.zh, field.en), language), **values(field, op, value, language))


def flag(field: Attribute, yes: bool, language: str) -> str:
    """What is said of somebody for whom a yes-or-no field is so."""
    label = (field.zh, field.en)
    return pick(label if yes else field.phrases.get("no", (f"{label[0]}：否", f"{label[1]}: no")), language)


def values(field: Attribute, op: str, value: Any, language: str, last: Pair = ("、", ", ")) -> dict[str, str]:
    """What stands in a phrase for the value: `value`, and of a stretch `low` and `high`. `last`: what joins the last of several."""
    needs = OPS[op].needs
    if needs in ("period", "node"):
        return {"value": pick(periods.NAMES[value], language) if needs == "period" else festivals.title(value, language)}
    low, high = value if isinstance(value, list | tuple) and op == "between" else ("", "")
    return {key: _value(field, one, language, last) for key, one in {"value": value, "low": low, "high": high}.items()}


def _value(field: Attribute, value: Any, language: str, last: Pair) -> str:
    if isinstance(value, list | tuple):
        return listed([_value(field, one, language, last) for one in value], language, last)
    if isinstance(value, bool):
        return pick(FLAGS[value], language)
    if isinstance(value, str):
        return str(name(field.name, value, language))
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def listed(some: list[str], language: str, last: Pair = ("、", ", ")) -> str:
    """Several words as one text."""
    *first, end = some or [""]
    return pick(last, language).join([*([pick(("、", ", "), language).join(first)] if first else []), end])


BOUGHT: Phrases = {
    "within_days": ("最近 {} 天内", "in the last {} days"),
    "period": ("{}", "{}"),
    "since": ("{}开始以后", "since {} began"),
    "from": ("{} 起", "from {}"),
    "to": ("到 {} 止", "until {}"),
    "node": ("{}期间", "during {}"),
}
WHAT: Phrases = {"category": ("买过品类 {}", "bought the category {}"), "product": ("买过商品“{}”", "bought the product “{}”")}
MUCH: Phrases = {"at_least": ("至少 {} 次", "at least {}×"), "spend_at_least": ("共花 {} 以上", "spending {} or more")}
EVENTS: Phrases = {
    "delivered": ("已送达", "got it"),
    "opened": ("打开过", "opened it"),
    "clicked": ("点击过", "clicked in it"),
    "bounced": ("退信", "it bounced"),
    "converted": ("之后下过单", "bought afterwards"),
}


def _parts(given: Node, phrases: Phrases, language: str, last: Pair) -> list[str]:
    shown = {key: listed([str(one) for one in value], language, last) if isinstance(value, list) else value for key, value in given.items()}
    return [pick(phrases[key], language).format(shown[key]) for key in phrases if key in given]


def bought(given: Node, language: str, last: Pair = ("、", ", ")) -> str:
    """A `bought` in words: what, when, how often, for how much."""
    told = dict(given)
    if "category" in given:
        many = given["category"] if isinstance(given["category"], list) else [given["category"]]
        told["category"] = [str(name("categories", one, language)) for one in many]
    for key in {"node", "since"} & given.keys():
        told[key] = festivals.title(given[key], language)
    if "node" in given and not given.keys() & {"from", "within_days", "period", "since"}:  # the calendar has no earlier years
        told["node"] += pick(("（{} 年起）", " ({} or later)"), language).format(festivals.covered()[0].year)
    if "period" in given:
        told["period"] = pick(periods.NAMES[given["period"]], language)
    what, when, much = (_parts(told, some, language, last) for some in (WHAT, BOUGHT, MUCH))
    if language == "zh_CN":
        return " ".join(["".join([*when, *(what or ["买过"])]), *much])
    return " ".join([" and ".join(what) or "bought", *when, *much])


def received(given: Node, language: str, last: Pair = ("、", ", ")) -> str:
    """A `received` in words: which campaign, by what channel, when, and what came of it."""
    named = dict.fromkeys(("campaign", "channel"), ("{}", "{}"))
    told = {key: "".join(_parts({key: given[key]}, {key: named[key]}, language, last)) for key in named if key in given}
    event = pick(EVENTS[given["event"]], language) if "event" in given else ""
    days = given.get("within_days")
    if language == "zh_CN":
        which = f"收到过活动“{told['campaign']}”" if "campaign" in told else "收到过活动消息"
        channel = f"（渠道：{told['channel']}）" if "channel" in told else ""
        return (f"最近 {days} 天内" if days is not None else "") + which + channel + (f"并且{event}" if event else "")
    which = f"was sent the campaign “{told['campaign']}”" if "campaign" in told else "was sent a campaign"
    channel = f" by {told['channel']}" if "channel" in told else ""
    return which + channel + (f" in the last {days} days" if days is not None else "") + (f" and {event}" if event else "")


def in_segment(given: str, language: str) -> str:
    """An `in_segment` in words."""
    return pick(("在人群“{}”里", "is in the segment “{}”"), language).format(given)


def in_list(given: Node, language: str) -> str:
    """An `in_list` in words."""
    return pick(("在名单“{}”里", "is on the list “{}”"), language).format(given.get("name") or given["list"])


WORDS: dict[str, Callable[[Node, str], str]] = {
    "all": _all,
    "any": _any,
    "not": _not,
    "field": _field,
    "bought": lambda node, language: bought(node["bought"], language),
    "received": lambda node, language: received(node["received"], language),
    "in_segment": lambda node, language: in_segment(node["in_segment"], language),
    "in_list": lambda node, language: in_list(node["in_list"], language),
}
