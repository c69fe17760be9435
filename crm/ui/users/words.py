"""Roles and rights as people read them."""

from crm.accounts import acting
from crm.accounts.acting import Right, Role
from crm.accounts.users import User
from crm.ui.words import _


def role(one: str) -> str:
    """The name of a role."""
    names = {
        Role.OWNER: _("Owner"),
        Role.ADMIN: _("Administrator"),
        Role.BOSS: _("Boss"),
        Role.SPECIALIST: _("CRM specialist"),
        Role.SENDER: _("Sender"),
        Role.STAFF: _("Staff"),
    }
    return names[Role(one)] if one in set(Role) else one


def means(one: Role) -> str:
    """What a role may do, in a line."""
    return {
        Role.OWNER: _("everything"),
        Role.ADMIN: _("users, settings, backups, erasure; sees no customers"),
        Role.BOSS: _("overview and results; approves campaigns"),
        Role.SPECIALIST: _("imports, customers, segments; writes campaigns"),
        Role.SENDER: _("what a specialist may, and sends"),
        Role.STAFF: _("sees customers, names and addresses masked"),
    }[one]


def right(one: str) -> str:
    """The name of a right that is given beside the roles."""
    return _(acting.WHAT[Right(one)]) if one in set(Right) else one


def may(user: User) -> str:
    """What somebody may do, by the names of her roles and what she was given beside them."""
    return " · ".join([*map(role, user.roles), *map(right, user.special)])
