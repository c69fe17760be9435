"""Hashes that are made quickly: what is tested here is not how long the library takes."""

import pytest
from argon2 import PasswordHasher

from crm.accounts import passwords, sign_in


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._nobodys.cache_clear()


@pytest.fixture(autouse=True)
def nothing_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "throttle", sign_in.Throttle())
