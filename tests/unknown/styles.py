"""How a file is written: numbers, moments, header words, encoding and container, as shops in five languages write them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Asia/Shanghai")
NBSP, NARROW = "\u00a0", "\u202f"
SIGNS = {"CNY": "¥", "USD": "$", "GBP": "£", "INR": "₹", "AUD": "$", "EUR": "€", "CHF": "CHF", "CAD": "$", "MXN": "$", "ARS": "$"}
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
SHORT = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "de": "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "es": "ene feb mar abr may jun jul ago sep oct nov dic",
}


@dataclass(frozen=True)
class Numbers:
    """A number format. `group`: "" for none; `sign`: before, after, code or none; `minus`: front, brackets or trailing."""

    point: str = "."
    group: str = ""
    indian: bool = False
    places: int = 2
    trim: bool = False
    sign: str = "none"
    minus: str = "front"

    def write(self, value: Decimal, currency: str = "") -> str:
        """The value as text."""
        whole, _, rest = f"{abs(value):.{self.places}f}".partition(".")
        if self.trim:
            rest = rest.rstrip("0")
        text = self._grouped(whole) + (self.point + rest if rest else "")
        if currency and self.sign != "none":
            sign = currency if self.sign == "code" else SIGNS[currency]
            text = sign + text if self.sign == "before" else f"{text} {sign}"
        if value >= 0:
            return text
        return {"front": f"-{text}", "brackets": f"({text})", "trailing": f"{text}-"}[self.minus]

    def _grouped(self, whole: str) -> str:
        if not self.group or len(whole) < 4:
            return whole
        head, tail = whole[:-3], whole[-3:]
        step = 2 if self.indian else 3
        groups = [head[max(0, end - step) : end] for end in range(len(head), 0, -step)]
        return self.group.join([*reversed(groups), tail])


@dataclass(frozen=True)
class Style:
    """How a sheet is written. `words` is the language of the header; `salt` chooses which word of each role."""

    words: str
    head: str
    unit: str
    prefix: bool
    numbers: Numbers
    moments: str
    encoding: str
    container: str
    quoted: bool
    typed: bool
    salt: int


MOMENTS = {
    "iso": ("%Y-%m-%d %H:%M:%S", 22),
    "iso_short": ("%Y-%m-%d %H:%M", 8),
    "iso_day": ("%Y-%m-%d", 10),
    "iso_t": ("%Y-%m-%dT%H:%M:%S", 5),
    "ymd_slash": ("%Y/{m}/{d} %H:%M", 5),
    "dotted": ("%d.%m.%Y %H:%M", 10),
    "dotted_day": ("%d.%m.%Y", 10),
    "dotted_two": ("%d.%m.%y", 3),
    "dmy": ("%d/%m/%Y %H:%M", 8),
    "dmy_day": ("%d/%m/%Y", 8),
    "dmy_two": ("%d/%m/%y", 3),
    "dmy_dash": ("%d-%m-%Y", 3),
    "mdy": ("%m/%d/%Y %H:%M", 5),
    "mdy_day": ("%m/%d/%Y", 6),
    "mdy_two": ("%m/%d/%y", 3),
    "mdy_am": ("{m}/{d}/%Y {h}:%M {ap}", 4),
    "mdy_am_s": ("{m}/{d}/%Y {h}:%M:%S {ap}", 2),
    "words": ("{words}", 4),
    "words_short": ("{short}", 4),
    "zulu": ("{zulu}", 3),
    "offset": ("{offset}", 2),
    "plus": ("{plus}", 2),
    "cjk": ("%Y年{m}月{d}日 %H:%M", 3),
    "serial": ("{serial}", 1),
}
"""Name → pattern and weight."""
OF_LANGUAGE = {
    "zh": ("iso", "iso_short", "iso_day", "ymd_slash", "cjk", "plus", "iso_t", "serial"),
    "en": (
        "iso",
        "iso_short",
        "iso_day",
        "mdy",
        "mdy_day",
        "mdy_two",
        "mdy_am",
        "mdy_am_s",
        "dmy_day",
        "words",
        "words_short",
        "zulu",
        "offset",
        "plus",
        "serial",
    ),
    "de": ("iso", "iso_day", "dotted", "dotted_day", "dotted_two", "words", "words_short", "zulu", "serial"),
    "fr": ("iso", "dmy", "dmy_day", "dmy_two", "dmy_dash", "words", "words_short", "offset"),
    "es": ("iso", "dmy", "dmy_day", "dmy_two", "dmy_dash", "words", "words_short", "zulu"),
}
UNSURE = ("dmy", "dmy_day", "dmy_two", "dmy_dash", "mdy", "mdy_day", "mdy_two", "mdy_am", "mdy_am_s")
"""Moments that read both ways where no day is above 12."""


def moment(value: datetime, form: str, language: str) -> str:
    """A local moment as text."""
    there = value.replace(tzinfo=HOME)
    tongue = language if language in MONTHS else "en"
    long, short = MONTHS[tongue].split()[value.month - 1], SHORT[tongue].split()[value.month - 1]
    words = {
        "en": f"{long} {value.day}, %Y",
        "de": f"{value.day}. {long} %Y",
        "fr": f"{value.day} {long} %Y",
        "es": f"{value.day} de {long} de %Y",
    }
    brief = {"en": f"%d-{short}-%Y", "de": f"%d. {short} %Y", "fr": f"{value.day} {short} %Y", "es": f"%d-{short}-%Y"}
    serial = (value - datetime(1899, 12, 30)).total_seconds() / 86400
    filled = MOMENTS[form][0].format(
        m=value.month,
        d=value.day,
        h=value.hour % 12 or 12,
        ap="PM" if value.hour > 11 else "AM",
        words=words[tongue],
        short=brief[tongue],
        zulu=f"{there.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        offset=f"{there.astimezone(ZoneInfo('Europe/Paris')).isoformat()}",
        plus=f"{there:%Y-%m-%d %H:%M:%S %z}",
        serial=f"{serial:.5f}",
    )
    return filled if form in ("zulu", "offset", "plus", "serial") else value.strftime(filled)


def day_of(form: str) -> str:
    """The form in which the same file writes a day without a time."""
    family = {
        "dotted": "dotted_day",
        "dmy": "dmy_day",
        "mdy": "mdy_day",
        "mdy_am": "mdy_day",
        "mdy_am_s": "mdy_day",
        "ymd_slash": "ymd_slash",
    }
    return family.get(form, form if form.endswith(("_day", "_two", "_dash")) or form.startswith("words") else "iso_day")


def header(word: str, style: str, *, money: str = "", prefix: str = "") -> str:
    """A header word in a style: plain, snake, camel, upper or blanks behind; `money`: the unit in brackets."""
    if style in ("snake", "camel"):
        plain = (
            unicodedata.normalize("NFKD", word.replace("ß", "ss")).encode("ascii", "ignore").decode()
            if word.isascii() or not _cjk(word)
            else word
        )
        parts = [part for part in re.split(r"[^0-9A-Za-z]+", plain.replace("#", " number ")) if part] if not _cjk(plain) else [plain]
        parts = [prefix, *parts] if prefix and parts[0].lower() != prefix else parts
        if style == "snake":
            return "_".join(part.lower() for part in parts)
        return parts[0].lower() + "".join(part[:1].upper() + part[1:].lower() for part in parts[1:])
    word += money
    return {"upper": word.upper(), "trailing": f"{word} ", "plain": word}[style]


def _cjk(word: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in word)


def numbers(chance: Random, language: str, currency: str) -> Numbers:
    """A number format as that language has it; plain ones are the most common."""
    local = {
        "de": [Numbers(",", "."), Numbers(","), Numbers(",", "'") if currency != "CHF" else Numbers(".", "'")],
        "fr": [Numbers(",", NBSP), Numbers(",", NARROW), Numbers(",", " "), Numbers(",")],
        "es": [Numbers(",", "."), Numbers(","), Numbers(",", ".", places=2)],
        "zh": [Numbers(".", ","), Numbers()],
        "en": [Numbers(".", ",", indian=currency == "INR"), Numbers()],
    }[language]
    form = Numbers() if chance.random() < 0.4 else chance.choice(local)
    if currency == "CHF" and form.point == "," and chance.random() < 0.7:
        form = Numbers(".", "'")
    sign = chance.choices(("none", "before", "after", "code"), (80, 8, 8, 4))[0]
    sign = "after" if sign == "before" and form.point == "," else sign
    minus = chance.choices(("front", "brackets", "trailing"), (8, 1, 1))[0]
    places, trim = chance.choices(((2, False), (2, True), (0, False)), (88, 9, 3))[0]
    return Numbers(form.point, form.group, form.indian, places, trim, sign, minus)


def epoch(serial: float) -> datetime:
    """The moment of a serial number of Excel's usual calendar."""
    return datetime(1899, 12, 30) + timedelta(days=serial)
