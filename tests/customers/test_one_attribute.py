"""An attribute is one entry: an invented one is on the pages, in the terminal, and missed by the docs check."""

import importlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crm import database
from crm.customers import attributes, dimensions
from crm.customers.attribute import Chart
from crm.segments import explore, scope
from tests import doc_tables
from tests.segments.test_pages import screen, shop, stocked, texts  # noqa: F401 (shop is a fixture)
from tests.segments.test_terminal import data, run  # noqa: F401 (data is a fixture)

ATTRIBUTE = '''
"""An attribute that nobody has: orders of a round amount."""

from crm.customers.attribute import Attribute, Chart
from crm.customers.bins import whole


def _rows(context):
    orders = context.orders.filter(context.orders.paid == 100)
    return orders.group_by("customer_id").aggregate(value=orders.count())


ENTRY = Attribute(
    "round_orders", "整百订单", "Round orders", "count", _rows, "orders of exactly one hundred", rows=True,
    chart=Chart(175, bands=lambda shop: whole(1, 2)),
)
'''


@pytest.fixture
def attribute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The entry of a module that is there for one test."""
    (tmp_path / "invented_attribute.py").write_text(ATTRIBUTE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    entry = importlib.import_module("invented_attribute").ENTRY
    monkeypatch.setitem(attributes.MENU, "trouble", [*attributes.MENU["trouble"], entry])
    _forget()
    yield entry
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    for known in (attributes.every, dimensions.every):
        known.cache_clear()


def _rounded(store: database.Store) -> None:
    """Four customers: one with one order of a hundred, one with two."""
    stocked(store)
    with store.transaction() as change:
        change.execute("UPDATE orders SET paid = 100 WHERE order_id IN ('o1', 'o2', 'o6')")


def test_an_attribute_is_on_the_pages(shop: database.Store, attribute: Any) -> None:  # noqa: F811
    _rounded(shop)
    page = screen("customers.py")
    more = next(one for one in page.button_group if "Round orders" in one.options)
    more.set_value(["round_orders"]).run()
    assert not page.exception and not page.error
    assert "**Round orders**" in texts(page)
    ladder = screen("segments.py")
    ladder.button(key="starter_win_back").click().run()
    next(one for one in ladder.button if one.label == "Edit").click().run()
    next(one for one in ladder.selectbox if one.label == "Field").select("round_orders").run()
    assert not ladder.exception and not ladder.error
    assert "Round orders" in texts(ladder)


def test_a_click_on_its_chart_counts_and_is_a_condition(shop: database.Store, attribute: Any) -> None:  # noqa: F811
    _rounded(shop)
    within = scope.at(shop, date(2025, 6, 30))
    result = explore.explore(shop, {"round_orders": ["1"]}, within)
    assert {one.bin: one.customers for one in result.bins["round_orders"]} == {"1": 1, "2+": 1, "unknown": 2}
    assert result.customers == 1
    assert result.sentence("zh_CN") == "整百订单：1"


def test_an_attribute_is_in_the_terminal(data: Path, attribute: Any) -> None:  # noqa: F811
    bins = run(data, "distribution", "round_orders")["bins"]
    assert {one["bin"]: one["customers"] for one in bins} == {"unknown": 2}
    ladder = {"name": "x", "rungs": [{"name": "r", "where": {"field": "round_orders", "op": "at_least", "value": 1}}]}
    (data / "round.json").write_text(json.dumps(ladder))
    assert run(data, "segment", "count", str(data / "round.json"))["rungs"][0]["customers"] == 0


def test_the_docs_check_misses_an_attribute(attribute: Any) -> None:
    missing = doc_tables.missing()
    assert [line[:17] for line in missing] == ["+ | `round_orders", "+ | `round_orders"]
    assert "orders of exactly one hundred" in missing[0]


def test_no_two_charts_share_a_place() -> None:
    places = [one.chart.place for one in dimensions.every().values()]
    assert len(places) == len(set(places)), sorted(places)


@pytest.mark.parametrize("given", [{"missing": ("没买过", "never")}, {"unit": (" 次", "×")}])
def test_a_chart_refuses_what_it_would_never_show(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="place 175 has no bands"):
        Chart(175, **given)
    assert Chart(175, bands=lambda _: [], **given).place == 175
