"""Filters: each operator on known and unknown values, the split in two, and the sentences for what cannot be understood."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from crm import database
from crm.customers import attributes
from crm.errors import BadInputError, CrmError, NotFoundError
from crm.segments import compiler, filters, scope, words
from crm.segments.ops import BY_KIND, OPS
from tests.customers.given import customer, fill, line, order
from tests.segments import given as made
from tests.segments.given import TODAY
from tests.shares import examples


def found(store: database.Store, node: Any, as_of: date = TODAY) -> set[str]:
    within = scope.at(store, as_of)
    people = store.read(within.facts.filter(compiler.predicate(node, within)))
    return set(people["customer_id"])


@pytest.fixture
def shop(store: database.Store) -> database.Store:
    """a: three purchases, Guangdong. b: one, Zhejiang, 299.99. c: never paid, nothing known."""
    orders = [
        order(1, "a", "2025-01-01", 100),
        order(2, "a", "2025-05-01", 120),
        order(3, "a", "2025-06-20", 80),
        order(4, "b", "2024-11-11", 299.99, source="聚划算"),
        order(5, "c", "2025-06-01", is_lost=True),
    ]
    people = [
        customer("a", province="广东省", email_norm="a@qq.com", accepts_marketing=True),
        customer("b", province="浙江省"),
        customer("c"),
    ]
    fill(store, orders, people, [line(orders[0]), line(orders[1], category="餐具"), line(orders[3], product="Le Creuset 锅")])
    return store


CASES: list[tuple[Any, str]] = [
    ({"field": "recency_days", "op": "at_most", "value": 10}, "a"),
    ({"field": "recency_days", "op": "at_least", "value": 11}, "b"),
    ({"not": {"field": "recency_days", "op": "at_most", "value": 10}}, "bc"),
    ({"field": "recency_days", "op": "is_unknown"}, "c"),
    ({"field": "purchases", "op": "between", "value": [1, 3]}, "ab"),
    ({"field": "spend", "op": "at_most", "value": 299.99}, "bc"),
    ({"field": "spend", "op": "is", "value": 300}, "a"),
    ({"field": "average_order_value", "op": "is", "value": 100}, "a"),
    ({"field": "province", "op": "is_not", "value": "广东省"}, "b"),
    ({"not": {"field": "province", "op": "is", "value": "广东省"}}, "bc"),
    ({"field": "province", "op": "none_of", "value": ["浙江省"]}, "a"),
    ({"field": "province", "op": "contains", "value": "江"}, "b"),
    ({"field": "first_purchase_at", "op": "before", "value": "2025-01-01"}, "b"),
    ({"field": "last_purchase_at", "op": "after", "value": "2025-06-19"}, "a"),
    ({"field": "last_purchase_at", "op": "within_days", "value": 10}, "a"),
    ({"field": "last_purchase_at", "op": "not_within_days", "value": 10}, "b"),
    ({"field": "categories", "op": "is", "value": "餐具"}, "a"),
    ({"field": "categories", "op": "none_of", "value": ["餐具"]}, "b"),
    ({"field": "products", "op": "contains", "value": "le creuset"}, "b"),
    ({"field": "source", "op": "one_of", "value": ["聚划算"]}, "b"),
    ({"field": "stage", "op": "one_of", "value": ["lost", "never"]}, "bc"),
    ({"field": "interval_days", "op": "is", "value": 85}, "a"),
    ({"field": "overdue_ratio", "op": "at_most", "value": 0.2}, "a"),
    ({"field": "lost_payments", "op": "at_least", "value": 1}, "c"),
    ({"field": "has_email", "op": "is", "value": False}, "bc"),
    ({"field": "consent_email", "op": "is", "value": True}, "a"),
    ({"field": "promotions_30d", "op": "is", "value": 0}, "abc"),
    ({"field": "last_contacted_days", "op": "is_unknown"}, "abc"),
    ({"bought": {"category": "锅具", "at_least": 1}}, "ab"),
    ({"bought": {"product": "creuset"}}, "b"),
    ({"bought": {"node": "双十一"}}, "b"),
    ({"bought": {"from": "2025-05-01", "to": "2025-06-30", "at_least": 2}}, "a"),
    ({"bought": {"within_days": 10, "spend_at_least": 80.01}}, ""),
    ({"field": "spend", "op": "below", "value": 300}, "bc"),
    ({"field": "last_purchase_at", "op": "in_period", "value": "this_month"}, "a"),
    ({"field": "first_purchase_at", "op": "in_period", "value": "last_year"}, "b"),
    ({"field": "first_purchase_at", "op": "since", "value": "双十一"}, "ab"),
    ({"field": "first_purchase_at", "op": "since", "value": "元旦"}, "a"),
    ({"bought": {"period": "last_month"}}, "a"),
    ({"bought": {"period": "last_quarter", "at_least": 2}}, ""),
    ({"bought": {"since": "元旦", "at_least": 3}}, "a"),
    ({"bought": {"since": "618"}}, "a"),
    ({"bought": {"category": "unknown"}}, "a"),
    ({"all": []}, "abc"),
    ({"any": []}, ""),
    ({"any": [{"field": "purchases", "op": "is", "value": 0}, {"field": "province", "op": "is", "value": "广东省"}]}, "ac"),
]


@pytest.mark.parametrize(("node", "who"), CASES)
def test_who_is_found(shop: database.Store, node: Any, who: str) -> None:
    assert found(shop, node) == set(who)
    assert words.describe(node, "zh_CN") and words.describe(node, "en")


def test_the_past_is_filtered_as_it_was(shop: database.Store) -> None:
    assert found(shop, {"field": "purchases", "op": "is", "value": 2}, date(2025, 5, 31)) == {"a"}
    assert found(shop, {"bought": {"at_least": 1}}, date(2024, 12, 31)) == {"b"}


def test_who_was_written_to(shop: database.Store) -> None:
    at = scope.at(shop, date(2025, 6, 10)).end
    with shop.transaction() as change:
        change.execute(
            "INSERT INTO campaigns (campaign_id, name, spec, state, created_at, updated_at) VALUES ('k', '618', ?, 'finished', ?, ?)",
            ['{"channel": "outbox"}', at, at],
        )
        rows = [["k", "a", "recipients", "m1", at], ["k", "b", "holdout", None, at]]
        for row in rows:
            change.execute("INSERT INTO recipients (campaign_id, customer_id, arm, message_id, sent_at) VALUES (?, ?, ?, ?, ?)", row)
        change.execute("INSERT INTO message_events VALUES ('e', 'm1', 'k', 'opened', ?, NULL, false, ?)", [at, at])
    assert found(shop, {"received": {"campaign": "618", "event": "opened"}}) == {"a"}
    assert found(shop, {"received": {"channel": "outbox", "within_days": 30}}) == {"a"}
    assert found(shop, {"received": {"campaign": "k", "event": "clicked"}}) == set()
    assert found(shop, {"received": {"campaign": "k", "event": "converted"}}) == {"a"}
    assert found(shop, {"field": "promotions_30d", "op": "at_least", "value": 1}) == {"a"}
    assert found(shop, {"field": "last_contacted_days", "op": "between", "value": [19, 20]}) == {"a"}
    with pytest.raises(NotFoundError, match="no campaign"):
        found(shop, {"received": {"campaign": "619"}})


@pytest.fixture(scope="module")
def crowd() -> database.Store:
    """Forty customers of every sort."""
    return made.shop(made.told())


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(node=made.filters)
def test_a_filter_and_its_negation_split_all_customers(crowd: database.Store, node: Any) -> None:
    within = scope.at(crowd, TODAY)
    both = crowd.read(within.facts.select(yes=compiler.predicate(node, within), no=compiler.predicate({"not": node}, within)))
    assert len(both) == 40
    assert (both["yes"].astype(bool) != both["no"].astype(bool)).all()


REFUSED: list[tuple[Any, str]] = [
    ({"field": "provinz", "op": "is", "value": "x"}, "province"),
    ({"field": "points", "op": "at_least", "value": 1}, "There is no field"),
    ({"field": "purchases", "op": "contains", "value": 1}, "at_least"),
    ({"field": "purchases", "op": "at_least", "value": "two"}, "like 2"),
    ({"field": "purchases", "op": "at_least", "value": True}, "like 2"),
    ({"field": "spend", "op": "between", "value": [5, 1]}, "like"),
    ({"field": "province", "op": "one_of", "value": []}, "like"),
    ({"field": "first_purchase_at", "op": "before", "value": "2025-13-01"}, "2026-11-11"),
    ({"field": "first_purchase_at", "op": "within_days", "value": -1}, "90"),
    ({"field": "spend", "op": "at_least", "value": float("nan")}, "like"),
    ({"bought": {"colour": "red"}}, "colour"),
    ({"bought": {"node": "双十二节"}}, "双十二"),
    ({"received": {"event": "seen"}}, "like"),
    ({"field": "first_purchase_at", "op": "in_period", "value": "next_month"}, "last_month"),
    ({"field": "first_purchase_at", "op": "since", "value": "双十二节"}, "双十一"),
    ({"bought": {"period": "last_moon"}}, "like"),
    ({"field": "province", "op": "below", "value": 1}, "Possible"),
    ({"all": {}}, "list"),
    ({"field": "spend", "op": "is", "value": 1, "and": 2}, "and"),
    ({}, "Known are"),
    ([], "object"),
]


@pytest.mark.parametrize(("node", "sentence"), REFUSED)
def test_what_cannot_be_understood_gets_a_sentence(node: Any, sentence: str) -> None:
    with pytest.raises(BadInputError, match=sentence):
        filters.check(node)


def test_a_filter_may_not_be_nested_without_end() -> None:
    node: Any = {"all": []}
    for _ in range(50):
        node = {"not": node}
    with pytest.raises(CrmError, match="levels deep"):
        filters.check(node)


EXAMPLES = {"coming": 30, "count": 2, "days": 9, "money": 9.5, "ratio": 1.5, "date": "2025-01-01", "choice": "x", "set": "x", "flag": True}


def value_of(kind: str, needs: str) -> Any:
    one = EXAMPLES[kind]
    return {"one": one, "many": [one], "pair": [one, one], "days": 9, "nothing": None, "period": "last_month", "node": "618"}[needs]


@pytest.mark.parametrize("name", attributes.every())
def test_every_field_with_every_operator_runs_and_has_words(shop: database.Store, name: str) -> None:
    within = scope.at(shop, TODAY)
    kind = attributes.every()[name].kind
    nodes = [{"field": name, "op": op, "value": value_of(kind, OPS[op].needs)} for op in BY_KIND[kind]]
    tests = {f"t{place}": compiler.predicate(node, within) for place, node in enumerate(nodes)}
    assert len(shop.read(within.facts.select("customer_id", **tests))) == 3
    assert all(words.describe(node, language) for node in nodes for language in ("zh_CN", "en"))


def test_amounts_are_compared_to_the_cent() -> None:
    assert compiler.plain(attributes.every()["spend"], 299.99) == Decimal("299.99")
