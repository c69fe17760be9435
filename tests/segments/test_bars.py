"""The index against all customers, the compared group, and the file of a chart: beside plain arithmetic."""

import csv
import io
from decimal import Decimal

import pytest

from crm import database
from crm.customers.distributions import Bin
from crm.segments import bars, compiler, explore, scope
from crm.segments.bars import Mark
from tests.segments import given as made
from tests.segments.given import TODAY


@pytest.fixture(scope="module")
def crowd() -> database.Store:
    """A hundred and twenty customers."""
    return made.shop(made.told(120))


def test_the_index_is_the_share_on_screen_over_the_share_of_all(crowd: database.Store) -> None:
    within = scope.at(crowd, TODAY)
    everybody, result = explore.explore(crowd, {}, within), explore.explore(crowd, {"frequency": ["2", "3"]}, within)
    found = bars.indexes(result, everybody, "province")
    for one in result.bins["province"]:
        of_all = next(other.customers for other in everybody.bins["province"] if other.bin == one.bin)
        index = one.customers / result.customers * 100 / (of_all / 120)
        assert found[one.bin] == (pytest.approx(index) if of_all >= 30 else None)
    assert any(found.values())
    assert {one and round(one, 6) for one in bars.indexes(everybody, everybody, "frequency").values()} <= {None, 100}
    weights = [(one.customers, everybody.bins["province"]) for one in result.bins["province"]]
    assert sum(people for people, _ in weights) == bars.whole(result, "province") == result.customers
    assert bars.whole(explore.explore(crowd, {"category": ["锅具"]}, within), "category") is None


def test_the_compared_group_has_its_own_shares(crowd: database.Store) -> None:
    within = scope.at(crowd, TODAY)
    node = {"bought": {"period": "last_quarter"}}
    marks = bars.beside(crowd, within, node)
    people = crowd.read(within.facts.filter(compiler.predicate(node, within)))
    for name in ("province", "phone_quality"):
        shares = people[name].fillna("unknown").value_counts() / len(people)
        assert {bin: mark.share for bin, mark in marks[name].items() if mark.share} == pytest.approx(dict(shares))
    at_nodes = {bin: mark.share for bin, mark in marks["node"].items()}
    assert at_nodes["ordinary"] > 0.5


def test_a_chart_as_a_file(crowd: database.Store) -> None:
    bins = [Bin("=1+1", "=1+1", "=1+1", 3, 4, Decimal("9.50")), Bin("b", "乙", "B", 1, 1, Decimal(2))]
    text = bars.as_csv(bins, 4, {"b": 120.4}, {}, "zh_CN").decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert rows == [
        ["分组", "客户数", "订单数", "消费金额", "客户占比 %", "指数（全店 = 100）"],
        ["'=1+1", "3", "4", "9.50", "75.00", ""],
        ["乙", "1", "1", "2", "25.00", "120"],
    ]
    beside = list(csv.reader(io.StringIO(bars.as_csv(bins, None, {}, {"b": Mark(0.5, 200.0)}, "en").decode())))
    assert beside[2] == ["B", "1", "1", "2", "", "", "50.00", "200"]
