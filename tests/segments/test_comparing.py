"""Two segments beside each other: shares add up, everybody is the measure, A and B can change places, too few people have no index."""

from typing import Any

import pytest

from crm import database
from crm.customers import dimensions, distributions
from crm.segments import comparing, ladder, scope
from crm.segments.comparing import Comparison
from crm.segments.definition import Definition, parse
from tests.segments import given as made
from tests.segments.given import TODAY


def ladder_of(node: Any) -> Definition:
    return parse({"name": "x", "rungs": [{"name": "r", "where": node}]})


REGULARS = ladder_of({"field": "purchases", "op": "at_least", "value": 2})
RECENT = ladder_of({"field": "recency_days", "op": "at_most", "value": 120})


@pytest.fixture(scope="module")
def crowd() -> database.Store:
    """A hundred and twenty customers."""
    return made.shop(made.told(120))


def test_each_bin_has_the_people_that_the_distribution_of_each_side_says(crowd: database.Store) -> None:
    found, within = comparing.compute(crowd, REGULARS, RECENT, TODAY), scope.at(crowd, TODAY)
    for side, who in (("a", ladder.chosen(REGULARS, within)), ("b", ladder.chosen(RECENT, within)), ("everybody", within.facts)):
        assert getattr(found, side) == len(crowd.read(who))
        for name, bins in found.bins.items():
            counted = {one.bin: one.customers for one in distributions.compute(crowd, name, who, within)}
            assert {one.bin: getattr(one, side).people for one in bins if getattr(one, side).people} == counted


def test_shares_add_up_where_everybody_is_in_one_bin(crowd: database.Store) -> None:
    found = comparing.compute(crowd, REGULARS, RECENT, TODAY)
    assert set(found.bins) == set(dimensions.every())
    single = [name for name, one in dimensions.every().items() if not one.bins.several]
    assert set(found.bins) - set(single) == {"category", "node", "moment"}
    for name in single:
        for side in ("a", "b", "everybody"):
            assert sum(getattr(one, side).share for one in found.bins[name]) == pytest.approx(1)


def test_everybody_is_a_hundred_and_no_other_than_the_measure(crowd: database.Store) -> None:
    found = comparing.compute(crowd, REGULARS, None, TODAY)
    for one in found.strongest:
        assert one.b.people == one.everybody.people and one.b.share == one.everybody.share
        assert one.everybody.index == one.b.index == (None if one.few else 100)
        assert one.a.share is not None
        assert one.a.index == (None if one.few else pytest.approx(one.a.share / (one.everybody.share or 1) * 100))
    both = comparing.compute(crowd, REGULARS, REGULARS, TODAY)
    assert {one.strength for one in both.strongest if not one.few} == {0.0}


def test_changing_places_changes_columns_only(crowd: database.Store) -> None:
    there, back = comparing.compute(crowd, REGULARS, RECENT, TODAY), comparing.compute(crowd, RECENT, REGULARS, TODAY)

    def told(found: Comparison, first: str, second: str) -> list[Any]:
        return [(one.dimension, one.bin, getattr(one, first), getattr(one, second), one.strength) for one in found.strongest]

    assert told(there, "a", "b") == told(back, "b", "a") != told(back, "a", "b")


def test_too_few_people_have_no_index_and_come_last(crowd: database.Store) -> None:
    found = comparing.compute(crowd, REGULARS, RECENT, TODAY).strongest
    few = [one for one in found if one.everybody.people < 30]
    assert few and found[-len(few) :] == few and len(few) < len(found)
    assert {one.a.index for one in few} == {one.everybody.index for one in few} == {one.strength for one in few} == {None}
    assert all(one.as_json()["too_few"] is True for one in few)
    assert all(one.a.index is not None for one in found[: -len(few)])
    strengths = [one.strength or 0 for one in found[: -len(few)]]
    assert strengths == sorted(strengths, reverse=True) and strengths[0] > strengths[-1]


def test_nobody_on_one_side_is_no_share_and_not_nought(crowd: database.Store) -> None:
    found = comparing.compute(crowd, ladder_of({"field": "purchases", "op": "at_least", "value": 99}), None, TODAY)
    assert found.a == 0
    assert {(one.a.people, one.a.share, one.a.index, one.strength) for one in found.strongest} == {(0, None, None, None)}
