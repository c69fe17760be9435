"""The trail: whole as long as nobody changed it, and every change of it is seen, wherever it is."""

import threading
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from crm import campaigns, database, segments
from crm.accounts import acting, audit
from crm.accounts.acting import NOBODY
from crm.accounts.audit import Verified
from crm.database import Store
from crm.errors import BadInputError, RightError
from tests.accounts.given import NOW
from tests.campaigns.given import spec


def wrote(store: Store, entries: int) -> None:
    for n in range(entries):
        audit.note(store, NOW + timedelta(days=n), "terminal", "test", f"entry {n}")


def test_numbers_follow_each_other_and_the_chain_is_whole(store: Store) -> None:
    wrote(store, 5)
    with store.transaction() as change:
        audit.noted(change, NOW, "terminal", "two", "first")
        audit.noted(change, NOW, "terminal", "two", "second")
    assert [entry.entry_no for entry in audit.search(store)] == [7, 6, 5, 4, 3, 2, 1]
    assert audit.verify(store) == Verified(7, 0, None)


@pytest.mark.parametrize("column", ["actor", "action", "detail", "happened_at", "entry_no", "previous", "digest"])
@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_changed_entry_is_named(store: Store, column: str, number: int) -> None:
    wrote(store, 5)
    others = {"happened_at": "happened_at + INTERVAL 1 SECOND", "entry_no": "entry_no + 100"}
    changed = others.get(column, f"{column} || 'x'")
    with store.transaction() as change:
        assert change.execute(f"UPDATE audit SET {column} = {changed} WHERE entry_no = ?", [number])  # noqa: S608 (our own words)
    broken = audit.verify(store).broken_at
    assert broken is not None
    assert column == "entry_no" or broken == number


@pytest.mark.parametrize("number", [1, 2, 4])
def test_an_entry_that_was_taken_out_is_missed(store: Store, number: int) -> None:
    wrote(store, 5)
    with store.transaction() as change:
        change.execute("DELETE FROM audit WHERE entry_no = ?", [number])
    assert audit.verify(store).broken_at == number


def test_two_entries_that_changed_places_are_seen(store: Store) -> None:
    wrote(store, 5)
    with store.transaction() as change:
        change.execute("UPDATE audit SET entry_no = 5 - entry_no WHERE entry_no IN (2, 3)")
    assert audit.verify(store).broken_at == 2


def test_a_change_that_is_taken_back_leaves_no_gap(store: Store) -> None:
    wrote(store, 2)
    with pytest.raises(RuntimeError), store.transaction() as change:
        audit.noted(change, NOW, "terminal", "never", "")
        raise RuntimeError
    wrote(store, 1)
    assert audit.verify(store) == Verified(3, 0, None)


def test_many_at_once_make_one_chain(tmp_path: Path) -> None:
    store = database.open_store(tmp_path)
    threads = [threading.Thread(target=wrote, args=(store, 20)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert audit.verify(store) == Verified(160, 0, None)
    store.close()
    again = database.open_store(tmp_path)
    wrote(again, 1)
    assert audit.verify(again) == Verified(161, 0, None)
    again.close()


@pytest.mark.parametrize("kept_from", [1, 3, 5, 9])
def test_what_is_kept_after_pruning_is_a_chain(store: Store, kept_from: int) -> None:
    wrote(store, 5)
    later = NOW + timedelta(days=200)
    dropped = audit.prune(store, NOW + timedelta(days=kept_from), later)
    assert dropped == min(kept_from, 4), "the newest stays: the next one follows from it"
    assert audit.verify(store) == Verified(6 - dropped, 0, None)
    with store.transaction() as change:
        change.execute("DELETE FROM audit WHERE entry_no = (SELECT min(entry_no) FROM audit)")
    assert audit.verify(store).broken_at


def test_dropping_all_begins_no_new_chain_and_young_entries_stay(tmp_path: Path) -> None:
    store = database.open_store(tmp_path)
    wrote(store, 5)
    with pytest.raises(BadInputError, match="90 days"):
        audit.prune(store, NOW, NOW + timedelta(days=60))
    store.close()
    again = database.open_store(tmp_path)
    audit.prune(again, NOW + timedelta(days=400), NOW + timedelta(days=500))
    assert [entry.entry_no for entry in audit.search(again)] == [6, 5]
    assert audit.verify(again).broken_at is None
    again.close()


def test_entries_from_before_the_chain_stay_readable_and_are_counted_apart(tmp_path: Path) -> None:
    database.open_store(tmp_path).close()
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as raw:
        raw.execute(
            "INSERT INTO audit VALUES ('2026-01-01', 'screen', 'old', 'a', 1, '', ''), ('2026-01-02', 'screen', 'old', 'b', 2, '', '')"
        )
    store = database.open_store(tmp_path)
    wrote(store, 3)
    assert audit.verify(store) == Verified(5, 2, None)
    assert [entry.action for entry in audit.search(store, "OLD")] == ["old", "old"]
    assert audit.count(store, "entry 1") == 1
    store.close()


def test_who_may_not_read_it_reads_nothing_and_drops_nothing(store: Store) -> None:
    wrote(store, 2)
    with acting.by(NOBODY):
        with pytest.raises(RightError):
            audit.search(store)
        with pytest.raises(RightError):
            audit.prune(store, NOW, NOW + timedelta(days=200))
    assert audit.count(store) == 2


def test_what_is_deleted_and_brought_back_is_in_it(store: Store) -> None:
    ladder = segments.definition.parse({"name": "x", "rungs": [{"name": "all", "where": {"all": []}}]})
    kept = segments.saved.save(store, ladder, NOW)
    segments.saved.restore(store, segments.saved.delete(store, kept, NOW), NOW)
    draft = campaigns.saved.create(store, spec(), NOW)
    campaigns.saved.delete_draft(store, draft, NOW)
    actions = [entry.action for entry in reversed(audit.search(store))]
    assert actions == ["segment.save", "segment.delete", "segment.restore", "campaign.write", "campaign.delete"]
