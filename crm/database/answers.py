"""Small answers, kept until anything is written: everybody's page asks the same dozen small questions with every click."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_ROWS, MOST = 50, 1000
"""Rows of an answer that is kept; answers that are kept."""


@dataclass(frozen=True)
class Answer:
    """What a cursor said: the description of the columns, and the rows."""

    description: Any
    rows: list[tuple[Any, ...]]

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows."""
        return self.rows


class Answers:
    """What is kept belongs to one state of the whole database: a commit begins anew, and who asked before it keeps nothing afterwards."""

    def __init__(self) -> None:
        self._kept: dict[Any, Answer] = {}

    def begin_anew(self) -> None:
        """Something was written."""
        self._kept = {}

    def of(self, sql: str, values: Sequence[Any] | Mapping[str, Any], ask: Callable[[], Answer]) -> Answer:
        """The answer to a SELECT, asked for unless it is known. What it says must follow from the tables and the values alone."""
        kept = self._kept
        key = (sql, *(values.items() if isinstance(values, Mapping) else ((type(one), one) for one in values)))
        try:
            known = kept.get(key)
        except TypeError:  # a list among the values
            return ask()
        if known is None:
            known = ask()
            if len(known.rows) <= MOST_ROWS and len(kept) < MOST:
                kept[key] = known
        return known
