"""Numbers as people read them, in both languages. None is "—": not computed is not zero."""

from datetime import date, datetime
from decimal import Decimal

from crm import clock
from crm.ui.words import language

Number = int | float | Decimal
NOTHING = "—"
SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "HKD": "HK$", "TWD": "NT$"}


def count(number: Number | None) -> str:
    """A whole number, all digits: 1,924."""
    return NOTHING if number is None else _minus(f"{round(number):,}")


def big(number: Number | None) -> str:
    """A number for the eye: 1,284 万 in Chinese, 12.8M in English; small ones in full."""
    if number is None:
        return NOTHING
    steps = ((10**8, " 亿"), (10**5, " 万")) if language() == "zh_CN" else ((10**9, "B"), (10**6, "M"), (10**5, "k"))
    units = {" 亿": 10**8, " 万": 10**4, "B": 10**9, "M": 10**6, "k": 10**3}
    for least, unit in steps:
        if abs(float(number)) >= least:
            part = float(number) / units[unit]
            return _minus(f"{part:,.0f}{unit}" if abs(part) >= 100 else f"{part:,.1f}{unit}")
    return _minus(f"{round(number):,}")


def money(amount: Number | None, currency: str = "CNY", cents: bool = False) -> str:
    """An amount in full: ¥1,284 (or ¥1,284.00)."""
    if amount is None:
        return NOTHING
    digits = f"{abs(float(amount)):,.2f}" if cents else f"{round(abs(float(amount))):,}"
    return ("−" if amount < 0 else "") + SYMBOLS.get(currency, currency + " ") + digits


def big_money(amount: Number | None, currency: str = "CNY") -> str:
    """An amount for the eye: ¥1,284 万."""
    if amount is None:
        return NOTHING
    return ("−" if amount < 0 else "") + SYMBOLS.get(currency, currency + " ") + big(abs(float(amount)))


def percent(share: Number | None, digits: int = 1) -> str:
    """A share (0–1) as 34.8%."""
    return NOTHING if share is None else _minus(f"{float(share) * 100:.{digits}f}%")


def change(share: Number | None, digits: int = 1) -> str:
    """A change (0.084) as +8.4%."""
    return NOTHING if share is None else signed(float(share) * 100, digits) + "%"


def plain(number: Number, digits: int = 1) -> str:
    """A number with so many digits: 3.4, −0.3."""
    return _minus(f"{float(number):,.{digits}f}")


def signed(number: Number | None, digits: int = 1) -> str:
    """With its sign: +1.4, −0.3, 0.0."""
    return NOTHING if number is None else _minus(f"{float(number):+,.{digits}f}")


def _minus(text: str) -> str:
    """One minus everywhere (never a hyphen), and no sign before what is rounded to nothing."""
    nothing = not any(digit in text for digit in "123456789")
    return text.lstrip("+-") if nothing else text.replace("-", "−")


def day(moment: date | None) -> str:
    """A calendar day: 2026-11-01."""
    return NOTHING if moment is None else moment.strftime("%Y-%m-%d")


def moment(stored: datetime | None, zone: str) -> str:
    """A stored (UTC) moment on the shop's wall clock: 2026-11-01 21:40."""
    return NOTHING if stored is None else clock.local(stored, zone).strftime("%Y-%m-%d %H:%M")
