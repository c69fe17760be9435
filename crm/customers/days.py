"""Days and windows, defined once: the shop's day of a moment, the last N days, the N days after a message. Pure Ibis expressions.

- The last N days (`within`): the day itself and the N days before it. Somebody who bought 30 days ago bought within 30 days.
- The N days after a message (`follows`): from its very moment, N × 24 hours, the end not counted. In results and segments alike.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import ibis

FIRST, LAST = 1992, 2040
"""The years whose changes of the clock are known here; before and after them the nearest counts."""


def within(day: Any, as_of: date, days: int) -> Any:
    """Whether a day is at most `days` before `as_of`, and not after it."""
    return (day >= ibis.literal(as_of - timedelta(days=days))) & (day <= ibis.literal(as_of))


def follows(at: Any, start: Any, days: int) -> Any:
    """Whether a moment lies in the `days` × 24 hours that begin with `start`."""
    return (at >= start) & (at < start + ibis.interval(days=days))


def shop_day(moment: Any, zone: str) -> Any:
    """The shop's calendar day of stored (UTC) moments; `crm.clock.day_of` for columns."""
    return shop_clock(moment, zone).date()


def shop_clock(moment: Any, zone: str) -> Any:
    """What the shop's clock shows at stored (UTC) moments."""
    changes = offsets(zone)
    if len(changes) == 1:
        return moment + ibis.interval(seconds=changes[0][1])
    until = [(moment < ibis.literal(after), seconds) for (_, seconds), (after, _) in pairwise(changes)]
    return moment + ibis.cases(*until, else_=changes[-1][1]).as_interval("s")


@cache
def offsets(zone: str) -> list[tuple[datetime, int]]:
    """Since when (UTC) the zone's clocks have been how many seconds ahead of UTC, oldest first."""
    items: list[tuple[datetime, int]] = []
    day = datetime(FIRST, 1, 1)
    while day.year <= LAST:
        ahead = _ahead(day, zone)
        if not items or items[-1][1] != ahead:
            items.append((_change(day - timedelta(days=1), day, zone) if items else day, ahead))
        day += timedelta(days=1)
    return items


def _ahead(moment: datetime, zone: str) -> int:
    ahead = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset()
    return int(ahead.total_seconds()) if ahead is not None else 0


def _change(before: datetime, after: datetime, zone: str) -> datetime:
    """The moment between two at which the clocks were changed."""
    old = _ahead(before, zone)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        middle = middle.replace(microsecond=0)
        before, after = (middle, after) if _ahead(middle, zone) == old else (before, middle)
    return after
