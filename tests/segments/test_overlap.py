"""How segments lie over each other: the combinations are what plain sets say, add up, and can be made into segments of as many people."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import database, segments
from crm.errors import BadInputError
from crm.segments import combining, overlap, saved
from crm.segments.definition import Definition, parse
from tests.segments import given as made
from tests.segments.given import TODAY
from tests.shares import examples

NOW = datetime(2025, 6, 30, 4)
NODES: list[Any] = [
    {"field": "purchases", "op": "at_least", "value": 2},
    {"field": "recency_days", "op": "at_most", "value": 90},
    {"bought": {"category": "锅具", "within_days": 200, "at_least": 1}},
]


def named(*nodes: Any) -> list[Definition]:
    return [parse({"name": name, "rungs": [{"name": "r", "where": node}]}) for name, node in zip("abcde", nodes, strict=False)]


@pytest.fixture(scope="module")
def crowd() -> database.Store:
    """Forty customers of every sort."""
    return made.shop(made.told())


def people(store: database.Store, definition: Definition) -> set[str]:
    return set(store.read(segments.members(store, definition, TODAY))["customer_id"])


def spent(some: set[str]) -> Decimal:
    return sum((made.spent(made.told(), int(one[1:])) for one in some), Decimal(0))


@settings(max_examples=examples(15))
@given(nodes=st.lists(made.filters, min_size=2, max_size=5), chance=st.randoms())
def test_combinations_are_what_plain_sets_say(crowd: database.Store, nodes: list[Any], chance: Any) -> None:
    some = named(*nodes)
    sets = {one.name: people(crowd, one) for one in some}
    found = overlap.compute(crowd, some, TODAY)
    exact = {who: frozenset(name for name in sets if who in sets[name]) for who in set.union(*sets.values())}
    occur = {inside: {who for who, own in exact.items() if own == inside} for inside in exact.values()}
    assert {frozenset(one.inside): (one.people.customers, one.people.spend) for one in found.combinations} == {
        inside: (len(some), spent(some)) for inside, some in occur.items()
    }
    sizes = [one.people.customers for one in found.combinations]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(sizes) == found.union.customers == 40 - found.outside.customers
    assert found.intersection.customers == len(set.intersection(*sets.values()))
    for one in some:
        own = [part.people for part in found.combinations if one.name in part.inside]
        counted = segments.count(crowd, one, TODAY)[-1]
        assert sum(part.customers for part in own) == found.segments[one.name].customers == counted.customers
        assert sum((part.spend for part in own), Decimal(0)) == found.segments[one.name].spend == counted.spend
    other = chance.sample(some, len(some))
    turned = overlap.compute(crowd, other, TODAY)
    assert {frozenset(one.inside): one.people for one in turned.combinations} == {
        frozenset(one.inside): one.people for one in found.combinations
    }
    assert turned.segments == found.segments


def test_money_in_no_sum_is_named_in_every_combination_and_adds_up() -> None:
    store = made.shop(made.told())
    with store.transaction() as change:
        foreign = "currency = ['USD', 'JPY'][1 + order_key % 2], rate = NULL, spend = 0"
        change.execute(f"UPDATE orders SET {foreign} WHERE is_purchase AND order_key % 3 = 0")  # noqa: S608
    some = named(*NODES)
    found = overlap.compute(store, some, TODAY)
    assert len(found.combinations) > 3

    def orders(groups: list[overlap.Group]) -> dict[str, int]:
        values: dict[str, int] = {}
        for row in [row for group in groups for row in group.other_currencies]:
            values[row.currency] = values.get(row.currency, 0) + row.orders
        return values

    everything = orders([one.people for one in found.combinations])
    assert everything == orders([found.union]) != {}
    for one in some:
        assert orders([found.segments[one.name]]) == {
            row.currency: row.orders for row in segments.count(store, one, TODAY)[-1].other_currencies
        }


def test_too_few_too_many_and_the_same_twice_are_refused(crowd: database.Store) -> None:
    for some in (named(NODES[0]), [*named(*NODES, NODES[0], NODES[1]), named(NODES[0])[0].model_copy(update={"name": "f"})]):
        with pytest.raises(BadInputError, match="Between 2 and 5"):
            overlap.compute(crowd, some, TODAY)
    with pytest.raises(BadInputError, match="named twice"):
        overlap.compute(crowd, [named(NODES[0])[0]] * 2, TODAY)


def test_what_is_made_of_segments_has_as_many_people_as_the_overlap_says() -> None:
    store = made.shop(made.told())
    some = named(*NODES)
    for one in some:
        saved.save(store, one, NOW)
    found, names = overlap.compute(store, some, TODAY), ["a", "b", "c"]
    sets = [people(store, one) for one in some]

    def size(definition: Definition) -> int:
        again = saved.get(store, combining.save(store, definition, NOW))
        return segments.count(store, again, TODAY)[-1].customers

    assert size(combining.union(names, "any", "en")) == found.union.customers == len(set.union(*sets))
    assert size(combining.intersection(names, "all", "en")) == found.intersection.customers == len(set.intersection(*sets))
    assert size(combining.difference("a", ["b"], "a only", "en")) == len(sets[0] - sets[1])
    for one in found.combinations:
        outside = [name for name in names if name not in one.inside]
        assert size(combining.exactly(one.inside, outside, "part", "zh_CN")) == one.people.customers
    parts = [row.name for row in saved.listed(store) if row.name.startswith("part")]
    assert sorted(parts) == sorted(["part", *[f"part ({n})" for n in range(2, len(found.combinations) + 1)]])


def test_what_is_kept_is_counted_anew_when_the_data_change() -> None:
    store = made.shop(made.told())
    before = overlap.kept(store, named(*NODES), TODAY)
    assert overlap.kept(store, named(*NODES), TODAY) is before
    with store.transaction() as change:
        change.execute("DELETE FROM customer_facts WHERE customer_id = 'c1'")
    assert overlap.kept(store, named(*NODES), TODAY).union.customers + overlap.kept(store, named(*NODES), TODAY).outside.customers == 39
