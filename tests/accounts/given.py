"""A shop with people in it."""

from datetime import datetime, timedelta

from crm.accounts import invitations, sign_in
from crm.accounts.acting import Role
from crm.accounts.sign_in import Visitor
from crm.accounts.users import User
from crm.database import Store

NOW = datetime(2026, 5, 4, 3, 2, 1)
MINUTE = timedelta(minutes=1)
PASSWORD = "correct horse battery"
HOME = Visitor("h" * 32, "Firefox", "203.0.113.5")
STRANGER = Visitor("s" * 32, "curl", "198.51.100.7")


def add(store: Store, name: str, *roles: Role, special: tuple[str, ...] = ()) -> User:
    """A person who has set her password."""
    return invitations.accept(store, invitations.invite(store, name, roles, special, NOW), "", PASSWORD, NOW)


def enter(store: Store, name: str, visitor: Visitor = HOME, now: datetime = NOW, password: str = PASSWORD) -> str:
    """The token of a new session."""
    return sign_in.attempt(store, name, password, visitor, now)
