"""What the users page remembers, and the keys of its inputs."""

from dataclasses import dataclass

from crm.ui import session


class Key(session.Keys):
    NAME = "users_name"
    ROLES = "users_roles"
    SPECIAL = "users_special"
    EMAIL = "users_email"
    ADD = "users_add"
    CHANGE = "users_change"
    SAVE = "users_save"
    LINK = "users_link"
    OUT = "users_out"
    CLOSE = "users_close"
    REOPEN = "users_reopen"
    OWNER = "users_owner"
    OWNER_NAME = "users_owner_name"
    OWNER_PASSWORD = "users_owner_password"  # noqa: S105 (the key of an input)
    OWNER_AGAIN = "users_owner_again"


@dataclass
class UsersState:
    link: tuple[str, str] | None = None  # whose one-time link was just made, and the link: shown until the page is left
    turn: int = 0  # how often the form for a new person began anew
