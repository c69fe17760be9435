"""Passwords: argon2id hashes through argon2-cffi, at most two at a time, and what is too easy to guess."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from crm.errors import BadInputError, BusyError

SHORTEST, LONGEST = 10, 200
DIFFERENT = 5
"""So many different signs at least: neither 1111111111 nor abababababab."""
WAITING = 16
"""So many may wait for their turn; who comes then is told to try again, so that guessing cannot hold up the server."""
_HASHER = PasswordHasher()
_turns, _queue = threading.Semaphore(2), threading.Semaphore(2 + WAITING)
EASY = frozenset(
    """
    1234567890 12345678910 0123456789 0987654321 123456789a 1q2w3e4r5t 1qaz2wsx3edc qwertyuiop qwertyuiop1 q1w2e3r4t5 asdfghjkl1 zxcvbnm123
    password12 password123 password1234 passw0rd123 p@ssw0rd123 administrator admin12345 admin123456 letmein123 welcome123 iloveyou123
    woaini1314 woaini5201314 5201314520 a123456789 aa123456789 abc1234567 abcd123456 abc123456789 qq123456789 taobao1234 taobao123456
    """.split()
)


def check(password: str, name: str) -> None:
    """Raises BadInputError where a password is too easy to guess, or too long to be hashed."""
    bare = password.strip().casefold()
    if len(password) > LONGEST:
        raise BadInputError("password.too_long", "A password has at most {n} characters. Nothing was changed.", n=LONGEST)
    if len(bare) < SHORTEST:
        raise BadInputError("password.too_short", "A password needs at least {n} characters. Nothing was changed.", n=SHORTEST)
    if len(set(bare)) < DIFFERENT or bare in EASY or (name and name.casefold() in bare and len(bare) - len(name) < DIFFERENT):
        raise BadInputError("password.too_easy", "This password is guessed within minutes. Nothing was changed. Please take another one.")


def hashed(password: str) -> str:
    """The hash that is kept."""
    with _turn():
        return _HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether it is the password of this hash. Without a hash it takes as long and is wrong. Raises BusyError where too many wait."""
    with _turn():
        try:
            return _HASHER.verify(kept or _nobodys(), password[: LONGEST + 1]) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")


@contextmanager
def _turn() -> Iterator[None]:
    if not _queue.acquire(blocking=False):
        raise BusyError("login.busy", "Too many people are signing in at this moment. Please try again in a minute.")
    try:
        with _turns:
            yield
    finally:
        _queue.release()
