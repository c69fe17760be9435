"""Asked in the terminal and on the settings page: damaged files, no shop, a shop in use."""

import json
from pathlib import Path

import pytest

from crm import database, doctor
from crm.doctor import machine
from tests.conftest import crm, free_port
from tests.doctor.given import codes, env
from tests.ui.test_results_pages import screen


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
            assert answer["not_checked"] == list(doctor.INSIDE)[1:]
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


def test_a_check_that_breaks_is_a_finding_and_stops_no_other(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "zones", lambda now: 1 // 0)
    assert codes(report := doctor.outside(shop, env())) == ["check.failed"]
    assert report.checked[-1] == "journal"


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
    next((shop / "backups").iterdir()).unlink()
    page = screen(shop, monkeypatch, "settings.py", language)
    assert [remedy in one.value for one in page.error] == [True]
    assert (len(page.warning), well in [one.value for one in page.success]) == (1, False)
    database.open_store(shop).close()
