"""What happens to a cell, row or column happens to nothing else; a table written otherwise gives the same numbers or is asked."""

from dataclasses import replace
from functools import cache
from random import Random

import pytest

from tests.unknown import changes, judge
from tests.unknown.changes import Table
from tests.unknown.export import drawn
from tests.unknown.judge import Reading
from tests.unknown.sheet import Sheet
from tests.unknown.styles import Style
from tests.unknown.truth import Truth

SEEDS = range(40_000, 40_012)
EACH = 3
PLACES = ("country", "region")


@cache
def given(seed: int) -> tuple[Sheet, Style, Table, Reading]:
    """A generated table and what is read of it."""
    made, style, _ = drawn(seed)
    table = changes.table_of(seed, made, style)
    return made, style, table, judge.read(table.name, table.data(), table.currency)


def test_most_of_the_tables_are_read() -> None:
    """Tables that are asked about say nothing about independence, so they may not be many."""
    readings = [given(seed)[3] for seed in SEEDS]
    assert sum(reading.found is not None for reading in readings) >= len(SEEDS) * 2 // 3, [one.asked + one.fault for one in readings]


def same(before: Truth, after: Truth) -> list[str]:
    """What differs between two readings, as the judge names it."""
    return judge.compared(after, replace(before, regions=PLACES), set()).differences


def apart_from(orders: set[str], before: Truth, after: Reading, *, new: int) -> list[str]:
    """What differs in all orders but these; so many may have come in under another id. Nothing when the person was asked."""
    if after.found is None:
        return [after.fault] if after.fault else []
    left = {name: result for name, result in before.orders.items() if name not in orders}
    more = [name for name in after.found.orders if name not in before.orders]
    kept = {name: result for name, result in after.found.orders.items() if name in left}
    faults = same(replace(before, orders=left), replace(after.found, orders=kept))
    return faults + ([f"orders: {more[:3]} came in"] if len(more) > new else [])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_cell_or_row_changes_nothing_elsewhere(seed: int) -> None:
    made, _, table, reading = given(seed)
    if reading.found is None:
        return
    chance = Random(seed)
    for _ in range(EACH):
        spoiled, order, result = changes.spoiled(chance, table)
        after = judge.read(spoiled.name, spoiled.data(), table.currency)
        gone = reading.found.orders.keys() - after.found.orders.keys() if after.found else set()
        touched = {order} if made.traits.has_id else set(gone) if len(gone) == 1 else set()
        faults = apart_from(touched, reading.found, after, new=1)
        assert faults == [], f"{result}: {faults}"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_column_that_is_not_used_changes_nothing(seed: int) -> None:
    _, _, table, reading = given(seed)
    if reading.found is None:
        return
    chance, used = Random(seed + 1), {str(name).strip() for name in reading.mapping.values()}
    unused = [place for place, name in enumerate(table.body[table.first - 1]) if str(name).strip() not in used]
    for _ in range(EACH):
        moved, result = changes.moved(chance, table, unused)
        after = judge.read(moved.name, moved.data(), table.currency)
        faults = same(reading.found, after.found) if after.found else [after.fault] if after.fault else []
        assert faults == [], f"{result}: {faults}"


@pytest.mark.parametrize("seed", SEEDS)
def test_another_way_of_writing_gives_the_same_numbers_or_is_asked(seed: int) -> None:
    made, style, table, reading = given(seed)
    if reading.found is None:
        return
    chance = Random(seed + 2)
    for _ in range(EACH):
        other = changes.table_of(seed, made, changes.rewritten(chance, made, style))
        after = judge.read(other.name, other.data(), table.currency)
        assert after.fault == "", f"{other.style}: {after.fault}"
        if after.found is not None:
            verdict = judge.compared(after.found, replace(reading.found, regions=PLACES), set(), has_id=made.traits.has_id)
            verdict.warnings = after.warnings
            assert judge.settled(verdict).outcome != judge.WRONG, f"{other.style}: {verdict.differences}"
