"""Dates and moments as people and programs write them, whole cells only: numbers in any order, written months, AM and PM, offsets, zones.

Read without a zone a moment is one on the wall (no tzinfo); the reader knows where the wall is. Bare numbers are moments only by name:
`serial` for those of spreadsheets, `epoch` for seconds and milliseconds since 1970; `looks` and `read` know nothing of them.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from crm.columns import months
from crm.columns.number_formats import LIKE

FIRST = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
"""The day 0 of the two calendars of spreadsheets; that of 1904 is of old Macs."""
HALF = r"上午|下午|中午|凌晨|早上|晚上|午前|午後|오전|오후|am|pm|a\.\s?m\.|p\.\s?m\."
AFTERNOON = ("下午", "晚上", "午後", "오후", "p")
ZONES = {"z": 0, "gmt": 0, "utc": 0, "cet": 1, "cest": 2, "jst": 9, "est": -5, "edt": -4, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}
"""Letters that mean one offset everywhere (CST does not: Chicago, Shanghai), in hours ahead of UTC."""
ZONE = rf"(?:gmt|utc)?\s*[-+]\d{{1,2}}(?::?\d{{2}})?|{'|'.join(sorted(ZONES, key=len, reverse=True))}"
CLOCK = re.compile(
    rf"(?:^|(?<=[\s日号號t,]))(?:(?:at|um|a las|a|kl\.?|om)\s+)?(?P<early>{HALF})?\s*(?P<hour>\d{{1,2}})"
    r"(?:[:h时時点點](?P<minute>\d{2})?分?(?::?(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?秒?)?|(?=\s*(?:am|pm)\b))"
    rf"\s*(?P<late>{HALF})?\s*(?:uhr|hrs?\.?|hs\.?|h\.?)?\s*(?P<zone>{ZONE})?(?:\s*\([^()]*\))?$"
)
COMPACT = re.compile(r"(\d{8})t?(\d{2})(\d{2})(\d{2})?(?:[.,]\d+)?(z|[-+]\d{2}:?\d{2})?")
YEAR_FIRST = re.compile(
    r"(\d{4})\s?([-/.年])\s?(\d{1,2})\s?(?:\2|月)\s?(\d{1,2})\s?[日号號]?|(\d{4})(\d{2})(\d{2})|(\d{2})年(\d{1,2})月(\d{1,2})[日号號]?"
)
SHORT = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})\.?")
YEAR_LAST = re.compile(r"(\D*\s\d{1,2}\s)(\d{1,2}:\d{2}(?::\d{2})?(?:\s*(?:am|pm|[a-z]{3,4}|[-+]\d{4}))?)\s+(\d{4})")
ORDERS = {"dmy": (1, 0), "mdy": (0, 1)}


def looks(cell: str) -> bool:
    """Whether a cell is a date or a moment in any form that is read, in whatever order of day and month; not a bare serial or epoch."""
    return any(read(cell, order) is not None for order in ("mdy", "dmy"))


def read(cell: str, order: str = "mdy") -> datetime | None:
    """The moment a cell says, from its first to its last character, or None. With an offset or a zone told it is in UTC, else naive.

    `order` (`dmy`, `mdy`, or `ymd` for years of two digits in front) is how three short numbers are read. Years of two digits lie
    between 1970 and 2069. A date alone is its midnight.
    """
    day_text, clock_text = split(cell)
    day, result = day_of(day_text, order), clock_of(clock_text) if clock_text else (time(), None)
    if day is None or result is None:
        return None
    moment = datetime.combine(day, result[0])
    return moment if result[1] is None else (moment - result[1]).replace(tzinfo=UTC)


def split(cell: str) -> tuple[str, str]:
    """The text of a moment as its day and its time of day ("" where none is told), each still a text: of both there are few in a column."""
    text = re.sub(r"[\s\u00a0\u202f\u3000]+", " ", cell.translate(LIKE)).strip().lower()
    if match := COMPACT.fullmatch(text):
        day, hour, minute, second, zone = match.groups()
        return day, f"{hour}:{minute}:{second or '00'}{zone or ''}"
    if match := YEAR_LAST.fullmatch(text):  # Sat Jan 03 10:15:00 2026
        text = f"{match[1]}{match[3]} {match[2]}"
    clock = CLOCK.search(text)
    if not clock:
        return text, ""
    day = text[: clock.start()].rstrip(" ,-|·;/")  # between day and time: a comma, a dash, a bar
    return re.sub(r"(?<=\d)t$|\s(?:at|um|a las|à)\s*$", "", day), text[clock.start() :]


def clock_of(text: str) -> tuple[time, timedelta | None] | None:
    """A time of day with how far it is ahead of UTC (None: not told); None where it is none."""
    match = CLOCK.fullmatch(text)
    if not match:
        return None
    hour, half = int(match["hour"]), match["early"] or match["late"] or ""
    if (match["early"] and match["late"]) or (half and half[0].isascii() and not 1 <= hour <= 12):
        return None
    if half and hour <= 12 and half not in ("中午", "凌晨"):
        hour = hour % 12 + (12 if half.startswith(AFTERNOON) else 0)
    micro = int((match["fraction"] or "").ljust(6, "0")[:6])
    try:
        return time(hour, int(match["minute"] or 0), int(match["second"] or 0), micro), _offset(match["zone"])
    except ValueError:
        return None


def _offset(zone: str | None) -> timedelta | None:
    """Raises ValueError for an offset that no place has."""
    if not zone:
        return None
    if zone in ZONES:
        return timedelta(hours=ZONES[zone])
    digits = re.sub(r"\D", "", zone)
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits or 0), 0)
    ahead = timedelta(hours=hours, minutes=minutes) * (-1 if "-" in zone else 1)
    timezone(ahead)
    return ahead


def day_of(text: str, order: str = "mdy") -> date | None:
    """The day that a text without a time of day says, or None."""
    text = months.arabic(text.strip().lower())
    text = re.sub(r"\s*[(]?(?:星期|周|週)[一二三四五六日天][)]?\s*", "", text)
    if match := YEAR_FIRST.fullmatch(text):
        items = [part for part in match.groups() if part and part.isdigit()]
        return _day(*items)
    if match := SHORT.fullmatch(text):
        one, two, year = match[1], match[3], match[4]
        if order == "ymd" and len(year) == 2:
            return _day(one, two, year)
        month, day = ((one, two)[place] for place in ORDERS.get(order, ORDERS["mdy"]))
        return _day(year, month, day)
    return _written(text)


def _written(text: str) -> date | None:
    """Day, month word and year in any order: `3 September 2026`, `Jul-25-26`, `le 1er août 2026`, `2026 März 3`."""
    words = re.findall(r"\d+|[^\W\d_]+", months.bare(text))
    if re.sub(r"[\s,./\-'·]", "", re.sub(r"\d+|[^\W\d_]+", "", months.bare(text))):
        return None
    known = [word for word in words if word in months.months()]
    month = next((word for word in known if word not in months.weekdays()), known[-1] if known else None)
    others = [
        word for word in words if not word.isdigit() and word != month and word not in months.weekdays() and word not in months.FILLING
    ]
    numbers = [word for word in words if word.isdigit()]
    if month is None or others or len(numbers) != 2 or len(known) > 2:
        return None
    day, year = sorted(numbers, key=len) if 4 in map(len, numbers) else numbers
    return _day(year, str(months.months()[month]), day)


def _day(year: str, month: str, day: str) -> date | None:
    if len(year) not in (2, 4) or len(day) > 2:
        return None
    full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 70 else 1900)
    try:
        return date(full, int(month), int(day)) if 1900 <= full <= 2200 else None
    except ValueError:
        return None


def serial(cell: str, since_1904: bool = False) -> datetime | None:
    """The moment that a spreadsheet's number of days says (20,000 to 59,999: the years 1954 to 2068), to the second; else None."""
    if not re.fullmatch(r"[2-5]\d{4}(\.\d+)?", cell.strip()):
        return None
    first = datetime.combine(FIRST[since_1904], time())
    return first + timedelta(seconds=round(float(cell) * 86400))


def epoch(cell: str) -> datetime | None:
    """The moment (UTC) of ten digits of seconds, or thirteen of milliseconds, since 1970; of 2001 to 2286. None where it is none."""
    if not re.fullmatch(r"[1-9]\d{9}(\d{3}|\.\d+)?", cell.strip()):
        return None
    seconds = float(cell) / (1000 if len(cell.strip().partition(".")[0]) == 13 else 1)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
