"""Nobody becomes more than she is: not by the users page, not by another's link, address or session."""

import pytest

from crm.accounts import acting, invitations, sessions, users
from crm.accounts.acting import Right, Role
from crm.database import Store
from crm.errors import BadInputError, RightError
from tests.accounts.given import NOW, add, enter


def test_an_admin_cannot_become_somebody_who_sees_more(store: Store) -> None:
    add(store, "owner", Role.OWNER)
    admin, seeing = add(store, "admin", Role.ADMIN), add(store, "rev", Role.SENDER, special=(Right.REVEAL,))
    with acting.by(admin.actor()):
        for wrong in (
            lambda: invitations.invite_again(store, seeing.user_id, NOW),
            lambda: users.change(store, seeing, [Role.STAFF], [], NOW),
            lambda: users.close(store, seeing, NOW),
        ):
            with pytest.raises(RightError):
                wrong()
        with pytest.raises(BadInputError, match="her own rights"):
            users.change(store, admin, [Role.ADMIN, Role.SENDER, Role.BOSS], [], NOW)


def test_an_owner_who_never_opened_her_link_is_none(store: Store) -> None:
    owner = add(store, "owner", Role.OWNER)
    invitations.invite(store, "second", [Role.OWNER], [], NOW)
    with pytest.raises(BadInputError, match="last owner"):
        users.close(store, owner, NOW)


def test_an_address_is_one_and_one_persons(store: Store) -> None:
    add(store, "owner", Role.OWNER)
    user = add(store, "bo", Role.STAFF)
    users.change(store, user, [Role.STAFF], [], NOW, "bo@example.com")
    other = add(store, "cy", Role.STAFF)
    for wrong in ("BO@example.com", "not an address", "a\n@b"):
        with pytest.raises(BadInputError, match="Nothing was saved"):
            users.change(store, other, [Role.STAFF], [], NOW, wrong)
    users.close(store, users.get(store, user.user_id), NOW)
    users.change(store, other, [Role.STAFF], [], NOW, "bo@example.com")


def test_nobody_ends_the_sessions_of_others_one_by_one(store: Store) -> None:
    add(store, "owner", Role.OWNER)
    staff = add(store, "bo", Role.STAFF)
    token = enter(store, "owner")
    with acting.by(staff.actor()):
        sessions.end(store, sessions.digest(token), NOW)
    assert sessions.actor(store, [token], NOW) is not None
