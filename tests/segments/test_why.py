"""Why a customer is in or out: rung by rung the same as the ladder's own answer, with what is known of her; and the segments she is in."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import clock, database
from crm.customers import attributes
from crm.errors import BadInputError, NotFoundError
from crm.segments import belonging, compiler, ladder, listing, saved, scope, why
from crm.segments.definition import Definition, parse
from crm.segments.why import Bought, Reason, Received
from tests.customers.given import customer, fill, line, order
from tests.segments import given as made
from tests.segments.given import TODAY
from tests.shares import examples

IDS = [f"c{who}" for who in range(40)]


@pytest.fixture(scope="module")
def crowd() -> database.Store:
    """Forty customers of every sort; and a segment for `in_segment`."""
    store = made.shop(made.told())
    save(store, "good", {"any": [{"field": "spend", "op": "at_least", "value": 500}, {"bought": {"within_days": 90}}]})
    return store


def save(store: database.Store, name: str, *nodes: Any) -> str:
    return saved.save(store, rungs(*nodes, name=name), clock.now())


def rungs(*nodes: Any, name: str = "x") -> Definition:
    return parse({"name": name, "rungs": [{"name": f"r{place}", "where": node} for place, node in enumerate(nodes)]})


nodes = st.one_of(made.filters, st.just({"in_segment": "good"}), st.just({"not": {"in_segment": "good"}}))


@settings(max_examples=examples(8), deadline=None)
@given(ladder_=st.lists(nodes, min_size=1, max_size=3))
def test_who_is_on_a_rung_is_who_the_ladder_counts_there(crowd: database.Store, ladder_: list[Any]) -> None:
    definition, within = rungs(*ladder_), scope.at(crowd, TODAY)
    counted = {rung.name: set(crowd.read(ladder.chosen(definition, within, rung.name)).customer_id) for rung in definition.rungs}
    for who in IDS:
        told = why.explain(crowd, definition, who, TODAY)
        assert {rung.name: rung.on for rung in told.rungs} == {name: who in people for name, people in counted.items()}
        assert (told.failed is None) == (who in counted[definition.rungs[-1].name])
        assert mirrored(told.rungs[0].reason, definition.rungs[0].where)


def test_every_attribute_of_hers_is_as_in_the_list_of_all(crowd: database.Store) -> None:
    shown = [name for name in listing.columns() if name in attributes.every()]
    whole = listing.page(crowd, rungs({"all": []}), TODAY, shown=shown, limit=100).astype(object).set_index("customer_id")
    assert set(whole.index) == set(IDS)
    for who in IDS[::8]:
        told = why.fields(crowd, who, TODAY)
        for name in shown:
            known, listed = told[name], whole[name][who]
            assert (known is None) == bool(pd.isna(listed)), (who, name)
            if isinstance(known, date):
                listed = pd.Timestamp(listed).date()
            assert known is None or known == (float(listed) if isinstance(known, float) else listed), (who, name)
    with pytest.raises(NotFoundError):
        why.fields(crowd, "nobody", TODAY)


def mirrored(reason: Reason, node: Any) -> bool:
    """Whether a tree has the shape of its NODE."""
    key = next((key for key in why.GROUPS if key in node), None)
    parts = [] if key is None else [node[key]] if key == "not" else node[key]
    if "in_segment" in node:
        return bool(reason.parts) and not reason.has_value
    same = len(parts) == len(reason.parts) and all(mirrored(one, part) for one, part in zip(reason.parts, parts, strict=True))
    return reason.node == node and same and reason.has_value == (key is None)


@pytest.fixture
def shop(store: database.Store) -> database.Store:
    """a: three purchases, two in Guangdong's pans; b: nothing known and never bought."""
    orders = [order(1, "a", "2025-01-01", 100), order(2, "a", "2025-05-01", 120), order(3, "a", "2025-06-20", 80)]
    orders.append(order(4, "b", "2025-06-01", is_lost=True))
    people = [customer("a", province="广东省", email_norm="a@qq.com"), customer("b")]
    fill(store, orders, people, [line(orders[0]), line(orders[1], category="餐具"), line(orders[2])])
    return store


VALUES: list[tuple[Any, Any, Any]] = [
    ({"field": "province", "op": "is", "value": "x"}, "广东省", None),
    ({"field": "purchases", "op": "is", "value": 1}, 3, 0),
    ({"field": "recency_days", "op": "is", "value": 1}, 10, None),
    ({"field": "last_purchase_at", "op": "is_known"}, date(2025, 6, 20), None),
    ({"field": "average_order_value", "op": "is_known"}, 100, None),
    ({"field": "has_email", "op": "is", "value": True}, True, False),
    ({"field": "categories", "op": "one_of", "value": ["x"]}, ["锅具", "餐具"], None),
    ({"field": "overdue_ratio", "op": "is_known"}, 10 / 85, None),
    ({"field": "promotions_30d", "op": "is", "value": 0}, 0, 0),
    ({"bought": {"at_least": 4}}, Bought(3, Decimal(300), date(2025, 6, 20)), Bought(0, Decimal(0), None)),
    ({"bought": {"category": "锅具"}}, Bought(2, Decimal(180), date(2025, 6, 20)), Bought(0, Decimal(0), None)),
    ({"bought": {"to": "2025-05-01", "product": "铸铁"}}, Bought(2, Decimal(220), date(2025, 5, 1)), Bought(0, Decimal(0), None)),
    ({"received": {"within_days": 30}}, Received(0, None), Received(0, None)),
]


@pytest.mark.parametrize(("node", "of_a", "of_b"), VALUES)
def test_each_condition_says_what_is_known_of_her(shop: database.Store, node: Any, of_a: Any, of_b: Any) -> None:
    for who, value in (("a", of_a), ("b", of_b)):
        reason = why.explain(shop, rungs({"not": node}), who, TODAY).rungs[0].reason.parts[0]
        assert reason.value == (pytest.approx(value) if isinstance(value, float) else value)


def test_a_value_that_follows_from_others_is_the_ladders_own(store: database.Store) -> None:
    """Who bought once has no interval of her own: that of those who like the same category counts."""
    orders = [order(1, "a", "2025-01-01"), order(2, "a", "2025-01-11"), order(3, "b", "2025-05-31")]
    fill(store, orders, [], [line(one) for one in orders])
    ratio = why.explain(store, rungs({"field": "overdue_ratio", "op": "at_least", "value": 3}), "b", TODAY).rungs[0]
    assert (ratio.on, ratio.reason.value) == (True, 3)


def test_what_she_was_sent_is_counted_with_its_last_day(shop: database.Store) -> None:
    at = scope.at(shop, date(2025, 6, 10)).end
    with shop.transaction() as change:
        for campaign, hours in (("k", 0), ("l", 48)):
            change.execute(
                "INSERT INTO campaigns (campaign_id, name, spec, state, created_at, updated_at) VALUES (?, ?, '{}', 'x', ?, ?)",
                [campaign, campaign, at, at],
            )
            row = [campaign, "a", "recipients", f"m{campaign}", at + timedelta(hours=hours)]
            change.execute(
                "INSERT INTO recipients (campaign_id, customer_id, arm, message_id, sent_at) VALUES (?, ?, ?, ?, ?)",
                row,
            )
    told = [
        why.explain(shop, rungs({"received": wanted}), "a", TODAY).rungs[0].reason.value
        for wanted in ({"within_days": 30}, {"campaign": "k"})
    ]
    assert told == [Received(2, date(2025, 6, 13)), Received(1, date(2025, 6, 11))]
    assert why.explain(shop, rungs({"received": {"event": "converted"}}), "a", TODAY).rungs[0].reason.value == Received(
        2, date(2025, 6, 13)
    )


def test_as_of_a_day_in_the_past_her_values_are_those_of_then(shop: database.Store) -> None:
    told = why.explain(shop, rungs({"bought": {"at_least": 3}}, {"field": "purchases", "op": "is", "value": 2}), "a", date(2025, 5, 31))
    assert [rung.reason.value for rung in told.rungs] == [Bought(2, Decimal(220), date(2025, 5, 1)), 2]
    assert (told.failed and told.failed.name, [rung.holds for rung in told.rungs]) == ("r0", [False, True])
    with pytest.raises(NotFoundError):
        why.explain(shop, rungs({"all": []}), "a", date(2024, 12, 31))


def test_a_segment_that_is_looked_into_is_explained_inside(shop: database.Store) -> None:
    save(shop, "inner", {"field": "purchases", "op": "at_least", "value": 5}, {"field": "province", "op": "is", "value": "广东省"})
    reason = why.explain(shop, rungs({"not": {"in_segment": "inner"}}), "a", TODAY).rungs[0].reason
    assert (reason.holds, reason.parts[0].holds) == (True, False)
    assert [(part.holds, part.value) for part in reason.parts[0].parts] == [(False, 3), (True, "广东省")]
    assert reason.as_json()["parts"][0]["parts"][0] == {"condition": "bought 5× or more", "holds": False, "value": 3}


def test_a_rung_that_is_switched_off_is_not_asked(shop: database.Store) -> None:
    steps = [
        {"name": "gone", "where": {"any": []}, "off": True},
        {"name": "buyers", "where": {"field": "purchases", "op": "is", "value": 3}},
    ]
    told = why.explain(shop, parse({"name": "x", "rungs": steps}), "a", TODAY)
    assert ([rung.name for rung in told.rungs], told.failed) == (["buyers"], None)


def test_circles_and_missing_segments_get_their_sentence(shop: database.Store) -> None:
    save(shop, "inner", {"all": []})
    with shop.transaction() as change:
        change.execute(
            "UPDATE segments SET definition = ?", ['{"name": "inner", "rungs": [{"name": "r", "where": {"in_segment": "inner"}}]}']
        )
    with pytest.raises(BadInputError, match="leads back"):
        why.explain(shop, rungs({"in_segment": "inner"}), "a", TODAY)
    with pytest.raises(NotFoundError, match="no segment"):
        why.explain(shop, rungs({"in_segment": "outer"}), "a", TODAY)


def test_the_saved_segments_she_is_in_and_one_that_cannot_be_computed(crowd: database.Store) -> None:
    save(crowd, "regulars", {"field": "purchases", "op": "at_least", "value": 3})
    save(crowd, "gone", {"in_segment": "good"})
    with crowd.transaction() as change:
        change.execute("UPDATE segments SET definition = replace(definition, 'in_segment', 'in_nothing') WHERE name = 'gone'")
    within = scope.at(crowd, TODAY)
    for who in IDS[:10]:
        told = {one.name: one for one in belonging.of(crowd, who, TODAY)}
        for name in ("good", "regulars"):
            people = crowd.read(within.facts.filter(compiler.predicate({"in_segment": name}, scope.at(crowd, TODAY))))
            assert told[name].inside == (who in set(people.customer_id))
        assert (told["gone"].inside, told["gone"].refusal and told["gone"].refusal.code) == (None, "segment.unknown_filter")
    with pytest.raises(NotFoundError):
        belonging.of(crowd, "nobody", TODAY)
