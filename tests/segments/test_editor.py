"""The editor of a rung: what it makes is what a file says, and what a file says it shows without changing it; parts that move stay."""

import json
import random
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import database
from crm.customers import attributes
from crm.segments import compiler, definition, drafts, scope
from crm.segments.ops import BY_KIND, OPS
from crm.ui.segments import state, tree
from crm.ui.segments.tree import Condition, Group
from tests.segments import given as made
from tests.segments.given import TODAY
from tests.segments.test_filters import value_of
from tests.segments.test_pages import screen, shop, stocked  # noqa: F401 (shop is a fixture)
from tests.shares import examples

NOW = datetime(2026, 11, 1)


@pytest.fixture(scope="module")
def crowd() -> database.Store:
    """Forty customers of every sort."""
    return made.shop(made.told())


def found(store: database.Store, node: Any) -> set[str]:
    within = scope.at(store, TODAY)
    return set(store.read(within.facts.filter(compiler.predicate(node, within)))["customer_id"])


@settings(max_examples=examples(40))
@given(node=made.filters)
def test_a_rung_that_is_opened_keeps_its_people(crowd: database.Store, node: Any) -> None:
    edited = tree.where(tree.root(node))
    assert found(crowd, edited) == found(crowd, node)
    assert tree.where(tree.root(edited)) == edited


@settings(max_examples=examples(60))
@given(node=made.filters)
def test_a_draft_comes_back_from_the_database_as_it_was(node: Any) -> None:
    root = tree.root(node)
    kept = json.loads(json.dumps(root, default=lambda one: vars(one)))
    assert tree.where(tree.parsed(kept)) == tree.where(root)


def groups(group: Group) -> Iterator[tuple[list[Group], Group]]:
    """Every group with the groups it stands in."""
    yield [group], group
    for part in group.parts:
        if isinstance(part, Group):
            for path, inner in groups(part):
                yield [group, *path], inner


@settings(max_examples=examples(80))
@given(node=made.filters, chance=st.randoms(use_true_random=False))
def test_parts_that_are_moved_are_never_lost_or_doubled(node: Any, chance: random.Random) -> None:
    root = tree.root(node)
    before = sorted(one.id for one in tree.conditions(root))
    for _ in range(8):
        path, group = chance.choice(list(groups(root)))
        if not group.parts:
            continue
        part = chance.choice(group.parts)
        act = chance.choice(["up", "down", "lift", "wrap", "unwrap"])
        if act in ("up", "down"):
            tree.step(group, part, -1 if act == "up" else 1)
        elif act == "lift" and len(path) > 1:
            tree.lift(path[-2], group, part)
        elif act == "wrap" and isinstance(part, Condition):
            tree.wrap(group, part)
        elif act == "unwrap" and isinstance(part, Group):
            tree.unwrap(group, part)
        assert sorted(one.id for one in tree.conditions(root)) == before


def test_a_condition_without_a_value_counts_for_nothing() -> None:
    root = Group(1, "all", [Condition(2, {"field": "province", "op": "one_of", "value": []}), Group(3, "any", [])])
    assert tree.where(root) == {"all": []}
    root.parts.append(Condition(4, {"field": "purchases", "op": "at_least", "value": 2}))
    assert tree.where(root) == {"field": "purchases", "op": "at_least", "value": 2}


def test_moving_a_condition_into_and_out_of_a_group() -> None:
    one, two, three = (Condition(n, {"field": "purchases", "op": "is", "value": n}) for n in (1, 2, 3))
    inner = Group(9, "any", [two, three])
    root = Group(8, "all", [one, inner])
    tree.step(root, one, 1)
    assert (root.parts, inner.parts) == ([inner], [one, two, three])
    tree.lift(root, inner, three)
    assert (root.parts, inner.parts) == ([inner, three], [one, two])
    tree.remove(root, one)
    tree.remove(root, two)
    assert root.parts == [three]  # an empty group goes, too


SPECIAL: list[Any] = [
    {"bought": {"category": "锅具"}},
    {"bought": {"category": ["锅具", "unknown"], "within_days": 30, "at_least": 2, "spend_at_least": 99.5}},
    {"bought": {"product": ["铸铁", "砂锅"], "from": "2024-01-01"}},
    {"bought": {"to": "1985-12-31", "at_least": 0}},
    {"bought": {"node": "618", "at_least": 1}},
    {"bought": {"period": "last_quarter"}},
    {"bought": {"since": "双十一", "spend_at_least": -5}},
    {"received": {"event": "opened"}},
    {"received": {"channel": "outbox", "within_days": 3}},
    {"received": {"campaign": "秋上新", "within_days": 40_000 - 4_000}},
    {"field": "spend", "op": "at_least", "value": -12.345},
    {"field": "spend", "op": "below", "value": 10**14},
    {"field": "recency_days", "op": "at_most", "value": 30.5},
    {"field": "purchases", "op": "at_least", "value": 100_000},
    {"field": "average_order_value", "op": "between", "value": [0.5, 99.99]},
    {"field": "first_purchase_at", "op": "before", "value": "1989-05-06"},
    {"field": "province", "op": "contains", "value": "广" * 120},
    {"field": "tags", "op": "one_of", "value": ["没有的标签"]},
    {"any": []},
    {"not": {"any": []}},
]


def fields() -> list[Any]:
    """Every field with every operator."""
    return [
        {"field": one.name, "op": op} | ({} if OPS[op].needs == "nothing" else {"value": value_of(one.kind, OPS[op].needs)})
        for one in attributes.every().values()
        for op in BY_KIND[one.kind]
    ]


@pytest.mark.parametrize("part", range(3))
def test_looking_at_a_condition_changes_nothing(shop: database.Store, part: int) -> None:  # noqa: F811
    """Every form of every condition, drawn by the editor and read back from the draft that the page keeps."""
    stocked(shop)
    nodes = [*SPECIAL, *fields()][part::3]
    run = screen("segments.py")
    run.button(key="starter_win_back").click().run()
    kept = shop.one("SELECT draft_id, body FROM ladder_drafts")
    assert kept
    body = json.loads(kept["body"])
    root = {"id": 1, "mode": "any", "parts": [{"id": place, "node": node} for place, node in enumerate(nodes)]}
    body["rungs"] = [{"id": 1, "name": "every one", "root": root, "off": False, "split": None}]
    body["open"] = 1
    drafts.keep(shop, "looked", body, False, NOW)
    run = screen("segments.py")
    run.query_params["draft"] = "looked"
    run.run()
    assert not run.exception
    assert [one.value for one in run.error] in ([], ["There is no campaign “秋上新”. Nothing was counted."])
    after = shop.one("SELECT body FROM ladder_drafts WHERE draft_id = 'looked'")
    assert after
    step = json.loads(after["body"])["rungs"][0]
    assert tree.where(tree.parsed(step["root"])) == {"any": nodes}


def test_a_draft_of_before_there_were_groups_opens() -> None:
    node = {"field": "purchases", "op": "is", "value": 1}
    nested = {"any": [node, {"not": node}]}
    old = {
        "number": 3,
        "segment_id": None,
        "version": None,
        "name": "旧",
        "open": 4,
        "rungs": [{"id": 4, "name": "", "conditions": [{"id": 5, "node": node}, {"id": 6, "node": nested}]}],
    }
    draft = state.parsed(old)
    assert tree.where(draft.rungs[0].root) == {"all": [node, nested]}
    assert draft.open == draft.rungs[0].id
    assert definition.parse({"rungs": [{"name": "a", "where": tree.where(draft.rungs[0].root)}]})
