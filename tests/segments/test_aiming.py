"""A target size: what is advised, done, leaves exactly the people it says, and comes as near as spend or the number can."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import database
from crm.segments import aiming, ladder, scope
from crm.segments.aiming import Aim
from crm.segments.definition import Definition, parse
from tests.segments import given as made
from tests.segments.given import TODAY
from tests.shares import examples

BUYERS = {"field": "purchases", "op": "at_least", "value": 1}


@pytest.fixture(scope="module")
def crowd() -> database.Store:
    """Forty customers of every sort."""
    return made.shop(made.told())


def laddered(nodes: list[Any]) -> Definition:
    return parse({"name": "x", "rungs": [{"name": f"r{place}", "where": node} for place, node in enumerate(nodes)]})


def aimed(store: database.Store, nodes: list[Any], target: int) -> Aim:
    within = scope.at(store, TODAY)
    return aiming.aim(store, laddered(nodes), within, ladder.climb(store, laddered(nodes), within), target)


def people(store: database.Store, nodes: list[Any]) -> list[int]:
    return [step.customers for step in ladder.count(store, laddered(nodes), TODAY)]


@settings(max_examples=examples(30))
@given(nodes=st.lists(made.filters, min_size=1, max_size=3), target=st.integers(1, 60))
def test_what_is_advised_leaves_whom_it_says(crowd: database.Store, nodes: list[Any], target: int) -> None:
    found, counted = aimed(crowd, nodes, target), people(crowd, nodes)
    if found.rung is None:
        assert set(counted) == {0}
        return
    assert found.people == counted[int(found.rung[1:])]
    assert found.fits is (abs(found.people - target) <= aiming.NEAR * target)
    if found.narrow:
        place = found.narrow.place
        assert people(crowd, [*nodes[: place + 1], found.narrow.node])[-1] == found.narrow.people
        assert target <= found.narrow.people <= counted[place]  # people of the same spend stay together
    if found.widen:
        place = found.widen.place
        assert people(crowd, [*nodes[:place], found.widen.node])[-1] == found.widen.people >= target


def test_a_rung_that_fits_is_named_and_nothing_is_changed(crowd: database.Store) -> None:
    buyers = people(crowd, [BUYERS])[0]
    assert aimed(crowd, [BUYERS], buyers) == Aim("r0", buyers, True)


def test_too_many_are_narrowed_by_spend_and_too_few_widened_by_their_own_number(crowd: database.Store) -> None:
    few = {"field": "spend", "op": "at_least", "value": 1500}
    counted = people(crowd, [BUYERS, few])
    target = (counted[0] + counted[1]) // 2
    found = aimed(crowd, [BUYERS, few], target)
    assert not found.fits and found.narrow and found.widen
    assert (found.narrow.place, found.widen.place) == (0, 1)
    assert found.widen.node["op"] == "at_least" and found.widen.node["value"] < 1500
    assert abs(found.widen.people - target) <= 2


def test_what_cannot_be_moved_is_not_advised(crowd: database.Store) -> None:
    found = aimed(crowd, [{"field": "province", "op": "is", "value": "广东省"}], 40)
    assert (found.narrow, found.widen) == (None, None)
    assert aimed(crowd, [{"any": []}], 5) == Aim(None, 0, False)
