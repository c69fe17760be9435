"""Random trees: the same members in Ibis on DuckDB, in pandas alone and on Spark; order, nesting, files and sentences change nobody."""

import json
import os
import random
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import database, segments
from crm.database import tables
from crm.database.compiling import compiled
from crm.database.scratch import GoneError
from crm.patterns import affinity, classes, cohorts, cycle, firsts, grid, items, rhythm
from crm.segments import Definition, climbing, compiler, ladder, saved, scope, splits
from crm.segments.definition import parse
from crm.settings import Shop
from tests.segments import given as made
from tests.segments import plainly
from tests.segments.given import TODAY
from tests.shares import examples

TOLD, NOW = made.told(), datetime(2025, 6, 30, 4)
trees = st.lists(made.filters, min_size=1, max_size=4)
SPLITS = st.sampled_from(
    [
        {"by": "spend", "at": [100, 300]},
        {"by": "recency_days", "at": [30, 90.5, 200]},
        {"by": "province", "into": ["广东省"]},
        {"by": "has_email"},
        {"by": "interval_days", "at": [20]},
    ]
)


@pytest.fixture(scope="module")
def crowd() -> database.Store:
    """Forty customers of every sort."""
    return made.shop(TOLD)


def found(store: database.Store, node: Any) -> set[str]:
    within = scope.at(store, TODAY)
    return set(store.read(within.facts.filter(compiler.predicate(node, within)))["customer_id"])


def laddered(nodes: list[Any], **more: Any) -> Definition:
    return parse({"name": "x", "rungs": [{"name": f"r{place}", "where": node} | more for place, node in enumerate(nodes)]})


@settings(max_examples=examples(120))
@given(node=made.filters)
def test_pandas_alone_finds_the_same_people(crowd: database.Store, node: Any) -> None:
    assert found(crowd, node) == plainly.members(node, TOLD)


@settings(max_examples=examples(15))
@given(nodes=trees, chance=st.randoms(use_true_random=False))
def test_a_ladder_is_one_filter_with_all_rungs_in_any_order(crowd: database.Store, nodes: list[Any], chance: random.Random) -> None:
    counted = segments.count(crowd, laddered(nodes), TODAY)
    assert all(below.customers <= above.customers for above, below in pairwise(counted))
    people = found(crowd, {"all": nodes})
    assert counted[-1].customers == len(people)
    mixed = list(nodes)
    chance.shuffle(mixed)
    assert found(crowd, {"all": mixed}) == people
    assert found(crowd, {"any": mixed}) == found(crowd, {"any": nodes})
    assert segments.count(crowd, laddered(mixed), TODAY)[-1].spend == counted[-1].spend


@settings(max_examples=examples(15))
@given(nodes=trees, more=made.filters)
def test_what_is_reused_is_what_is_counted_anew(crowd: database.Store, nodes: list[Any], more: Any) -> None:
    segments.count(crowd, laddered(nodes), TODAY)
    reused = segments.count(crowd, laddered([*nodes, more]), TODAY)
    crowd.scratch.forget(climbing.SORT)
    assert segments.count(crowd, laddered([*nodes, more]), TODAY) == reused


@settings(max_examples=examples(15))
@given(nodes=trees, cut=SPLITS)
def test_the_parts_of_a_split_rung_add_up_to_it(crowd: database.Store, nodes: list[Any], cut: dict[str, Any]) -> None:
    ladder_ = laddered(nodes, split=cut)
    for rung in segments.count(crowd, ladder_, TODAY):
        assert rung.customers == sum(part.customers for part in rung.parts)
        assert rung.spend == sum(part.spend for part in rung.parts)
        assert rung.orders == sum(part.orders for part in rung.parts)
        for channel in climbing.CHANNELS:
            assert rung.reachable[channel] == sum(part.reachable[channel] for part in rung.parts)
        whole = found(crowd, ladder_.upto(rung.name))
        inside = [found(crowd, ladder_.upto(f"{rung.name} / {part.name}")) for part in rung.parts]
        assert [len(one) for one in inside] == [part.customers for part in rung.parts]
        assert sorted(who for one in inside for who in one) == sorted(whole)  # nobody twice, nobody lost


def test_a_kept_ladder_that_had_to_make_room_is_counted_anew(crowd: database.Store) -> None:
    ladder_ = laddered(
        [{"field": "purchases", "op": "at_least", "value": 1}, {"bought": {"category": "锅具"}}], split={"by": "spend", "at": [300]}
    )
    before = segments.count(crowd, ladder_, TODAY)
    crowd.scratch.forget(f"{climbing.SORT} parts")
    for _key, kept in crowd.scratch.alike(climbing.SORT):
        with crowd.transaction() as change:  # dropped by another visitor's ladder between being found and being read
            change.execute(f'DROP TABLE IF EXISTS scratch.main."{kept.people.op().name}"')
    with pytest.raises(GoneError):
        segments.page(crowd, ladder_, TODAY)
    crowd.scratch.forget(climbing.SORT)
    assert segments.count(crowd, ladder_, TODAY) == before


@settings(max_examples=examples(10))
@given(nodes=st.lists(made.filters, min_size=3, max_size=3), cut=SPLITS, place=st.integers(0, 2))
def test_a_rung_above_a_ladder_that_grew_is_split_into_all_of_it(
    crowd: database.Store, nodes: list[Any], cut: dict[str, Any], place: int
) -> None:
    for many in (1, 2, 3):
        segments.count(crowd, laddered(nodes[:many]), TODAY)
    rungs = [{"name": f"r{at}", "where": node} | ({"split": cut} if at == place else {}) for at, node in enumerate(nodes)]
    rung = segments.count(crowd, parse({"name": "x", "rungs": rungs}), TODAY)[place]
    assert rung.customers == sum(part.customers for part in rung.parts)


def test_what_is_saved_while_a_count_waits_is_not_kept_under_what_was_before() -> None:
    store = made.shop(TOLD)
    saved.save(store, laddered([{"field": "spend", "op": "at_least", "value": 100}]).model_copy(update={"name": "big"}), NOW)
    asks = laddered([{"in_segment": "big"}])
    before = scope.at(store, TODAY)
    one = saved.find(store, "big")
    dear = laddered([{"field": "spend", "op": "at_least", "value": 700}]).model_copy(update={"name": "big"})
    saved.save(store, dear, NOW, one.segment_id)
    old = ladder.climb(store, asks, before)[1].customers
    now = ladder.climb(store, asks, scope.at(store, TODAY))[1].customers
    assert now == len(plainly.members({"field": "spend", "op": "at_least", "value": 700}, TOLD)) < old


@settings(max_examples=examples(15))
@given(nodes=st.lists(made.filters, min_size=2, max_size=4), chance=st.randoms(use_true_random=False))
def test_a_rung_that_is_off_narrows_nothing_and_is_not_lost(crowd: database.Store, nodes: list[Any], chance: random.Random) -> None:
    off = chance.randrange(len(nodes))
    rungs = [{"name": f"r{place}", "where": node} | ({"off": True} if place == off else {}) for place, node in enumerate(nodes)]
    counted = segments.count(crowd, parse({"name": "x", "rungs": rungs}), TODAY)
    without = segments.count(crowd, laddered([node for place, node in enumerate(nodes) if place != off]), TODAY)
    assert [step.customers for step in counted if not step.off] == [step.customers for step in without]
    assert counted[off].customers == (counted[off - 1].customers if off else 40)
    assert found(crowd, parse({"name": "x", "rungs": rungs}).upto()) == found(crowd, {"all": [n for p, n in enumerate(nodes) if p != off]})


@settings(max_examples=examples(60))
@given(nodes=trees, cut=SPLITS)
def test_a_ladder_comes_back_from_its_file_as_it_was(nodes: list[Any], cut: dict[str, Any]) -> None:
    for ladder_ in (laddered(nodes), laddered(nodes, split=cut)):
        assert parse(json.loads(json.dumps(ladder_.as_json(), ensure_ascii=False))) == ladder_


@pytest.mark.parametrize(
    "cut",
    [{"by": "categories", "into": ["锅具"]}, {"by": "spend"}, {"by": "spend", "at": [300, 100]}, {"by": "province", "into": ["a", "a"]}],
)
def test_a_split_that_would_not_add_up_is_refused(cut: dict[str, Any]) -> None:
    with pytest.raises(segments.definition.BadInputError):
        splits.check(splits.Split.model_validate(cut))


@pytest.fixture(scope="module")
def spark(crowd: database.Store) -> Iterator[Any]:
    """The same shop's tables on Spark, in a process of Java that ends with the tests."""
    pyspark = pytest.importorskip("pyspark.sql")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, which is not on this machine")
    os.environ.update(PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    quiet = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.session.timeZone": "UTC",
        "spark.default.parallelism": "1",
    }
    builder = pyspark.SparkSession.builder.master("local[1]")
    for name, value in quiet.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    backend = ibis.pyspark.connect(session)
    for table in tables.ALL:
        columns = [
            table[name].cast("int64").name(name) if kind.is_integer() else table[name]
            for name, kind in table.schema().items()
            if not kind.is_array()
        ]
        rows = crowd._connection.cursor().execute(compiled(table.select(columns))).to_arrow_table()
        session.createDataFrame(rows).createOrReplaceTempView(table.get_name())
    yield backend
    session.stop()


def test_spark_finds_the_same_people(crowd: database.Store, spark: Any) -> None:
    within = scope.at(crowd, TODAY)

    @settings(max_examples=examples(12), database=None, derandomize=True)
    @given(node=made.filters)
    def holds(node: Any) -> None:
        people = within.facts.filter(compiler.predicate(node, within)).select("customer_id")
        assert set(spark.execute(people)["customer_id"]) == found(crowd, node)

    holds()
    nodes = [{"field": "purchases", "op": "at_least", "value": 1}, {"bought": {"category": "锅具", "within_days": 200, "at_least": 2}}]
    rows = spark.execute(climbing.depths(nodes, within))
    counted = ladder.count(crowd, laddered(nodes), TODAY)
    assert [int((rows.depth >= depth).sum()) for depth in (1, 2)] == [step.customers for step in counted]


def test_spark_finds_the_same_patterns(crowd: database.Store, spark: Any) -> None:
    within = scope.at(crowd, TODAY)
    days = items.bought(within, "category", 5)
    people = days.group_by("customer_id", "item").aggregate(first=days.day.min(), last=days.day.max())
    asked = {
        "classes": classes.counted(within),
        "quintiles": classes.counted(replace(within, shop=Shop(rfm_quintiles=True))),
        "boxes": grid.boxes(within),
        "cohorts": cohorts.counted(within, "first_category"),
        "cycle": cycle.standing(cycle.last_days(days), cycle.intervals(days), TODAY),
        "clock": rhythm.counted(within),
        "beginnings": firsts.beginnings(within, firsts.steps(within), "category"),
        "pairs": affinity.followed(days, people, 60),
    }
    for name, expression in asked.items():
        theirs, ours = (_alike(rows) for rows in (spark.execute(expression), crowd.read(expression)))
        assert theirs == ours and ours, name


def _alike(rows: Any) -> list[tuple[Any, ...]]:
    """Rows in one order, numbers as numbers."""
    plain = [
        tuple(round(float(one), 6) if isinstance(one, int | float | Decimal) else one for one in row)
        for row in rows.itertuples(index=False)
    ]
    return sorted((tuple(None if one != one else one for one in row) for row in plain), key=str)
