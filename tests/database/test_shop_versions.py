"""The shop's settings in two hands: each changes its own and nothing else; one setting changed by both is told, and nothing is lost."""

from decimal import Decimal
from typing import Any

import pytest

from crm import database
from crm.database import Store, change_shop, load_shop
from crm.errors import ChangedError
from crm.settings import Shop

OTHERS: list[tuple[str, Any, Any]] = [
    ("name", "甲", "乙"),
    ("from_email", "a@shop.example", "b@shop.example"),
    ("cap_days", 7, 14),
    ("holdout", 0.2, 0.3),
    ("margin", Decimal("0.3"), Decimal("0.5")),
    ("category_rules", {"锅": ["炒锅"]}, {"锅": ["汤锅"]}),
    ("public_url", "https://a.example", "https://b.example"),
    ("timezone", "Asia/Tokyo", "Europe/Berlin"),
    ("currency", "EUR", "JPY"),
    ("window_days", 7, 30),
    ("cost_per_message", Decimal("0.2"), Decimal("0.3")),
    ("from_name", "A, B", "C"),
]


@pytest.mark.parametrize(("key", "theirs", "mine"), OTHERS)
def test_the_second_save_of_one_setting_is_told_and_overwrites_nothing(store: Store, key: str, theirs: Any, mine: Any) -> None:
    seen = database.settings_seen(store)
    database.change_shop(store, {key: theirs}, seen)
    with pytest.raises(ChangedError):
        database.change_shop(store, {key: mine, "lost_days": 400}, seen)
    assert database.load_shop(store) == Shop(**{key: theirs})
    database.change_shop(store, {key: mine}, database.settings_seen(store))
    assert database.load_shop(store) == Shop(**{key: mine})


@pytest.mark.parametrize(("key", "theirs", "mine"), OTHERS)
def test_what_two_tabs_changed_apart_from_each_other_is_both_kept(store: Store, key: str, theirs: Any, mine: Any) -> None:
    seen = database.settings_seen(store)
    database.change_shop(store, {key: theirs}, seen)
    database.change_shop(store, {"lost_days": 400}, seen)
    database.change_shop(store, {key: theirs}, seen)
    assert database.load_shop(store) == Shop(lost_days=400, **{key: theirs})


def test_going_there_and_back_is_a_change_too(store: Store) -> None:
    database.change_shop(store, {"name": "甲"})
    seen = database.settings_seen(store)
    for name in ("乙", "甲"):
        database.change_shop(store, {"name": name})
    with pytest.raises(ChangedError):
        database.change_shop(store, {"name": "丙"}, seen)


def test_settings_are_as_they_were_written_last_whoever_wrote_them(store: Store) -> None:
    """They are read once as long as nobody writes them: also what is written past `change_shop` counts at once."""
    assert load_shop(store).currency == "CNY"
    change_shop(store, {"currency": "EUR"})
    assert load_shop(store).currency == "EUR"
    with store.transaction() as change:
        change.execute("""UPDATE settings SET value = '"USD"' WHERE key = 'currency'""")
        assert load_shop(store).currency == "EUR"
    assert load_shop(store).currency == "USD"
    with pytest.raises(ZeroDivisionError), store.transaction() as change:
        change.execute("DELETE FROM settings")
        raise ZeroDivisionError
    assert load_shop(store).currency == "USD"


def test_who_changes_their_copy_of_the_settings_changes_nothing_else(store: Store) -> None:
    mine = load_shop(store)
    mine.category_rules["锅具"] = ["锅"]
    mine.spend_bands.clear()
    assert load_shop(store).category_rules == {}
    assert load_shop(store).spend_bands
