"""The only place that asks for the time. Below the screens and the worker, time is an argument (`now`, `as_of`)."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1)
_AT_START = time.time() - time.monotonic()


def now() -> datetime:
    """This moment in UTC, without a zone mark: the form in which all moments are stored."""
    return datetime.now(UTC).replace(tzinfo=None)


def set_back() -> timedelta:
    """By how much the clock was set back since this process started (a machine that slept only loses time)."""
    return max(timedelta(seconds=_AT_START - (time.time() - time.monotonic())), timedelta())


def day_of(moment: datetime, zone: str) -> date:
    """The shop's calendar day of a stored (UTC) moment."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()


def local(moment: datetime, zone: str) -> datetime:
    """A stored (UTC) moment as the shop's wall clock shows it."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def utc(wall: datetime, zone: str) -> datetime:
    """A moment on the shop's wall clock as it is stored (UTC)."""
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
