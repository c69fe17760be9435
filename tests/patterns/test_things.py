"""Cycles, what follows what, beginnings and endings: each number against pandas or plain Python, each group against its segment."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, floor

import numpy as np
import pandas as pd
import pytest

from crm import database
from crm.customers import attributes, context, facts
from crm.customers.context import Context
from crm.errors import BadInputError, NotFoundError
from crm.patterns import affinity, cycle, firsts, keeping
from tests.customers.given import fill, line, order
from tests.patterns.shops import LAST, age, made

Days = dict[tuple[str, str], list[date]]
COLUMN = {"category": "category", "product": "item"}


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """The invented shops are small."""
    for module in (cycle, affinity):
        monkeypatch.setattr(module, "LEAST", 8)


def days_of(sold: pd.DataFrame, kind: str) -> Days:
    """By customer and item the days on which they bought it."""
    known = sold[sold[COLUMN[kind]].notna()]
    return {key: sorted(set(mine.day)) for key, mine in known.groupby(["who", COLUMN[kind]])}


@pytest.mark.parametrize(("seed", "kind"), [(1, "category"), (2, "product")])
def test_cycles_are_quartiles_of_the_days_between(seed: int, kind: str) -> None:
    store, _, sold = made(seed)
    days, found = days_of(sold, kind), cycle.compute(store, LAST, kind)
    assert {one.item for one in found} == {item for _, item in days}
    assert [one.buyers for one in found] == sorted((one.buyers for one in found), reverse=True)
    for one in found:
        mine = {who: some for (who, item), some in days.items() if item == one.item}
        gaps = [(b - a).days for some in mine.values() for a, b in pairwise(some)]
        assert (one.buyers, one.again) == (len(mine), sum(len(some) > 1 for some in mine.values()))
        low, median, high = np.percentile(gaps, [25, 50, 75])
        assert (one.low, one.median, one.high) == (floor(low), median, ceil(high))
        ages = [age(some[-1]) for some in mine.values()]
        assert one.due == sum(floor(low) <= n <= ceil(high) for n in ages)
        assert one.soon == sum(n < median <= n + 30 for n in ages)
        assert (one.early or 0) + (one.due or 0) + (one.late or 0) == one.buyers
        assert keeping.people(store, one.due_node, LAST) == one.due
        assert keeping.people(store, one.late_node, LAST) == one.late
    store.close()


def test_too_few_who_bought_again_have_no_cycle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycle, "LEAST", 60)
    store, _, _ = made(3, 60, 300)
    found = cycle.compute(store, LAST)
    assert found and all(one.again < 60 for one in found)
    assert {(one.median, one.low, one.high, one.early, one.due, one.late, one.soon) for one in found} == {(None,) * 7}
    store.close()


@pytest.mark.parametrize(("seed", "kind", "within"), [(4, "category", 60), (5, "product", 30)])
def test_what_follows_what_is_counted_one_by_one(seed: int, kind: str, within: int) -> None:
    store, _, sold = made(seed)
    days = days_of(sold, kind)
    of, after, reach = defaultdict(int), defaultdict(int), defaultdict(int)  # type: ignore[var-annotated]
    items, people = sorted({item for _, item in days}), sorted({who for who, _ in days})
    ripe = set()
    for who in people:
        for first in [item for item in items if (who, item) in days]:
            begun, last = days[who, first][0], days[who, first][-1]
            old = age(begun) >= within
            of[first] += old
            ripe |= {who} if old else set()
            for then in [item for item in items if item != first]:
                then_days = days.get((who, then), [])
                after[first, then] += old and any(begun < day <= begun + timedelta(days=within) for day in then_days)
                reach[first, then] += age(last) <= within and not then_days
    found = affinity.compute(store, LAST, kind, within)
    assert {(one.first, one.then): one.people for one in found} == {pair: n for pair, n in after.items() if n >= 8}
    assert [one.lift for one in found] == sorted((one.lift for one in found), reverse=True)
    for one in found:
        others = [item for item in items if item not in (one.first, one.then)]
        base = sum(after[item, one.then] for item in others) / sum(of[item] for item in others)
        assert one.of == of[one.first]
        assert one.confidence == pytest.approx(one.people / one.of)
        assert one.lift == pytest.approx(one.confidence / base)
        assert one.support == pytest.approx(one.people / len(ripe))
        assert one.reach == reach[one.first, one.then] == keeping.people(store, one.node, LAST)
    assert found
    store.close()


@pytest.mark.parametrize(("seed", "kind"), [(6, "category"), (7, "product")])
def test_beginnings_and_endings(seed: int, kind: str) -> None:
    store, bought, sold = made(seed)
    found = firsts.compute(store, LAST, kind)
    mine = {who: sorted(set(some)) for who, some in bought.groupby("who").day}
    within = Context(**context.parts(store, LAST))
    began = store.read(attributes.every()[f"first_{kind}"].of(within)).set_index("customer_id").value.to_dict()
    back = {who: len(some) > 1 and age(some[0], some[1]) <= firsts.WITHIN for who, some in mine.items()}
    ends = {(who, day, item) for who, day, item in zip(sold.who, sold.day, sold[COLUMN[kind]].fillna("unknown"), strict=True)}
    for one in found.items:
        people = [who for who in mine if began.get(who, "unknown") == one.item]
        old = [who for who in people if age(mine[who][0]) >= firsts.WITHIN]
        assert (one.customers, one.old, one.back) == (len(people), len(old), sum(back[who] for who in old))
        ripe = [(who, day) for who, day, item in ends if item == one.item and age(day) >= 180]
        gone = [1 for who, day in ripe if not any(day < other <= day + timedelta(days=180) for other in mine[who])]
        assert (one.purchases, one.ended) == (len(ripe), len(gone))
        assert keeping.people(store, one.node, LAST) == one.customers
        assert (one.back_share is None) == (one.old < 50)
    assert sum(one.customers for one in found.items) == found.whole.customers == len(mine)
    ripe = [(who, day) for who, some in mine.items() for day in some if age(day) >= 180]
    assert found.whole.purchases == len(ripe) and found.ended_days == 180
    store.close()


def test_the_last_day_counts_on_both_sides(store: database.Store) -> None:
    days = {"on time": [90, 0], "too late": [91, 0], "young": [89, 0], "ends": [361, 180], "stays": [360, 180]}
    rows = [
        order(10 * n + m, who, str(LAST - timedelta(days=ago))) for n, (who, some) in enumerate(days.items()) for m, ago in enumerate(some)
    ]
    fill(store, rows, lines=[line(row, product=row["customer_id"], category="c") for row in rows])
    found = {one.item: one for one in firsts.compute(store, LAST, "product").items}
    assert {who: (one.old, one.back) for who, one in found.items() if one.customers} == {
        "on time": (1, 1),
        "too late": (1, 0),
        "young": (0, 0),
        "ends": (1, 0),
        "stays": (1, 0),
    }
    assert {who: (found[who].purchases, found[who].ended) for who in ("ends", "stays", "too late")} == {
        "ends": (2, 2),
        "stays": (2, 1),
        "too late": (0, 0),
    }


def test_what_comes_later_changes_nothing_of_a_day_in_the_past() -> None:
    store, _, _ = made(8)
    then = LAST - timedelta(days=60)
    before = [cycle.compute(store, then), affinity.compute(store, then), firsts.compute(store, then)]
    with store.transaction() as change:
        for table in ("orders", "order_lines"):
            change.execute(f"DELETE FROM {table} WHERE day > $day", {"day": then})  # noqa: S608 (names only)
        facts.rebuild(change)
    assert [cycle.compute(store, then), affinity.compute(store, then), firsts.compute(store, then)] == before
    store.close()


def test_unknown_kinds_and_odd_days_are_refused(store: database.Store) -> None:
    with pytest.raises(NotFoundError, match="no patterns of “colour”"):
        cycle.compute(store, LAST, "colour")
    for days in (0, 100_000):
        with pytest.raises(BadInputError, match="between 1 and 3650"):
            affinity.compute(store, LAST, "category", days)
    assert cycle.compute(store, LAST) == affinity.compute(store, LAST) == firsts.compute(store, LAST).items == []
