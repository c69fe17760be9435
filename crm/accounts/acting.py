"""Who acts, and what they may do: a context variable that every function that acts asks first."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, TypeVar

from crm.errors import RightError


class Right(StrEnum):
    """What somebody may do. Kept as these words in the database."""

    OVERVIEW = "overview"
    CUSTOMERS = "customers"
    SEGMENTS = "segments"
    IMPORTS = "imports"
    CAMPAIGNS = "campaigns"
    APPROVE = "approve"
    LAUNCH = "launch"
    REVEAL = "reveal"
    EXPORT = "export"
    USERS = "users"
    SETTINGS = "settings"
    BACKUP = "backup"
    RESTORE = "restore"
    ERASE = "erase"
    AUDIT = "audit"
    METRICS = "metrics"


class Role(StrEnum):
    """A usual set of rights."""

    OWNER = "owner"
    ADMIN = "admin"
    BOSS = "boss"
    SPECIALIST = "specialist"
    SENDER = "sender"
    STAFF = "staff"


EVERYTHING = frozenset(Right)
_WRITES = {Right.OVERVIEW, Right.CUSTOMERS, Right.SEGMENTS, Right.IMPORTS, Right.CAMPAIGNS}
ROLES = {
    Role.OWNER: EVERYTHING,
    Role.ADMIN: frozenset({Right.USERS, Right.SETTINGS, Right.BACKUP, Right.RESTORE, Right.ERASE, Right.AUDIT, Right.METRICS}),
    Role.BOSS: frozenset({Right.OVERVIEW, Right.APPROVE}),
    Role.SPECIALIST: frozenset(_WRITES),
    Role.SENDER: frozenset(_WRITES | {Right.LAUNCH}),
    Role.STAFF: frozenset({Right.CUSTOMERS}),
}
"""Seeing personal data unmasked and taking it away are in none but the owner's: they are given one by one."""
SPECIAL = (Right.REVEAL, Right.EXPORT)
"""Rights that are given to a person beside her roles."""


@dataclass(frozen=True)
class Actor:
    """Somebody who acts. `user_id` None: no user of the shop, but the terminal, the worker, a provider or the one person of a shop."""

    name: str
    rights: frozenset[Right]
    user_id: str | None = None
    session_id: str | None = None


LOCAL = Actor("", EVERYTHING)
"""The terminal, and the one person of a shop without users: who reads the file may do everything."""
NOBODY = Actor("", frozenset())
NEEDS: dict[str, Right] = {}
"""Every function that acts, with the right it wants."""
P = ParamSpec("P")
T = TypeVar("T")
_default = LOCAL
_current: ContextVar[Actor | None] = ContextVar("actor", default=None)


def rights_of(roles: Iterable[str], special: Iterable[str] = ()) -> frozenset[Right]:
    """The rights of these roles, and those given beside them. Words that this version does not know give nothing."""
    known = [ROLES[Role(role)] for role in roles if role in set(Role)]
    return frozenset().union(*known) | {Right(one) for one in special if one in set(Right)}


def close() -> None:
    """From now on, in this process, whoever is not known may do nothing (a server)."""
    global _default
    _default = NOBODY


def current() -> Actor:
    """Who acts."""
    return _current.get() or _default


def become(actor: Actor) -> None:
    """In this thread or request, from now on, this one acts."""
    _current.set(actor)


@contextmanager
def by(actor: Actor) -> Iterator[None]:
    """This one acts for the length of a with block."""
    token = _current.set(actor)
    try:
        yield
    finally:
        _current.reset(token)


def machine(name: str) -> Actor:
    """What the server does on its own, or at the word of a customer or a provider; never a visitor."""
    return Actor(name, EVERYTHING)


def may(right: Right) -> bool:
    """Whether whoever acts has this right."""
    return right in current().rights


def require(right: Right) -> None:
    """Raises RightError where whoever acts does not have it."""
    if not may(right):
        raise RightError(
            "right.missing",
            "You may not do this. Nothing was done. Whoever manages the users of this shop can give you the right: {reason}.",
            reason=WHAT[right],
        )


def needs(right: Right) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Over a function that acts: whoever calls it must have this right. Raises RightError before anything of it is done."""

    def around(work: Callable[P, T]) -> Callable[P, T]:
        @wraps(work)
        def checked(*args: P.args, **values: P.kwargs) -> T:
            require(right)
            return work(*args, **values)

        NEEDS[f"{work.__module__}.{work.__qualname__}"] = right
        return checked

    return around


def named(otherwise: str) -> str:
    """The name of the user who acts; `otherwise` where nobody is signed in."""
    return current().name or otherwise


WHAT = {
    Right.OVERVIEW: "see the overview and the results",
    Right.CUSTOMERS: "see customers",
    Right.SEGMENTS: "work on segments",
    Right.IMPORTS: "import files, and put customers and products in order",
    Right.CAMPAIGNS: "write campaigns",
    Right.APPROVE: "approve campaigns",
    Right.LAUNCH: "send",
    Right.REVEAL: "see names and addresses in full",
    Right.EXPORT: "download lists of customers",
    Right.USERS: "manage users",
    Right.SETTINGS: "change settings",
    Right.BACKUP: "make backups",
    Right.RESTORE: "put a backup back",
    Right.ERASE: "erase a customer",
    Right.AUDIT: "read what everybody did",
    Right.METRICS: "read the server's figures",
}
"""Each right as a person reads it."""
