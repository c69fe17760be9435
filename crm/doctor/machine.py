"""The machine: its clock, its time zones, and what its settings say of who may come in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, ZoneInfoNotFoundError

from crm import clock
from crm.campaigns import origin
from crm.doctor.finding import Finding, _
from crm.settings import Environment

TOLERANCE = timedelta(minutes=5)
STALE_YEARS = 2


def time_of_day(folder: Path, now: datetime) -> Iterator[Finding]:
    """Whether the clock ran back: behind what was written last, or while this process ran."""
    files = [file for file in folder.iterdir() if file.is_file()]
    newest = max((datetime.fromtimestamp(file.stat().st_mtime, UTC).replace(tzinfo=None) for file in files), default=now)
    back = max(newest - now - TOLERANCE, clock.set_back() - TOLERANCE, timedelta())
    if back:
        yield Finding(
            "clock.set_back",
            "wrong",
            _("The clock of this machine was set back by {n} minutes or more: files of the data folder come from its future."),
            _("Correct the clock and let it follow a time server (timedatectl set-ntp true); then start the server again."),
            {"n": (back + TOLERANCE) // timedelta(minutes=1)},
        )


def zones(now: datetime) -> Iterator[Finding]:
    """Whether days can be told at all, and by rules that are still true."""
    remedy = _("Install the system's package tzdata, or update Huitou's (pip install -U tzdata), and start the server again.")
    try:
        ZoneInfo("Asia/Shanghai")
    except ZoneInfoNotFoundError:
        yield Finding("zones.missing", "wrong", _("This machine knows no time zones, so no order has a day."), remedy)
        return
    version = _version()
    if version[:4].isdigit() and int(version[:4]) < now.year - STALE_YEARS:
        yield Finding("zones.old", "warn", _("The rules of time zones on this machine are of {version}."), remedy, {"version": version})


def _version() -> str:
    """Of the rules that are used: the system's, else those of the package tzdata; empty where they do not say."""
    for folder in map(Path, TZPATH):
        if (folder / "Asia/Shanghai").exists():
            file = folder / "tzdata.zi"
            return file.open(encoding="utf-8").readline().rpartition(" ")[2].strip() if file.exists() else ""
    return metadata.version("tzdata")


def access(env: Environment) -> Iterator[Finding]:
    """How people and readers of letters come in."""
    if not origin.is_local(env.public_url) and not env.public_url.startswith("https://"):
        sentence = _("CRM_PUBLIC_URL is {url}: passwords and customers' data go over the network unencrypted.")
        remedy = _("Put a proxy with TLS in front and set the address that begins with https:// (docs/how-to/server.md).")
        yield Finding("access.no_tls", "wrong", sentence, remedy, {"url": env.public_url})
