"""The people of the shop: who they are and what they may do."""

import json
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from email_validator import EmailNotValidError, validate_email

from crm.accounts import acting, audit, sessions
from crm.accounts.acting import EVERYTHING, SPECIAL, Actor, Right, Role
from crm.database import Store, Transaction
from crm.errors import BadInputError, ChangedError, NotFoundError

LONGEST_NAME = 60
OURS = frozenset("screen terminal inbox retention sendgrid metrics".split())
"""As whom the trail names what no user did."""
BLANK = "\u115f\u1160\u2800\u3164"
"""Signs that count as letters and show nothing."""


@dataclass(frozen=True, slots=True)
class User:
    """A person who may sign in. `has_password` False: her link has not been opened yet; `closed_at`: may not sign in any more (UTC)."""

    user_id: str
    name: str
    email: str | None
    roles: tuple[str, ...]
    special: tuple[str, ...]
    has_password: bool
    created_at: datetime
    closed_at: datetime | None
    version: int

    @property
    def rights(self) -> frozenset[Right]:
        """All that her roles and the rights beside them give."""
        return acting.rights_of(self.roles, self.special)

    def actor(self, session_id: str | None = None) -> Actor:
        """As the one who acts."""
        return Actor(self.name, self.rights, self.user_id, session_id)


_COLUMNS = "user_id, name, email, roles, special, password IS NOT NULL AS has_password, created_at, closed_at, version"


def exist(store: Store) -> bool:
    """Whether the shop has users: then everybody must sign in."""
    return store.one("SELECT 1 AS n FROM users LIMIT 1") is not None


def every(store: Store) -> list[User]:
    """All people, those who may not sign in any more at the end."""
    return _read(store, "ORDER BY closed_at IS NOT NULL, created_at")


def get(store: Store, user_id: str) -> User:
    """One person. Raises NotFoundError."""
    return _only(_read(store, "WHERE user_id = ?", [user_id]), user_id)


def by_name(store: Store, name: str) -> User:
    """The same by the name she signs in with. Raises NotFoundError."""
    return _only(_read(store, "WHERE name_key = ?", [key(name)]), name)


def key(name: str) -> str:
    """Names that look alike are one."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def change(store: Store, user: User, roles: Iterable[str], special: Iterable[str], now: datetime, email: str = "") -> None:
    """Give a person other roles and rights; they count from her next click. `user`: as she was when looked at. Raises ChangedError."""
    require_above(user)
    roles, special = list(roles), list(special)
    with store.transaction(alone=True) as change:
        require_known(roles, special)
        seen = change.execute(
            "UPDATE users SET roles = ?, special = ?, email = ?, version = version + 1 WHERE user_id = ? AND version = ?",
            [json.dumps(roles), json.dumps(special), _mailbox(change, email, user.user_id), user.user_id, user.version],
        )
        if not seen:
            raise ChangedError("user.changed", "Somebody else changed this person meanwhile. Nothing was saved. Please look again.")
        _require_owner(change)
        other = "" if (email.strip() or None) == user.email else ", another e-mail"
        audit.noted(change, now, "terminal", "user.change", f"{user.name}: {', '.join([*roles, *special])}" + other)


def close(store: Store, user: User, now: datetime) -> None:
    """She may not sign in any more, and is out at once. The last owner stays. Raises BadInputError."""
    require_above(user)
    with store.transaction(alone=True) as change:
        change.execute("UPDATE users SET closed_at = ?, version = version + 1 WHERE user_id = ?", [now, user.user_id])
        change.execute("UPDATE invitations SET used_at = ? WHERE user_id = ? AND used_at IS NULL", [now, user.user_id])
        sessions.end_all(change, user.user_id, now)
        _require_owner(change)
        audit.noted(change, now, "terminal", "user.close", user.name)


def reopen(store: Store, user: User, now: datetime) -> None:
    """She may sign in again."""
    require_above(user)
    with store.transaction(alone=True) as change:
        change.execute("UPDATE users SET closed_at = NULL, version = version + 1 WHERE user_id = ?", [user.user_id])
        audit.noted(change, now, "terminal", "user.reopen", user.name)


def require_above(user: User) -> None:
    """Who manages users changes neither herself nor anybody who was given what she has not: an owner is changed by an owner.

    Raises RightError, BadInputError.
    """
    acting.require(Right.USERS)
    if Role.OWNER in user.roles:
        _require_all_rights()
    for right in user.special:
        acting.require(Right(right))
    if user.user_id == acting.current().user_id and acting.current().rights != EVERYTHING:
        raise BadInputError("user.oneself", "Nobody changes her own rights. Nothing was saved. Please ask an owner.")


def _require_all_rights() -> None:
    for right in Right:
        acting.require(right)


def require_known(roles: list[str], special: list[str]) -> None:
    """Whether these may be given by whoever acts. Raises BadInputError, RightError."""
    if not roles or set(roles) - set(Role) or set(special) - set(SPECIAL):
        raise BadInputError(
            "user.unknown_role",
            "Please give at least one role, of these: {known}. Nothing was saved.",
            known=", ".join([*Role, *SPECIAL]),
        )
    if Role.OWNER in roles:
        _require_all_rights()
    for right in special:
        acting.require(Right(right))


def _require_owner(change: Transaction) -> None:
    rows = change.rows(
        "SELECT 1 FROM users WHERE closed_at IS NULL AND password IS NOT NULL AND list_contains(json_extract_string(roles, '$[*]'), ?)",
        [Role.OWNER],
    )
    if not rows:
        raise BadInputError(
            "user.last_owner", "This is the last owner of the shop. Nothing was changed. Please make somebody else an owner first."
        )


def add(change: Transaction, name: str, roles: Iterable[str], special: Iterable[str], now: datetime, email: str = "") -> str:
    """A new person inside a change; her id. Raises BadInputError."""
    roles, special = list(roles), list(special)
    bare = unicodedata.normalize("NFKC", name).strip()
    if key(bare) in OURS:
        raise BadInputError(
            "user.name_of_ours", "“{name}” stands for Huitou itself. Nothing was saved. Please take another name.", name=bare
        )
    if not bare.strip(BLANK) or len(bare) > LONGEST_NAME or any(not sign.isprintable() for sign in bare):
        raise BadInputError("user.bad_name", "Please give a name of 1 to {n} characters. Nothing was saved.", n=LONGEST_NAME)
    if change.rows("SELECT 1 FROM users WHERE name_key = ?", [key(name)]):
        raise BadInputError("user.name_taken", "There is already somebody of the name “{name}”. Nothing was saved.", name=bare)
    user_id = uuid.uuid4().hex[:12]
    change.execute(
        "INSERT INTO users (user_id, name, name_key, email, roles, special, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [user_id, bare, key(name), _mailbox(change, email, user_id), json.dumps(roles), json.dumps(special), now],
    )
    return user_id


def _mailbox(change: Transaction, email: str, user_id: str) -> str | None:
    """An address with which somebody signs in elsewhere; hers alone. Raises BadInputError."""
    if not email.strip():
        return None
    try:
        address = validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise BadInputError("user.bad_email", "“{email}” is not an e-mail address. Nothing was saved.", email=email[:100]) from error
    sql = "SELECT 1 FROM users WHERE lower(email) = lower(?) AND user_id <> ? AND closed_at IS NULL"
    if change.rows(sql, [address, user_id]):
        raise BadInputError("user.email_taken", "Somebody else signs in with this e-mail address. Nothing was saved.")
    return address


def kept(store: Store, user_id: str) -> str | None:
    """The hash of her password, None where she has none yet."""
    row = store.one("SELECT password FROM users WHERE user_id = ?", [user_id])
    return str(row["password"]) if row and row["password"] else None


def _only(found: list[User], name: str) -> User:
    if not found:
        raise NotFoundError("user.unknown", "There is nobody of the name “{name}”.", name=name[:LONGEST_NAME])
    return found[0]


def _read(store: Store, where: str, values: list[object] | None = None) -> list[User]:
    sql = f"SELECT {_COLUMNS} FROM users {where}"  # noqa: S608 (our own words)
    return store.rows_as(User, sql, values or [], roles=_words, special=_words)


def _words(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))
