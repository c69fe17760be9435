"""Signing in: name and password → a session. Guessing is slowed down, in a way that nobody can use to keep the owner out.

Wrong passwords are counted per person and browser where she has signed in from that browser before, else per name for all strange browsers
together, and per address. Who is over the limit waits; a browser that is known to be hers is not held up by what strangers try.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.accounts import audit, passwords, sessions, users
from crm.database import Store
from crm.errors import BadInputError, NotFoundError

FREE = 5
"""Wrong passwords before one has to wait; from then on the wait doubles, from a minute to an hour."""
FREE_ADDRESS = 30
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=1)
FORGET = timedelta(hours=24)
MOST = 10_000
"""So many names and addresses are remembered; the oldest are forgotten first."""


@dataclass(frozen=True)
class Visitor:
    """Whoever stands at the door: `device` the mark in the browser's cookie, `address` where the request came from."""

    device: str
    browser: str
    address: str


@dataclass
class _Tries:
    wrong: int
    last: datetime


class Throttle:
    """Counts wrong passwords, in memory: a restart forgives, and nobody outside can cause one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tries: OrderedDict[tuple[str, str], _Tries] = OrderedDict()

    def wait(self, key: tuple[str, str], free: int, now: datetime) -> timedelta:
        """How long this one has to wait still; nothing or less: not at all."""
        with self._lock:
            tries = self._tries.get(key)
            if tries is None or now - tries.last > FORGET or tries.wrong < free:
                return timedelta(0)
            pause: timedelta = min(SHORTEST * 2 ** min(tries.wrong - free, 20), LONGEST)
            return tries.last + pause - now

    def wrong(self, key: tuple[str, str], now: datetime) -> int:
        """One more; how many now."""
        with self._lock:
            tries = self._tries.pop(key, None)
            if tries is None or now - tries.last > FORGET:
                tries = _Tries(0, now)
            tries.wrong, tries.last = tries.wrong + 1, now
            self._tries[key] = tries
            while len(self._tries) > MOST:
                self._tries.popitem(last=False)
            return tries.wrong

    def right(self, *keys: tuple[str, str]) -> None:
        """Forget what was wrong before."""
        with self._lock:
            for key in keys:
                self._tries.pop(key, None)


throttle = Throttle()
WRONG = "Name or password is wrong."


def attempt(store: Store, name: str, password: str, visitor: Visitor, now: datetime) -> str:
    """The token of a new session. Raises BadInputError where it is wrong or too often, in the same time whether the name exists or not."""
    user, kept = _find(store, name)
    known = user is not None and sessions.known_device(store, user.user_id, visitor.device)
    own = ("device", f"{users.key(name)} {visitor.device}") if known else ("name", users.key(name))
    limits = [(own, FREE)] if known else [(own, FREE), (("address", visitor.address), FREE_ADDRESS)]
    _require_patience(limits, now)
    right = passwords.matches(kept, password)
    if not right or user is None:
        _wrong(store, limits, user, now)
        raise BadInputError("login.wrong", WRONG)
    throttle.right(own)
    with store.transaction() as change:
        audit.noted(change, now, user.name, "sign in", "known browser" if known else "new browser")
        return sessions.begin(change, user.user_id, visitor.device, visitor.browser, visitor.address, now)


def _find(store: Store, name: str) -> tuple[users.User | None, str | None]:
    try:
        user = users.by_name(store, name)
    except NotFoundError:
        return None, None
    return (user, users.kept(store, user.user_id)) if user.closed_at is None else (None, None)


def _require_patience(limits: list[tuple[tuple[str, str], int]], now: datetime) -> None:
    wait = max(throttle.wait(key, free, now) for key, free in limits)
    if wait > timedelta(0):
        raise BadInputError(
            "login.too_often",
            "Too many wrong passwords. Please wait {n} minutes, or sign in from a browser in which you did before.",
            n=int(wait.total_seconds() // 60) + 1,
        )


def _wrong(store: Store, limits: list[tuple[tuple[str, str], int]], user: users.User | None, now: datetime) -> None:
    tries = [throttle.wrong(key, now) for key, _ in limits]
    who = user.name if user else "unknown name"
    audit.note(store, now, "screen", "sign in refused", f"{who}: {tries[0]}")
