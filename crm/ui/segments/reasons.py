"""Why a customer is on a rung or not, in words: each condition with what is known of her; the value of any field as a person says it."""

from typing import Any

from crm.customers import attributes
from crm.segments import words
from crm.segments.why import Bought, Reason, Received, Standing
from crm.ui import components, figures, session
from crm.ui.words import _, language

INDENT = "\u2003"
LISTED = 8
"""So many values of a set (products, tags) are named."""


def rung(place: int, of: Standing, failed: Standing | None) -> str:
    """A rung and its conditions: grey where it does not decide, what fails on the one that decides in the accent colour."""
    decides, reason = of is failed, of.reason
    only = _said(reason) if not _shown_parts(reason) else ""
    note = "" if of.on or decides else " · " + (_("would hold") if of.holds else _("would not hold either"))
    single = only and words.describe(reason.node, language()) == of.name
    head = f"{place}. " + (only if single else components.quoted(of.name)) + note
    title = f"**{_icon(of.holds, decides)} {head}**" if decides else f":gray[{_icon(of.holds, False)} {head}]"
    parts = reason.parts if "all" in reason.node else (reason,)
    return "  \n".join([title, *([] if single else [line for part in parts for line in _lines(part, 1, decides)])])


def _icon(holds: bool, decides: bool) -> str:
    icon = ":material/check:" if holds else ":material/close:"
    return f":primary[{icon}]" if decides else icon


def _lines(reason: Reason, depth: int, decides: bool, wanted: bool = True) -> list[str]:
    """A condition and what is known, then its parts, indented. Not grey is what is not as `wanted`, which “not” turns round."""
    decides = decides and reason.holds is not wanted
    line = f"{_icon(reason.holds, decides)} {_said(reason)}"
    wanted = wanted is not ("not" in reason.node)
    parts = [line for part in _shown_parts(reason) for line in _lines(part, depth + 1, decides, wanted)]
    return [INDENT * depth + (line if decides else f":gray[{line}]"), *parts]


def _shown_parts(reason: Reason) -> tuple[Reason, ...]:
    """The parts that get lines of their own: not that of “not this one condition”, which is one line."""
    return () if "not" in reason.node and not reason.parts[0].parts else reason.parts


def _said(reason: Reason) -> str:
    """A condition in words, with what is known; a group by what it asks of its parts."""
    if "in_segment" not in reason.node and _shown_parts(reason):
        return _("all of these") if "all" in reason.node else _("at least one of these") if "any" in reason.node else _("not this")
    known = reason.parts[0] if "not" in reason.node else reason
    words_ = components.quoted(words.describe(reason.node, language()))
    return words_ + (f" · {components.quoted(value(known))}" if known.has_value else "")


def value(reason: Reason) -> str:
    """What is known of her for a condition, as a person says it."""
    known = reason.value
    if isinstance(known, Bought):
        money, day = figures.money(known.spend, session.shop().currency, cents=True), figures.day(known.last_day)
        return (
            _("{n} purchases, {money}, the last on {day}", n=known.purchases, money=money, day=day)
            if known.purchases
            else _("no such purchase")
        )
    if isinstance(known, Received):
        day = figures.day(known.last_day)
        return _("{n} campaigns, the last on {day}", n=known.campaigns, day=day) if known.campaigns else _("none received")
    return field(reason.node["field"], known)


def field(name: str, known: Any) -> str:
    """The value of a field in words; “not known” where it is not."""
    if known is None:
        return _("not known")
    if isinstance(known, list):
        shown = [str(words.name(name, one, language())) for one in known[:LISTED]]
        return _("; ").join(shown) + (_(" and {n} more", n=len(known) - LISTED) if len(known) > LISTED else "")
    if isinstance(known, bool):
        return _("yes") if known else _("no")
    kind = attributes.every()[name].kind
    if kind == "money":
        return figures.money(known, session.shop().currency, cents=True)
    if kind in ("days", "coming"):
        days = f"{float(known):,.10g}"
        return _("{n} days", n=days) if kind == "days" else _("in {n} days", n=days)
    if kind == "date":
        return figures.day(known)
    if kind == "ratio":
        return f"{float(known):,.4g}"
    return figures.count(known) if kind == "count" else str(words.name(name, known, language()))
