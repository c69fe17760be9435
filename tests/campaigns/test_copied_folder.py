"""A whole data folder copied, put back over the old one, or moved without its journal: who may send from it is a person's decision."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from crm import campaigns, database
from crm.campaigns import restored
from crm.errors import BadInputError
from crm.messaging import Outcome, suppressions
from crm.settings import Environment
from tests.campaigns.given import NOW, Scripted, launched, people, person
from tests.conftest import terminal

ENV = Environment()


def send(store: database.Store, campaign_id: str, *answers: Outcome | BaseException) -> list[str]:
    channel = Scripted(*answers)
    campaigns.send(store, campaign_id, ENV, lambda: NOW, channel=channel, wait=lambda _: None)
    return channel.sent


def begun(folder: Path) -> str:
    """A shop that has written to ten of thirty people."""
    store = database.open_store(folder)
    campaign_id = launched(store, 30)
    send(store, campaign_id, Outcome("accepted"), Outcome("refused", "busy", pause=True))
    store.close()
    return campaign_id


def lose_the_journal(folder: Path) -> Path:
    shutil.rmtree(folder / "journal")
    return folder


def lose_the_key(folder: Path) -> Path:
    (folder / "journal" / "key").unlink()
    return folder


def copy(folder: Path) -> Path:
    return Path(shutil.copytree(folder, folder.parent / "second"))


def replace_by_a_copy(folder: Path) -> Path:
    shutil.copytree(folder, folder.parent / "kept", copy_function=shutil.copy2)
    shutil.rmtree(folder)
    return Path(shutil.copytree(folder.parent / "kept", folder, copy_function=shutil.copy2))


def another_shops_journal(folder: Path) -> Path:
    other = database.open_store(folder.parent / "other")
    suppressions.add(other, ["x@example.com"], "manual", "desk", NOW)
    other.close()
    shutil.rmtree(folder / "journal")
    shutil.copytree(folder.parent / "other" / "journal", folder / "journal")
    return folder


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (lose_the_journal, ["missing"]),
        (lose_the_key, ["missing"]),
        (copy, ["copied"]),
        (replace_by_a_copy, ["copied"]),
        (another_shops_journal, ["missing", "copied"]),
    ],
)
def test_nothing_is_sent_until_a_person_says_so(tmp_path: Path, how: Callable[[Path], Path], why: list[str]) -> None:
    campaign_id = begun(tmp_path / "shop")
    folder = how(tmp_path / "shop")
    for _ in range(2):
        store = database.open_store(folder)
        assert restored.state(store).troubles == why
        suppressions.add(store, ["somebody@example.com"], "manual", "desk", NOW)
        with pytest.raises(BadInputError, match="Nothing is sent until you have decided"):
            send(store, campaign_id)
        store.close()
    store = database.open_store(folder)
    restored.go_on(store, NOW)
    store.close()
    store = database.open_store(folder)
    assert restored.state(store).stopped is False
    assert len(send(store, campaign_id)) == 20
    store.close()


def test_a_folder_put_back_over_the_newer_one_keeps_the_newer_journal(tmp_path: Path) -> None:
    campaign_id = begun(tmp_path / "shop")
    shutil.copytree(tmp_path / "shop", tmp_path / "kept", copy_function=shutil.copy2)
    store = database.open_store(tmp_path / "shop")
    assert len(send(store, campaign_id)) == 20
    suppressions.add(store, ["p3@example.com"], "manual", "desk", NOW)
    store.close()
    shutil.copytree(tmp_path / "kept", tmp_path / "shop", copy_function=shutil.copy2, dirs_exist_ok=True)
    store = database.open_store(tmp_path / "shop")
    assert (restored.state(store).messages, restored.state(store).opt_outs) == (20, 1)
    restored.keep(store, None, NOW)
    assert send(store, campaign_id) == []
    store.close()


def test_moving_the_folder_and_copying_one_that_never_sent_asks_nothing(tmp_path: Path) -> None:
    begun(tmp_path / "shop")
    (tmp_path / "shop").rename(tmp_path / "moved")
    store = database.open_store(tmp_path / "moved")
    assert restored.state(store).stopped is False
    store.close()
    quiet = database.open_store(tmp_path / "quiet")
    people(quiet, [person(1)])
    suppressions.add(quiet, ["p9@example.com"], "manual", "desk", NOW)
    quiet.close()
    shutil.copytree(tmp_path / "quiet", tmp_path / "second")
    store = database.open_store(tmp_path / "second")
    assert restored.state(store).stopped is False
    store.close()


def test_a_new_database_beside_an_old_journal_does_not_forget(tmp_path: Path) -> None:
    begun(tmp_path / "shop")
    store = database.open_store(tmp_path / "shop")
    suppressions.add(store, ["p3@example.com"], "manual", "desk", NOW)
    store.close()
    (tmp_path / "shop" / "shop.duckdb").unlink()
    store = database.open_store(tmp_path / "shop")
    assert restored.state(store).messages == 10
    assert suppressions.among(store, ["p3@example.com", "p4@example.com"]) == {"p3@example.com"}
    store.close()


def test_opt_outs_from_before_the_journal_are_in_it_too(tmp_path: Path) -> None:
    """A database of an earlier release: it has opt-outs and no journal yet."""
    store = database.open_store(tmp_path / "shop")
    store.journal.folder, kept = None, store.journal.folder
    suppressions.add(store, ["p3@example.com"], "manual", "desk", NOW)
    store.close()
    store = database.open_store(tmp_path / "shop")
    assert not kept or not kept.exists()
    restored.state(store)
    store.close()
    (tmp_path / "shop" / "shop.duckdb").unlink()
    store = database.open_store(tmp_path / "shop")
    restored.state(store)
    assert suppressions.among(store, ["p3@example.com"]) == {"p3@example.com"}
    store.close()


def test_the_terminal_says_and_decides_it(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    campaign_id = begun(folder)
    shutil.copy2(folder / "shop.duckdb", tmp_path / "copy")
    store = database.open_store(folder)
    send(store, campaign_id)
    store.close()
    shutil.copy2(tmp_path / "copy", folder / "shop.duckdb")
    parsed = json.loads(terminal("sending", "state", "--json", data=folder).stdout)
    assert (parsed["stopped"], parsed["messages"], parsed["campaigns"][0]["campaign_id"]) == (True, 20, campaign_id)
    assert parsed["reasons"][0].startswith("An older copy of the database was put back: 20 messages left")
    refused = terminal("campaign", "send", campaign_id, data=folder, check=False)
    assert (refused.returncode, "Nothing is sent until you have decided" in refused.stderr) == (1, True)
    assert terminal("sending", "forget", data=folder, check=False).returncode == 1
    assert terminal("sending", "go-on", data=folder, check=False).returncode == 1
    assert json.loads(terminal("sending", "keep", "--json", data=folder).stdout) == {"kept": 20}
    assert json.loads(terminal("campaign", "send", campaign_id, "--json", data=folder).stdout)["accepted"] == 30
    assert not list((folder / "outbox").glob("*.eml"))
