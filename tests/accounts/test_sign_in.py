"""Signing in: guessing is slowed down, nobody can keep the owner out, and tokens end when they should."""

from datetime import timedelta
from time import perf_counter

import pytest
from argon2 import PasswordHasher

from crm.accounts import acting, passwords, sessions, sign_in
from crm.accounts.acting import NOBODY, Role
from crm.accounts.sign_in import Throttle, Visitor
from crm.database import Store
from crm.errors import BadInputError, RightError
from tests.accounts.given import HOME, MINUTE, NOW, PASSWORD, STRANGER, add, enter

WRONG = "wrong password"


def guess(store: Store, times: int, visitor: Visitor = STRANGER, name: str = "owner", password: str = WRONG) -> list[str]:
    """What each of so many guesses is answered."""
    codes = []
    for _ in range(times):
        with pytest.raises(BadInputError) as refusal:
            sign_in.attempt(store, name, password, visitor, NOW)
        codes.append(refusal.value.code)
    return codes


def test_after_five_wrong_ones_a_stranger_waits_longer_and_longer(store: Store) -> None:
    add(store, "owner", Role.OWNER)
    assert guess(store, 700) == ["login.wrong"] * 5 + ["login.too_often"] * 695
    waits, now = [], NOW
    for _ in range(8):
        wait = sign_in.throttle.wait(("name", "owner"), sign_in.FREE, now)
        waits.append(int(wait.total_seconds() // 60))
        now += wait
        with pytest.raises(BadInputError, match="wrong"):
            enter(store, "owner", STRANGER, now, "x")
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_the_right_password_does_not_help_a_stranger_during_the_wait(store: Store) -> None:
    add(store, "owner", Role.OWNER)
    guess(store, 6)
    assert guess(store, 1, password=PASSWORD) == ["login.too_often"]
    assert enter(store, "owner", STRANGER, NOW + 2 * MINUTE)


def test_a_known_browser_is_not_held_up_by_strangers_and_has_a_limit_of_its_own(store: Store) -> None:
    add(store, "owner", Role.OWNER)
    enter(store, "owner", HOME)
    guess(store, 50)
    assert enter(store, "owner", HOME)
    assert guess(store, 7, HOME) == ["login.wrong"] * 5 + ["login.too_often"] * 2


def test_somebody_elses_browser_is_a_strangers(store: Store) -> None:
    add(store, "owner", Role.OWNER)
    add(store, "bo", Role.STAFF)
    enter(store, "bo", HOME)
    guess(store, 5)
    assert guess(store, 1, HOME) == ["login.too_often"]


def test_trying_many_names_is_slowed_down_by_address(store: Store) -> None:
    add(store, "owner", Role.OWNER)
    codes = [guess(store, 1, name=f"name {n}")[0] for n in range(40)]
    assert codes == ["login.wrong"] * 30 + ["login.too_often"] * 10
    assert enter(store, "owner", HOME)


def test_what_is_remembered_is_bounded() -> None:
    throttle = Throttle()
    for n in range(sign_in.MOST + 500):
        throttle.wrong(("name", str(n)), NOW)
    assert len(throttle._tries) == sign_in.MOST
    assert throttle.wait(("name", "0"), 0, NOW) == timedelta(0)


def test_wrong_tries_are_forgotten_after_a_day(store: Store) -> None:
    add(store, "owner", Role.OWNER)
    guess(store, 6)
    assert enter(store, "owner", STRANGER, NOW + timedelta(hours=25))


def test_an_unknown_name_takes_as_long_as_a_known_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher())
    passwords._nobodys.cache_clear()
    add(store, "owner", Role.OWNER)
    enter(store, "owner")
    times: dict[str, list[float]] = {"owner": [], "nobody": []}
    for name in [*times] * sign_in.FREE:
        start = perf_counter()
        guess(store, 1, name=name)
        times[name].append(perf_counter() - start)
    known, unknown = (min(taken[1:]) for taken in times.values())
    assert 1 / 3 < unknown / known < 3, "without a hash of nobody's it would be a hundredth"


def test_every_sign_in_has_a_new_token_and_only_its_hash_is_kept(store: Store) -> None:
    user = add(store, "owner", Role.OWNER)
    first, second = enter(store, "owner"), enter(store, "owner")
    assert first != second
    kept = str(store.rows("SELECT * FROM sessions"))
    assert first not in kept and sessions.digest(first) in kept and HOME.device not in kept
    actor = sessions.actor(store, ["", "nonsense", second], NOW)
    assert actor is not None and (actor.user_id, actor.session_id) == (user.user_id, sessions.digest(second))


def test_a_session_ends_after_two_weeks_without_use_or_ninety_days(store: Store) -> None:
    add(store, "owner", Role.OWNER)
    token = enter(store, "owner")
    assert sessions.actor(store, [token], NOW + timedelta(days=13))
    assert sessions.actor(store, [token], NOW + timedelta(days=26))
    assert sessions.actor(store, [token], NOW + timedelta(days=40)) is None
    other = enter(store, "owner")
    for days in range(0, 89, 9):
        assert sessions.actor(store, [other], NOW + timedelta(days=days))
    assert sessions.actor(store, [other], NOW + timedelta(days=90)) is None


def test_signing_out_ends_one_and_everywhere_ends_all(store: Store) -> None:
    user = add(store, "owner", Role.OWNER)
    one, two, three = (enter(store, "owner") for _ in range(3))
    sessions.end(store, sessions.digest(one), NOW)
    assert [bool(sessions.actor(store, [token], NOW)) for token in (one, two, three)] == [False, True, True]
    with acting.by(NOBODY), pytest.raises(RightError):
        sessions.end_everywhere(store, user.user_id, NOW)
    with acting.by(user.actor()):
        sessions.end_everywhere(store, user.user_id, NOW)
    assert sessions.of(store, user.user_id, NOW) == []
    assert not any(sessions.actor(store, [token], NOW) for token in (two, three))
