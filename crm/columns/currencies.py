"""Currencies by whatever a file calls them (`cny`, RMB, ¥, US$, 元, Euro) → their ISO codes. Names in five languages come from Babel."""

import json
import re
import unicodedata
from functools import cache
from typing import Any

from babel import Locale

from crm import settings

LANGUAGES = ("zh_Hans_CN", "zh_Hant_TW", "en", "de", "fr", "es")


def code(word: str, own: str = "CNY") -> str | None:
    """The ISO code that a word, sign or code means, or None. `own`: the shop's currency, which an ambiguous sign (¥, $, 元) means first."""
    return next((result for part in _parts(word) if (result := _code(part, own))), None)


def sure(word: str) -> str | None:
    """The ISO code that a word means in every shop, or None: `EUR`, `€`, `HK$`; not `$`, `¥`, 元."""
    names = {code(word, own) for own in ("CNY", "USD", "JPY", "TWD", "XXX")}
    return names.pop() if len(names) == 1 else None


def _code(plain: str, own: str) -> str | None:
    if plain.upper() in codes():
        return plain.upper()
    signs: list[str] = _words()["signs"].get(plain, [])
    if signs:
        return own if own in signs else signs[0]
    return _names().get(plain)


@cache
def codes() -> frozenset[str]:
    """All ISO codes, those of former currencies too, but not metals and what else begins with X and is no money."""
    return frozenset(
        code_ for code_ in map(str, Locale.parse("en").currencies) if code_[0] != "X" or code_ in ("XAF", "XCD", "XCG", "XOF", "XPF")
    )


def name(code_: str, language: str) -> str:
    """What a currency is called in `zh_CN` or `en`; its code where it has no name."""
    return str(Locale.parse(language).currencies.get(code_, code_))


@cache
def _words() -> dict[str, Any]:
    """The reference file of words and signs."""
    content: dict[str, Any] = json.loads(settings.reference("currencies.json").read_text(encoding="utf-8"))
    return content


@cache
def _names() -> dict[str, str]:
    """Each currency's names and words. A name that two have is none's; our own words come first."""
    values: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for code_, title in Locale.parse(language).currencies.items():
            if code_ in codes():
                values.setdefault(_plain(title), set()).add(code_)
    names = {title: held.pop() for title, held in values.items() if len(held) == 1}
    return names | {_plain(word): code_ for code_, words in _words()["words"].items() for word in words}


def _plain(word: str) -> str:
    """Wide and narrow signs alike, small letters, no blanks around: `￥` is `¥`."""
    return unicodedata.normalize("NFKC", word).strip().casefold()


def _parts(word: str) -> list[str]:
    """A word as it is, and what stands before and within its brackets: `人民币（CNY）`, `[USD]`."""
    plain = _plain(word)
    return [plain, *[part.strip() for part in re.split(r"[()\[\]]", plain) if part.strip() and part.strip() != plain]]
