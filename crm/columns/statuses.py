"""Status words of shops nobody told us about, in five languages: whole words with their negations, never parts of words."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from crm.columns import names

UNKNOWN = "unknown"
WORST_FIRST = (
    "closed_refunded", "cancelled", "closed", "closed_unpaid", "unpaid", "deposit_paid", "on_hold", UNKNOWN, "refunding", "partial_refund",
    "paid_unshipped", "shipped", "completed",
)  # fmt: skip
"""Of an order's status and its payment's the one that counts: whichever says that less money came."""

_CONTENT = tomllib.loads((Path(__file__).parent / "statuses.toml").read_text(encoding="utf-8"))


def _pattern(text: str) -> re.Pattern[str]:
    """A regular expression of statuses.toml, its lines joined and its parts filled in."""
    for name, part in _CONTENT["parts"].items():
        text = text.replace(f"<{name}>", part)
    return re.compile(text.replace("\n", ""))


Rules = tuple[tuple[str, re.Pattern[str]], ...]
LATIN: Rules = tuple((rule["meaning"], _pattern(rule["texts"])) for rule in _CONTENT["latin"])
CHINESE: Rules = tuple((rule["meaning"], _pattern(rule["texts"])) for rule in _CONTENT["chinese"])
SELLS, GIVES_BACK = _pattern(_CONTENT["rows"]["sells"]), _pattern(_CONTENT["rows"]["gives_back"])
"""Sorts of rows: what sells, and what gives money back."""
YES = frozenset(["yes", "y", "true", "1", "ja", "wahr", "oui", "vrai", "si", "verdadero", "是", "已付", "x", "t", "j", "s", "o"])
NO = frozenset(["no", "n", "false", "0", "nein", "falsch", "non", "faux", "falso", "否", "未付", "f"])


@lru_cache(maxsize=4096)
def meaning(text: str) -> str:
    """Our status (crm/orders/statuses.py RANK) of a text; `unknown` where no whole word of ours says it."""
    chinese = re.sub(r"[\s()（）【】\[\]:：。!！]", "", text)
    if re.search(r"[\u3400-\u9fff]", chinese):
        return _first(CHINESE, chinese)
    words = names.status_words(text)
    return _first(LATIN, words) if words else UNKNOWN


def _first(rules: Rules, text: str) -> str:
    return next((meaning for meaning, pattern in rules if pattern.fullmatch(text)), UNKNOWN)


def sells(text: str) -> bool:
    """Whether a sort of row is a sale."""
    return bool(SELLS.fullmatch(names.status_words(text) or text.strip()))


def gives_back(text: str) -> bool:
    """Whether a sort of row gives money back: a refund, a return, a credit note."""
    return bool(GIVES_BACK.fullmatch(names.status_words(text) or text.strip()))


def answer(text: str) -> str:
    """The same of a column that asks whether an order is paid: yes and no are answers there."""
    plain = text.strip().lower()
    return "paid_unshipped" if plain in YES else "unpaid" if plain in NO else meaning(text)


def worst(*meanings: str | None) -> str:
    """Of what several columns say of one order that which counts: the one under which the least money came."""
    told = [meaning for meaning in meanings if meaning]
    return min(told, key=WORST_FIRST.index) if told else UNKNOWN
