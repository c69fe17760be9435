"""Clicks: every bin is a filter that chooses exactly its people; a chart never filters itself; sums are kept."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import database
from crm.customers import dimensions, distributions
from crm.errors import NotFoundError
from crm.segments import compiler, scope
from crm.segments.explore import clicked_look, explore, first_look
from crm.settings import Shop
from tests.segments import given as made
from tests.segments.given import TODAY
from tests.shares import examples

SINGLE = [name for name, one in dimensions.every().items() if not one.bins.several]


@pytest.fixture(scope="module")
def crowd() -> database.Store:
    """Forty customers of every sort."""
    return made.shop(made.told())


def test_every_bin_is_a_filter_of_exactly_its_people(crowd: database.Store) -> None:
    within = scope.at(crowd, TODAY)
    result = explore(crowd, {}, within)
    bins = [(name, one) for name in dimensions.every() for one in result.bins[name]]
    nodes = [dimensions.get(name).bins.node([one.bin], within.shop) for name, one in bins]
    tests = {f"t{place}": compiler.predicate(node, within) for place, node in enumerate(nodes)}
    chosen = crowd.read(within.facts.select(**tests))
    assert [int(chosen[name].sum()) for name in tests] == [one.customers for _, one in bins]


def test_every_customer_is_in_one_bin(crowd: database.Store) -> None:
    within = scope.at(crowd, TODAY)
    result = explore(crowd, {}, within)
    for name in SINGLE:
        assert sum(one.customers for one in result.bins[name]) == result.customers == 40
        assert sum(one.spend for one in result.bins[name]) == result.spend
        assert distributions.compute(crowd, name, distributions.everybody(within), within) == result.bins[name]


def test_the_first_look_is_what_the_encoded_customers_say(crowd: database.Store) -> None:
    within = scope.at(crowd, TODAY)
    first, encoded = first_look(crowd, within), clicked_look(crowd, within, tuple(dimensions.every()), {})
    assert {name: sorted(map(tuple, rows)) for name, rows in first.rows.items()} == {
        name: sorted(map(tuple, rows)) for name, rows in encoded.rows.items()
    }
    assert first.abroad == encoded.abroad


KEYS = {
    "province": ["广东省", "unknown"],
    "lapse": ["0-30", "91-180", "unknown"],
    "frequency": ["0", "2", "4-5"],
    "category": ["锅具"],
    "spend": ["0", "100-300"],
}


@settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(names=st.lists(st.sampled_from(list(KEYS)), max_size=3, unique=True), many=st.integers(1, 3))
def test_a_chart_shows_what_all_others_leave(crowd: database.Store, names: list[str], many: int) -> None:
    within = scope.at(crowd, TODAY)
    result = explore(crowd, {name: KEYS[name][:many] for name in names}, within)
    assert result.customers == len(crowd.read(within.facts.filter(compiler.predicate(result.node, within))))
    assert [name for name, _ in result.steps] == names
    for name in ("province", "lapse", "category"):
        others = {"all": [node for step, node in result.steps if step != name]}
        who = within.facts.filter(compiler.predicate(others, within))
        assert distributions.compute(crowd, name, who, within) == result.bins[name]


def test_later_orders_other_days_and_other_settings_are_seen_at_once() -> None:
    result = made.told()
    store = made.shop(result)
    first = explore(store, {}, scope.at(store, TODAY))
    earlier = scope.at(store, date(2025, 2, 1))
    assert explore(store, {}, earlier).customers == len(store.read(earlier.facts)) < first.customers
    database.save_shop(store, Shop(spend_bands=[50]))
    assert {one.bin for one in explore(store, {}, scope.at(store, TODAY)).bins["spend"]} <= {"0", "0-50", "50+"}
    with store.transaction() as change:
        change.execute("DELETE FROM customer_facts WHERE customer_id = 'c1'")
    assert explore(store, {}, scope.at(store, TODAY)).customers == first.customers - 1
    store.close()


def test_neighbouring_bins_become_one_condition(store: database.Store) -> None:
    shop = scope.at(store, TODAY).shop
    lapse = dimensions.get("lapse").bins
    assert lapse.node(["91-180", "31-90"], shop) == {"field": "recency_days", "op": "between", "value": [31, 180]}
    assert lapse.node(["366+"], shop) == {"field": "recency_days", "op": "at_least", "value": 366}
    assert len(lapse.node(["0-30", "91-180", "unknown"], shop)["any"]) == 3
    assert dimensions.get("province").bins.node(["a", "b"], shop) == {"field": "province", "op": "one_of", "value": ["a", "b"]}


def test_bars_of_purchases_begin_where_the_shop_says_who_is_a_repeat_customer_and_a_fan() -> None:
    frequency = dimensions.get("frequency").bins
    assert frequency.order(Shop()) == ["0", "1", "2", "3", "4-5", "6-9", "10+", "unknown"]
    shop = Shop(repeat_purchases=3, fan_purchases=8)
    bands = ["6-7", "8-9", "10+"]
    assert frequency.order(shop) == ["0", "1", "2", "3", "4-5", *bands, "unknown"]
    assert frequency.node(["8-9", "10+"], shop) == {"field": "purchases", "op": "at_least", "value": 8}


def test_the_filter_in_words(store: database.Store) -> None:
    result = explore(store, {"lapse": ["91-180"], "category": ["锅具"]}, scope.at(store, TODAY))
    assert result.sentence("zh_CN") == "上次购买在 91–180 天前，且 买过 锅具"
    assert result.sentence("en") == "last bought 91–180 days ago and bought 锅具"
    assert explore(store, {}, scope.at(store, TODAY)).sentence("en") == ""


def test_an_unknown_dimension(store: database.Store) -> None:
    with pytest.raises(NotFoundError, match="province, city"):
        explore(store, {"colour": ["red"]}, scope.at(store, TODAY))
