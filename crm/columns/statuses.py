"""Status words of shops nobody told us about, in five languages: whole words with their negations, never parts of words."""

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from crm.columns import names

UNKNOWN = "unknown"
BY_PAYMENT = "by_payment"
"""It says nothing of the money: the time or the amount of the payment does."""
WORST_FIRST = (
    "closed_refunded",
    "cancelled",
    "closed",
    "closed_unpaid",
    "unpaid",
    "deposit_paid",
    "on_hold",
    UNKNOWN,
    BY_PAYMENT,
    "refunding",
    "partial_refund",
    "paid_unshipped",
    "shipped",
    "completed",
)
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
CLASSES = {name: frozenset(re.split(r",\s*", words.strip())) for name, words in _CONTENT["classes"].items()}
NEUTRAL, NEUTRAL_CHINESE = frozenset(re.split(r",\s*", _CONTENT["neutral"]["words"].strip())), re.compile(_CONTENT["neutral"]["chinese"])
SELLS, GIVES_BACK, NO_SALE = (_pattern(_CONTENT["rows"][name]) for name in ("sells", "gives_back", "no_sale"))
"""Sorts of rows: what sells, what gives money back, and what is neither (quotes, delivery notes, fees, money put on an account)."""
YES = frozenset(["yes", "y", "true", "1", "ja", "wahr", "oui", "vrai", "si", "verdadero", "是", "已付", "x", "t", "j", "s", "o"])
NO = frozenset(["no", "n", "false", "0", "nein", "falsch", "non", "faux", "falso", "否", "未付", "f"])


@lru_cache(maxsize=4096)
def meaning(text: str) -> str:
    """Our status (crm/layouts/vocabulary.py RANK) of a text; `unknown` where no whole word of ours says it."""
    result = _whole(text)
    if result == UNKNOWN and (parts := re.fullmatch(r"([^()（）]+)[(（]([^()（）]+)[)）]", text.strip())):  # 未支付(已取消)
        both = {_whole(part) for part in parts.groups()}
        result = UNKNOWN if UNKNOWN in both else worst(*both)
    return result


def _whole(text: str) -> str:
    chinese = re.sub(r"[\s()（）【】\[\]:：。!！]", "", text).translate(names.SIMPLIFIED)
    if re.search(r"[\u3400-\u9fff]", chinese):
        return _first(CHINESE, chinese) or UNKNOWN
    words = _without_codes(names.status_words(text))
    result = (_first(LATIN, words) or _by_words(words.split())) if words else UNKNOWN
    return "closed_refunded" if result == UNKNOWN and GIVES_BACK.fullmatch(words) else result


def _first(rules: Rules, text: str) -> str:
    return next((meaning for meaning, pattern in rules if pattern.fullmatch(text)), "")


def _without_codes(text: str) -> str:
    """Without the numbers before or after it: `[7] Shipped`, `Denied 190`."""
    return re.sub(r"^(\d+ )+(?=[a-z])|(?<=[a-z])( \d+)+$", "", text)


def _by_words(words: list[str]) -> str:
    """What a text means whose words are all known one by one; `unknown` where one is not, or where they go together in no way we know."""
    keys = {name for word in words for name, known in CLASSES.items() if word in known}
    if not keys - {"filler"} or any(all(word not in known for known in CLASSES.values()) for word in words):
        return UNKNOWN
    undone = "not" in keys or "wait" in keys
    if "refund" in keys:
        ended = words[0] in CLASSES["cancel"] and not undone and "partly" not in keys  # cancelled, refunded; not: refund cancelled
        return "closed_refunded" if ended else _of_refund(keys, undone)
    if "cancel" in keys or "fail" in keys:
        if words[0] in CLASSES["cancel"] and keys <= {"cancel", "not", "pay", "filler"}:  # cancelado sin pago
            return "cancelled"
        return UNKNOWN if keys & {"not", "send"} else "cancelled" if "cancel" in keys else "closed_unpaid"
    if "pay" in keys:
        return _of_payment(keys, undone)
    if "send" in keys:
        return "paid_unshipped" if undone or keys & {"ready", "begun"} else "shipped"
    if "wait" in keys or ("not" in keys and keys & {"done", "agreed"}):
        return "unpaid"
    return "paid_unshipped" if keys & {"begun", "ready"} else "completed" if "done" in keys and "not" not in keys else UNKNOWN


def _of_payment(keys: set[str], undone: bool) -> str:
    if "partly" in keys or ("send" in keys and undone):
        return UNKNOWN
    if undone or (keys & {"begun", "ready"} and "send" not in keys):
        return "unpaid"
    return "shipped" if "send" in keys else "paid_unshipped"


def _of_refund(keys: set[str], undone: bool) -> str:
    if "not" in keys or keys & {"cancel", "fail"}:
        return "completed" if not ("not" in keys and keys & {"cancel", "fail"}) else UNKNOWN
    return "partial_refund" if "partly" in keys else "refunding" if undone or "begun" in keys else "closed_refunded"


def is_neutral(text: str) -> bool:
    """Whether a status says that there is an order and nothing of its money: open, new, placed, closed."""
    return bool(NEUTRAL_CHINESE.fullmatch(text.strip().translate(names.SIMPLIFIED))) or names.status_words(text) in NEUTRAL


def sort(text: str) -> str:
    """What sort of row it is: `sells`, `gives_back` (a refund, a return, a credit note), `no_sale`, `void` (cancelled, failed).

    Blank where no word of ours says it.
    """
    plain = names.status_words(text) if not re.search(r"[\u3400-\u9fff]", text) else text.strip().translate(names.SIMPLIFIED)
    for name, pattern in (("sells", SELLS), ("gives_back", GIVES_BACK), ("no_sale", NO_SALE)):
        if pattern.fullmatch(plain):
            return name
    return "void" if meaning(text) in ("cancelled", "closed_unpaid") else ""


def gives_back(text: str) -> bool:
    """Whether a sort of row gives money back."""
    return sort(text) == "gives_back"


def are_sorts(entries: Iterable[str]) -> bool:
    """Whether texts say of each row what sort it is: sales, and what is none beside them, and nothing of how far an order is."""
    items = [sort(text) for text in entries]
    return "sells" in items and bool({"gives_back", "no_sale", "void"} & set(items)) and items.count("") * 2 <= len(items)


def says_paid(text: str) -> bool:
    """Whether a status speaks of the payment, and not only of what was sent or done."""
    return bool(set(names.status_words(text).split()) & CLASSES["pay"]) or bool(re.search("[付收结]款?|支付", text))


def answer(text: str) -> str:
    """The same of a column that asks whether an order is paid: yes and no are answers there."""
    plain = text.strip().lower()
    return "paid_unshipped" if plain in YES else "unpaid" if plain in NO else meaning(text)


def worst(*meanings: str | None) -> str:
    """Of what several columns say of one order that which counts: the one under which the least money came."""
    items = [meaning for meaning in meanings if meaning]
    return min(items, key=WORST_FIRST.index) if items else UNKNOWN
