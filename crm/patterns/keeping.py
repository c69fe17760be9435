"""What patterns cost is paid once: answers kept per state of the data, day and settings; and how many people a group really has."""

from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, TypeVar

from crm.database import Store
from crm.database.scratch import Bench
from crm.segments import compiler, scope
from crm.segments.scope import Node, Scope

Answer = TypeVar("Answer")
SOURCES = ("customer_facts", "customer_categories", "orders", "order_lines", "settings")
LEAST = 50
"""So many people are needed for a rate or a usual interval: below it chance alone would make one."""
MOST = 16


def kept(store: Store, name: str, as_of: date, make: Callable[[Bench, Scope], Answer], *more: Hashable) -> Answer:
    """What `make` returned for this day, made at the first call. `more`: what else it depends on."""
    key = (f"patterns_{name}", store.written(SOURCES), as_of, *more)
    answer: Answer = store.scratch.kept(key, lambda bench: make(bench, scope.at(store, as_of)), most=MOST)
    return answer


def people(store: Store, node: Node, as_of: date) -> int:
    """How many customers a filter chooses: so many the group has as a segment."""
    return kept(store, "people", as_of, lambda _bench, within: _count(store, node, within), repr(node))


def _count(store: Store, node: Node, within: Scope) -> int:
    chosen = within.facts.filter(compiler.predicate(node, within))
    (row,) = rows(store, chosen.aggregate(n=chosen.count()))
    return int(row.n)


def rows(store: Store, expression: Any) -> list[Any]:
    """The rows of a small answer, a named tuple each."""
    return [*store.read(expression).itertuples()]


def share(part: int, whole: int, least: int = LEAST) -> float | None:
    """part ÷ whole; None where too few people are in the whole."""
    return part / whole if whole >= least else None
