"""Scratch: made once per key, remade when a source was written to, the longest unused one leaves, nothing of it in the file."""

from pathlib import Path
from threading import Event, Thread

import pandas as pd
import pytest

from crm import database
from crm.database import Store
from crm.database.scratch import MOST, Bench


def numbers(value: int):  # type: ignore[no-untyped-def]
    """Puts a table with one number on the bench."""
    return lambda bench: bench.put(database.tables.orders.aggregate(n=database.tables.orders.count() + value))


def tables(store: Store) -> int:
    return int(store.rows("SELECT count(*) AS n FROM duckdb_tables() WHERE database_name = 'scratch'")[0]["n"])


def test_made_once_per_key(store: Store) -> None:
    made = [store.scratch.kept("key", numbers(value)) for value in (1, 2)]
    assert made[0] is made[1]
    assert store.read(made[0]).columns.tolist() == ["n"]


def test_the_longest_unused_leaves(store: Store) -> None:
    for key in range(MOST + 3):
        store.scratch.kept(key, numbers(key))
        store.scratch.kept(0, numbers(0))
    assert tables(store) == MOST
    assert store.read(store.scratch.kept(0, numbers(99))).shape == (1, 1)


def test_what_fails_leaves_nothing(store: Store) -> None:
    def fails(bench: Bench) -> None:
        bench.put(database.tables.orders.select("order_key"))
        raise ValueError

    with pytest.raises(ValueError):
        store.scratch.kept("key", fails)
    assert tables(store) == 0


def test_nobody_waits_for_what_somebody_else_makes(store: Store) -> None:
    begun, go_on, made = Event(), Event(), []

    def slowly(bench: Bench) -> str:
        begun.set()
        assert go_on.wait(20)
        return "slow"

    def ask() -> None:
        made.append(store.scratch.kept("slow", slowly))

    first, second = Thread(target=ask), Thread(target=ask)
    first.start()
    assert begun.wait(20)
    begun.clear()
    second.start()
    assert store.scratch.kept("other", lambda bench: "other") == "other"
    assert made == []
    go_on.set()
    first.join(20)
    second.join(20)
    assert made == ["slow", "slow"]
    assert not begun.is_set()  # it was made once


def test_more_of_a_sort_are_kept_where_that_is_said(store: Store) -> None:
    for key in range(MOST + 3):
        store.scratch.kept(("answer", key), lambda bench: None, most=MOST + 2)
    assert store.scratch.kept(("answer", 1), lambda bench: "made anew") is None
    assert store.scratch.kept(("answer", 0), lambda bench: "made anew") == "made anew"


@pytest.mark.parametrize(
    "sql", ["INSERT INTO suppressions SELECT * FROM suppressions", "DELETE FROM suppressions", "UPDATE suppressions SET reason = 'x'"]
)
def test_a_committed_change_is_counted(store: Store, sql: str) -> None:
    before = store.written(["suppressions", "orders"])
    with store.transaction() as change:
        change.execute(sql)
    after = store.written(["suppressions", "orders"])
    assert after[0] == before[0] + 1
    assert after[1] == before[1]


def test_a_change_taken_back_is_not_counted(store: Store) -> None:
    with pytest.raises(ValueError), store.transaction() as change:
        change.insert("customers", pd.DataFrame({"customer_id": ["a"], "platform": ["p"], "shop": ["s"], "buyer": ["b"]}))
        raise ValueError
    assert store.written(["customers"]) == (0,)


def test_nothing_of_it_is_in_the_file(tmp_path: Path) -> None:
    store = database.open_store(tmp_path)
    store.scratch.kept("key", numbers(1))
    store.close()
    store = database.open_store(tmp_path)
    assert tables(store) == 0
    store.close()
