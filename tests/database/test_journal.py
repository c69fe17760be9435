"""The journal: numbered lines that are on the disk before anything relies on them, whole or not counted, naming nobody."""

import os
import time
from io import FileIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import campaigns, database
from crm.database.journal import Journal
from crm.errors import CrmError
from crm.messaging import ledger, suppressions
from tests.campaigns.given import NOW, launched
from tests.campaigns.test_copied_folder import send
from tests.shares import examples


def numbers(journal: Journal, after: int = 0) -> list[int]:
    return [entry["n"] for entry in journal.entries(after)]


def files(folder: Path) -> list[Path]:
    return sorted((folder / "journal").glob("*.log"))


def test_numbers_grow_over_processes_and_each_process_has_its_file(tmp_path: Path) -> None:
    for start in (0, 3, 6):
        journal = Journal(tmp_path)
        assert journal.last == start
        journal.append({"kind": "a"}, {"kind": "b"})
        assert journal.append({"kind": "c"}) == start + 3
        journal.close()
    assert [file.stem.lstrip("0") for file in files(tmp_path)] == ["1", "4", "7"]
    assert numbers(Journal(tmp_path)) == list(range(1, 10))
    for after in range(10):
        assert numbers(Journal(tmp_path), after) == list(range(after + 1, 10))


@settings(max_examples=examples(40))
@given(st.integers(min_value=0, max_value=400))
def test_a_torn_end_never_counts_and_what_follows_does(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    folder = tmp_path_factory.mktemp("torn")
    journal = Journal(folder)
    for at in range(4):
        journal.append({"kind": "batch", "who": "x" * at * 20})
    journal.close()
    whole = files(folder)[0].read_bytes()
    files(folder)[0].write_bytes(whole[:cut])
    kept = whole[:cut].count(b"\n") if cut < len(whole) else 4
    after = Journal(folder)
    assert len(numbers(after)) in (kept, kept + 1), "a line that lacks only its end is whole"
    assert not after.damaged
    survivors = numbers(after)
    new = after.append({"kind": "no"})
    after.close()
    again = Journal(folder)
    assert numbers(again) == [*survivors, new]
    assert (again.damaged, new > max([0, *survivors])) == (False, True)


def test_a_changed_line_in_the_middle_is_damage(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for _ in range(3):
        journal.append({"kind": "batch", "who": "abc"})
    journal.close()
    content = files(tmp_path)[0].read_bytes()
    files(tmp_path)[0].write_bytes(content.replace(b"abc", b"abd", 1))
    after = Journal(tmp_path)
    assert (numbers(after), after.damaged) == ([2, 3], True)


def test_it_names_nobody_and_is_read_by_its_owner_only(tmp_path: Path) -> None:
    store = database.open_store(tmp_path)
    campaign_id = launched(store, 25)
    send(store, campaign_id)
    suppressions.add(store, ["P3@example.com"], "manual", "desk", NOW)
    ids = [row["message_id"] for row in store.rows("SELECT message_id FROM recipients")]
    store.close()
    content = b"".join(file.read_bytes() for file in files(tmp_path)).decode()
    assert "example.com" not in content
    assert "@" not in content
    assert not [one for one in [*ids, "c000003", "小3"] if one in content]
    assert [oct(path.stat().st_mode & 0o777) for path in ((tmp_path / "journal"), (tmp_path / "journal/key"), files(tmp_path)[0])] == [
        "0o700",
        "0o600",
        "0o600",
    ]
    assert Journal(tmp_path).sign("email", "a") != Journal(tmp_path / "other").sign("email", "a")


def test_every_change_is_in_the_journal_before_it_is_in_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = database.open_store(tmp_path)
    suppressions.add(store, ["a@example.com"], "manual", "desk", NOW)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for _ in range(2):
        with pytest.raises(CrmError, match="disk of the server is full"):
            suppressions.add(store, ["b@example.com"], "manual", "desk", NOW)
    monkeypatch.undo()
    assert suppressions.among(store, ["a@example.com", "b@example.com"]) == {"a@example.com"}
    suppressions.add(store, ["c@example.com"], "manual", "desk", NOW)
    store.close()
    after = Journal(tmp_path)
    assert (numbers(after)[-1], after.damaged) == (4, False)


def test_nothing_leaves_that_could_not_be_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = database.open_store(tmp_path)
    campaign_id = launched(store, 15)

    def full(*entries: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.journal, "append", full)
    assert send(store, campaign_id) == []
    assert "journal beside the database cannot be written" in campaigns.saved.get(store, campaign_id).state_reason
    assert ledger.counts(store, campaign_id)["pending"] == 15
    monkeypatch.undo()
    assert len(send(store, campaign_id)) == 15
    store.close()


def test_it_costs_a_batch_next_to_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    people = [(f"p{at}@example.com", f"c{at}", f"{at:032}") for at in range(1000)]
    started = time.perf_counter()
    for _ in range(10):
        signs = [journal.sign("email", a) + journal.sign("person", b) + journal.sign("message", c) for a, b, c in people]
        journal.append({"kind": "batch", "who": "".join(signs)})
    assert (time.perf_counter() - started) / 10 < 0.25


class HalfADisk(FileIO):
    """A file of which half a line is written before the disk is full."""

    def write(self, text: Any) -> int:
        """Half of it, then nothing more."""
        super().write(bytes(text)[: len(text) // 2])
        raise OSError(28, "No space left on device")


def test_a_line_that_the_disk_had_no_room_for_damages_nothing_that_follows(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append({"kind": "a"})
    journal._file = HalfADisk(files(tmp_path)[0], "a")
    with pytest.raises(OSError, match="No space"):
        journal.append({"kind": "b"})
    journal.append({"kind": "c"})
    journal.close()
    after = Journal(tmp_path)
    assert [entry["kind"] for entry in after.entries(0)] == ["a", "c"]
    assert not after.damaged
