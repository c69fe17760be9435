"""Each thing that can be wrong is found, with one sentence and one remedy; a shop in order has nothing to say."""

import base64
import json
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from crm import clock, database, doctor
from crm.database import disk
from crm.doctor import machine
from crm.settings import Environment
from tests.campaigns.given import launched
from tests.conftest import crm, free_port
from tests.ui.test_results_pages import screen

KEY = ec.generate_private_key(ec.SECP256R1()).public_key()
REPORTS = base64.b64encode(KEY.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
SENDING: dict[str, Any] = {"sendgrid_api_key": "SG.key", "sendgrid_webhook_key": REPORTS, "public_url": "https://crm.example.com"}


def codes(report: doctor.Report) -> list[str]:
    """What was found; every sentence and remedy can be said."""
    words = [one.as_json() for one in report.findings]
    assert all(one["sentence"].endswith((".", ":")) and len(one["remedy"]) > 20 for one in words), words
    return [one.code for one in report.findings]


def env(**given: Any) -> Environment:
    return Environment(**{"password": "", "public_url": "http://localhost:8501", **given})


@pytest.fixture
def shop(demo_copy: Path) -> Path:
    """A shop in order, with a copy of its database."""
    store = database.open_store(demo_copy)
    database.change_shop(store, {"from_email": "shop@example.com"})
    store.checkpoint()
    store.close()
    (demo_copy / "backups").mkdir(mode=0o700, exist_ok=True)
    (demo_copy / "backups/one.duckdb").touch(mode=0o600)
    return demo_copy


def inside(shop: Path, change: Callable[[database.Store], object] = lambda store: None, **given: Any) -> list[str]:
    """What is found in the open database after a change, closely and quickly."""
    store = database.open_store(shop)
    try:
        change(store)
        closely = codes(doctor.inside(store, env(**given)))
        quickly = codes(doctor.inside(store, env(**given), thorough=False))
        assert set(quickly) <= set(closely)
        return closely
    finally:
        store.close()


def executed(*statements: str) -> Callable[[database.Store], None]:
    def change(store: database.Store) -> None:
        with store.transaction() as transaction:
            for statement in statements:
                transaction.execute(statement)

    return change


def test_a_shop_in_order_has_nothing_to_say(shop: Path) -> None:
    assert codes(doctor.outside(shop, env())) == []
    assert inside(shop) == inside(shop, **SENDING) == []
    answer = json.loads(crm("doctor", "--json", data=shop).stdout)
    assert (answer["well"], answer["not_checked"], answer["findings"]) == (True, [], [])
    assert len(answer["checked"]) == 13


@pytest.mark.parametrize(("free", "code"), [(50_000_000, ["disk.full"]), (500_000_000, ["disk.little"]), (5_000_000_000, [])])
def test_room(shop: Path, monkeypatch: pytest.MonkeyPatch, free: int, code: list[str]) -> None:
    monkeypatch.setattr(disk, "free", lambda folder: free)
    assert codes(doctor.outside(shop, env())) == code


def test_a_file_that_others_can_read(shop: Path) -> None:
    (shop / "backups/one.duckdb").chmod(0o640)
    assert codes(doctor.outside(shop, env())) == ["permissions.open"]
    (shop / "backups/one.duckdb").chmod(0o600)
    (shop / "shop.duckdb").chmod(0o604)
    assert codes(doctor.outside(shop, env(), thorough=False)) == ["permissions.open"]


def test_copies(shop: Path) -> None:
    os.utime(shop / "backups/one.duckdb", (time.time() - 3 * 86_400,) * 2)
    assert codes(doctor.outside(shop, env())) == ["backups.old"]
    (shop / "backups/one.duckdb").unlink()
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
        ("INSERT INTO audit SELECT now()::TIMESTAMP + INTERVAL 1 HOUR, 'a', 'b', 'c'", "clock.behind_entries"),
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


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"password": "short"}, ["access.short_password"]),
        ({"password": "long enough to be kept"}, []),
        ({"public_url": "http://crm.example.com"}, ["access.no_tls"]),
        ({"public_url": "https://crm.example.com"}, []),
    ],
)
def test_who_may_come_in(shop: Path, given: dict[str, str], found: list[str]) -> None:
    assert codes(doctor.outside(shop, env(**given))) == found


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


def test_a_file_that_is_cut_off(shop: Path) -> None:
    path = shop / "shop.duckdb"
    path.write_bytes(path.read_bytes()[:1_000_000])
    done = crm("doctor", "--json", data=shop, check=False)
    assert [one["code"] for one in json.loads(done.stdout)["findings"]] == ["database.not_opened"]


def test_a_table_that_cannot_be_read_is_named(shop: Path) -> None:
    """Opened all the same: the damage lies where only reading everything comes by."""
    content = (shop / "shop.duckdb").read_bytes()
    for at in range(524_288, len(content), 524_288):
        (shop / "shop.duckdb").write_bytes(content[: at + 9000] + bytes([content[at + 9000] ^ 0xFF]) + content[at + 9001 :])
        answer = json.loads(crm("doctor", "--json", data=shop, check=False).stdout)
        if [one["code"] for one in answer["findings"]] == ["database.damaged"]:
            assert "The table " in answer["findings"][0]["sentence"]
            return
    raise AssertionError("no damage was found")


def test_a_block_of_the_file_that_is_damaged(shop: Path) -> None:
    """One byte in each of many blocks, as a dying disk leaves them: opened, and found by reading all of it."""
    path = shop / "shop.duckdb"
    content = bytearray(path.read_bytes())
    for at in range(len(content) // 2, len(content) - 300_000, 262_144):
        content[at] ^= 0xFF
    path.write_bytes(bytes(content))
    done = crm("doctor", "--json", data=shop, check=False)
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["well"]) == (1, False)
    assert [one["code"] for one in answer["findings"]][-1] in ("database.damaged", "database.not_opened")
    assert "Traceback" not in done.stderr


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


def test_no_shop(tmp_path: Path) -> None:
    done = crm("doctor", data=tmp_path / "none", check=False)
    assert (done.returncode, "There is no shop in" in done.stdout, (tmp_path / "none").exists()) == (1, True, False)


def test_in_use_and_no_server_answers(shop: Path) -> None:
    store = database.open_store(shop)
    done = crm("doctor", "--json", "--server", f"http://127.0.0.1:{free_port()}", data=shop, check=False)
    store.close()
    answer = json.loads(done.stdout)
    assert (done.returncode, [one["code"] for one in answer["findings"]]) == (1, ["server.silent"])
    assert answer["not_checked"] == list(doctor.INSIDE)


@pytest.mark.parametrize(("language", "well", "remedy"), [("en", "Everything is in order.", "chmod"), ("zh_CN", "一切正常。", "chmod")])
def test_the_settings_page_says_the_same(shop: Path, monkeypatch: pytest.MonkeyPatch, language: str, well: str, remedy: str) -> None:
    monkeypatch.setattr(doctor, "KEPT", 0.0)
    page = screen(shop, monkeypatch, "settings.py", language)
    assert (well in [one.value for one in page.success], list(page.error)) == (True, [])
    (shop / "outbox").mkdir(exist_ok=True)
    (shop / "outbox").chmod(0o755)
    (shop / "backups/one.duckdb").unlink()
    page = screen(shop, monkeypatch, "settings.py", language)
    assert [remedy in one.value for one in page.error] == [True]
    assert (len(page.warning), well in [one.value for one in page.success]) == (1, False)
    database.open_store(shop).close()
