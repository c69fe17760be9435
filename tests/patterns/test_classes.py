"""RFM: scores, classes, boxes and moves, each against a calculation in plain Python; every group is a segment of as many people."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest

from crm import database, segments
from crm.customers import context, facts, rfm
from crm.customers.context import Context
from crm.database import tables
from crm.errors import BadInputError
from crm.patterns import classes, grid, keeping, rhythm
from crm.segments.definition import parse
from crm.settings import Shop
from tests.patterns.shops import LAST, age, made

AT = (
    ([31, 91, 181, 366], [2, 3, 4, 6, 10], [100, 300, 500, 1000, 3000]),
    "quintiles",
)


def plainly(bought: pd.DataFrame, day: date, quintiles: bool) -> dict[str, str]:
    """The class of each buyer."""
    until = bought[bought.day <= day]
    rows = {}
    for who, mine in until.groupby("who"):
        if mine.summed.any():
            rows[who] = (-age(mine.day.max(), day), len(mine), sum(mine.spend, Decimal(0)))
    everybody = [(-age(mine.day.max(), day), len(mine)) for _, mine in until.groupby("who")]
    pools = [[one[0] for one in everybody], [one[1] for one in everybody], [one[2] for one in rows.values()]]
    scores = {who: [_fifth(own, pools[n]) if quintiles else _band(own, n) for n, own in enumerate(one)] for who, one in rows.items()}
    means = [sum(one[n] for one in scores.values()) / len(scores) for n in range(3)] if scores else []
    kinds = {(True, True): "value", (True, False): "growth", (False, True): "keep", (False, False): "winback"}
    return {who: ("key_" if m > means[2] else "plain_") + kinds[r > means[0], f > means[1]] for who, (r, f, m) in scores.items()}


def _band(own: float | Decimal, n: int) -> int:
    edges = AT[0][n]
    return 1 + (sum(-own < edge for edge in edges) if n == 0 else sum(own >= edge for edge in edges))  # type: ignore[misc]


def _fifth(own: object, pool: list) -> int:  # type: ignore[type-arg]
    return 1 + 5 * sum(one < own for one in pool) // len(pool)


@pytest.mark.parametrize("quintiles", [False, True])
@pytest.mark.parametrize("seed", [1, 2])
def test_each_buyer_is_in_the_class_of_a_plain_calculation(seed: int, quintiles: bool) -> None:
    store, bought, _ = made(seed)
    database.save_shop(store, Shop(rfm_quintiles=quintiles))
    rows = store.read(rfm.rfm_class(Context(**context.parts(store, LAST))))
    assert dict(zip(rows.customer_id, rows.value, strict=True)) == plainly(bought, LAST, quintiles)
    found = classes.compute(store, LAST)
    assert len(found) == 8 and Counter(rows.value) == {one.name: one.people for one in found if one.people}
    assert sum(one.spend for one in found) == sum(bought.spend)
    for one in found:
        assert keeping.people(store, one.node, LAST) == one.people
    store.close()


def test_equals_have_equal_scores_and_the_mean_is_not_above_itself() -> None:
    store, _, _ = made(3)
    for quintiles in (False, True):
        shop = Shop(rfm_quintiles=quintiles)
        rows = store.read(rfm.scored(rfm.of_facts(tables.customer_facts), Context(LAST, shop)))
        assert rows.groupby("purchases").f.nunique().max() == 1
        assert (rows.sort_values("purchases").f.diff().fillna(0) >= 0).all()
        assert rows.f.min() == 1 and rows.f.max() <= (5 if quintiles else 6)
    store.close()


def test_boxes_are_all_buyers_once_and_each_is_its_segment() -> None:
    store, bought, _ = made(4)
    found = grid.compute(store, LAST)
    assert sum(one.people for one in found.boxes.values()) == bought.who.nunique()
    assert sum(one.spend for one in found.boxes.values()) == sum(bought.spend)
    assert len(found.boxes) == len(found.lapses) * len(found.frequencies) == 30
    for one in found.boxes.values():
        assert keeping.people(store, one.node, LAST) == one.people
        assert sum(one.classes.values()) <= one.people
    times, last = bought.groupby("who").size(), bought.groupby("who").day.max()
    mine = [who for who in times.index if times[who] == 2 and 31 <= age(last[who]) <= 90]
    assert found.boxes["31-90", "2"].people == len(mine)
    intervals = [(max(days) - min(days)).days for days in (list(bought[bought.who == who].day) for who in mine)]
    assert found.boxes["31-90", "2"].interval == pd.Series(intervals).median()
    assert found.boxes["31-90", "1"].interval is None
    store.close()


def test_the_clock_parts_all_buyers_by_overdue_ratio() -> None:
    store, bought, _ = made(5)
    hands = rhythm.compute(store, LAST)
    assert sum(one.people for one in hands) == bought.who.nunique()
    assert sum(one.spend for one in hands) == sum(bought.spend)
    assert [keeping.people(store, one.node, LAST) for one in hands] == [one.people for one in hands]
    assert [(one.low, one.high) for one in hands] == [(0, 1), (1, 2), (2, 4), (4, None), (None, None)]
    assert all(one.people for one in hands[:4])
    store.close()


@pytest.mark.parametrize("back", [60, 300])
def test_moves_add_up_and_are_those_of_the_two_days(back: int) -> None:
    store, bought, _ = made(6)
    before = LAST - timedelta(days=back)
    then, now = plainly(bought, before, False), plainly(bought, LAST, False)
    plain = Counter((then.get(who, classes.NOBODY), now.get(who, classes.NOBODY)) for who in then | now)
    found = classes.moves(store, before, LAST)
    assert {(one.before, one.after): one.people for one in found} == plain
    assert [one.people for one in classes.changed(found)] == sorted((n for (a, b), n in plain.items() if a != b), reverse=True)
    past = store.read(rfm.classes(rfm.of_facts(facts.table(store, before)), Context(before, Shop())))
    assert dict(zip(past.customer_id, past.value, strict=True)) == then
    with pytest.raises(BadInputError, match="must come before"):
        classes.moves(store, LAST, LAST)
    store.close()


def test_a_class_is_a_filter_of_the_ladder_and_a_chart() -> None:
    store, bought, _ = made(7)
    ladder = parse({"name": "x", "rungs": [{"name": "r", "where": {"field": "rfm_class", "op": "is", "value": "key_value"}}]})
    (rung,) = segments.count(store, ladder, LAST)
    assert rung.customers == Counter(plainly(bought, LAST, False).values())["key_value"]
    store.close()
