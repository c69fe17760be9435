"""People: links that work once, passwords that are no joke, rights that nobody can give who has them not, and always an owner."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crm.accounts import acting, audit, invitations, passwords, sessions, users
from crm.accounts.acting import NOBODY, Actor, Right, Role
from crm.database import Store
from crm.errors import BadInputError, ChangedError, NotFoundError, RightError
from tests.accounts.given import HOME, MINUTE, NOW, PASSWORD, add, enter


def test_the_first_link_makes_the_owner_once(store: Store) -> None:
    stale, link = invitations.first_link(store, NOW), invitations.first_link(store, NOW)
    assert not users.exist(store)
    with pytest.raises(NotFoundError):
        invitations.accept(store, stale, "Anna", PASSWORD, NOW)
    owner = invitations.accept(store, link, " Anna ", PASSWORD, NOW)
    assert (owner.name, owner.roles, owner.rights) == ("Anna", ("owner",), frozenset(Right))
    for token in (stale, link, invitations.first_link(store, NOW), "x" * 43, ""):
        with pytest.raises(NotFoundError):
            invitations.accept(store, token, "Eve", PASSWORD, NOW)
    assert [user.name for user in users.every(store)] == ["Anna"]


def test_a_link_is_good_for_a_day_and_for_one_use(store: Store) -> None:
    add(store, "owner", Role.OWNER)
    link = invitations.invite(store, "Bo", [Role.STAFF], [], NOW)
    with pytest.raises(NotFoundError):
        invitations.accept(store, link, "", PASSWORD, NOW + timedelta(hours=24))
    user = invitations.accept(store, link, "ignored", PASSWORD, NOW + timedelta(hours=23))
    assert (user.name, user.rights) == ("Bo", frozenset({Right.CUSTOMERS}))
    with pytest.raises(NotFoundError):
        invitations.accept(store, link, "", "another password 1", NOW)
    enter(store, "bo")


def test_a_new_link_voids_the_old_one_and_its_use_ends_all_sessions(store: Store) -> None:
    owner = add(store, "owner", Role.OWNER)
    token = enter(store, "owner")
    old, new = invitations.invite_again(store, owner.user_id, NOW), invitations.invite_again(store, owner.user_id, NOW)
    with pytest.raises(NotFoundError):
        invitations.accept(store, old, "", PASSWORD, NOW)
    assert sessions.actor(store, [token], NOW) is not None
    invitations.accept(store, new, "", "another password 1", NOW)
    assert sessions.actor(store, [token], NOW) is None


@pytest.mark.parametrize(
    "password", ["", "x", "123456789", "1234567890", "abababababab", "   a   b   ", "Password123", "woaini1314", "bo12", "bobobobobob1"]
)
def test_what_is_guessed_at_once_is_no_password(password: str) -> None:
    with pytest.raises(BadInputError):
        passwords.check(password, "bo")


@pytest.mark.parametrize("password", [PASSWORD, "一个很长的口令没有人猜得到", "x9!kQ2#mPz", "pass phrase with blanks "])
def test_others_are(password: str) -> None:
    passwords.check(password, "bo")
    assert passwords.matches(passwords.hashed(password), password)
    assert not passwords.matches(passwords.hashed(password), password + "x")


def test_no_hash_or_a_broken_one_matches_nothing() -> None:
    assert not passwords.matches(None, "nobody has this password")
    assert not passwords.matches("x", "x")


def test_changing_it_needs_the_old_one_and_ends_the_other_sessions(store: Store) -> None:
    user = add(store, "owner", Role.OWNER)
    here, there = enter(store, "owner"), enter(store, "owner")
    with pytest.raises(BadInputError, match="present password"):
        invitations.change_password(store, user.user_id, "wrong", "another password 1", NOW)
    invitations.change_password(store, user.user_id, PASSWORD, "another password 1", NOW, keep=sessions.digest(here))
    assert sessions.actor(store, [here], NOW) and not sessions.actor(store, [there], NOW)
    with pytest.raises(BadInputError):
        enter(store, "owner", now=NOW + MINUTE)
    enter(store, "owner", password="another password 1")


def test_the_one_password_of_before_becomes_the_owners(store: Store) -> None:
    with pytest.raises(BadInputError):
        invitations.adopt_password(store, "x", NOW)
    assert invitations.adopt_password(store, PASSWORD, NOW)
    assert not invitations.adopt_password(store, "another password 1", NOW)
    assert enter(store, "owner")
    assert not invitations.adopt_password(store, "", NOW)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\nb", "a\x00b", "\u3164", "Terminal", "ｓendGrid"])
def test_a_name_is_one_line_that_can_be_seen_and_is_nobody_elses(store: Store, name: str) -> None:
    with pytest.raises(BadInputError):
        invitations.invite(store, name, [Role.OWNER], [], NOW)


def test_names_that_look_alike_are_one(store: Store) -> None:
    add(store, "Anna", Role.OWNER)
    for name in ("anna", " ANNA ", "Ａnna"):
        with pytest.raises(BadInputError, match="already somebody"):
            invitations.invite(store, name, [Role.STAFF], [], NOW)


@pytest.mark.parametrize(("roles", "special"), [([], []), (["emperor"], []), (["staff"], ["launch"]), (["staff"], ["x"])])
def test_roles_are_known_ones(store: Store, roles: list[str], special: list[str]) -> None:
    with pytest.raises(BadInputError, match="Nothing was saved"):
        invitations.invite(store, "Bo", roles, special, NOW)
    assert users.every(store) == []


def test_the_last_owner_stays(store: Store) -> None:
    owner = add(store, "owner", Role.OWNER)
    with pytest.raises(BadInputError, match="last owner"):
        users.close(store, owner, NOW)
    with pytest.raises(BadInputError, match="last owner"):
        users.change(store, owner, [Role.STAFF], [], NOW)
    assert users.every(store) == [owner]
    add(store, "second", Role.OWNER)
    users.close(store, owner, NOW)
    assert users.get(store, owner.user_id).closed_at == NOW


def test_closing_ends_sessions_and_links_at_once_and_can_be_taken_back(store: Store) -> None:
    add(store, "owner", Role.OWNER)
    user = add(store, "bo", Role.STAFF)
    token, link = enter(store, "bo"), invitations.invite_again(store, user.user_id, NOW)
    users.close(store, users.get(store, user.user_id), NOW)
    assert sessions.actor(store, [token], NOW) is None
    with pytest.raises(BadInputError, match="wrong"):
        enter(store, "bo")
    with pytest.raises(NotFoundError):
        invitations.accept(store, link, "", PASSWORD, NOW)
    users.reopen(store, user, NOW)
    assert enter(store, "bo", now=NOW + timedelta(days=2))


def test_two_who_change_the_same_person_hear_of_each_other(store: Store) -> None:
    add(store, "owner", Role.OWNER)
    seen = add(store, "bo", Role.STAFF)
    users.change(store, seen, [Role.BOSS], [], NOW)
    with pytest.raises(ChangedError):
        users.change(store, seen, [Role.SENDER], [], NOW)
    assert users.get(store, seen.user_id).roles == ("boss",)


def test_new_rights_count_from_the_next_click(store: Store) -> None:
    add(store, "owner", Role.OWNER)
    user = add(store, "bo", Role.STAFF)
    token = enter(store, "bo")
    users.change(store, user, [Role.SENDER], [Right.EXPORT], NOW)
    actor = sessions.actor(store, [token], NOW)
    assert actor is not None and {Right.LAUNCH, Right.EXPORT} <= actor.rights and Right.REVEAL not in actor.rights


def admin_of(store: Store) -> Actor:
    return add(store, "admin", Role.ADMIN).actor()


def test_an_admin_gives_no_more_than_she_has_and_changes_no_owner(store: Store) -> None:
    owner, staff = add(store, "owner", Role.OWNER), add(store, "bo", Role.STAFF)
    with acting.by(admin_of(store)):
        invitations.invite(store, "new", [Role.SPECIALIST], [], NOW)
        for wrong in (
            lambda: invitations.invite(store, "x", [Role.OWNER], [], NOW),
            lambda: invitations.invite(store, "x", [Role.STAFF], [Right.REVEAL], NOW),
            lambda: users.change(store, staff, [Role.OWNER], [], NOW),
            lambda: users.change(store, staff, [Role.STAFF], [Right.EXPORT], NOW),
            lambda: users.close(store, owner, NOW),
            lambda: invitations.invite_again(store, owner.user_id, NOW),
        ):
            with pytest.raises(RightError):
                wrong()
    assert {user.name for user in users.every(store)} == {"owner", "bo", "admin", "new"}
    assert users.get(store, staff.user_id) == staff


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.OWNER, Role.ADMIN)])
def test_nobody_else_manages_users(store: Store, role: Role) -> None:
    add(store, "owner", Role.OWNER)
    user = add(store, "bo", role)
    with acting.by(user.actor()):
        for wrong in (
            lambda: invitations.invite(store, "x", [Role.STAFF], [], NOW),
            lambda: users.change(store, user, [Role.OWNER], [], NOW),
            lambda: users.close(store, user, NOW),
            lambda: users.reopen(store, user, NOW),
            lambda: invitations.invite_again(store, user.user_id, NOW),
        ):
            with pytest.raises(RightError):
                wrong()


def test_everything_is_in_the_trail(store: Store) -> None:
    add(store, "owner", Role.OWNER)
    user = add(store, "bo", Role.STAFF)
    enter(store, "bo")
    with pytest.raises(BadInputError):
        enter(store, "nobody of this name", password=PASSWORD)
    users.close(store, users.get(store, user.user_id), NOW)
    trail = [(entry.actor, entry.action) for entry in reversed(audit.search(store))]
    assert trail == [
        ("terminal", "user.add"),
        ("owner", "user.password"),
        ("terminal", "user.add"),
        ("bo", "user.password"),
        ("bo", "sign in"),
        ("screen", "sign in refused"),
        ("terminal", "user.close"),
    ]
    assert "nobody of this name" not in str(audit.search(store))


def test_words_of_a_later_version_give_nothing() -> None:
    assert acting.rights_of(["emperor"], ["everything"]) == frozenset()
    assert NOBODY.rights == frozenset()
    assert replace(NOBODY, rights=acting.rights_of(["staff"], ["reveal"])).rights == {Right.CUSTOMERS, Right.REVEAL}


def test_a_session_knows_its_browser(store: Store) -> None:
    user = add(store, "owner", Role.OWNER)
    enter(store, "owner")
    assert [(one.browser, one.address) for one in sessions.of(store, user.user_id, NOW)] == [(HOME.browser, HOME.address)]
