"""A ladder as a sentence, as a person would say it: “Everyone who bought 2–3×; of these, everyone whose spend is at least 300.”"""

from crm.customers import attributes
from crm.segments import splits, words
from crm.segments.definition import Definition, Rung
from crm.segments.scope import Node
from crm.segments.words import Pair, Phrases, pick

PHRASES: Phrases = {
    "is": ("{field}是 {value}", "{field} is {value}"),
    "is_not": ("{field}不是 {value}", "{field} is not {value}"),
    "one_of": ("{field}是 {value}", "{field} is {value}"),
    "none_of": ("{field}不是 {value}", "{field} is none of {value}"),
    "at_least": ("{field}不低于 {value}", "{field} is at least {value}"),
    "at_most": ("{field}不超过 {value}", "{field} is at most {value}"),
    "below": ("{field}低于 {value}", "{field} is below {value}"),
    "between": ("{field}在 {low} 到 {high} 之间", "{field} is between {low} and {high}"),
    "before": ("{field}早于 {value}", "{field} is before {value}"),
    "after": ("{field}晚于 {value}", "{field} is after {value}"),
    "within_days": ("{field}在最近 {value} 天内", "{field} lies within the last {value} days"),
    "not_within_days": ("{field}在 {value} 天以前", "{field} lies more than {value} days back"),
    "in_period": ("{field}在{value}", "{field} falls in: {value}"),
    "since": ("{field}在{value}开始以后", "{field} falls after {value} began"),
    "contains": ("{field}包含“{value}”", "{field} contains “{value}”"),
    "is_known": ("{field}已知", "{field} is known"),
    "is_unknown": ("{field}未知", "{field} is not known"),
}
COUNTED = {
    "is": "who has {value} {field}",
    "at_least": "who has {value} or more {field}",
    "at_most": "who has at most {value} {field}",
    "below": "who has fewer than {value} {field}",
    "between": "who has {low} to {high} {field}",
}
"""What can be counted, in English."""
OR: Pair = (" 或 ", " or ")


def sentence(ladder: Definition, language: str) -> str:
    """All rungs that count, from the first to the last, in words (`zh_CN` or `en`); every condition is named."""
    rungs = [rung for rung in ladder.rungs if not rung.off]
    told = [_rung(rung, place, language) for place, rung in enumerate(rungs)]
    return pick(("；", "; "), language).join(told) + pick(("。", "."), language)


def _rung(rung: Rung, place: int, language: str) -> str:
    heads = ("{}的客户", "Everyone {}") if place == 0 else ("其中{}的", "of these, everyone {}")
    text = pick(heads, language).format(clause(rung.where, language))
    return text + _split(rung, language) if rung.split else text


def _split(rung: Rung, language: str) -> str:
    if rung.split is None:
        return ""
    field = attributes.every()[rung.split.by]
    shown = words.listed([splits.label(rung.split, key, language) for key, _ in splits.siblings(rung.split)], language)
    return pick(("，按{}分成 {}", ", split by {} into {}"), language).format(pick((field.zh, _lower(field.en)), language), shown)


def _lower(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def clause(node: Node, language: str) -> str:
    """A NODE as what follows “everyone” in English, and stands before 的客户 in Chinese."""
    if "not" in node:
        return pick(("不属于“{}”", "except anyone {}"), language).format(clause(node["not"], language))
    if "all" in node:
        return _all(node["all"], language)
    if "any" in node:
        parts = [_either(part, language) for part in node["any"]]
        return pick(OR, language).join(parts) or pick(("没有人符合", "who is nobody"), language)
    if "field" in node:
        return _field(node, language)
    if "bought" in node:
        return _who(words.bought(node["bought"], language, OR), language)
    if "received" in node:
        return _who(words.received(node["received"], language, OR), language)
    return _who(words.describe(node, language), language)


def _either(node: Node, language: str) -> str:
    """One of several that may hold."""
    if "not" in node and language != "zh_CN":
        return f"who is not anyone {_inner(node['not'], language)}"
    return _inner(node, language)


def _who(text: str, language: str) -> str:
    return pick((text, f"who {text}"), language)


def _all(parts: list[Node], language: str) -> str:
    """What holds comes first, then what is excepted."""
    if not parts:
        return pick(("不限", "there is"), language)
    yes, no = ([_inner(part, language) for part in parts if ("not" in part) is excepted] for excepted in (False, True))
    if language == "zh_CN":
        return "，且".join([*yes, *no])
    return ", ".join(one for one in (" and ".join(yes), *no) if one)


def _inner(node: Node, language: str) -> str:
    text = clause(node, language)
    several = len(node.get("all") or node.get("any") or []) > 1
    return pick(("（{}）", "({})"), language).format(text) if several else text


def _field(node: Node, language: str) -> str:
    field, op, value = attributes.every()[node["field"]], node["op"], node.get("value")
    if field.kind == "flag" and op in ("is", "is_not"):
        return _who(_lower(words.flag(field, bool(value) is (op == "is"), language)), language)
    given = words.values(field, op, value, language, OR)
    if op in field.phrases:
        return _who(pick(field.phrases[op], language).format(field=pick((field.zh, field.en), language), **given), language)
    if field.kind == "count" and op in COUNTED and language != "zh_CN":
        return COUNTED[op].format(field=_lower(field.en), **given)
    label = pick((field.zh, f"whose {_lower(field.en)}"), language)
    return pick(PHRASES[op], language).format(field=label, **given)
