"""How somebody gets a password: one-time links, the first of which makes the owner; her own change of it; the one password of before."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from crm.accounts import acting, audit, passwords, sessions, users
from crm.accounts.acting import Right, Role
from crm.accounts.users import User
from crm.database import Store, Transaction
from crm.errors import BadInputError, NotFoundError, Sentence

LASTS = timedelta(hours=24)
OWNER_NAME = "owner"
"""Whose the one password of an installation from before users becomes."""
_VOID = Sentence("invitation.void", "This link was used already, or it is older than a day. Please ask for a new one.")


def invite(store: Store, name: str, roles: Iterable[str], special: Iterable[str], now: datetime, email: str = "") -> str:
    """Add a person; the token of the one-time link with which she sets her password, good for a day. Raises BadInputError, RightError."""
    acting.require(Right.USERS)
    roles, special = list(roles), list(special)
    with store.transaction(alone=True) as change:
        users.require_known(roles, special)
        user_id = users.add(change, name, roles, special, now, email)
        audit.noted(change, now, "terminal", "user.add", f"{users.key(name)}: {', '.join([*roles, *special])}")
        return _link(change, user_id, now)


def invite_again(store: Store, user_id: str, now: datetime) -> str:
    """A new link for somebody who lost hers, or her password; the links before it no longer work. Her sessions end when she uses it."""
    acting.require(Right.USERS)
    user = users.get(store, user_id)
    users.require_above(user)
    with store.transaction(alone=True) as change:
        change.execute("UPDATE invitations SET used_at = ? WHERE user_id = ? AND used_at IS NULL", [now, user_id])
        audit.noted(change, now, "terminal", "user.link", user.name)
        return _link(change, user_id, now)


def first_link(store: Store, now: datetime) -> str:
    """The token of the link that makes the owner of a shop without users; the one before it no longer works."""
    with store.transaction(alone=True) as change:
        change.execute("UPDATE invitations SET used_at = ? WHERE user_id IS NULL AND used_at IS NULL", [now])
        return _link(change, None, now)


def invited(store: Store, token: str, now: datetime) -> User | None:
    """Whose link this is; None for the owner to be. Raises NotFoundError where it does not work any more."""
    sql = "SELECT user_id FROM invitations WHERE invitation_id = ? AND used_at IS NULL AND expires_at > ?"
    rows = store.rows(sql, [sessions.digest(token), now])
    if not rows or (rows[0]["user_id"] is None and users.exist(store)):
        raise NotFoundError(*_VOID)
    return None if rows[0]["user_id"] is None else users.get(store, str(rows[0]["user_id"]))


def accept(store: Store, token: str, name: str, password: str, now: datetime) -> User:
    """Set the password of whoever was invited; all her sessions end. `name` counts for the owner to be only.

    Raises BadInputError, NotFoundError.
    """
    user = invited(store, token, now)
    passwords.check(password, user.name if user else name)
    secret = passwords.hashed(password)
    with store.transaction(alone=True) as change:
        used = change.execute(
            "UPDATE invitations SET used_at = ? WHERE invitation_id = ? AND used_at IS NULL", [now, sessions.digest(token)]
        )
        if not used:
            raise NotFoundError(*_VOID)
        user_id = user.user_id if user else users.add(change, name, [Role.OWNER], [], now)
        _set_password(change, user_id, secret, now)
        audit.noted(change, now, user.name if user else name.strip(), "user.password", "by link")
    return users.get(store, user_id)


def change_password(store: Store, user_id: str, old: str, new: str, now: datetime, keep: str | None = None) -> None:
    """By the person herself; all her sessions but `keep` end. Raises BadInputError where the old one is wrong."""
    user = users.get(store, user_id)
    if not passwords.matches(users.kept(store, user_id), old):
        raise BadInputError("password.wrong", "That is not your present password. Nothing was changed.")
    passwords.check(new, user.name)
    secret = passwords.hashed(new)
    with store.transaction(alone=True) as change:
        _set_password(change, user_id, secret, now, keep)
        audit.noted(change, now, user.name, "user.password", "changed")


def adopt_password(store: Store, password: str, now: datetime) -> bool:
    """The one password of an installation from before users becomes the owner's; False where there are users. Raises BadInputError."""
    if not password or users.exist(store):
        return False
    passwords.check(password, "")
    secret = passwords.hashed(password)
    with store.transaction(alone=True) as change:
        user_id = users.add(change, OWNER_NAME, [Role.OWNER], [], now)
        _set_password(change, user_id, secret, now)
        audit.noted(change, now, "terminal", "user.add", f"{OWNER_NAME}: from CRM_PASSWORD")
    return True


def _link(change: Transaction, user_id: str | None, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    change.execute("INSERT INTO invitations VALUES (?, ?, ?, ?, NULL)", [sessions.digest(token), user_id, now, now + LASTS])
    return token


def _set_password(change: Transaction, user_id: str, secret: str, now: datetime, keep: str | None = None) -> None:
    change.execute("UPDATE users SET password = ?, version = version + 1 WHERE user_id = ?", [secret, user_id])
    sessions.end_all(change, user_id, now, keep)
