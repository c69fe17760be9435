"""Who is signed in where: sessions on the server's side, known by the hash of the token in the browser's cookie."""

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.accounts import acting, audit
from crm.accounts.acting import Actor
from crm.database import Store, Transaction

IDLE, LONGEST, SEEN_EVERY = timedelta(days=14), timedelta(days=90), timedelta(minutes=10)
FORGOTTEN = timedelta(days=365)
"""So long an ended session says that a browser was this person's."""


BROWSERS = ("MicroMessenger", "Edg", "OPR", "Firefox", "Chrome", "Safari")
MACHINES = ("iPhone", "iPad", "Android", "Windows", "Mac OS", "Linux")


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which somebody is signed in. Moments are UTC; `browser`: what it calls itself, `address`: from where it came."""

    session_id: str
    browser: str
    address: str
    created_at: datetime
    seen_at: datetime

    @property
    def device(self) -> str:
        """The browser and its machine, from what it calls itself; the first that fits counts."""
        parts = [next((name for name in known if name in self.browser), "") for known in (BROWSERS, MACHINES)]
        return " · ".join(filter(None, parts)) or self.browser[:60] or "—"


@dataclass(frozen=True, slots=True)
class _Holder:
    user_id: str
    name: str
    roles: str
    special: str
    seen_at: datetime
    expires_at: datetime


def digest(token: str) -> str:
    """As which a token, a link or a browser's mark is kept: nobody who reads the database can use it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def begin(change: Transaction, user_id: str, device: str, browser: str, address: str, now: datetime) -> str:
    """A new session; its token, which exists in the browser only."""
    token = secrets.token_urlsafe(32)
    change.execute("DELETE FROM sessions WHERE coalesce(ended_at, expires_at) < ?", [now - FORGOTTEN])
    change.execute(
        "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
        [digest(token), user_id, digest(device), browser[:200], address[:60], now, now, now + LONGEST],
    )
    return token


def actor(store: Store, tokens: Iterable[str], now: datetime) -> Actor | None:
    """Who holds one of these tokens; None where nobody does."""
    return next((who for token in tokens if (who := by_id(store, digest(token), now))), None)


def by_id(store: Store, session_id: str, now: datetime) -> Actor | None:
    """The same of a session; None where it has ended, or was not used for two weeks."""
    holders = store.rows_as(_Holder, _HOLDER, [session_id])
    if not holders or now >= holders[0].expires_at or now - holders[0].seen_at >= IDLE:
        return None
    if now - holders[0].seen_at > SEEN_EVERY:
        _seen(store, session_id, now)
    return _as_actor(holders[0], session_id)


def known_device(store: Store, user_id: str, device: str) -> bool:
    """Whether this person has signed in from this browser before."""
    return store.one("SELECT 1 AS n FROM sessions WHERE user_id = ? AND device = ? LIMIT 1", [user_id, digest(device)]) is not None


def of(store: Store, user_id: str, now: datetime) -> list[Session]:
    """Where somebody is signed in, the latest seen first."""
    return store.rows_as(
        Session,
        "SELECT session_id, browser, address, created_at, seen_at FROM sessions "
        "WHERE user_id = ? AND ended_at IS NULL AND expires_at > ? AND seen_at > ? ORDER BY seen_at DESC",
        [user_id, now, now - IDLE],
    )


def end(store: Store, session_id: str, now: datetime) -> None:
    """Sign out one browser of one's own."""
    with store.transaction() as change:
        change.execute(
            "UPDATE sessions SET ended_at = ? WHERE session_id = ? AND ended_at IS NULL AND user_id = coalesce(?, user_id)",
            [now, session_id, acting.current().user_id],
        )


def end_everywhere(store: Store, user_id: str, now: datetime) -> None:
    """Sign somebody out of every browser: herself, or whoever manages users."""
    if acting.current().user_id != user_id:
        acting.require(acting.Right.USERS)
    with store.transaction() as change:
        end_all(change, user_id, now)
        names = change.rows("SELECT name FROM users WHERE user_id = ?", [user_id])
        audit.noted(change, now, "terminal", "user.out", names[0]["name"] if names else user_id)


def end_all(change: Transaction, user_id: str, now: datetime, keep: str | None = None) -> None:
    """The same inside a change, but for the session `keep`."""
    sql = "UPDATE sessions SET ended_at = ? WHERE user_id = ? AND ended_at IS NULL AND session_id IS DISTINCT FROM ?"
    change.execute(sql, [now, user_id, keep])


def end_older(store: Store, began_before: datetime, now: datetime) -> None:
    """End every session that began before: a backup brings back those that had been ended since."""
    with store.transaction() as change:
        change.execute("UPDATE sessions SET ended_at = ? WHERE ended_at IS NULL AND created_at < ?", [now, began_before])


_HOLDER = """
    SELECT user_id, name, roles, special, seen_at, expires_at FROM sessions JOIN users USING (user_id)
    WHERE session_id = ? AND ended_at IS NULL AND closed_at IS NULL
"""


def _seen(store: Store, session_id: str, now: datetime) -> None:
    with store.transaction() as change:
        change.execute("UPDATE sessions SET seen_at = ? WHERE session_id = ?", [now, session_id])


def _as_actor(holder: _Holder, session_id: str) -> Actor:
    return Actor(holder.name, acting.rights_of(json.loads(holder.roles), json.loads(holder.special)), holder.user_id, session_id)
