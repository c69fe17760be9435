"""Each thing that can be wrong is found, with one sentence and one remedy; a shop in order has nothing to say."""

import json
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

import pytest

from crm import clock, database, doctor
from crm.accounts import audit, elsewhere
from crm.accounts.acting import Role
from crm.database import disk, tables
from crm.doctor import machine
from tests.accounts.given import add
from tests.campaigns.given import launched
from tests.conftest import crm
from tests.doctor.conftest import copy
from tests.doctor.given import SENDING, codes, env, executed, inside


def test_a_shop_in_order_has_nothing_to_say(shop: Path) -> None:
    assert codes(doctor.outside(shop, env())) == []
    assert inside(shop) == inside(shop, **SENDING) == []
    answer = json.loads(crm("doctor", "--json", data=shop).stdout)
    assert (answer["well"], answer["not_checked"], answer["findings"]) == (True, [], [])
    assert len(answer["checked"]) == 16


@pytest.mark.parametrize(("free", "code"), [(50_000_000, ["disk.full"]), (500_000_000, ["disk.little"]), (5_000_000_000, [])])
def test_room(shop: Path, monkeypatch: pytest.MonkeyPatch, free: int, code: list[str]) -> None:
    monkeypatch.setattr(disk, "free", lambda folder: free)
    assert codes(doctor.outside(shop, env())) == code


def test_a_file_that_others_can_read(shop: Path) -> None:
    kept = next((shop / "backups").iterdir())
    kept.chmod(0o640)
    assert codes(doctor.outside(shop, env())) == ["permissions.open"]
    kept.chmod(0o600)
    (shop / "shop.duckdb").chmod(0o604)
    assert codes(doctor.outside(shop, env(), thorough=False)) == ["permissions.open"]


def test_what_pages_keep_in_memory_is_no_table_of_the_file(shop: Path) -> None:
    def look(store: database.Store) -> list[str]:
        store.scratch.kept(("some", "key"), lambda bench: bench.put(tables.customers.limit(3)))
        return codes(doctor.inside(store, env()))

    store = database.open_store(shop)
    assert look(store) == []
    store.close()


def test_copies(shop: Path) -> None:
    next((shop / "backups").iterdir()).unlink()
    old = copy(shop, clock.now() - timedelta(days=3))
    (shop / "backups/before-0002.duckdb").touch(mode=0o600)
    assert codes(doctor.outside(shop, env())) == ["backups.old"]
    old.unlink()
    assert codes(doctor.outside(shop, env())) == ["backups.none"]


def test_a_journal_with_a_line_that_cannot_be_read(shop: Path) -> None:
    inside(shop, lambda store: [store.journal.append({"kind": "no", "at": clock.now(), "who": ""}) for _ in range(3)])
    file = next((shop / "journal").glob("*.log"))
    file.write_bytes(file.read_bytes().replace(b'"kind"', b'"kinb"', 1))
    assert codes(doctor.outside(shop, env())) == ["journal.damaged"]


def test_the_clock(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    assert [list(machine.time_of_day(shop, now - timedelta(minutes=ago))) != [] for ago in (0, 4, 30)] == [False, False, True]
    monkeypatch.setattr(clock, "_AT_START", clock._AT_START + 1200)
    assert codes(doctor.outside(shop, env())) == ["clock.set_back"]
    monkeypatch.setattr(clock, "_AT_START", clock._AT_START - 4800)
    assert codes(doctor.outside(shop, env())) == []  # the machine slept


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE message_states SET happened_at = now()::TIMESTAMP + INTERVAL 1 HOUR", "clock.behind_entries"),
        ("UPDATE imports SET imported_at = now()::TIMESTAMP + INTERVAL 1 YEAR", "clock.behind_entries"),
        (
            "UPDATE orders SET paid_at = now()::TIMESTAMP + INTERVAL 3 DAY WHERE order_key = (SELECT min(order_key) FROM orders)",
            "clock.behind_orders",
        ),
    ],
)
def test_entries_and_orders_of_the_future(shop: Path, statement: str, code: str) -> None:
    assert inside(shop, executed("SET TimeZone = 'UTC'", statement)) == [code]


def test_time_zones(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine._version()[:2] == "20"
    monkeypatch.setattr(machine, "_version", lambda: "2019c")
    assert codes(doctor.outside(shop, env())) == ["zones.old"]

    def missing(name: str) -> None:
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr(machine, "ZoneInfo", missing)
    assert codes(doctor.outside(shop, env())) == ["zones.missing"]


@pytest.mark.parametrize(("url", "found"), [("http://crm.example.com", ["access.no_tls"]), ("https://crm.example.com", [])])
def test_who_may_come_in(shop: Path, url: str, found: list[str]) -> None:
    assert codes(doctor.outside(shop, env(public_url=url))) == found


def test_settings_to_sign_in_elsewhere_with_which_no_server_starts(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    all_three = {"oidc_issuer": "https://id.example.com", "oidc_client_id": "a", "oidc_client_secret": "b"}
    assert codes(doctor.outside(shop, env(**all_three))) == []
    assert codes(doctor.outside(shop, env(**{**all_three, "oidc_client_id": ""}))) == ["elsewhere.half_set"]
    monkeypatch.setattr(elsewhere, "find_spec", lambda name: None)
    assert codes(doctor.outside(shop, env(**all_three))) == ["elsewhere.no_library"]
    assert codes(doctor.outside(shop, env())) == []


def test_a_first_password_that_has_done_its_work(shop: Path) -> None:
    assert inside(shop, password="long enough") == []
    assert inside(shop, lambda store: add(store, "Anna", Role.OWNER), password="long enough") == ["password.left"]
    assert inside(shop) == []


def test_an_entry_of_the_trail_that_somebody_changed(shop: Path) -> None:
    assert inside(shop, lambda store: [audit.note(store, clock.now(), "Anna", "exported", "all") for _ in range(3)]) == []
    assert inside(shop, executed("UPDATE audit SET detail = 'none' WHERE entry_no = 2")) == ["audit.broken"]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM orders WHERE order_key = (SELECT min(order_key) FROM orders)",
        "UPDATE customer_facts SET spend = spend + 0.01 WHERE customer_id = (SELECT min(customer_id) FROM customer_facts)",
        "DELETE FROM customer_facts WHERE customer_id = (SELECT min(customer_id) FROM customer_facts)",
    ],
)
def test_figures_that_do_not_follow_from_the_files(shop: Path, statement: str) -> None:
    assert inside(shop, executed(statement)) == ["figures.differ"]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"sendgrid_webhook_key": "no key"}, ["hooks.no_key"]),
        ({"sendgrid_webhook_key": ""}, ["hooks.no_key"]),
        ({"public_url": "http://localhost:8501"}, ["hooks.not_public"]),
        ({"public_url": "http://crm.example.com"}, ["hooks.not_public"]),
    ],
)
def test_what_sending_lacks(shop: Path, given: dict[str, str], found: list[str]) -> None:
    assert inside(shop, **{**SENDING, **given}) == found
    assert inside(shop, **{**SENDING, **given, "sendgrid_api_key": ""}) == []


@pytest.mark.parametrize(("address", "code"), [("", "sender.missing"), ("shop(at)example", "sender.not_an_address")])
def test_a_sender_that_is_none(shop: Path, address: str, code: str) -> None:
    assert inside(shop, lambda store: database.change_shop(store, {"from_email": address}), **SENDING) == [code]


def test_an_older_copy_put_back(shop: Path) -> None:
    inside(shop, lambda store: launched(store, 3, clock.now()))
    (shop / "journal/place").write_text("elsewhere")
    assert [code for code in inside(shop) if code.startswith("restored")] == ["restored_copy.copied_folder"]
