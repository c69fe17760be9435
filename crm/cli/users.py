"""`crm users`, `crm audit`: the people of the shop, and what they did."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Annotated, Any

import typer

from crm import clock
from crm.accounts import audit, invitations, sessions, users
from crm.accounts.acting import Right, Role
from crm.accounts.users import User
from crm.cli.base import Data, Json, opened, parsed, verb
from crm.settings import Environment

group = typer.Typer(no_args_is_help=True, help="The people of the shop: who may sign in, and what each may do.")
Name = Annotated[str, typer.Argument(help="The name with which the person signs in.")]
Roles = Annotated[list[Role], typer.Option("--role", help="A role; may be given several times.")]
Rights = Annotated[list[Right], typer.Option("--right", help="reveal or export: rights that are given beside the roles.")]
Email = Annotated[str, typer.Option("--email", help="The address with which the person signs in elsewhere.")]
Words = Annotated[str, typer.Argument(help="Only entries with these words.")]
Limit = Annotated[int, typer.Option("--limit", help="At most so many entries.")]
Before = Annotated[str | None, typer.Option("--drop-before", help="Drop the entries from before this day (UTC), YYYY-MM-DD.")]


def register(app: typer.Typer) -> None:
    """Attach the verbs."""
    app.add_typer(group, name="users")
    verb(app, "audit", Right.AUDIT)(trail)


@verb(group, "list", Right.USERS)
def listed(data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """Everybody, with roles, rights and where they are signed in."""
    with opened(data) as store:
        now = clock.now()
        return {"users": [_shown(user) | {"sessions": len(sessions.of(store, user.user_id, now))} for user in users.every(store)]}


@verb(group, "add", Right.USERS)
def add(name: Name, role: Roles, right: Rights = [], email: Email = "", data: Data = None, as_json: Json = False) -> dict[str, Any]:  # noqa: B006
    """Add a person; prints the one-time link with which she sets her password."""
    with opened(data) as store:
        return {"name": name, "link": _link(invitations.invite(store, name, role, right, clock.now(), email))}


@verb(group, "link", Right.USERS)
def link(name: Name, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """A new link for somebody who forgot the password; the way back in for an owner, too."""
    with opened(data) as store:
        return {"name": name, "link": _link(invitations.invite_again(store, users.by_name(store, name).user_id, clock.now()))}


@verb(group, "change", Right.USERS)
def change(name: Name, role: Roles, right: Rights = [], email: Email = "", data: Data = None, as_json: Json = False) -> dict[str, Any]:  # noqa: B006
    """Give a person these roles and rights instead of those she has."""
    return _with(data, name, lambda store, user: users.change(store, user, role, right, clock.now(), email))


@verb(group, "close", Right.USERS)
def close(name: Name, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """She may not sign in any more, and is out at once."""
    return _with(data, name, lambda store, user: users.close(store, user, clock.now()))


@verb(group, "reopen", Right.USERS)
def reopen(name: Name, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """She may sign in again."""
    return _with(data, name, lambda store, user: users.reopen(store, user, clock.now()))


@verb(group, "sign-out", Right.USERS)
def sign_out(name: Name, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """Sign a person out of every browser."""
    return _with(data, name, lambda store, user: sessions.end_everywhere(store, user.user_id, clock.now()))


def trail(words: Words = "", limit: Limit = 50, before: Before = None, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """What was done, the newest first, and whether an entry is missing or was changed (`broken_at`)."""
    with opened(data) as store:
        dropped = audit.prune(store, datetime.combine(parsed(before), time()), clock.now()) if before else 0
        entries = audit.search(store, words, limit)
        rows = [{"no": one.entry_no, "at": one.happened_at, "by": one.actor, "action": one.action, "detail": one.detail} for one in entries]
        return {"entries": rows, "in_all": audit.count(store, words), "dropped": dropped, "broken_at": audit.verify(store).broken_at}


def _with(data: Data, name: str, work: Callable[[Any, User], object]) -> dict[str, Any]:
    with opened(data) as store:
        work(store, users.by_name(store, name))
        return _shown(users.by_name(store, name))


def _shown(user: User) -> dict[str, Any]:
    return {"name": user.name, "roles": user.roles, "rights": user.special, "may_sign_in": user.closed_at is None and user.has_password}


def _link(token: str) -> str:
    return f"{Environment().public_url.rstrip('/')}/invite/{token}"
