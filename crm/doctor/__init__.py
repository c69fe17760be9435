"""What is wrong with an installation, each with one sentence and one remedy: asked by `crm doctor` and by the settings page.

doctor.outside(folder, env)          what can be seen without opening the database
doctor.inside(store, env)            what only the open database says; `thorough` reads all of it
doctor.lately(store, env)            the quick checks of the open shop, at most once a minute
"""

import logging
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from weakref import WeakKeyDictionary

from crm import clock
from crm.database import Store
from crm.doctor import accounts, data, folder, machine, sending
from crm.doctor.finding import Finding, Report, _
from crm.settings import Environment

__all__ = ["Finding", "Report", "inside", "lately", "outside"]
log = logging.getLogger(__name__)
KEPT = 60.0
_lately: WeakKeyDictionary[Store, tuple[float, Report]] = WeakKeyDictionary()
Check = Callable[[], Iterable[Finding]]


def outside(home: Path, env: Environment, thorough: bool = True) -> Report:
    """Without the database: also while the server has it."""
    now = clock.now()
    return _report(
        {
            "disk": lambda: folder.disk_room(home),
            "permissions": lambda: folder.permissions(home, thorough),
            "clock": lambda: machine.time_of_day(home, now),
            "zones": lambda: machine.zones(now),
            "access": lambda: machine.access(env),
            "elsewhere": lambda: accounts.signing_in_elsewhere(env),
            "backups": lambda: folder.backups(home, now),
            "journal": lambda: folder.journal(home, thorough),
        }
    )


def inside(store: Store, env: Environment, thorough: bool = True) -> Report:
    """What the open database says."""
    now = clock.now()
    return _report(
        {
            "database": lambda: data.readable(store, thorough),
            "figures": lambda: data.figures(store, thorough),
            "moments": lambda: data.moments(store, now),
            "audit": lambda: accounts.trail(store),
            "password": lambda: accounts.first_password(store, env),
            "restored": lambda: sending.restored_copy(store),
            "sender": lambda: sending.sender(store, env),
            "hooks": lambda: sending.hooks(store, env),
        }
    )


INSIDE = ("database", "figures", "moments", "audit", "password", "restored", "sender", "hooks")


def lately(store: Store, env: Environment) -> Report:
    """The quick checks of a shop that is being used."""
    known = _lately.get(store)
    if known is None or time.monotonic() - known[0] > KEPT:
        result = inside(store, env, thorough=False)
        if store.folder is not None:
            result = outside(store.folder, env, thorough=False).joined(result)
        known = _lately[store] = (time.monotonic(), result)
    return known[1]


def _report(checks: dict[str, Check]) -> Report:
    """In their order; where the database cannot be read, what would read more of it is left out."""
    result = Report([], [])
    for name, check in checks.items():
        result = result.joined(Report([name], _made(name, check)))
        if name == "database" and not result.is_well:
            break
    return result


def _made(name: str, check: Check) -> list[Finding]:
    try:
        return list(check())
    except Exception as error:
        log.exception("the check %s could not be made", name)
        sentence, remedy = _("The check “{check}” could not be made ({error})."), _("Look into the log for the reason, and tell us.")
        return [Finding("check.failed", "wrong", sentence, remedy, {"check": name, "error": type(error).__name__})]
