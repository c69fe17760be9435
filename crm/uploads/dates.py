"""Birthdays and moments as people write them: solar or lunar (农历), with or without a year."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from crm import clock
from crm.columns.dates import epoch, read, serial

LUNAR_MONTHS = {
    "正": 1,
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "冬": 11,
    "十一": 11,
    "腊": 12,
    "十二": 12,
}
DIGITS = {sign: number for number, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
LUNAR_WORDS = re.compile(r"农历|阴历|旧历|lunar", re.IGNORECASE)
SOLAR_WORDS = re.compile(r"公历|阳历|新历|西历|solar|gregorian", re.IGNORECASE)
LUNAR = re.compile(
    r"^(?:([〇零○一二三四五六七八九]{4}|\d{4})年)?(闰)?(十[一二]|[正一二三四五六七八九十冬腊])月(初?[一二三四五六七八九十廿卅]{1,3})日?$"
)
FULL = re.compile(r"^(\d{4})(?:年|[-/.])(闰)?(\d{1,2})(?:月|[-/.])(\d{1,2})日?(?:[ T].*)?$")
SHORT = re.compile(r"^(?:--)?(闰)?(\d{1,2})(?:月|[-/.])(\d{1,2})日?$")


@dataclass(frozen=True)
class Birthday:
    """Month and day in one of the two calendars; the year (of the same calendar) and the leap month only where told."""

    month: int | None
    day: int | None
    year: int | None = None
    lunar: bool = False
    leap: bool = False


def birthday(text: str, lunar: bool | None = None) -> Birthday | None:
    """A birthday, or None when it is none. `lunar`: what the column or another cell says of the calendar."""
    known = lunar if lunar is not None else bool(LUNAR_WORDS.search(text))
    bare = re.sub(r"[\s()（）:：]", "", SOLAR_WORDS.sub("", LUNAR_WORDS.sub("", re.sub(r"[ T]\d{1,2}:\d\d.*$", "", text))))
    if match := LUNAR.match(bare):
        year, leap, month, day = match.groups()
        return _checked(Birthday(LUNAR_MONTHS[month], _lunar_day(day), _year(year), True, bool(leap)))
    if re.fullmatch(r"(19|20)\d{6}", bare):
        bare = f"{bare[:4]}-{bare[4:6]}-{bare[6:]}"
    if match := FULL.match(bare):
        year, leap, month, day = match.groups()
        return _checked(Birthday(int(month), int(day), _year(year), known or bool(leap), bool(leap)))
    if match := SHORT.match(bare):
        leap, month, day = match.groups()
        return _checked(Birthday(int(month), int(day), None, known or bool(leap), bool(leap)))
    if match := re.fullmatch(r"((?:19|20)\d\d)年?", bare):
        return Birthday(None, None, int(match[1]))
    if re.fullmatch(r"\d{5}", bare):
        day = date(1899, 12, 30) + timedelta(days=int(bare))
        return Birthday(day.month, day.day, day.year)
    return _worded(text)


def _worded(text: str) -> Birthday | None:
    """A date with its month in words and its year in full: `3 March 1990`, `12. Dez. 1985`."""
    rows = read(text) if re.search(r"[^\W\d_]{3}", text) and re.search(r"(?<!\d)\d{4}(?!\d)", text) else None
    return Birthday(rows.month, rows.day, rows.year) if rows else None


def _year(text: str | None) -> int | None:
    if not text:
        return None
    year = int(text) if text.isdigit() and text.isascii() else int("".join(str(DIGITS[sign]) for sign in text))
    return year if 1900 <= year <= 2100 else None


def _lunar_day(text: str) -> int:
    text = text.removeprefix("初")
    tens, ones = {"廿": 20, "卅": 30, "十": 10}, 0
    if text in DIGITS:
        return DIGITS[text]
    if len(text) == 1:
        return tens.get(text, 0)
    if text[0] in DIGITS:  # 二十, 二十三, 三十
        return DIGITS[text[0]] * 10 + (DIGITS.get(text[2], 99) if len(text) > 2 else ones)
    return tens[text[0]] + DIGITS.get(text[1], 99)


def _checked(result: Birthday) -> Birthday | None:
    month, day = result.month or 0, result.day or 0
    if result.lunar:
        return result if 1 <= month <= 12 and 1 <= day <= 30 else None
    try:
        date(result.year or 2000, month, day)
    except ValueError:
        return None
    return result


def moment(text: str, zone: str) -> datetime | None:
    """A moment on the shop's clock as it is stored (UTC), or None when it is none; three short numbers are month, day and year."""
    result = serial(text) or epoch(text) or read(text)
    if result is None:
        return None
    return clock.utc(result, zone) if result.tzinfo is None else result.astimezone(UTC).replace(tzinfo=None)
