"""Signs, codes and words of currencies, as they stand before or after an amount; from Babel's data (CLDR) and the trade's own words."""

import re
from functools import cache

from babel import Locale
from babel.core import get_global

LOCALES = (
    "en zh ja ko de fr es it pt pt_BR nl pl cs sk sv da nb fi hu ro bg hr sl et lv lt el ru uk tr th vi id ms "
    "en_US en_CA en_AU en_NZ en_SG en_HK en_IN en_ZA de_CH fr_CH zh_Hant_TW zh_Hant_HK es_MX"
)
"""Whose signs are known: where the files come from."""
WORDS = (
    "元 圆 圓 円 块 塊 人民币 人民幣 美元 美金 欧元 歐元 日元 日圆 港元 港币 港幣 台币 台幣 新台币 新台幣 "
    "英镑 英鎊 韩元 韓元 원 澳元 加元 新元 瑞郎 卢布 泰铢 "
    "r rmb cnh euro euros dollar dollars pound pounds yen yuan us$ hk$ nt$ au$ ca$ nz$ s$ mx$ a$ c$ r$ rs rs. sfr sfr. fr. "
    "kr kr. zł zl kč kc ft lei leu лв лв. руб руб. грн tl ₺ €"
)
"""What CLDR does not write the way shops do."""


@cache
def marks() -> frozenset[str]:
    """Every mark in lower case. No single letter but the Rand's: a `K` behind a number is a thousand as often as a Kyat."""
    known = {code.lower() for code in get_global("all_currencies")} | set(WORDS.split())
    for name in LOCALES.split():
        known |= {re.sub(r"\s+", "", sign).lower() for sign in Locale.parse(name).currency_symbols.values()}
    return frozenset(mark for mark in known if len(mark) > 1 or not mark.isascii() or mark in "$r") - {"¤"}


@cache
def is_currency(text: str) -> bool:
    """Whether a text says a currency and nothing else, once or twice: `€`, `US$`, `AU $`, `CNY ¥`; also whether it says nothing at all."""
    return all(_is_mark(word) for word in re.sub(r"\s+\$", "$", text.lower()).split())


def _is_mark(word: str) -> bool:
    return word in marks() or any(word[:cut] in marks() and word[cut:] in marks() for cut in range(1, len(word)))


def is_code(text: str) -> bool:
    """Whether a text is the ISO code of a currency, in capitals."""
    return len(text) == 3 and text.isupper() and text in get_global("all_currencies")
