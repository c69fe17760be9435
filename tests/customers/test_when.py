"""At which campaign nodes and at which hours customers bought: beside plain Python, and never silently nobody outside the calendar."""

import csv
import random
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm import database
from crm.customers import distributions
from crm.errors import BadInputError
from crm.segments import compiler, explore, scope, words
from crm.settings import Shop, reference
from tests.customers.given import customer, fill, order

TODAY = date(2025, 12, 31)
ZONE = "America/New_York"


def _orders() -> list[dict[str, Any]]:
    """Six hundred orders of two years, at any second, some with a day alone; the same every time."""
    chance = random.Random(5)
    rows = []
    for number in range(600):
        local = datetime(2023, 11, 1, tzinfo=ZoneInfo(ZONE)) + timedelta(seconds=chance.randrange(0, 780 * 86400))
        local = local.replace(hour=0, minute=0, second=0) if chance.random() < 0.1 else local
        at = local.astimezone(UTC).replace(tzinfo=None)
        who = f"c{chance.randrange(60)}" if chance.random() < 0.9 else None
        lost = chance.random() < 0.1
        row = order(number, who, local.date().isoformat(), chance.randrange(1, 500), is_lost=lost, purchased_at=at)
        rows.append(row)
    return rows


ORDERS = _orders()
BOUGHT = [one for one in ORDERS if one["is_purchase"] and one["customer_id"]]


@pytest.fixture(scope="module")
def shop() -> database.Store:
    """A shop in New York with these orders, and one customer who never bought."""
    store = database.memory()
    database.save_shop(store, Shop(timezone=ZONE))
    fill(store, ORDERS, [customer("nobody")])
    return store


def _nodes(day: date) -> list[str]:
    with reference("festivals_2024_2032.csv").open(encoding="utf-8-sig") as lines:
        here = [row["name"] for row in csv.DictReader(lines) if row["start"] <= day.isoformat() <= row["end"]]
    return here or ["uncovered" if day.year < 2024 else "ordinary"]


def _local(row: dict[str, Any]) -> datetime:
    return row["purchased_at"].replace(tzinfo=UTC).astimezone(ZoneInfo(ZONE))


def _cell(row: dict[str, Any]) -> list[str]:
    at = _local(row)
    return ["unknown" if (at.hour, at.minute, at.second) == (0, 0, 0) else f"{at.isoweekday()}-{at.hour}"]


@pytest.mark.parametrize(("name", "bins_of"), [("node", lambda row: _nodes(row["day"])), ("moment", _cell)])
def test_bins_beside_plain_python(shop: database.Store, name: str, bins_of: Any) -> None:
    people, orders, spend = defaultdict(set), Counter[str](), defaultdict(Decimal)
    for row in BOUGHT:
        for bin in bins_of(row):
            people[bin].add(row["customer_id"])
            orders[bin] += 1
            spend[bin] += row["spend"]
    within = scope.at(shop, TODAY)
    found = distributions.compute(shop, name, within.facts, within)
    assert {one.bin: (one.customers, one.orders, one.spend) for one in found} == {
        bin: (len(people[bin]), orders[bin], spend[bin]) for bin in people
    }
    assert name == "node" or sum(one.orders for one in found) == len(BOUGHT)
    clicked = explore.explore(shop, {name: [found[0].bin]}, within)
    assert clicked.customers == found[0].customers
    assert clicked.bins[name] == found


def test_orders_are_counted_beside_people_and_money(shop: database.Store) -> None:
    found = explore.explore(shop, {}, scope.at(shop, TODAY), by="orders")
    assert found.orders == len(BOUGHT)
    assert found.orders == sum(one.orders for one in found.bins["frequency"]) == sum(one.orders for one in found.bins["lapse"])
    ranked = [one.orders for one in found.bins["node"] if one.bin != "unknown"]
    assert ranked == sorted(ranked, reverse=True)


def test_the_usual_hour_and_weekday(shop: database.Store) -> None:
    within = scope.at(shop, TODAY)
    for name, of, skip in (("usual_hour", lambda at: at.hour, True), ("usual_weekday", lambda at: str(at.isoweekday()), False)):
        times: dict[str, list[datetime]] = defaultdict(list)
        for row in sorted(BOUGHT, key=lambda row: row["purchased_at"]):
            if not (skip and _cell(row) == ["unknown"]):
                times[row["customer_id"]].append(row["purchased_at"])
        expected = {}
        for who, some in times.items():
            local = [of(at.replace(tzinfo=UTC).astimezone(ZoneInfo(ZONE))) for at in some]
            most = max(Counter(local).values())
            expected[who] = next(value for value in reversed(local) if local.count(value) == most)
        rows = shop.read(explore.dimensions.get(name).attribute.of(within))
        assert dict(zip(rows.customer_id, rows.value, strict=True)) == expected


def _who(store: database.Store, node: dict[str, Any], day: date = TODAY) -> set[str]:
    within = scope.at(store, day)
    return set(store.read(within.facts.filter(compiler.predicate(node, within))).customer_id)


def test_a_node_of_a_year_without_calendar_is_refused_or_said(shop: database.Store) -> None:
    early = {"bought": {"node": "双十一", "from": "2023-11-01", "to": "2023-11-30"}}
    for node, day in (
        (early, TODAY),
        ({"bought": {"node": "双十一"}}, date(2023, 12, 1)),
        ({"bought": {"node": "双十一", "within_days": 1000}}, TODAY),
        ({"bought": {"node": "双十一", "period": "last_year"}}, date(2024, 6, 1)),
    ):
        with pytest.raises(BadInputError, match="2024-01-01 to 2032-12-31"):
            _who(shop, node, day)
    at = {"bought": {"node": "双十一"}}
    assert words.describe(at, "en") == "bought during Double 11 (2024 or later)"
    assert "2024" not in words.describe({"bought": {"node": "双十一", "within_days": 30}}, "en")
    assert _who(shop, at) == _who(shop, {"field": "campaign_nodes", "op": "is", "value": "双十一"})
    before = {row["customer_id"] for row in BOUGHT if row["day"].year < 2024}
    assert _who(shop, {"field": "campaign_nodes", "op": "is", "value": "uncovered"}) == before != set()


def test_later_orders_change_nothing_of_a_day_in_the_past(shop: database.Store) -> None:
    day = date(2024, 12, 1)
    shorter = database.memory()
    database.save_shop(shorter, Shop(timezone=ZONE))
    fill(shorter, [row for row in ORDERS if row["day"] <= day])
    for name in ("node", "moment", "usual_hour", "usual_weekday"):
        one, other = (explore.explore(store, {}, scope.at(store, day), [name]).bins[name] for store in (shop, shorter))
        assert one == other
