"""Time zones for the statements: a zone's name and, where its clocks were never changed since 1992, how far they are ahead of UTC.

With that a moment is one sum; otherwise each is looked up in the zone's history. Both give the same.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from crm.database import Transaction
from crm.errors import BadInputError

FIRST, LAST = datetime(1991, 12, 25, tzinfo=UTC), datetime(2038, 1, 10, tzinfo=UTC)
"""A little more than the years between which the macros `moment` and `on_shop_clock` use the offset."""
DISTANCE = re.compile(r"(UTC|GMT)[+-]\d{1,2}(:\d\d)?")


@dataclass(frozen=True)
class Zone:
    """For the macros `moment` and `on_shop_clock`: a zone's name, and by how many microseconds it always is ahead of UTC, or None."""

    name: str
    ahead: int | None


def resolve(change: Transaction, zone: str) -> Zone:
    """The zone of this name. Raises BadInputError for what is none."""
    place = _place(zone)
    if not place and not DISTANCE.fullmatch(zone) and not _listed(change, zone):
        raise BadInputError(
            "time_zone.unknown", "“{zone}” is no time zone. Nothing was imported. Please name one like Asia/Shanghai.", zone=zone
        )
    return Zone(zone, steady(zone) if place else None)


def is_place(zone: str) -> bool:
    """Whether this is the name of a time zone as this machine knows them, which a shop's own must be."""
    return _place(zone) is not None


def _place(zone: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return None


def _listed(change: Transaction, zone: str) -> bool:
    """Whether the database knows a zone by this name, which it reads in small and capital letters alike."""
    return bool(change.rows("SELECT 1 FROM pg_timezone_names() WHERE lower(name) = lower($1)", [zone]))


@cache
def steady(zone: str) -> int | None:
    """Microseconds that a zone's clocks are ahead of UTC, or None where that was ever changed between FIRST and LAST."""
    place, step = ZoneInfo(zone), timedelta(days=5)
    days = (FIRST + step * number for number in range((LAST - FIRST) // step + 1))
    offsets = {day.astimezone(place).utcoffset() for day in days}
    ahead = offsets.pop()
    return None if offsets or ahead is None else ahead // timedelta(microseconds=1)
