"""Header names of unknown tables, compared word by word with what the trade calls its columns (words.toml), never as parts of words."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "zh", "de", "fr", "es")
_LISTS = tomllib.loads((Path(__file__).parent / "lists.toml").read_text(encoding="utf-8"))


def listed(name: str) -> frozenset[str]:
    """The words of one of the lists in lists.toml."""
    return frozenset(word.strip() for word in _LISTS[name].split(",") if word.strip())


NEUTRAL, SILENT, UNITS, TAXES, WITH_TAX, CHINESE = (listed(name) for name in ("neutral", "silent", "units", "taxes", "gross", "chinese"))
WITH_TAX_ALONE, OF_GOODS = listed("gross_alone"), listed("of_goods")
AGAIN = {kind: frozenset(word.strip() for word in words.split(",")) for kind, words in _LISTS["again"].items()}
MEASURED = re.compile(rf"[（(\[【]\s*({'|'.join(listed('measured'))})\s*[)）\]】]\s*$|(^|[^\d\s])\s*[%％]", re.IGNORECASE)
"""A name of what is measured or a rate, which is no money: `Total (kg)`, `% rabatt`; but `IVA 21 %`."""
_DROP = re.compile(r"[（(\[【].{0,12}?[)）\]】]")
_MAPPED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "№": "no", "#": " no ", "°": "o", "º": "o"}
)
_TOKEN = re.compile(r"[a-z]+|\d+|[\u3400-\u9fff]+")
SIMPLIFIED = str.maketrans(
    "訂單編號買賣傢價數總額實際應運費狀態時間電話機郵箱網點商標題稱規類別貨戶會員國區縣鄉鎮遞碼備註創關閉帳發優營來幣種聯繫絡顧產購門結付現稅後"
    "計確認還轉調級條業務餘積禮圖項選賬達領廠訊齡語證質統線連劵雙樣輛獲憑據滿減贈處執審開銷貿鋪儲內層農縮約經辦紅傳體驗",
    "订单编号买卖家价数总额实际应运费状态时间电话机邮箱网点商标题称规类别货户会员国区县乡镇递码备注创关闭账发优营来币种联系络顾产购门结付现税后"
    "计确认还转调级条业务余积礼图项选账达领厂讯龄语证质统线连券双样辆获凭据满减赠处执审开销贸铺储内层农缩约经办红传体验",
)


@dataclass(frozen=True)
class Concept:
    """A thing that a column can be. `field`: ours or None; `kind`: what its cells look like; `rank`: the lower the surer."""

    name: str
    kind: str
    field: str | None = None
    rank: int = 1


@dataclass(frozen=True)
class Match:
    """A concept that a header may name: `score` is 1 where the header says just that, less for each word left over."""

    concept: Concept
    score: float
    languages: frozenset[str] = field(default_factory=frozenset)


@cache
def concepts() -> dict[str, Concept]:
    """All concepts by name."""
    return {name: Concept(name, entry["kind"], entry.get("field"), entry.get("rank", 1)) for name, entry in _content().items()}


@cache
def _content() -> dict[str, dict[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


@cache
def _phrases() -> dict[tuple[str, ...], dict[str, frozenset[str]]]:
    """Words of a phrase → name of each concept that is called so → the languages in which."""
    values: dict[tuple[str, ...], dict[str, set[str]]] = {}
    for name, entry in _content().items():
        for language in LANGUAGES:
            for phrase in entry.get(language, "").split(","):
                words = _plain_words(phrase)
                for one in {words, tuple(_flat(word) for word in words)} if language == "de" else {words}:
                    if one:
                        values.setdefault(one, {}).setdefault(name, set()).add(language)
    return {words: {name: frozenset(one) for name, one in names.items()} for words, names in values.items()}


def _flat(word: str) -> str:
    """A German word as those write it who have no umlauts: `kaufer`, `wahrung`."""
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u") if word.isascii() else word


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(word for words in _phrases() for word in words)


WHOLE = re.compile(r"MwSt|USt|PayPal|eBay|TikTok|WeChat|AliPay")
"""Words with a capital inside."""


def _plain_words(text: str) -> tuple[str, ...]:
    """The words of a text without splitting compounds: small letters without accents, Chinese cut at the words we know."""
    text = WHOLE.sub(lambda match: match[0].lower(), unicodedata.normalize("NFKC", text).strip())
    text = re.sub(r"(?<!\b[ei])(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    text = unicodedata.normalize("NFD", text.lower().translate(_MAPPED).translate(SIMPLIFIED))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = re.sub(r"\bn[\s.]*o\b", "no", text.replace("_", " "))  # the º of Nº
    items = [word for run in _TOKEN.findall(text) for word in (_chinese(run) if ord(run[0]) > 0x33FF else [run])]
    if items[:1] == ["n"] and len(items) > 1:  # N° without its sign
        items[0] = "no"
    return tuple(word for word in items if word not in SILENT) or tuple(items)


LONGEST = max(len(word) for word in CHINESE)


def _chinese(run: str) -> list[str]:
    """The longest known words one after the other; a character that begins none stands alone."""
    words, at = [], 0
    while at < len(run):
        size = next((size for size in range(min(LONGEST, len(run) - at), 1, -1) if run[at : at + size] in CHINESE), 1)
        words.append(run[at : at + size])
        at += size
    return words


@lru_cache(maxsize=4096)
def words(title: str) -> tuple[str, ...]:
    """The words of a header name: without a unit in brackets, compounds that are made of known words taken apart."""
    bare = _DROP.sub(lambda match: " " if _is_unit(match[0]) else f" {match[0]} ", title)
    return tuple(part for word in _plain_words(bare) for part in _parts(word))


def _is_unit(bracket: str) -> bool:
    inside = _plain_words(bracket)
    return not inside or all(word in UNITS for word in inside)


def _parts(word: str) -> tuple[str, ...]:
    known = _vocabulary()
    if word in known or len(word) < 6 or not word.isascii() or word.isdigit():
        return (word,)
    return _split(word) or (word,)


@lru_cache(maxsize=4096)
def _split(word: str) -> tuple[str, ...] | None:
    """A compound as known words, or None: `orderdate`, `rechnungsgesamtbetrag` (with its linking s or n)."""
    known = _vocabulary()
    for size in range(len(word) - 2, 2, -1):
        head, rest = word[:size], word[size:]
        if head not in known or len(head) < 3:
            continue
        for tail in (rest, rest[1:] if rest[0] in "sn" else ""):
            if tail and (tail in ("id", "no", "nr") or (len(tail) >= 3 and tail in known)):
                return (head, tail)
            if len(tail) >= 6 and (more := _split(tail)):
                return (head, *more)
    return None


@lru_cache(maxsize=4096)
def matches(title: str) -> tuple[Match, ...]:
    """The concepts that a header may name, the best first. Shape: at most one Match per concept."""
    whole = words(title)
    result = _without_tax(whole)
    best = _matches_of(result)
    if len(result) < len(whole):  # tax is in it: an order's total, whatever else its name says of its value
        for name in ("goods_amount", "amount") if not set(result) & OF_GOODS else ("amount",):
            if name in best and best[name].score >= 0.7:
                best["order_total"] = replace(best.pop(name), concept=concepts()["order_total"])
    if MEASURED.search(title):
        best = {name: match for name, match in best.items() if match.concept.kind != "money" or name == "unit_price"}
        best = best or {"other_number": Match(concepts()["other_number"], 0.7, frozenset())}
    return tuple(sorted(best.values(), key=lambda match: (-match.score, match.concept.rank)))


def _without_tax(items: tuple[str, ...]) -> tuple[str, ...]:
    """A name without its last words where they only say that tax is in the amount: `incl. VAT`, `TTC`, `con IVA`, 含税."""
    left = tuple(word for word in items if word not in WITH_TAX_ALONE)
    for place, word in enumerate(left):
        if place and word in WITH_TAX and (len(left) == place + 1 or left[place + 1] in TAXES):
            return left[:place]
        if place and word in TAXES and left[place + 1 : place + 2] and left[place + 1] in WITH_TAX:
            return left[:place]
    return left or items


def _matches_of(items: tuple[str, ...]) -> dict[str, Match]:
    """The best match of each concept with some of the words."""
    best: dict[str, Match] = {}
    for begin in range(len(items)):
        for end in range(begin + 1, min(len(items), begin + 7) + 1):
            for name, languages in _phrases().get(items[begin:end], {}).items():
                again = AGAIN.get(concepts()[name].kind, frozenset())
                left = sum(_weight(word, again) for word in (*items[:begin], *items[end:]))
                score = round((end - begin) / (end - begin + left), 3)
                if name not in best or score > best[name].score:
                    best[name] = Match(concepts()[name], score, languages)
    return best


def _weight(word: str, again: frozenset[str]) -> float:
    """How much a word that is left over speaks against a match."""
    if word in UNITS:
        return 0.0
    if word in NEUTRAL:
        return 0.15
    if word in again:
        return 0.25
    return 1.0 if word in _vocabulary() else 0.6


def common_beginning(titles: list[str]) -> int:
    """How many letters all names begin with that are no word of ours: `OX` of OXORDERNR, OXBILLEMAIL."""
    small = [title.lower() for title in titles]
    first, last = min(small, default=""), max(small, default="")
    shared = first[: next((place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))]
    match = re.match(r"[a-z]+", shared)
    if len(titles) < 4 or len(shared) < 2 or not match or match[0] in _vocabulary() or min(map(len, titles)) <= len(shared):
        return 0
    return len(shared)


CENTS = frozenset({"cent", "cents", "分", "fen", "centimes", "centavos", "centimos", "pence"})


def in_hundredths(title: str) -> bool:
    """Whether a name says that its amounts are in cents, fen or pence."""
    return bool(CENTS & set(_plain_words(title)))


def language(titles: list[str]) -> str | None:
    """The language of a header, where its names are words of one more than of any other; None where that is not clear."""
    votes: dict[str, float] = {}
    for title in titles:
        items = [match for match in matches(title) if match.score >= 0.8]
        result = frozenset().union(*(match.languages for match in items)) if items else frozenset()
        for name in result:
            votes[name] = votes.get(name, 0) + 1 / len(result)
    ranked = sorted(votes.items(), key=lambda entry: -entry[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] < ranked[1][1] * 1.5):
        return None
    return ranked[0][0]


def status_words(text: str) -> str:
    """A text as small words without accents and marks, one blank between."""
    text = unicodedata.normalize("NFKC", text).replace("-", " ").replace("_", " ").lower().translate(_MAPPED)
    text = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[a-z0-9]+", text))
