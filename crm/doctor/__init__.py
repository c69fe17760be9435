"""What is wrong with an installation, each with one sentence and one remedy: asked by `crm doctor` and by the settings page.

doctor.outside(folder, env)          what can be seen without opening the database
doctor.inside(store, env)            what only the open database says; `thorough` reads all of it
doctor.lately(store, env)            the quick checks of the open shop, at most once a minute
"""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from weakref import WeakKeyDictionary

from crm import clock
from crm.database import Store
from crm.doctor import data, folder, machine, sending
from crm.doctor.finding import Finding, Report
from crm.settings import Environment

__all__ = ["Finding", "Report", "inside", "lately", "outside"]
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
            "restored": lambda: sending.restored_copy(store),
            "sender": lambda: sending.sender(store, env),
            "hooks": lambda: sending.hooks(store, env),
        }
    )


INSIDE = ("database", "figures", "moments", "restored", "sender", "hooks")


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
    return Report(list(checks), [one for check in checks.values() for one in check()])
