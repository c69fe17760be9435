"""Settings keep what they were: who changed what when, and the way back, which never undoes somebody else's later change."""

from datetime import timedelta
from pathlib import Path

import pytest

from crm import database
from crm.accounts import acting
from crm.accounts.acting import ROLES, Role
from crm.campaigns import sender_check
from crm.customers import deciding
from crm.database import Store
from crm.errors import BadInputError, ChangedError, RightError
from crm.settings import Environment, Shop
from tests.accounts.given import NOW
from tests.conftest import terminal


def test_what_was_saved_at_once_is_one_change_with_both_values(store: Store) -> None:
    deciding.change(store, {"cap_days": 10, "from_name": "Anna's"}, NOW)
    with acting.by(acting.Actor("Bo", ROLES[Role.ADMIN], "1")):
        deciding.change(store, {"cap_days": 20}, NOW + timedelta(hours=1))
    later, first = database.setting_changes(store, 10)
    assert (later.actor, later.changed_at, later.settings) == ("Bo", NOW + timedelta(hours=1), {"cap_days": (10, 20)})
    assert (first.actor, first.settings) == ("screen", {"cap_days": (30, 10), "from_name": ("", "Anna's")})
    assert database.setting_changes(store, 1) == [later]


def test_what_changes_nothing_leaves_no_entry(store: Store) -> None:
    deciding.change(store, {"cap_days": 30}, NOW)
    assert database.setting_changes(store, 10) == []


def test_taking_back_restores_exactly_what_was_before_and_can_be_taken_back(store: Store) -> None:
    deciding.change(store, {"cap_days": 10, "spend_bands": [50, 80]}, NOW)
    change = database.setting_changes(store, 1)[0].change_id
    deciding.change(store, database.setting_before(store, change), NOW)
    assert database.load_shop(store) == Shop()
    back = database.setting_changes(store, 1)[0].change_id
    deciding.change(store, database.setting_before(store, back), NOW)
    assert (database.load_shop(store).cap_days, database.load_shop(store).spend_bands) == (10, [50, 80])


def test_a_later_change_is_never_undone_with_an_earlier_one(store: Store) -> None:
    deciding.change(store, {"cap_days": 10, "window_days": 7}, NOW)
    change = database.setting_changes(store, 1)[0].change_id
    deciding.change(store, {"window_days": 9}, NOW)
    for one in (change, "nonsense"):
        with pytest.raises(ChangedError):
            database.setting_before(store, one)


def test_a_refused_change_leaves_no_entry(store: Store) -> None:
    with pytest.raises(BadInputError):
        deciding.change(store, {"spend_bands": [0, 5]}, NOW)
    assert database.setting_changes(store, 10) == []


def test_the_terminal_says_it_was_the_terminal(tmp_path: Path) -> None:
    terminal("settings", "set", "cap_days", "5", data=tmp_path)
    store = database.open_store(tmp_path)
    assert database.setting_changes(store, 1)[0].actor == "terminal"
    store.close()


def test_a_test_letter_leaves_under_the_shops_sender_and_holds_nobodys_data(tmp_path: Path) -> None:
    store = database.open_store(tmp_path)
    deciding.change(store, {"from_email": "shop@example.com", "from_name": "Anna's"}, NOW)
    with acting.by(acting.Actor("Bo", ROLES[Role.ADMIN], "1")):
        sender_check.try_sender(store, "me@example.com", Environment(data=tmp_path, sendgrid_api_key=""), NOW.date(), "en")
    letters = list((tmp_path / "outbox").rglob("*.eml"))
    assert len(letters) == 1
    text = letters[0].read_text()
    assert "shop@example.com" in text and "me@example.com" in text and "This is how your messages arrive" in text
    with acting.by(acting.Actor("Cy", ROLES[Role.SENDER], "2")), pytest.raises(RightError):
        sender_check.try_sender(store, "me@example.com", Environment(data=tmp_path), NOW.date(), "en")
    store.close()
