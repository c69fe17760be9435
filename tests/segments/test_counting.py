"""Counting beside the screen: the latest question wins, one that was changed is dropped in the middle of its query, errors are told."""

import threading
import time

import pytest

from crm import database
from crm.database.stopping import Stop, StoppedError
from crm.errors import BadInputError
from crm.segments.counting import Counting

LONG = "SELECT sum(a.i * b.i) AS n FROM range(1000000) AS a(i), range(10000000) AS b(i) WHERE a.i % 3 <> b.i % 7"
"""A query that takes hours."""


def test_a_question_is_answered_and_not_worked_out_again() -> None:
    counting, times = Counting[int](), []
    for _ in range(3):
        told = counting.ask("q", lambda: times.append(1) or 7, 10)  # type: ignore[func-returns-value]
        assert (told.answer, told.fresh, told.error) == (7, True, None)
    assert times == [1]


def test_a_slow_count_is_dropped_when_its_filter_is_changed(store: database.Store) -> None:
    counting, ended = Counting[int](), threading.Event()
    counting.ask("before", lambda: 1, 10)

    def slow() -> int:
        try:
            return int(store.rows(LONG)[0]["n"])
        finally:
            ended.set()

    told = counting.ask("slow", slow, 0.05)
    assert (told.answer, told.fresh) == (1, False)  # the last known number, and that it is no longer true
    started = time.monotonic()
    told = counting.ask("after", lambda: 2, 10)
    assert (told.answer, told.fresh) == (2, True)
    assert ended.wait(30)
    assert time.monotonic() - started < 30
    assert counting.told().answer == 2


def test_work_that_was_stopped_begins_no_further_query(store: database.Store) -> None:
    stop = Stop()
    with stop.around():
        assert store.rows("SELECT 1 AS n") == [{"n": 1}]
        stop.say()
        with pytest.raises(StoppedError):
            store.rows("SELECT 2 AS n")
        with pytest.raises(StoppedError):
            store.scratch.kept("k", lambda bench: 1)
    assert store.rows("SELECT 3 AS n") == [{"n": 3}]
    assert store.scratch.kept("k", lambda bench: 1) == 1


def test_a_refusal_is_told_and_the_next_question_is_free_of_it() -> None:
    counting = Counting[int]()

    def refuse() -> int:
        raise BadInputError("segment.unnamed", "A segment needs a name. It was not saved.")

    told = counting.ask("bad", refuse, 10)
    assert isinstance(told.error, BadInputError)
    assert counting.ask("bad", lambda: 5, 10).answer == 5  # asked again, it is tried again
    assert counting.ask("good", lambda: 3, 10).error is None
