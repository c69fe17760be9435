"""Names of months and weekdays in the languages of the trade, from Babel's data (CLDR), each without accents and points."""

import re
import unicodedata
from functools import cache

from babel import Locale

LOCALES = ("en", "de", "fr", "es", "it", "nl", "pt")
MORE = {"sept": 9, "mrz": 3, "maerz": 3, "janner": 1, "feber": 2, "setiembre": 9, "dez": 12, "okt": 10, "juil": 7, "juill": 7}
"""What people write besides."""
FILLING = frozenset({"de", "del", "of", "the", "le", "den", "el", "am", "on", "der", "st", "nd", "rd", "th", "er", "o", "a"})
"""Words between day, month and year, and the endings of ordinals."""
NUMERALS = {sign: number for number, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}


def bare(word: str) -> str:
    """Lower case, without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(sign))


@cache
def months() -> dict[str, int]:
    """Name of a month, full or short → its number."""
    return MORE | _names("months")


@cache
def weekdays() -> frozenset[str]:
    """Names of weekdays, full or short."""
    return frozenset(_names("days")) | {"tues", "thur", "thurs", "weds"}


def _names(what: str) -> dict[str, int]:
    values: dict[str, int] = {}
    for name in LOCALES:
        kinds = getattr(Locale.parse(name), what)
        for kind in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, word in kinds[kind][width].items():
                    values.setdefault(re.sub(r"\W", "", bare(word)), int(number))
    return values


def arabic(text: str) -> str:
    """A Chinese date with its numerals as digits (`二〇二六年十二月三日` → `2026年12月3日`); other texts as they are."""
    return re.sub(r"[〇零○一二三四五六七八九十廿]+(?=[年月日号號])", lambda match: _number(match[0]), text)


def _number(word: str) -> str:
    if not set(word) & set("十廿"):
        return "".join(str(NUMERALS[sign]) for sign in word)
    tens, _, ones = word.replace("廿", "二十").partition("十")
    return f"{(NUMERALS.get(tens, 1)) * 10 + NUMERALS.get(ones, 0)}"
