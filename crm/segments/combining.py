"""New segments made of saved ones: in any, in all, in one without the others, in exactly some. They refer by `in_segment`."""

from collections.abc import Sequence
from datetime import datetime

from crm.accounts import acting
from crm.accounts.acting import Right
from crm.database import Store
from crm.segments import saved, words
from crm.segments.definition import Definition, Rung
from crm.segments.scope import Node

LONGEST = 100
"""Characters of a name."""


def union(names: Sequence[str], name: str, language: str) -> Definition:
    """Who is in any of these saved segments."""
    return _ladder([{"any": [{"in_segment": one} for one in names]}], name, language)


def intersection(names: Sequence[str], name: str, language: str) -> Definition:
    """Who is in all of these; a rung for each, so that it is seen where people are lost."""
    return exactly(names, [], name, language)


def difference(of: str, others: Sequence[str], name: str, language: str) -> Definition:
    """Who is in one and in none of the others."""
    return exactly([of], others, name, language)


def exactly(inside: Sequence[str], outside: Sequence[str], name: str, language: str) -> Definition:
    """Who is in all of some and in none of some others: a rung per segment they are in, one for those they are not in."""
    apart: list[Node] = [{"in_segment": one} for one in outside]
    without: list[Node] = [{"not": apart[0] if len(apart) == 1 else {"any": apart}}] if apart else []
    return _ladder([*({"in_segment": one} for one in inside), *without], name, language)


def _ladder(nodes: Sequence[Node], name: str, language: str) -> Definition:
    """Rungs are called as their conditions say (`zh_CN` or `en`); two that are the same when cut are numbered."""
    rungs: list[Rung] = []
    for node in nodes:
        text = words.describe(node, language)[: LONGEST - 10]
        taken = [rung.name for rung in rungs]
        rungs.append(Rung(name=text if text not in taken else f"{text} ({len(taken) + 1})", where=node))
    return Definition(name=name[:LONGEST], rungs=rungs)


@acting.needs(Right.SEGMENTS)
def save(store: Store, definition: Definition, now: datetime) -> str:
    """Keep it, under its name or, where that is taken, with a number behind it; its id."""
    taken = {row.name for row in saved.listed(store)}
    base = definition.name[: LONGEST - 6]
    free = next(name for name in [definition.name, *(f"{base} ({number})" for number in range(2, 1000))] if name not in taken)
    return saved.save(store, definition.model_copy(update={"name": free}), now)
