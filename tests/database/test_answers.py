"""Small answers are kept until anything is written, and never any longer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from crm.database import Store
from crm.database.answers import MOST_ROWS, Answer, Answers

ONE = "SELECT count(*) AS n FROM suppressions"
ADD = "INSERT INTO suppressions (channel, address_norm, source, reason, happened_at) VALUES ('email', ?, 's', 'r', '2026-01-01')"


@pytest.fixture
def asked(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows with every question that reaches the database."""
    found: list[int] = []
    cursor = store._cursor

    @contextmanager
    def counted() -> Iterator[object]:
        found.append(1)
        with cursor() as one:
            yield one

    monkeypatch.setattr(store, "_cursor", counted)
    return found


@dataclass(frozen=True)
class Number:
    n: int


def test_the_same_question_is_asked_once(store: Store, asked: list[int]) -> None:
    assert store.rows(ONE) == store.rows(ONE) == [{"n": 0}]
    assert store.rows_as(Number, ONE) == [Number(0)]
    assert len(asked) == 1
    store.rows("SELECT ? AS n", [1])
    store.rows("SELECT ? AS n", [2])
    assert store.rows("SELECT ? AS n", [True]) == [{"n": True}]
    assert store.rows("SELECT $n AS n", {"n": 2}) == store.rows("SELECT $n AS n", {"n": 2}) == [{"n": 2}]
    assert len(asked) == 5


def test_what_was_written_is_seen_at_once(store: Store) -> None:
    assert store.one(ONE) == {"n": 0}
    with store.transaction() as change:
        change.execute(ADD, ["a@example.com"])
        assert store.one(ONE) == {"n": 0}
    assert store.one(ONE) == {"n": 1}


def test_what_was_taken_back_was_never_there(store: Store) -> None:
    with pytest.raises(ValueError), store.transaction() as change:
        change.execute(ADD, ["a@example.com"])
        raise ValueError
    assert store.one(ONE) == {"n": 0}


def test_an_answer_that_was_asked_for_before_a_commit_is_not_kept_after_it() -> None:
    answers, told = Answers(), iter([1, 2])

    def ask() -> Answer:
        answers.begin_anew()
        return Answer([("n",)], [(next(told),)])

    assert answers.of(ONE, (), ask).rows == [(1,)]
    assert answers.of(ONE, (), ask).rows == [(2,)]


def test_changing_an_answer_changes_it_for_nobody_else(store: Store) -> None:
    store.rows(ONE)[0]["n"] = 99
    assert store.rows(ONE) == [{"n": 0}]


def test_long_answers_and_lists_among_the_values_are_asked_for_every_time(store: Store, asked: list[int]) -> None:
    for _ in range(2):
        assert len(store.rows("SELECT * FROM range(?)", [MOST_ROWS + 1])) == MOST_ROWS + 1
        assert store.rows("SELECT len(?::TEXT[]) AS n", [["a", "b"]]) == [{"n": 2}]
    assert len(asked) == 4
